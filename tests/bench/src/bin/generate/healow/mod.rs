//! healow: comma-separated files, one per table of the practice's database. Cells that are absent hold `NULL`; `0` in a reference is none.
//!
//! Per patient: a row in `users` and one in `patients`, two and a half visits, two diagnoses of visits and a problem, one and a half billed
//! lines, an order for every second one and a surgery for every third.

mod clinical;
mod people;

use std::io;
use std::path::Path;

use crate::files::Delivery;
use crate::invented::{CLINICIANS, PLACES};

const DAY: &str = "%Y-%m-%d 00:00:00.000";
const TIME: &str = "%Y-%m-%d %H:%M:%S.000";
const AMERICAN: &str = "%m/%d/%Y";

pub fn write(patients: u64, folder: &Path) -> io::Result<u64> {
    let mut to = Delivery {
        folder: folder.to_owned(),
        absent: "NULL",
        rows: 0,
    };
    people::write(&mut to, patients)?;
    clinical::dictionary(&mut to)?;
    clinical::write(&mut to, patients)?;
    Ok(to.rows)
}

const fn pid(n: u64) -> u64 {
    100_001 + n
}

const fn doctor_id(n: u64) -> u64 {
    3_001 + n % CLINICIANS
}

const fn place(n: u64) -> u64 {
    11 + n % PLACES
}
