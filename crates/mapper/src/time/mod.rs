//! Dates and times as vendors write them, and the instants they stand for.
//!
//! Two steps, kept apart on purpose:
//!
//! 1. [`parse`] turns the text of one cell into a [`Civil`] value by an explicit list of [`Format`]s that the
//!    column declares. Nothing is guessed: MM/DD and DD/MM are different formats, and a text that fits no
//!    declared format is an error that names its kind.
//! 2. [`resolve`] places a `Civil` value in a time zone and gives a [`Moment`]: the half-open UTC interval that
//!    searches compare with, and the [`Value`] that goes out in a resource. Precision is kept: a day stays a day.
//!
//! A wall-clock time that a daylight-saving change skips or repeats is resolved by a stated rule and flagged
//! ([`DstFlag`]), never shifted silently.

mod civil;
mod format;
mod scan;
mod zone;

#[cfg(test)]
mod tests_parse;
#[cfg(test)]
mod tests_zone;

pub use civil::{Civil, Clock, Combined, Precision, date_with_time, parse, parse_time};
pub use format::{CLOCKS, Format, STAMPS, TimeFormat, US_DAYS, US_DAYS_AND_STAMPS};
pub use zone::{DstFlag, Moment, Value, resolve, to_utc};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// The lower end of a period whose start is not known: 0001-01-01 00:00:00 UTC.
pub const OPEN_START: NaiveDateTime = {
    // The fallback is never taken; `const` code has no other way without a panic.
    let day = match NaiveDate::from_ymd_opt(1, 1, 1) {
        Some(day) => day,
        None => NaiveDate::MIN,
    };
    NaiveDateTime::new(day, NaiveTime::MIN)
};

/// The upper end of a period that has not ended: 9999-12-31 23:59:59 UTC.
///
/// A real instant rather than NULL, so that "overlaps" stays two plain comparisons on both databases.
pub const OPEN_END: NaiveDateTime = {
    // The fallbacks are never taken (a test says so); `const` code has no other way without a panic.
    let day = match NaiveDate::from_ymd_opt(9999, 12, 31) {
        Some(day) => day,
        None => NaiveDate::MAX,
    };
    let time = match NaiveTime::from_hms_opt(23, 59, 59) {
        Some(time) => time,
        None => NaiveTime::MIN,
    };
    NaiveDateTime::new(day, time)
};

/// The first and the last year that a date may have; anything outside is a typing error or a sentinel such as
/// `1/1/0001`.
pub const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;

/// Why the text of a cell is not a date or a time. Carries no text: cells are patient data and errors are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DateError {
    /// The cell holds nothing, or only blanks.
    #[error("empty")]
    Empty,
    /// The text has none of the forms that the column declares.
    #[error("not in a declared date form")]
    UnknownForm,
    /// The form is right and the value is not: month 13, 31 February, 25 o'clock, a year outside [`YEARS`].
    #[error("out of range")]
    OutOfRange,
}
