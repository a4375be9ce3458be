//! chrono's dates and times as FHIR's (<http://hl7.org/fhir/R4/datatypes.html#dateTime>).
//!
//! FHIR has the years 0001 to 9999 only, and chrono has more: what lies outside becomes the nearest value FHIR can write.

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::r4::time::{self, PrimitiveDateTime, UtcOffset};
use crate::r4::{Date, DateTime, Instant};

/// The largest offset FHIR can write, 14:00, in seconds.
const MAX_OFFSET: i32 = 14 * 3600;

/// The first moment FHIR can write, 0001-01-01T00:00:00.
const FIRST: NaiveDateTime = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day.and_time(NaiveTime::MIN),
    None => NaiveDateTime::MIN,
};

/// The last, 9999-12-31T23:59:59.999999999.
const LAST: NaiveDateTime = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => match NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999) {
        Some(time) => day.and_time(time),
        None => NaiveDateTime::MAX,
    },
    None => NaiveDateTime::MAX,
};

fn day(date: NaiveDate) -> time::Date {
    let within = date.clamp(FIRST.date(), LAST.date());
    u16::try_from(within.ordinal())
        .ok()
        .and_then(|ordinal| time::Date::from_ordinal_date(within.year(), ordinal).ok())
        .unwrap_or(time::Date::MAX)
}

fn clock(time: NaiveTime) -> time::Time {
    // chrono writes a leap second as 59 and more than a second of fraction; FHIR and `time` cannot say it.
    let nanosecond = time.nanosecond().min(999_999_999);
    let byte = |part: u32| u8::try_from(part).unwrap_or(0);
    time::Time::from_hms_nano(byte(time.hour()), byte(time.minute()), byte(time.second()), nanosecond)
        .unwrap_or(time::Time::MIDNIGHT)
}

/// The same date and clock in the types of `time`; outside FHIR's years, the first or last moment within them.
fn wall(at: NaiveDateTime) -> PrimitiveDateTime {
    let within = at.clamp(FIRST, LAST);
    PrimitiveDateTime::new(day(within.date()), clock(within.time()))
}

/// An instant, written with `Z`. `utc` is in UTC.
#[must_use]
pub fn instant(utc: NaiveDateTime) -> Instant {
    Instant(wall(utc).assume_utc())
}

/// A date of day precision.
#[must_use]
pub fn date(date: NaiveDate) -> Date {
    Date::Date(day(date))
}

/// A dateTime of day precision: a day stays a day and gets no invented time.
#[must_use]
pub fn date_time_day(date: NaiveDate) -> DateTime {
    DateTime::Date(self::date(date))
}

/// A dateTime with its time and offset. The moment is kept exactly; an offset that FHIR cannot write (with seconds, as of local mean time
/// before time zones, or beyond 14:00) is cut to whole minutes or replaced by UTC.
#[must_use]
pub fn date_time(at: chrono::DateTime<FixedOffset>) -> DateTime {
    let seconds = at.offset().local_minus_utc();
    let whole = seconds - seconds % 60;
    let utc = at.naive_utc();
    let local = utc
        .checked_add_signed(TimeDelta::seconds(whole.into()))
        .filter(|local| (FIRST..=LAST).contains(local) && whole.abs() <= MAX_OFFSET);
    let offset = UtcOffset::from_whole_seconds(whole).ok();
    let moment = match local.zip(offset) {
        Some((local, offset)) => wall(local).assume_offset(offset),
        None => wall(utc).assume_utc(),
    };
    DateTime::DateTime(Instant(moment))
}
