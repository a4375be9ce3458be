//! Places and users: clinicians, rooms, patients.

use std::io;

use super::{AMERICAN, DAY, TIME, doctor_id, pid, place};
use crate::files::{Delivery, Row, row, when};
use crate::invented::{CLINICIANS, PLACES, born, chance, changed, clinician, npi, patient, pick, time};

/// Rooms and devices among the users.
const RESOURCES: u64 = 10;

pub fn write(to: &mut Delivery, patients: u64) -> io::Result<()> {
    to.file("edi_facilities.csv", 0..PLACES, facility)?;
    let staff = CLINICIANS + RESOURCES;
    to.file("users.csv", 0..staff + patients, |n| {
        if n < staff { clerk(n) } else { person(n - staff) }
    })?;
    to.file("doctors.csv", 0..CLINICIANS, doctor)?;
    to.file("patients.csv", 0..patients, chart)
}

fn facility(n: u64) -> Row<17> {
    row![
        "Id" => place(n), "code" => format!("M{n}"), "Name" => format!("Sample Clinic {n}"),
        "FacilityType" => "Primary Care Clinic", "AddressLine1" => format!("{n} Sample Row"), "City" => "Sampletown",
        "State" => "VA", "Zip" => "20001", "Tel" => "616-555-0160", "NPI" => npi(500 + n), "POS" => 11,
        "TimeZoneCode" => pick(&["America/New_York", "America/New_York", "America/Chicago"], n, 1),
        "PrimaryFacility" => 0, "DeleteFlag" => 0;
        "AddressLine2", "Fax", "EMail"
    ]
}

/// Clinicians, then rooms.
fn clerk(n: u64) -> Row<30> {
    let (given, family) = clinician(n);
    let room = n >= CLINICIANS;
    row![
        "UID" => 3_001 + n, "uname" => format!("u{n}"), "ufname" => if room { "Exam" } else { given },
        "ulname" => if room { "Room" } else { family }, "upPhone" => "616-555-0150", "UserType" => 1, "status" => 0,
        "delFlag" => 0, "IsResource" => u8::from(room), "cdate" => time(n, 2).format(TIME),
        "mdate" => changed(n).format(TIME);
        "uminitial", "prefix", "suffix", "upreviousname", "preferredname", "dob", "ptDob", "sex", "Emrsex",
        "upaddress", "upaddress2", "upcity", "upstate", "zipcode", "umobileno", "uemail", "CountryCode", "county",
        "ssn"
    ]
}

/// A patient.
fn person(n: u64) -> Row<30> {
    let (given, family) = patient(n);
    let sex = pick(&["female", "male", "female", "male", "unknown"], n, 9);
    row![
        "UID" => pid(n), "uname" => format!("p{n}"), "ufname" => given, "ulname" => family,
        "upPhone" => format!("616-555-01{:02}", n % 100), "UserType" => 3, "status" => u8::from(chance(n, 16, 5)),
        "delFlag" => 0, "IsResource" => 0, "cdate" => time(n, 17).format(TIME), "mdate" => changed(n).format(TIME),
        "uminitial" => pick(&["A", "B", "", "C"], n, 7), "prefix" => "", "suffix" => "", "upreviousname" => "",
        "preferredname" => pick(&["", "", "", "Sunny"], n, 15), "dob" => born(n).format(AMERICAN),
        "ptDob" => born(n).format(DAY), "sex" => sex, "Emrsex" => pick(&["F", "M", "F", "M", ""], n, 9),
        "upaddress" => format!("{} Sample St", n % 900 + 1), "upaddress2" => format!("Apt {}, rear", n % 7),
        "upcity" => "Sampletown", "upstate" => "VA", "zipcode" => format!("2{:04}", n % 10_000),
        "umobileno" => format!("720-555-01{:02}", n % 100), "uemail" => format!("p{n}@example.com");
        "CountryCode", "county", "ssn"
    ]
}

fn doctor(n: u64) -> Row<6> {
    let (given, family) = clinician(n);
    row![
        "doctorID" => doctor_id(n), "PrintName" => format!("{given} {family}, MD"), "NPI" => npi(n),
        "speciality" => "Family Medicine", "SpecialityCode" => "207Q00000X", "FacilityId" => place(n)
    ]
}

fn chart(n: u64) -> Row<16> {
    let died = chance(n, 13, 2);
    let died_on = when(died, changed(n).format(AMERICAN));
    row![
        "pid" => pid(n), "ControlNo" => 100_001 + n, "doctorid" => doctor_id(n), "refPrId" => 0,
        "maritalstatus" => pick(&["Married", "Single", ""], n, 14), "deceased" => u8::from(died),
        "deceasedDate" => died_on, "language" => pick(&["English", "Spanish"], n, 12),
        "race" => pick(&["White", "Black or African American", "Asian", "Unreported/Refused to Report"], n, 10),
        "ethnicity" => pick(&["2186-5", "2135-2", "NH", "UNK"], n, 11), "pmcid" => 1;
        "straddress", "city", "state", "zip", "hl7id"
    ]
}
