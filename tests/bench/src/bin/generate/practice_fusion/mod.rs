//! Practice Fusion: tab-separated files of an export of version 9. Cells that are absent hold `\N`, ids are GUIDs.
//!
//! Per patient: two and a half encounters, an appointment for every second one, one and a half diagnoses that are each linked to an
//! encounter, and a procedure whose event tells when it was done.

mod clinical;
mod people;

use std::io;
use std::path::Path;

use crate::files::Delivery;
use crate::invented::{CLINICIANS, PLACES};

// The second group of a GUID tells what it is of.
const PRACTICE: u16 = 0x0c1d;
const PATIENT: u16 = 0x7d3e;
const ENCOUNTER: u16 = 0x8e4f;
const FACILITY: u16 = 0xaf60;
const PROVIDER: u16 = 0x9f50;
const PROFILE: u16 = 0x9f51;
const USER: u16 = 0x9f52;

const MIDNIGHT: &str = "%-m/%-d/%Y 12:00:00 AM";
const TIME: &str = "%-m/%-d/%Y %-I:%M:%S %p";

pub fn write(patients: u64, folder: &Path) -> io::Result<u64> {
    let mut to = Delivery {
        folder: folder.to_owned(),
        absent: r"\N",
        rows: 0,
    };
    people::write(&mut to, patients)?;
    clinical::write(&mut to, patients)?;
    Ok(to.rows)
}

/// A GUID whose first group scatters the rows, as real ones do; `tests/bench/run` makes those of patients in the same way.
fn guid(of: u16, n: u64) -> String {
    format!("{:08x}-{of:04x}-4000-8000-{n:012}", n * 2_654_435_761 % (1 << 32))
}

fn place(n: u64) -> String {
    guid(FACILITY, n % PLACES)
}

fn provider(n: u64) -> String {
    guid(PROVIDER, n % CLINICIANS)
}

fn user(n: u64) -> String {
    guid(USER, n % CLINICIANS)
}
