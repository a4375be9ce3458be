//! Writes a delivery of Healthjump shape: API pages of 1,000 rows, for as many invented patients as asked.
//!
//! Per patient: one demographic, three encounters, three diagnoses and two and a half procedures on average, and an attribution for every
//! second one, so 100,000 patients make about a million rows. The same arguments write the same bytes.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Parser;

/// Rows of one page, as the API sends them.
const PAGE: u64 = 1_000;
const FAMILIES: [&str; 12] = [
    "Abara",
    "Bergstrom",
    "Castellano",
    "Dubois",
    "Eriksen",
    "Fairweather",
    "Gonçalves",
    "Hollander",
    "Ivanova",
    "Jankowski",
    "Kimathi",
    "Lindqvist",
];
const GIVENS: [&str; 10] = [
    "Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Femi", "Greta", "Hiro", "Imani", "José",
];
const ICD10: [(&str, &str); 6] = [
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("I10", "Essential hypertension"),
    ("J45909", "Unspecified asthma, uncomplicated"),
    ("M54.50", "Low back pain"),
    ("F41.1", "Generalized anxiety disorder"),
    ("Z00.00", "General adult medical examination"),
];
const CPT: [(&str, &str); 5] = [
    ("99213", "Office visit, established patient"),
    ("9921425", "Office visit, established patient"),
    ("97110-59", "Therapeutic exercises"),
    ("36415", "Routine venipuncture"),
    ("J1100", "Dexamethasone injection"),
];

#[derive(Parser)]
#[command(about = "Writes a Healthjump delivery of invented patients")]
struct Arguments {
    /// How many patients.
    #[arg(long, default_value_t = 100_000)]
    patients: u64,
    /// The folder to write; it must not exist yet.
    folder: PathBuf,
}

fn main() -> io::Result<()> {
    let Arguments { patients, folder } = Arguments::parse();
    fs::create_dir(&folder)?;
    write_pages(&folder, "client_ids", 4, |n, row| {
        row.push_str(&format!(r#""client_id":"SBX0{}","name":"Practice {}""#, n + 1, n + 1));
    })?;
    write_pages(&folder, "provider", 500, provider)?;
    write_pages(&folder, "demographic", patients, demographic)?;
    write_pages(&folder, "attribution", patients / 2, attribution)?;
    write_pages(&folder, "encounter", patients * 3, encounter)?;
    write_pages(&folder, "diagnosis", patients * 3, diagnosis)?;
    write_pages(&folder, "procedure", patients * 5 / 2, procedure)
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

/// A number that looks random and is the same in every run.
fn mixed(n: u64, salt: u64) -> u64 {
    let mut x = n
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(salt.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    x ^= x >> 31;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 29)
}

fn pick<T: Copy + Default>(list: &[T], n: u64, salt: u64) -> T {
    let len = u64::try_from(list.len()).unwrap_or(1);
    usize::try_from(mixed(n, salt) % len)
        .ok()
        .and_then(|at| list.get(at))
        .copied()
        .unwrap_or_default()
}

/// A day in the last ten years, `YYYYMMDD`.
fn day(n: u64, salt: u64) -> String {
    let x = mixed(n, salt);
    format!("{}{:02}{:02}", 2016 + x % 10, 1 + x / 10 % 12, 1 + x / 120 % 28)
}

fn stamp(n: u64) -> String {
    let x = mixed(n, 99);
    format!(
        "2026-{:02}-{:02} {:02}:{:02}:{:02}.000000",
        1 + x % 10,
        1 + x / 10 % 28,
        x % 24,
        x / 24 % 60,
        x / 1440 % 60
    )
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
    let born = format!(
        "19{:02}{:02}{:02}",
        mixed(n, 3) % 99,
        1 + mixed(n, 4) % 12,
        1 + mixed(n, 5) % 28
    );
    put!(
        row,
        r#""demographicid":{},"client_id":"SBX0{}","client_patient_id":"{}","first_name":"{}","middle_name":"{}","last_name":"{}{}""#,
        700_000 + n,
        n % 4 + 1,
        n / 4,
        pick(&GIVENS, n, 6),
        pick(&["A", "B", "", "C"], n, 7),
        pick(&FAMILIES, n, 8),
        n % 997
    );
    put!(
        row,
        r#","dob":"{born}","gender":"{}","race":"{}","ethnicity":"{}","primary_language":"{}""#,
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
        stamp(n)
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
        day(n, 20),
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
        pick(&["cough", "check up", "back pain"], n, 23),
        stamp(n)
    );
}

fn diagnosis(n: u64, row: &mut String) {
    let (code, text) = pick(&ICD10, n, 30);
    put!(
        row,
        r#""diagnosisid":{},"diagnosis_id":"D-{n}","patient_id":{},"diagnosis_code":"{code}","description":"{text}""#,
        3_000_000 + n,
        700_000 + n / 3
    );
    if !n.is_multiple_of(3) {
        put!(row, r#","encounter_id":"{}""#, 1_000_000 + n);
    }
    put!(
        row,
        r#","diagnosis_date":"{}","onset_date":"{}","status":"{}","provider_id":{},"hj_modify_timestamp":"{}""#,
        day(n, 31),
        day(n, 32),
        pick(&["Active", "Resolved", "Chronic"], n, 33),
        3000 + n % 500,
        stamp(n)
    );
}

fn procedure(n: u64, row: &mut String) {
    let (code, text) = pick(&CPT, n, 40);
    put!(
        row,
        r#""procedureid":{},"patient_id":"{}","encounter_id":"{}","procedure_code":"{code}","description":"{text}""#,
        6_000_000 + n,
        700_000 + n * 2 / 5,
        1_000_000 + n * 6 / 5
    );
    put!(
        row,
        r#","procedure_date":"{}","status":"{}","provider_id":{},"hj_modify_timestamp":"{}""#,
        day(n, 41),
        pick(&["Completed", "Billed", ""], n, 42),
        3000 + n % 500,
        stamp(n)
    );
}
