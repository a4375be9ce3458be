//! The functions on SQLite: those of the loader. On PostgreSQL they are in `schema/live-postgres.sql`; what they do is told there.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{CLOCKS, DAYS};
use crate::time::{self, Civil, Format, Precision};
use crate::{Site, codes, fold, id, load};

/// What the views write themselves: see `live_civil`.
const PLAIN: &[Format] = &[Format::IsoDay, Format::IsoMonth, Format::YearOnly];

/// `fn name(…) -> text`, of texts; every one may be null.
macro_rules! declare {
    ($($name:ident($($argument:ident),+);)+) => {$(
        diesel::define_sql_function! {
            fn $name($($argument: Nullable<Text>),+) -> Nullable<Text>;
        }
    )+};
}
declare! {
    live_cell(cell);
    live_key(id);
    live_hash(a, b, c, d);
    live_fold(words);
    live_words(words);
    live_npi(cell);
    live_zone(name);
    live_modifier(cell);
    live_clock(cell);
    live_civil(day, clock);
    live_at(cell, day);
    live_from(civil, zone);
    live_to(civil, zone);
    live_diagnosis(cell, label, day, part);
    live_procedure(cell, part);
}

type Told = Option<String>;

/// Registers all of them on a connection.
pub(super) fn register(conn: &mut SqliteConnection, site: &Site, absent: &'static [&'static str]) -> QueryResult<()> {
    let own = site.zone();
    let zone = move |name: Told| name.map_or(Some(own), |name| name.parse().ok());
    live_cell_utils::register_impl(conn, move |cell: Told| {
        let cell = cell?;
        let told = cell.trim();
        (!told.is_empty() && !absent.contains(&told)).then(|| told.to_owned())
    })?;
    live_key_utils::register_impl(conn, |id: Told| id.map(|id| id::row_key(&id)))?;
    live_hash_utils::register_impl(conn, |a: Told, b: Told, c: Told, d: Told| {
        let cells = [&a, &b, &c, &d].map(|cell| cell.as_deref().unwrap_or(""));
        Some(id::hash_key(&cells))
    })?;
    live_fold_utils::register_impl(conn, |words: Told| Some(fold(&words?)).filter(|w| !w.is_empty()))?;
    live_words_utils::register_impl(conn, |words: Told| load::values::words(words.as_deref()))?;
    live_npi_utils::register_impl(conn, |cell: Told| cell.filter(|npi| codes::valid_npi(npi)))?;
    live_zone_utils::register_impl(conn, |name: Told| name.filter(|n| n.parse::<chrono_tz::Tz>().is_ok()))?;
    live_modifier_utils::register_impl(conn, |cell: Told| codes::modifier(&cell?))?;
    live_clock_utils::register_impl(conn, |cell: Told| {
        let clock = time::parse_time(&cell?, CLOCKS).ok()?;
        Some(clock_text(clock.time, clock.precision))
    })?;
    live_civil_utils::register_impl(conn, |day: Told, clock: Told| {
        let clock = clock.unwrap_or_default();
        let both = time::date_with_time(&day?, DAYS, &clock, CLOCKS).ok()?;
        Some(civil_text(both.civil.midnight_as_day()))
    })?;
    live_at_utils::register_impl(conn, |cell: Told, day: Told| {
        at(&cell?, &day.unwrap_or_default()).map(civil_text)
    })?;
    live_from_utils::register_impl(conn, move |civil: Told, name: Told| {
        Some(stored(time::resolve(read(&civil?)?, zone(name)?).lo))
    })?;
    live_to_utils::register_impl(conn, move |civil: Told, name: Told| {
        Some(stored(time::resolve(read(&civil?)?, zone(name)?).hi))
    })?;
    live_diagnosis_utils::register_impl(conn, |cell: Told, label: Told, day: Told, part: Told| {
        diagnosis(&cell?, label.as_deref(), day.as_deref(), &part?)
    })?;
    live_procedure_utils::register_impl(conn, |cell: Told, part: Told| procedure(&cell?, &part?))
}

/// A date-time cell; its day is another cell's where it stands under the dummy day or alone. Midnight only fills it.
fn at(cell: &str, day: &str) -> Option<Civil> {
    if let Ok(clock) = time::parse_time(cell, CLOCKS) {
        let both = time::date_with_time(day, DAYS, cell, CLOCKS).ok()?;
        return (clock.time != chrono::NaiveTime::MIN).then_some(both.civil);
    }
    let civil = time::parse(cell, DAYS).ok()?.midnight_as_day();
    (civil.precision() > Precision::Day).then_some(civil)
}

fn diagnosis(cell: &str, label: Option<&str>, day: Option<&str>, part: &str) -> Option<String> {
    let day = day.and_then(|day| time::parse(day, PLAIN).ok()).map(Civil::date);
    let (system, code) = codes::diagnosis(cell, label, day).coding?;
    match part {
        "system" => Some(system.tag().to_owned()),
        "code" => Some(code),
        _ => None,
    }
}

fn procedure(cell: &str, part: &str) -> Option<String> {
    let read = codes::procedure(cell, Some("CPT"));
    match (part, read.coding) {
        ("text", _) => read.text,
        ("system", Some((system, _))) => Some(system.tag().to_owned()),
        ("code", Some((_, code))) => Some(code),
        ("modifiers", _) => Some(read.modifiers.join(",")).filter(|m| !m.is_empty()),
        _ => None,
    }
}

/// A date, or a date with a time, in the one form that tells its precision by its length.
fn civil_text(civil: Civil) -> String {
    let date = civil.date();
    match (civil.precision(), civil.time()) {
        (Precision::Year, _) => date.format("%Y").to_string(),
        (Precision::Month, _) => date.format("%Y-%m").to_string(),
        (precision, Some(time)) => format!("{} {}", date.format("%Y-%m-%d"), clock_text(time, precision)),
        (_, None) => date.format("%Y-%m-%d").to_string(),
    }
}

fn clock_text(time: chrono::NaiveTime, precision: Precision) -> String {
    if time == chrono::NaiveTime::MIN {
        return "00:00".to_owned();
    }
    match precision {
        Precision::Fraction(digits) => {
            let mut text = time.format("%H:%M:%S.%9f").to_string();
            text.truncate(9 + usize::from(digits));
            text
        }
        Precision::Second => time.format("%H:%M:%S").to_string(),
        Precision::Year | Precision::Month | Precision::Day | Precision::Minute => time.format("%H:%M").to_string(),
    }
}

/// What [`civil_text`] wrote.
fn read(civil: &str) -> Option<Civil> {
    match civil.split_once(' ') {
        Some((day, clock)) => time::date_with_time(day, PLAIN, clock, CLOCKS)
            .ok()
            .map(|both| both.civil),
        None => time::parse(civil, PLAIN).ok(),
    }
}

/// A timestamp in the form that Diesel keeps in SQLite.
fn stored(at: chrono::NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.f").to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn civil(day: &str, clock: &str) -> String {
        let both = time::date_with_time(day, DAYS, clock, CLOCKS).unwrap();
        civil_text(both.civil.midnight_as_day())
    }

    #[test]
    fn the_length_tells_the_precision() {
        assert_eq!(civil("2015", ""), "2015");
        assert_eq!(civil("6/2015", "09:30"), "2015-06");
        assert_eq!(civil("6/7/2015", ""), "2015-06-07");
        assert_eq!(civil("2015-06-07 00:00:00.000", "09:30"), "2015-06-07 09:30");
        assert_eq!(civil("2015-06-07", "1900-01-01 09:30:00"), "2015-06-07 09:30:00");
        assert_eq!(civil("2015-06-07 08:00:01.250", "09:30"), "2015-06-07 08:00:01.250");
        assert_eq!(civil("2015-06-07", "00:00:00"), "2015-06-07");
    }

    #[test]
    fn what_was_written_is_read() {
        for text in [
            "2015",
            "2015-06",
            "2015-06-07",
            "2015-06-07 09:30",
            "2015-06-07 09:30:15",
            "2015-06-07 09:30:15.250",
        ] {
            assert_eq!(read(text).map(civil_text).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_dummy_day_is_no_day() {
        let told = |cell, day| at(cell, day).map(civil_text);
        assert_eq!(
            told("1900-01-01 09:30:00.000", "6/7/2015").as_deref(),
            Some("2015-06-07 09:30:00.000")
        );
        assert_eq!(told("2015-06-07 09:30:00", "").as_deref(), Some("2015-06-07 09:30:00"));
        for (cell, day) in [
            ("1900-01-01 00:00:00", "6/7/2015"),
            ("1900-01-01 09:30:00", ""),
            ("2015-06-07 00:00:00", ""),
            ("soon", "6/7/2015"),
        ] {
            assert_eq!(told(cell, day), None, "{cell}");
        }
    }
}
