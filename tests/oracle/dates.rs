//! Dates as intervals, and the nine prefixes (<http://hl7.org/fhir/R4/search.html#prefix>).

use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use serde_json::Value;

use super::params::Kind;

/// From `lo` until before `hi`, in UTC; a point in time when both are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub lo: NaiveDateTime,
    pub hi: NaiveDateTime,
}

/// No beginning and no end.
const NEVER: NaiveDateTime = NaiveDateTime::MIN;
const FOREVER: NaiveDateTime = NaiveDateTime::MAX;

/// What a date text covers. Without offset it is meant in `zone`; without zone, as written.
///
/// # Panics
/// For a text that is no date of FHIR.
#[must_use]
pub fn range(text: &str, zone: Option<Tz>) -> Range {
    let Some((day, time)) = text.split_once('T') else {
        let (first, next) = days(text);
        let midnight = |day: NaiveDate| utc(day.and_hms_opt(0, 0, 0).unwrap(), zone);
        return Range {
            lo: midnight(first),
            hi: midnight(next),
        };
    };
    let at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, offset) = time.split_at(at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let full = if clock.len() == 5 {
        format!("{clock}:00")
    } else {
        clock.to_owned()
    };
    let wall: NaiveDateTime = format!("{day}T{full}")
        .parse()
        .unwrap_or_else(|_| panic!("{text} is no date"));
    let digits = u32::try_from(fraction.len()).unwrap();
    let micros: i64 = format!("{fraction:0<6}").parse().unwrap();
    let wall = wall + Duration::microseconds(micros);
    let lo = match zone {
        None => wall,
        Some(zone) if offset.is_empty() => utc(wall, Some(zone)),
        Some(_) => {
            let offset = if offset == "Z" { "+00:00" } else { offset };
            let text = format!("{}{offset}", wall.format("%Y-%m-%dT%H:%M:%S%.6f"));
            DateTime::parse_from_rfc3339(&text)
                .unwrap_or_else(|_| panic!("{text} is no date"))
                .naive_utc()
        }
    };
    let width = match (clock.len(), digits) {
        (5, _) => Duration::minutes(1),
        (_, 0) => Duration::seconds(1),
        (_, digits) => Duration::microseconds(10_i64.pow(6 - digits)),
    };
    Range { lo, hi: lo + width }
}

/// The first day of a date, and the first one after it.
fn days(text: &str) -> (NaiveDate, NaiveDate) {
    let number = |at: usize| text.split('-').nth(at).map(|part| part.parse::<u32>().unwrap());
    let year = i32::try_from(number(0).unwrap()).unwrap();
    let first = NaiveDate::from_ymd_opt(year, number(1).unwrap_or(1), number(2).unwrap_or(1));
    let first = first.unwrap_or_else(|| panic!("{text} is no date"));
    let next = match text.len() {
        4 => NaiveDate::from_ymd_opt(first.year() + 1, 1, 1).unwrap(),
        7 => first + Months::new(1),
        _ => first + Days::new(1),
    };
    (first, next)
}

/// The instant of a wall clock: of a time shown twice the first, of a time that was skipped what a clock that had not been
/// changed would have shown.
fn utc(wall: NaiveDateTime, zone: Option<Tz>) -> NaiveDateTime {
    let Some(zone) = zone else { return wall };
    zone.from_local_datetime(&wall).earliest().map_or_else(
        || {
            let before = zone
                .from_local_datetime(&(wall - Duration::hours(3)))
                .earliest()
                .unwrap();
            before.naive_utc() + Duration::hours(3)
        },
        |at| at.naive_utc(),
    )
}

/// What an element covers: a text at its precision, a period from its start to the end of its end.
#[must_use]
pub fn element(element: &Value, kind: Kind, zone: Tz) -> Range {
    let zone = (kind != Kind::Day).then_some(zone);
    if let Some(text) = element.as_str() {
        let range = range(text, zone);
        // An instant has no width.
        return if kind == Kind::Instant {
            Range { hi: range.lo, ..range }
        } else {
            range
        };
    }
    let bound = |name: &str| element[name].as_str().map(|text| range(text, zone));
    Range {
        lo: bound("start").map_or(NEVER, |r| r.lo),
        hi: bound("end").map_or(FOREVER, |r| r.hi),
    }
}

/// Whether element `e` compares with the value as its prefix says.
///
/// # Panics
/// For a prefix that there is not.
#[must_use]
pub fn compares(prefix: &str, e: Range, v: Range, now: NaiveDateTime) -> bool {
    let point = e.lo == e.hi;
    // The value's range fully contains the element's.
    let contained = e.lo >= v.lo && if point { e.lo < v.hi } else { e.hi <= v.hi };
    // The range above the value, which begins with `v.hi`, overlaps with the element's; and the same below.
    let above = if point { e.lo >= v.hi } else { e.hi > v.hi };
    let below = e.lo < v.lo;
    match prefix {
        "eq" => contained,
        "ne" => !contained,
        "gt" => above,
        "lt" => below,
        "ge" => above || contained,
        "le" => below || contained,
        "sa" => e.lo >= v.hi,
        "eb" => {
            if point {
                e.lo < v.lo
            } else {
                e.hi <= v.lo
            }
        }
        "ap" => {
            // A tenth of the distance between now and the value, on both sides, as the specification recommends.
            let distance = if now < v.lo {
                v.lo - now
            } else if now > v.hi {
                now - v.hi
            } else {
                Duration::zero()
            };
            let (lo, hi) = (v.lo - distance / 10, v.hi + distance / 10);
            e.lo < hi && if point { e.lo >= lo } else { e.hi > lo }
        }
        other => panic!("{other} is no prefix"),
    }
}
