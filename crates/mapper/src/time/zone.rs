//! From civil values to instants: the only place that knows what a time zone does to a clock.

use std::fmt;

use chrono::{DateTime, Datelike, Days, FixedOffset, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime};
use chrono::{Offset, SecondsFormat, TimeDelta, TimeZone, Timelike};
use chrono_tz::{GapInfo, Tz};

use super::{Civil, Precision};

/// A civil value placed in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The first instant it may mean: UTC, inclusive, whole microseconds (what both databases keep).
    pub lo: NaiveDateTime,
    /// The end of what it may mean: UTC, exclusive, later than `lo`.
    pub hi: NaiveDateTime,
    /// What goes out in a resource, at the precision that came in.
    pub value: Value,
    /// Set when the wall clock of that zone skipped or repeated this time.
    pub flag: Option<DstFlag>,
}

/// What a daylight-saving change, or any other change of a zone's offset, did to a wall-clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DstFlag {
    /// The clock jumped over this time. It is moved forward by the length of the jump: 02:30 becomes 03:30.
    Gap,
    /// The clock showed this time twice. The first one is meant.
    Overlap,
}

/// A date of FHIR's `dateTime`: partial, or an instant with its offset. `Display` writes FHIR's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `2024`
    Year(i32),
    /// `2024-05`: the year and the month, 1-12
    Month(i32, u32),
    /// `2024-05-06`
    Day(NaiveDate),
    /// `2024-05-06T07:08:09.5-04:00`. FHIR has no minute precision: seconds are then zero.
    Instant(DateTime<FixedOffset>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Instant(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, false)),
        }
    }
}

/// Places a civil value in `zone`. A value with an offset of its own ignores the zone.
///
/// Years, months and days become the interval from their first local midnight to the next one, so a day may have
/// 23 or 25 hours; where midnight itself is skipped the day begins when the clock resumes. Total: values at the
/// limits of the calendar are clamped to them.
#[must_use]
pub fn resolve(civil: Civil, zone: Tz) -> Moment {
    let date = civil.date();
    let (value, next) = match (civil.precision(), civil.time()) {
        (Precision::Year, _) => (Value::Year(date.year()), date.checked_add_months(Months::new(12))),
        (Precision::Month, _) => (
            Value::Month(date.year(), date.month()),
            date.checked_add_months(Months::new(1)),
        ),
        (Precision::Day, _) | (_, None) => (Value::Day(date), date.checked_add_days(Days::new(1))),
        (precision @ (Precision::Minute | Precision::Second | Precision::Fraction(_)), Some(time)) => {
            return at_time(date.and_time(time), precision, civil.offset(), zone);
        }
    };
    let lo = day_start(date, zone);
    let hi = next.map_or(NaiveDateTime::MAX, |next| day_start(next, zone));
    if lo < hi {
        return Moment {
            lo,
            hi,
            value,
            flag: None,
        };
    }
    // The zone skipped the whole day (Samoa, 2011-12-30): move it forward by that day, like a time in a gap.
    Moment {
        lo,
        hi: plus(lo, TimeDelta::days(1)),
        value,
        flag: Some(DstFlag::Gap),
    }
}

/// The instant (UTC) of a wall-clock time in `zone` that bounds an interval, such as the bounds of a searched date
/// without a zone. By the rules of [`resolve`], so that a searched day is the day of a stored one: midnight is where
/// the day begins, other times in a gap move forward, and of a repeated time the first one is meant.
#[must_use]
pub fn to_utc(local: NaiveDateTime, zone: Tz) -> NaiveDateTime {
    if local.time() == NaiveTime::MIN {
        day_start(local.date(), zone)
    } else {
        in_zone(local, zone).0
    }
}

fn at_time(local: NaiveDateTime, precision: Precision, own: Option<FixedOffset>, zone: Tz) -> Moment {
    let (utc, offset, flag) = match own {
        Some(offset) => (minus(local, offset), offset, None),
        None => in_zone(local, zone),
    };
    let micros = match precision {
        Precision::Minute => 60_000_000,
        Precision::Fraction(digits) => 10_i64.pow(6_u32.saturating_sub(u32::from(digits))),
        Precision::Second | Precision::Day | Precision::Month | Precision::Year => 1_000_000,
    };
    let lo = utc.with_nanosecond(utc.nanosecond() / 1000 * 1000).unwrap_or(utc);
    let value = Value::Instant(DateTime::from_naive_utc_and_offset(utc, written_offset(offset)));
    Moment {
        lo,
        hi: plus(lo, TimeDelta::microseconds(micros)),
        value,
        flag,
    }
}

/// The instant (UTC) and offset of a wall-clock time.
fn in_zone(local: NaiveDateTime, zone: Tz) -> (NaiveDateTime, FixedOffset, Option<DstFlag>) {
    match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) => (minus(local, offset.fix()), offset.fix(), None),
        LocalResult::Ambiguous(one, other) => {
            // Clocks that go back had the larger offset first.
            let first = one.fix().local_minus_utc().max(other.fix().local_minus_utc());
            let offset = FixedOffset::east_opt(first).unwrap_or_else(|| one.fix());
            (minus(local, offset), offset, Some(DstFlag::Overlap))
        }
        LocalResult::None => {
            // With the offset from before the jump the instant falls behind it, by as much as `local` lies in it.
            let begin = GapInfo::new(&local, &zone).and_then(|gap| gap.begin);
            let before = begin.map_or_else(|| zone.offset_from_utc_datetime(&local), |(_, offset)| offset);
            let utc = minus(local, before.fix());
            (utc, zone.offset_from_utc_datetime(&utc).fix(), Some(DstFlag::Gap))
        }
    }
}

/// The instant (UTC) at which a local day begins.
fn day_start(day: NaiveDate, zone: Tz) -> NaiveDateTime {
    let midnight = day.and_time(NaiveTime::MIN);
    let (utc, _, flag) = in_zone(midnight, zone);
    if flag != Some(DstFlag::Gap) {
        return utc;
    }
    let end = GapInfo::new(&midnight, &zone).and_then(|gap| gap.end);
    end.map_or(utc, |end| end.naive_utc())
}

/// The offset as FHIR can write it: whole minutes, at most 14 hours. Local mean times of the 19th century have
/// seconds; the instant stays exact because the written local time moves by them.
fn written_offset(offset: FixedOffset) -> FixedOffset {
    let seconds = offset.local_minus_utc();
    let written = if seconds.abs() > 14 * 3600 {
        0
    } else {
        seconds / 60 * 60
    };
    FixedOffset::east_opt(written).unwrap_or(offset)
}

fn minus(local: NaiveDateTime, offset: FixedOffset) -> NaiveDateTime {
    let limit = if offset.local_minus_utc() > 0 {
        NaiveDateTime::MIN
    } else {
        NaiveDateTime::MAX
    };
    local.checked_sub_offset(offset).unwrap_or(limit)
}

fn plus(utc: NaiveDateTime, delta: TimeDelta) -> NaiveDateTime {
    utc.checked_add_signed(delta).unwrap_or(NaiveDateTime::MAX)
}
