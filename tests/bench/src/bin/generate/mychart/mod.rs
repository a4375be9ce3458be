//! MyChart: tab-separated files of an Epic export, a file per table, and a codes file beside them. Cells that are absent are empty.
//!
//! Per patient: two contacts with a diagnosis each, a problem with its owner's row, an order, race and address; companions for some.

mod clinical;
mod contacts;
mod people;
mod reference;

use std::io;
use std::path::Path;

use crate::files::Delivery;
use crate::invented::{CLINICIANS, ILLNESSES, Illness, SERVICES, mixed, nth};

const MIDNIGHT: &str = "%-m/%-d/%Y 12:00:00 AM";
const TIME: &str = "%-m/%-d/%Y %-I:%M:%S %p";

pub fn write(patients: u64, folder: &Path) -> io::Result<u64> {
    let mut to = Delivery {
        folder: folder.to_owned(),
        absent: "",
        rows: 0,
    };
    reference::write(&mut to)?;
    people::write(&mut to, patients)?;
    contacts::write(&mut to, patients)?;
    clinical::write(&mut to, patients)?;
    Ok(to.rows)
}

fn every(step: u64, rows: u64) -> impl Iterator<Item = u64> {
    (0..rows).filter(move |n| n.is_multiple_of(step))
}

fn pat_id(n: u64) -> String {
    format!("Z{}", 1_000_001 + n)
}

/// Contacts 2n and 2n + 1 are patient n's.
const fn csn(n: u64) -> u64 {
    720_000_001 + n
}

const fn problem_id(n: u64) -> u64 {
    5_500_001 + n
}

const fn prov_id(n: u64) -> u64 {
    3_001 + n % CLINICIANS
}

fn user_id(n: u64) -> String {
    format!("U{}", 101 + n % CLINICIANS)
}

fn illness(n: u64, salt: u64) -> (u64, Illness) {
    let which = mixed(n, salt) % ILLNESSES.len() as u64;
    (9_001 + which, nth(&ILLNESSES, which))
}

fn service(n: u64, salt: u64) -> (u64, &'static str) {
    let which = mixed(n, salt) % SERVICES.len() as u64;
    (45_001 + which, nth(&SERVICES, which).1)
}
