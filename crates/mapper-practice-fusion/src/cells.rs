//! What several entities compute from their cells in the same way.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use mapper::element::Cell;
pub use mapper::element::Span;
pub use mapper::load::NO_PATIENT;
use mapper::load::{Cells, values};
use mapper::sql::Value;
use mapper::time::{self, Format, Moment, Precision};
use mapper::{Site, Trace};

/// How `DateField`, `DateTime` and `DateTimeOffset` are written; readers of the export also meet ISO.
pub const DATES: &[Format] = &[
    Format::UsShortDay,
    Format::UsSecond12,
    Format::UsSecond12Offset,
    Format::UsMinute12,
    Format::IsoDay,
    Format::IsoLocal,
    Format::IsoOffset,
    Format::Stamp,
];

/// Whether a cell says that there is nothing: `\N`, `NULL`, the GUID of zeros, any time of the year 0001's first day.
pub fn absent(cell: &str) -> bool {
    matches!(cell, "\\N" | "NULL") || zero_guid(cell) || first_day(cell)
}

fn zero_guid(cell: &str) -> bool {
    cell.len() == 36 && cell.bytes().all(|b| matches!(b, b'0' | b'-'))
}

/// .NET's least date, with whatever time and offset.
fn first_day(cell: &str) -> bool {
    let rest = ["1/1/0001", "01/01/0001", "0001-01-01"]
        .iter()
        .find_map(|day| cell.strip_prefix(day));
    let clock = |c: char| c.is_ascii_digit() || " :.+-APMTZ".contains(c);
    rest.is_some_and(|rest| rest.chars().all(clock) && !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A GUID as it is compared: in small letters, without braces.
pub fn guid(cell: Option<&str>) -> Option<String> {
    let bare = cell?.trim_matches(['{', '}']).trim();
    (!bare.is_empty()).then(|| bare.to_ascii_lowercase())
}

/// A row's key: its GUID.
pub fn key(cells: &Cells<'_>, column: &str) -> Option<String> {
    guid(cells.get(column))
}

/// A GUID as a value.
pub fn told(cells: &Cells<'_>, column: &str) -> Value {
    Value::from(guid(cells.get(column)))
}

/// The GUID that a row refers to, and the key that it would be.
pub fn link(cells: &Cells<'_>, column: &str) -> [Value; 2] {
    let guid = guid(cells.get(column));
    let key = values::link(guid.as_deref());
    [Value::from(guid), key]
}

/// The practice: the profile's, until its own file says another.
pub fn practice(site: &Site) -> Value {
    values::link(guid(site.profile().client_id.as_deref()).as_deref())
}

/// `True` and `False`; nothing for any other word.
pub fn flag(cell: Option<&str>) -> Option<bool> {
    match cell?.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" => Some(true),
        "false" | "f" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

/// A flag's value; a word that is none is noted as lost.
pub fn noted_flag(cell: Cell<'_>, element: &'static str, trace: &mut Trace) -> Option<bool> {
    let flag = flag(cell.text);
    if cell.text.is_some() && flag.is_none() {
        trace.lost(element, cell.column, "neither true nor false");
    }
    flag
}

/// A day. These columns hold days, whatever time is written behind them.
pub fn day(cell: Option<&str>, site: &Site) -> Option<Moment> {
    let civil = time::parse(cell?, DATES).ok()?;
    Some(time::resolve(civil.date_only(), site.zone()))
}

/// A time of a wall clock in `zone`. A day without time is a day of the source's, as searches for days mean it.
pub fn wall(cell: Option<&str>, zone: Tz, site: &Site) -> Option<Moment> {
    let civil = time::parse(cell?, DATES).ok()?;
    let day = civil.precision() <= Precision::Day;
    Some(time::resolve(civil, if day { site.zone() } else { zone }))
}

/// A time of a column whose name ends in `Utc`.
pub fn utc(cell: Option<&str>, site: &Site) -> Option<Moment> {
    wall(cell, Tz::UTC, site)
}

/// When a row was last changed: the first of `columns` with a time.
pub fn changed(cells: &Cells<'_>, columns: &[&str], site: &Site) -> Option<NaiveDateTime> {
    let at = |column: &&str| utc(cells.get(column), site).map(|moment| moment.lo);
    columns.iter().find_map(at)
}

#[cfg(test)]
mod tests {
    use super::{absent, flag, guid};

    #[test]
    fn what_stands_for_nothing() {
        for nothing in [
            r"\N",
            "NULL",
            "00000000-0000-0000-0000-000000000000",
            "1/1/0001 12:00:00 AM",
            "1/1/0001",
            "1/1/0001 12:00:00 AM +00:00",
            "0001-01-01T00:00:00",
        ] {
            assert!(absent(nothing), "{nothing}");
        }
        for something in ["Null", "null", "0", "1/1/00010", "1/1/0001, or so", "1/1/2001", "n"] {
            assert!(!absent(something), "{something}");
        }
    }

    #[test]
    fn guids_are_compared_in_small_letters() {
        let id = Some("7d3e0c5a-1111-4222-8333-00000000000a".to_owned());
        assert_eq!(guid(Some("{7D3E0C5A-1111-4222-8333-00000000000A}")), id);
        assert_eq!(guid(id.as_deref()), id);
        assert_eq!(guid(Some("{}")), None);
    }

    #[test]
    fn flags() {
        assert_eq!([flag(Some("True")), flag(Some("FALSE"))], [Some(true), Some(false)]);
        assert_eq!([flag(Some("perhaps")), flag(None)], [None, None]);
    }
}
