//! The practice, its places, clinicians and users, and its patients.

use std::io;

use super::{FACILITY, MIDNIGHT, PATIENT, PRACTICE, PROFILE, PROVIDER, TIME, USER, guid, user};
use crate::files::{Delivery, Row, row, when};
use crate::invented::{CLINICIANS, PLACES, born, chance, changed, clinician, patient, pick, time};

pub fn write(to: &mut Delivery, patients: u64) -> io::Result<()> {
    to.file("practice.tsv", 0..1, practice)?;
    to.file("facilities.tsv", 0..PLACES, facility)?;
    to.file("providers.tsv", 0..CLINICIANS, |n| person("ProviderGuid", PROVIDER, n))?;
    to.file("provider-profiles.tsv", 0..CLINICIANS, |n| {
        person("ProfileGuid", PROFILE, n)
    })?;
    to.file("users.tsv", 0..CLINICIANS, account)?;
    to.file("patient-demographics.tsv", 0..patients, demographics)?;
    to.file("patient-race.tsv", 0..patients, race)?;
    to.file("patient-ethnicity.tsv", 0..patients, ethnicity)
}

fn practice(n: u64) -> Row<8> {
    row![
        "PracticeGuid" => guid(PRACTICE, n), "Name" => "Sampletown Family Practice", "Address1" => "100 Sample St",
        "City" => "Sampletown", "State" => "NY", "ZipCode" => "10099", "Phone" => "5185550160";
        "Address2"
    ]
}

fn facility(n: u64) -> Row<11> {
    row![
        "FacilityGuid" => guid(FACILITY, n), "Name" => format!("Sample Clinic {n}"),
        "Address1" => format!("{n} Sample Row"), "City" => "Sampletown", "State" => "NY", "ZipCode" => "10099",
        "OfficePhone" => "5185550161";
        "Address2", "Address3", "County", "OfficeFax"
    ]
}

fn person(key: &'static str, of: u16, n: u64) -> Row<6> {
    let (given, family) = clinician(n);
    [
        (key, guid(of, n)),
        ("Title", String::new()),
        ("FirstName", given.to_owned()),
        ("MiddleName", String::new()),
        ("LastName", family.to_owned()),
        ("Suffix", "MD".to_owned()),
    ]
}

/// Half of them clinicians, half of them others.
fn account(n: u64) -> Row<6> {
    let (given, family) = clinician(n);
    let desk = if n < CLINICIANS / 2 { "" } else { "-Desk" };
    row![
        "UserGuid" => guid(USER, n), "FirstName" => given, "LastName" => format!("{family}{desk}");
        "Title", "MiddleInitial", "Suffix"
    ]
}

fn demographics(n: u64) -> Row<50> {
    let (given, family) = patient(n);
    let died = when(chance(n, 13, 2), changed(n).format(MIDNIGHT));
    let (moved, from) = if chance(n, 14, 10) {
        ("Formerton", "2 Old Rd")
    } else {
        ("", "")
    };
    row![
        "PatientPracticeGuid" => guid(PATIENT, n), "FirstName" => given,
        "MiddleName" => pick(&["Ann", "B", "", "C."], n, 7), "LastName" => family,
        "PreferredName" => pick(&["", "", "", "Sunny"], n, 15),
        "Gender" => pick(&["Female", "Male", "Female", "Male", "Unknown"], n, 9),
        "BirthDate" => born(n).format(MIDNIGHT), "IsActive" => if chance(n, 16, 95) { "True" } else { "False" },
        "DeathDate" => died, "IsMultipleBirth" => "False",
        "PreferredLanguage" => pick(&["English", "Spanish"], n, 12),
        "Address1" => format!("{} Sample St", n % 900 + 1), "AddressCity" => "Sampletown", "AddressState" => "NY",
        "AddressZipCode" => format!("1{:04}", n % 10_000), "AddressCountry" => "US", "PreviousAddress1" => from,
        "PreviousAddressCity" => moved, "HomePhone" => format!("51855501{:02}", n % 100),
        "MobilePhone" => format!("72055501{:02}", n % 100), "IsDomesticMobilePhone" => "True",
        "Email" => format!("p{n}@example.com"), "PatientCreatedDateTimeUtc" => time(n, 17).format(TIME),
        "LastModifiedDateTimeUtc" => changed(n).format(TIME), "LastModifiedByUserGuid" => user(n);
        "NamePrefix", "NameSuffix", "SecondLastName", "PreviousFirstName", "PreviousMiddleName", "PreviousLastName",
        "PreviousNameEndDate", "MothersMaidenName", "BirthSequence", "Address2", "AddressNotes", "AddressStartDate",
        "AddressEndDate", "PreviousAddress2", "PreviousAddressState", "PreviousAddressZipCode",
        "PreviousAddressCountry", "PreviousAddressNotes", "PreviousAddressStartDate", "PreviousAddressEndDate",
        "OfficePhone", "OfficePhoneExtension", "SSN", "UnPinnedNote", "PatientImageDocumentStorageGuid"
    ]
}

fn race(n: u64) -> Row<7> {
    const RACES: [(&str, &str); 4] = [
        ("White", "2106-3"),
        ("Black or African American", "2054-5"),
        ("Asian", "2028-9"),
        ("Declined", "NULL"),
    ];
    let (name, code) = pick(&RACES, n, 10);
    row![
        "PatientPracticeGuid" => guid(PATIENT, n), "RaceName" => name, "CdcUniqueIdentifier" => code,
        "LastModifiedDateTimeUtc" => changed(n).format(TIME), "LastModifiedByUserGuid" => user(n);
        "ProvenanceDateTimeUtc", "ProvenanceEhrUserGuid"
    ]
}

fn ethnicity(n: u64) -> Row<5> {
    let (name, code) = pick(
        &[("Not Hispanic or Latino", "2186-5"), ("Hispanic or Latino", "2135-2")],
        n,
        11,
    );
    row![
        "PatientPracticeGuid" => guid(PATIENT, n), "EthnicityName" => name, "CdcUniqueIdentifier" => code,
        "LastModifiedDateTimeUtc" => changed(n).format(TIME), "LastModifiedByUserGuid" => user(n)
    ]
}
