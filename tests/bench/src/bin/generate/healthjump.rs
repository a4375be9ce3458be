//! Healthjump: API pages of 1,000 rows.
//!
//! Per patient: one demographic, three encounters, three diagnoses and two and a half procedures on average, and an attribution for every
//! second one, so 100,000 patients make about a million rows.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::invented::{FAMILIES, GIVENS, ILLNESSES, REASONS, SERVICES, born, changed, patient, pick, time};

/// Rows of one page, as the API sends them.
const PAGE: u64 = 1_000;
const DAY: &str = "%Y%m%d";
/// Of `hj_modify_timestamp`.
const STAMP: &str = "%Y-%m-%d %H:%M:%S.000000";

pub fn write(patients: u64, folder: &Path) -> io::Result<u64> {
    write_pages(folder, "client_ids", 4, |n, row| {
        row.push_str(&format!(r#""client_id":"SBX0{}","name":"Practice {}""#, n + 1, n + 1));
    })?;
    write_pages(folder, "provider", 500, provider)?;
    write_pages(folder, "demographic", patients, demographic)?;
    write_pages(folder, "attribution", patients / 2, attribution)?;
    write_pages(folder, "encounter", patients * 3, encounter)?;
    write_pages(folder, "diagnosis", patients * 3, diagnosis)?;
    write_pages(folder, "procedure", patients * 5 / 2, procedure)?;
    Ok(4 + 500 + patients + patients / 2 + patients * 3 + patients * 3 + patients * 5 / 2)
}

fn write_pages(folder: &Path, entity: &str, rows: u64, one: impl Fn(u64, &mut String)) -> io::Result<()> {
    let folder = folder.join(entity);
    fs::create_dir(&folder)?;
    let last = rows.div_ceil(PAGE).max(1);
    let mut row = String::new();
    for page in 1..=last {
        let file = fs::File::create(folder.join(format!("page-{page:05}.json")))?;
        let mut out = BufWriter::new(file);
        write!(
            out,
            r#"{{"current_page":{page},"last_page":{last},"per_page":{PAGE},"total":{rows},"data":["#
        )?;
        for n in (page - 1) * PAGE..rows.min(page * PAGE) {
            row.clear();
            one(n, &mut row);
            let comma = if n % PAGE == 0 { "" } else { "," };
            write!(out, "{comma}{{{row}}}")?;
        }
        out.write_all(b"]}")?;
        out.flush()?;
    }
    Ok(())
}

/// Writing to a `String` does not fail.
macro_rules! put {
    ($row:ident, $($part:tt)*) => { let _ = write!($row, $($part)*); };
}

fn provider(n: u64, row: &mut String) {
    put!(
        row,
        r#""provider_id":{},"client_id":"SBX0{}","first_name":"{}","last_name":"{}","specialty":"Family Medicine""#,
        3000 + n,
        n % 4 + 1,
        pick(&GIVENS, n, 1),
        pick(&FAMILIES, n, 2)
    );
}

fn demographic(n: u64, row: &mut String) {
    let (given, family) = patient(n);
    put!(
        row,
        r#""demographicid":{},"client_id":"SBX0{}","client_patient_id":"{}","first_name":"{given}","middle_name":"{}","last_name":"{family}""#,
        700_000 + n,
        n % 4 + 1,
        n / 4,
        pick(&["A", "B", "", "C"], n, 7),
    );
    put!(
        row,
        r#","dob":"{}","gender":"{}","race":"{}","ethnicity":"{}","primary_language":"{}""#,
        born(n).format(DAY),
        pick(&["F", "M", "Female", "male", "U"], n, 9),
        pick(&["White", "Black", "Asian", "Declined"], n, 10),
        pick(&["Not Hispanic", "Hispanic", "Unknown"], n, 11),
        pick(&["English", "Spanish"], n, 12)
    );
    put!(
        row,
        r#","phone_number":"55501{:05}","phone_type":"H","first_email":"p{n}@example.com","death_indication":"N""#,
        n % 100_000
    );
    put!(
        row,
        r#","address_line_1":"{} Sample St","city":"Sampletown","state":"VA ","zip":"2{:04}","hj_modify_timestamp":"{}""#,
        n % 900 + 1,
        n % 10_000,
        changed(n).format(STAMP)
    );
}

fn attribution(n: u64, row: &mut String) {
    put!(
        row,
        r#""client_id":"SBX0{}","patient_id":"{}","provider_id":"{}","location_id":"{}""#,
        (n * 2) % 4 + 1,
        700_000 + n * 2,
        3000 + n % 500,
        n % 20
    );
}

fn encounter(n: u64, row: &mut String) {
    put!(
        row,
        r#""encounterid":{},"encounter_id":"E-{n}","client_id":"SBX0{}","patient_id":"{}","date":"{}","encounter_time":"{:02}:{:02}:00""#,
        1_000_000 + n,
        n / 3 % 4 + 1,
        700_000 + n / 3,
        time(n, 20).format(DAY),
        8 + n % 9,
        n % 60
    );
    put!(
        row,
        r#","type":"{}","status":"{}","provider_id":"{}","location_id":{},"reason":"{}","hj_modify_timestamp":"{}""#,
        pick(&["Office Visit", "Telehealth", "Follow Up"], n, 21),
        pick(&["Completed", "Signed", "Cancelled"], n, 22),
        3000 + n % 500,
        n % 20,
        pick(&REASONS, n, 23),
        changed(n).format(STAMP)
    );
}

fn diagnosis(n: u64, row: &mut String) {
    let illness = pick(&ILLNESSES, n, 30);
    // One in six comes without its dot.
    let code = if n.is_multiple_of(6) {
        illness.icd10.replace('.', "")
    } else {
        illness.icd10.to_owned()
    };
    put!(
        row,
        r#""diagnosisid":{},"diagnosis_id":"D-{n}","patient_id":{},"diagnosis_code":"{code}","description":"{}""#,
        3_000_000 + n,
        700_000 + n / 3,
        illness.text
    );
    if !n.is_multiple_of(3) {
        put!(row, r#","encounter_id":"{}""#, 1_000_000 + n);
    }
    put!(
        row,
        r#","diagnosis_date":"{}","onset_date":"{}","status":"{}","provider_id":{},"hj_modify_timestamp":"{}""#,
        time(n, 31).format(DAY),
        time(n, 32).format(DAY),
        pick(&["Active", "Resolved", "Chronic"], n, 33),
        3000 + n % 500,
        changed(n).format(STAMP)
    );
}

fn procedure(n: u64, row: &mut String) {
    let (code, text) = pick(&SERVICES, n, 40);
    put!(
        row,
        r#""procedureid":{},"patient_id":"{}","encounter_id":"{}","procedure_code":"{code}{}","description":"{text}""#,
        6_000_000 + n,
        700_000 + n * 2 / 5,
        1_000_000 + n * 6 / 5,
        pick(&["", "", "", "25", "-59"], n, 43),
    );
    put!(
        row,
        r#","procedure_date":"{}","status":"{}","provider_id":{},"hj_modify_timestamp":"{}""#,
        time(n, 41).format(DAY),
        pick(&["Completed", "Billed", ""], n, 42),
        3000 + n % 500,
        changed(n).format(STAMP)
    );
}
