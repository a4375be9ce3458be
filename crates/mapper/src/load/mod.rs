//! Loading deliveries: a vendor's files become rows of the vendor's own tables.
//!
//! A delivery is one transaction, tables included: until it is committed nobody sees anything of it, and a load that
//! is killed leaves the old state. Loading the same delivery again changes nothing. A delivery never removes rows.
//!
//! One thread reads files and computes what is stored beside each row ([`Entity::derive`]), this one talks to the
//! database; they meet over batches, so memory does not grow with the delivery.

mod columns;
mod delivery;
mod entity;
mod error;
mod explode;
mod headed;
mod input;
pub(crate) mod install;
pub(crate) mod journal;
mod json;
mod json_row;
mod link;
mod pages;
mod pattern;
mod pipe;
mod prepare;
mod reader;
mod repeats;
pub(crate) mod replay;
mod report;
mod schema;
pub(crate) mod settle;
pub(crate) mod statement;
mod synthesis;
pub mod terms;
#[cfg(test)]
mod tests;
mod upsert;
pub mod values;
mod writer;
pub(crate) mod zones;

use std::path::PathBuf;
use std::time::Instant;

use chrono::{NaiveDateTime, Timelike};
use diesel::connection::SimpleConnection;

pub use entity::{Cells, Column, Derived, Entity, Layout, Row};
pub use error::{LoadError, Place, Problem};
pub use headed::Headed;
pub use install::Installed;
pub use pattern::Pattern;
pub use report::{Counts, FileRead, NotRead, Progress, Report};
pub use schema::{Agreement, Exploded, Link, Part, Schema, Synthesis, Zones};

use crate::Site;
use crate::db::AnyConnection;

/// `cg_hold` of a row that the vendor marked as deleted. It may go on with details; a read of such a row answers 410.
pub const DELETED: &str = "withheld:deleted";
/// `cg_hold` of a row without patient: `Encounter`, `Condition` and `Procedure` need a subject.
pub const NO_PATIENT: &str = "rejected:no patient";

/// The longest row that is read, in bytes: what one row may cost in memory.
pub const LONGEST_ROW: usize = 16 << 20;

/// Loads a delivery: the files at `paths`, and those in folders there at any depth.
///
/// `conn` is one of [`Access::Load`](crate::db::Access::Load); `now` (UTC) is the time of the load, which rows without
/// a time of change show as theirs.
///
/// # Errors
/// [`LoadError`]; the database is then as it was before.
pub fn load(
    conn: &mut AnyConnection,
    vendor: &Schema,
    site: &Site,
    paths: &[PathBuf],
    now: NaiveDateTime,
    progress: &mut dyn Progress,
) -> Result<Report, LoadError> {
    vendor.validate()?;
    // Databases keep unlike fractions of a second; a load has no need of them.
    let now = now.with_nanosecond(0).unwrap_or(now);
    let delivery = delivery::discover(vendor, paths)?;
    progress.plan(delivery.files.len(), delivery.files.iter().map(|f| f.bytes).sum());
    progress.stage("checking files");
    for file in &delivery.files {
        pipe::check(file)?;
    }
    let begun = Instant::now();
    install::begin(conn)?;
    let loaded = inside(conn, vendor, site, delivery, now, begun, progress);
    let report = install::end(conn, loaded)?;
    for warning in &report.warnings {
        progress.note(warning);
    }
    Ok(report)
}

/// The part within the transaction.
fn inside(
    conn: &mut AnyConnection,
    vendor: &Schema,
    site: &Site,
    mut delivery: delivery::Delivery,
    now: NaiveDateTime,
    begun: Instant,
    progress: &mut dyn Progress,
) -> Result<Report, LoadError> {
    let tables = install::install(conn, vendor, site, now)?;
    let journal = journal::Journal::begin(conn, vendor, now)?;
    let first_file = journal.first_file;
    let mut writer = writer::Writer::start(conn, vendor, &tables, &journal)?;
    // Places first: the times of all other rows are told by their clocks.
    let places = delivery.take_of(vendor.zones.map(|z| z.entity));
    let before = zones::known(writer.conn, vendor)?;
    reader::read(&mut writer, site, vendor.headed, &places, progress)?;
    let site = &zones::applied(&mut writer, vendor, site, &before)?;
    reader::read(&mut writer, site, vendor.headed, &delivery.files, progress)?;
    progress.stage("making rows that others refer to");
    for synthesis in vendor.syntheses {
        synthesis::make(&mut writer, synthesis, site)?;
    }
    let written = writer.written();
    let mut report = writer.finish(begun.elapsed())?;
    progress.stage("resolving references");
    install::analyze(conn, vendor)?;
    settle(conn, vendor.holds)?;
    link::resolve(conn, vendor, first_file, &written)?;
    settle(conn, vendor.copies)?;
    progress.stage("keeping what was served before");
    journal.end(conn, vendor, &written)?;
    report.not_read = delivery.not_read;
    Ok(report)
}

/// Runs a vendor's statements, if it has any: PostgreSQL refuses an empty text.
fn settle(conn: &mut AnyConnection, statements: &str) -> Result<(), LoadError> {
    if statements.trim().is_empty() {
        return Ok(());
    }
    Ok(conn.batch_execute(statements)?)
}
