//! The dictionary of items, visits, diagnoses and procedures.

use std::io;

use super::{AMERICAN, DAY, TIME, doctor_id, pid, place};
use crate::files::{Delivery, Row, row, when};
use crate::invented::{ILLNESSES, REASONS, SERVICES, chance, changed, mixed, nth, pick, time};

/// A time of day in a column of its own has a dummy day.
const CLOCK: &str = "1900-01-01 %H:%M:%S.000";
/// Items of the dictionary: diagnoses, billed services, procedures done in house.
const DIAGNOSIS: u64 = 44_001;
const BILLED: u64 = 45_001;
const IN_HOUSE: u64 = 46_001;

pub fn write(to: &mut Delivery, patients: u64) -> io::Result<()> {
    to.file("enc.csv", 0..patients * 5 / 2, visit)?;
    to.file("diagnosis.csv", 0..patients * 2, diagnosis)?;
    to.file("problemlist.csv", 0..patients, problem)?;
    to.file("surgicalhistory.csv", 0..patients * 2 / 5, surgery)?;
    to.file("billingdata.csv", 0..patients * 3 / 2, billed)?;
    to.file("labdata.csv", 0..patients / 2, order)?;
    to.file("hospitalization.csv", 0..patients / 50, |n| {
        row!["encounterID" => encounter_id(first_visit(n * 50)), "reason" => "pneumonia, left lung", "date" => "05/19", "displayIndex" => 1]
    })
}

/// What items are called, their codes, and which version of ICD a code is of.
pub fn dictionary(to: &mut Delivery) -> io::Result<()> {
    let (illnesses, services) = (ILLNESSES.len() as u64, SERVICES.len() as u64);
    // An item's number, what it is a row of, code and name.
    let item = move |n: u64| {
        if n < illnesses {
            (DIAGNOSIS + n, "icd", nth(&ILLNESSES, n).icd10, nth(&ILLNESSES, n).text)
        } else {
            let n = n - illnesses;
            let (code, text) = nth(&SERVICES, n);
            (
                if n < services {
                    BILLED + n
                } else {
                    IN_HOUSE + n - services
                },
                "cpt",
                code,
                text,
            )
        }
    };
    let items = 0..illnesses + 2 * services;
    to.file("items.csv", items.clone(), move |n| {
        let (id, kind, _, name) = item(n);
        row!["itemID" => id, "itemName" => name, "keyName" => kind, "itemType" => 0, "parentID" => 0, "vmid" => 0, "deleteFlag" => 0]
    })?;
    to.file("itemdetail.csv", items, move |n| {
        let (id, _, code, _) = item(n);
        row!["itemID" => id, "propID" => 13, "value" => code]
    })?;
    to.file("icd.csv", 0..illnesses, |n| {
        let illness = nth(&ILLNESSES, n);
        row!["Code" => illness.icd10, "ShortDesc" => illness.text, "LongDesc" => illness.text, "codetype" => 10]
    })?;
    to.file(
        "edi_icdcodes.csv",
        0..illnesses,
        |n| row!["ItemId" => DIAGNOSIS + n, "icd10flag" => 1],
    )
}

const fn encounter_id(n: u64) -> u64 {
    700_001 + n
}

/// The first visit of a patient; visit n is patient 2n / 5's.
const fn first_visit(patient: u64) -> u64 {
    (patient * 5).div_ceil(2)
}

/// Appointments and visits; some are shells of claims and refills.
fn visit(n: u64) -> Row<27> {
    const STATUSES: [&str; 10] = ["CHK", "CHK", "CHK", "CHK", "CHK", "CHK", "CHK", "PEN", "CANC", "N/S"];
    let kind = match mixed(n, 21) % 50 {
        0 => 4,
        1 => 7,
        2..5 => 2,
        5 => 3,
        6 => 6,
        _ => 1,
    };
    let (status, starts) = (pick(&STATUSES, n, 22), time(n, 20));
    let came = |minutes| match status {
        "CHK" => (starts + chrono::TimeDelta::minutes(minutes)).format(TIME).to_string(),
        _ => String::new(),
    };
    row![
        "encounterID" => encounter_id(n), "patientID" => pid(n * 2 / 5), "doctorID" => doctor_id(n),
        "Resourceid" => doctor_id(n), "date" => starts.format(DAY), "startTime" => starts.format(CLOCK),
        "endTime" => (starts + chrono::TimeDelta::minutes(20)).format(CLOCK), "arrivedTime" => came(-5),
        "timeIn" => came(0), "timeOut" => came(25), "depTime" => came(30), "STATUS" => status,
        "VisitType" => pick(&["FU", "NP", "WELL"], n, 24), "encType" => kind, "reason" => pick(&REASONS, n, 23),
        "facilityId" => place(n), "deptid" => 0, "POS" => 11, "deleteFlag" => u8::from(chance(n, 25, 1)),
        "encLock" => 1, "HL7id" => 0, "newPt" => 0, "Invoiceid" => 0, "refPrid" => 0;
        "Dx", "roomno", "Notes"
    ]
}

fn diagnosis(n: u64) -> Row<13> {
    let which = mixed(n, 30) % ILLNESSES.len() as u64;
    row![
        "SlNo" => 910_001 + n, "encounterid" => encounter_id(n * 5 / 4), "ItemId" => DIAGNOSIS + which,
        "PrimaryAsmt" => 1, "displayIndex" => 1, "Specify" => pick(&["", "", "", "well controlled, on diet"], n, 31),
        "AsmtOnsetDate" => time(n, 32).format("%Y-%m-%d"),
        "SNOMED" => when(chance(n, 33, 60), nth(&ILLNESSES, which).snomed), "axis" => 0, "synonymid" => 0;
        "Notes", "SNOMEDDesc", "Risk"
    ]
}

fn problem(n: u64) -> Row<20> {
    const CONDITIONS: [&str; 6] = [
        "active",
        "stable",
        "well-controlled",
        "poorly-controlled",
        "inactive",
        "",
    ];
    const WORK_UPS: [&str; 5] = ["confirmed", "confirmed", "confirmed", "", "w/u pending"];
    let which = mixed(n, 34) % ILLNESSES.len() as u64;
    let resolved = chance(n, 35, 20);
    let resolved_on = when(resolved, changed(n).format(AMERICAN));
    row![
        "SlNo" => 920_001 + n, "patientid" => pid(n),
        "Encounterid" => if chance(n, 36, 50) { encounter_id(first_visit(n)) } else { 0 },
        "asmtid" => DIAGNOSIS + which, "condition" => pick(&CONDITIONS, n, 37), "inactiveFlag" => 0,
        "Resolved" => u8::from(resolved), "resolvedon" => resolved_on, "WUStatus" => pick(&WORK_UPS, n, 38),
        "onsetdate" => time(n, 39).format(AMERICAN), "AddedDate" => time(n, 39).format(AMERICAN),
        "logdate" => changed(n).format(AMERICAN), "problemtype" => "Complaint",
        "SNOMED" => nth(&ILLNESSES, which).snomed, "userid" => doctor_id(n),
        "deleteFlag" => u8::from(chance(n, 40, 2)), "displayIndex" => 1;
        "specify", "notes", "SNOMEDDesc"
    ]
}

/// Every fourth row is the one before, copied forward to the patient's next visit.
fn surgery(n: u64) -> Row<6> {
    let copied = n % 4 == 3;
    let patient = if copied { n - 1 } else { n } * 5 / 2;
    let (reason, cpt) = pick(&[("Appendectomy", "44970"), ("Tonsillectomy", "")], patient, 41);
    row![
        "encounterid" => encounter_id(first_visit(patient) + u64::from(copied)),
        "reason" => reason, "date" => pick(&["6/2010", "2012", "as a child"], patient, 42), "cptcode" => cpt,
        "displayIndex" => 1, "occsurgflag" => 0
    ]
}

fn billed(n: u64) -> Row<19> {
    let visit = n * 5 / 3;
    row![
        "id" => 930_001 + n, "Encounterid" => encounter_id(visit),
        "itemid" => BILLED + mixed(n, 43) % SERVICES.len() as u64, "date" => time(visit, 20).format(DAY),
        "providerid" => doctor_id(visit), "Mod1" => pick(&["", "", "", "25", "59"], n, 44), "units" => "1.00",
        "Icd1" => 1, "icdcode1" => pick(&ILLNESSES, n, 45).icd10,
        "codeFlag" => if chance(n, 46, 8) { "E" } else { "C" }, "vitalCpt" => 0, "billingfee" => "125.00";
        "endDate", "Mod2", "Mod3", "Mod4", "icdcode2", "icdcode3", "icdcode4"
    ]
}

/// Some are laboratory orders, some were cancelled.
fn order(n: u64) -> Row<18> {
    let visit = first_visit(n * 2);
    let taken = time(visit, 20);
    row![
        "Reportid" => 940_001 + n, "Encounterid" => encounter_id(visit), "ordencounterid" => 0,
        "prevencounterid" => 0, "Itemid" => IN_HOUSE + mixed(n, 47) % SERVICES.len() as u64,
        "Type" => if chance(n, 48, 10) { 0 } else { 3 }, "received" => 1, "status" => 1, "result" => "Normal",
        "ResultDate" => taken.format(DAY), "collDate" => taken.format(DAY), "collTime" => taken.format(CLOCK),
        "ordPhyId" => doctor_id(visit), "priority" => 0, "futureflag" => 0, "cancelled" => u8::from(chance(n, 49, 2)),
        "deleteFlag" => 0;
        "resultime"
    ]
}
