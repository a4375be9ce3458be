//! What several entities compute from their cells in the same way.

use chrono::{NaiveDate, NaiveDateTime};
pub use mapper::codes::modifier;
use mapper::codes::{self, System};
pub use mapper::live::{CLOCKS, DAYS};
pub use mapper::load::values::{coded, folded, interval, link, words};
use mapper::load::{Cells, Column};
pub use mapper::load::{DELETED, NO_PATIENT};
use mapper::sql::Value;
use mapper::time::{self, Civil, Moment, Precision};
use mapper::{Site, fold};

/// Whether a trimmed cell of a file says that there is none.
pub fn absent(cell: &str) -> bool {
    matches!(cell, "NULL" | "\\N")
}

/// A column that refers to a row of another table, or holds an outside number: 0 is none.
pub const fn reference(name: &'static str) -> Column {
    Column::new(name).absent(&["0"])
}

/// Whether a flag is set. `None` means that it is not: delete flags were added to tables that had rows.
pub fn flag(cell: Option<&str>) -> bool {
    cell.is_some_and(|c| ["1", "true", "y", "yes"].iter().any(|yes| c.eq_ignore_ascii_case(yes)))
}

/// A day, or less, or a day with time on the source's clock; midnight only fills date-time columns.
pub fn day(cell: Option<&str>, site: &Site) -> Option<Moment> {
    let civil = time::parse(cell?, DAYS).ok()?;
    Some(time::resolve(civil.midnight_as_day(), site.zone()))
}

/// The instant (UTC) at which a row was written.
pub fn stamp(cell: Option<&str>, site: &Site) -> Option<NaiveDateTime> {
    day(cell, site).map(|moment| moment.lo)
}

/// Places a value on the clock of `zone`. A day without time has none: it is searched as the source's.
pub fn resolve(civil: Civil, zone: chrono_tz::Tz, site: &Site) -> Moment {
    let timed = civil.precision() > Precision::Day;
    time::resolve(civil, if timed { zone } else { site.zone() })
}

/// Which ICD a day was coded in: `new` from October 2015 on, `old` before.
pub fn era(day: Option<NaiveDate>) -> Value {
    let new_from = NaiveDate::from_ymd_opt(2015, 10, 1);
    match day.zip(new_from) {
        Some((day, from)) => Value::from(if day >= from { "new" } else { "old" }),
        None => Value::Null,
    }
}

/// The profile's practice.
pub fn practice(site: &Site) -> Value {
    link(site.profile().client_id.as_deref())
}

/// A number of a clinician or a place when its check digit is right.
pub fn npi(cell: Option<&str>) -> Value {
    cell.filter(|npi| codes::valid_npi(npi))
        .map_or(Value::Null, Value::from)
}

/// A SNOMED CT code when the cell is one.
pub fn snomed(cell: Option<&str>) -> Value {
    let coding = cell.and_then(|c| codes::diagnosis(c, Some("SNOMED"), None).coding);
    match coding {
        Some((System::Snomed, code)) => Value::Text(code),
        Some(_) | None => Value::Null,
    }
}

/// A text or nothing.
pub fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// What makes two rows say the same: a text without letter case and accents, and another one as it is.
pub fn same(words: Option<&str>, other: Option<&str>) -> String {
    format!("{}|{}", fold(words.unwrap_or("")), other.unwrap_or(""))
}

/// Several modifiers in one column of ours.
pub fn joined(modifiers: &[String]) -> Value {
    if modifiers.is_empty() {
        Value::Null
    } else {
        Value::Text(modifiers.join(","))
    }
}

/// The times of a row that has a column for each of change and creation.
pub fn written(cells: &Cells<'_>, site: &Site) -> Option<NaiveDateTime> {
    stamp(cells.get("mdate"), site).or_else(|| stamp(cells.get("cdate"), site))
}
