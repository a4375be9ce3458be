//! Date values: a prefix and a half-open interval (<http://hl7.org/fhir/R4/search.html#date>).

use std::fmt;

use chrono::{Days, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::escape::Bad;
use super::value::Prefix;

/// How exactly a date was given, which makes its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// `2020`
    Year,
    /// `2020-05`
    Month,
    /// `2020-05-05`
    Day,
    /// `2020-05-05T10:00`
    Minute,
    /// `2020-05-05T10:00:00`
    Second,
    /// `2020-05-05T10:00:00.5`, with 1 to 6 digits; further digits are cut off, as no database here keeps them.
    Fraction(u8),
}

/// A date value: all moments from `lo` until before `hi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    /// How an element's interval compares with this one.
    pub prefix: Prefix,
    /// The first moment, by the clock of `offset`; years 0001 to 9999.
    pub lo: NaiveDateTime,
    /// The moment after the last, by the clock of `offset`; at most [`Date::MAX`], so that it can be stored and compared as text.
    pub hi: NaiveDateTime,
    /// The offset from UTC; absent: the zone of the source that is searched.
    pub offset: Option<FixedOffset>,
    /// How exactly it was given.
    pub precision: Precision,
}

const DIGITS: usize = 6;
const MAX_OFFSET_MINUTES: u32 = 14 * 60;
const BAD_DATE: Bad = "it is not a date such as 2020, 2020-05, 2020-05-31, 2020-05-31T10:00 or 2020-05-31T10:00:00Z";
const NO_SUCH_DATE: Bad = "there is no such date or time";

impl Date {
    /// The smallest moment that [`Date::to_utc`] gives, 0001-01-01T00:00:00.000001. It is above the beginning of every stored interval
    /// that has none.
    pub const MIN: NaiveDateTime = match NaiveDate::from_ymd_opt(1, 1, 1) {
        Some(day) => match NaiveTime::from_hms_micro_opt(0, 0, 0, 1) {
            Some(time) => day.and_time(time),
            None => NaiveDateTime::MIN,
        },
        None => NaiveDateTime::MIN,
    };

    /// The largest moment, 9999-12-31T23:59:59.999999. It is above the end of every stored interval.
    pub const MAX: NaiveDateTime = match NaiveDate::from_ymd_opt(9999, 12, 31) {
        Some(day) => match NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999) {
            Some(time) => day.and_time(time),
            None => NaiveDateTime::MAX,
        },
        None => NaiveDateTime::MAX,
    };

    /// The interval in UTC: by the offset where there is one, else by `zone`, which turns the source's wall clock into UTC. Kept within
    /// [`Date::MIN`] and [`Date::MAX`].
    #[must_use]
    pub fn to_utc(&self, zone: &dyn Fn(NaiveDateTime) -> NaiveDateTime) -> (NaiveDateTime, NaiveDateTime) {
        let utc = |wall: NaiveDateTime| {
            let moment = match self.offset {
                Some(offset) => wall.checked_sub_offset(offset).unwrap_or(wall),
                None => zone(wall),
            };
            moment.clamp(Self::MIN, Self::MAX)
        };
        (utc(self.lo), utc(self.hi))
    }

    pub(super) fn parse(text: &str) -> Result<Self, Bad> {
        let (prefix, text) = Prefix::take(text)?;
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let (day, precision) = parse_day(day)?;
        let Some(time) = time else {
            return Self::new(prefix, day.and_time(NaiveTime::MIN), None, precision);
        };
        if precision != Precision::Day {
            return Err(BAD_DATE);
        }
        let (clock, offset) = split_offset(time)?;
        let (time, precision) = parse_clock(clock)?;
        Self::new(prefix, day.and_time(time), offset, precision)
    }

    fn new(prefix: Prefix, lo: NaiveDateTime, offset: Option<FixedOffset>, precision: Precision) -> Result<Self, Bad> {
        let hi = match precision {
            Precision::Year => lo.checked_add_months(Months::new(12)),
            Precision::Month => lo.checked_add_months(Months::new(1)),
            Precision::Day => lo.checked_add_days(Days::new(1)),
            Precision::Minute => lo.checked_add_signed(TimeDelta::minutes(1)),
            Precision::Second => lo.checked_add_signed(TimeDelta::seconds(1)),
            Precision::Fraction(digits) => lo.checked_add_signed(TimeDelta::microseconds(unit(digits))),
        };
        let hi = hi.ok_or(NO_SUCH_DATE)?.min(Self::MAX);
        Ok(Self {
            prefix,
            lo,
            hi,
            offset,
            precision,
        })
    }
}

/// Microseconds of the last of so many digits.
fn unit(digits: u8) -> i64 {
    10_i64.pow(DIGITS.saturating_sub(usize::from(digits)).try_into().unwrap_or(0))
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Result<u32, Bad> {
    if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BAD_DATE);
    }
    text.parse().ok().ok_or(BAD_DATE)
}

fn parse_day(text: &str) -> Result<(NaiveDate, Precision), Bad> {
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day, precision) = match *parts.as_slice() {
        [year] => (number(year, 4)?, 1, 1, Precision::Year),
        [year, month] => (number(year, 4)?, number(month, 2)?, 1, Precision::Month),
        [year, month, day] => (number(year, 4)?, number(month, 2)?, number(day, 2)?, Precision::Day),
        _ => return Err(BAD_DATE),
    };
    if year == 0 {
        return Err(NO_SUCH_DATE);
    }
    let year = i32::try_from(year).ok().ok_or(BAD_DATE)?;
    let day = NaiveDate::from_ymd_opt(year, month, day).ok_or(NO_SUCH_DATE)?;
    Ok((day, precision))
}

/// Separates `10:00:00+02:00`. A blank is a plus that form decoding has eaten.
fn split_offset(text: &str) -> Result<(&str, Option<FixedOffset>), Bad> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Ok((clock, FixedOffset::east_opt(0)));
    }
    let Some((clock, offset)) = text.split_once(['+', '-', ' ']) else {
        return Ok((text, None));
    };
    let west = text.contains('-');
    let (hours, minutes) = offset.split_once(':').ok_or(BAD_DATE)?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let total = hours * 60 + minutes;
    if minutes > 59 || total > MAX_OFFSET_MINUTES {
        return Err("its offset from UTC is not within 14:00");
    }
    let seconds = i32::try_from(total * 60).ok().ok_or(BAD_DATE)?;
    let offset = FixedOffset::east_opt(if west { -seconds } else { seconds });
    Ok((clock, Some(offset.ok_or(BAD_DATE)?)))
}

fn parse_clock(text: &str) -> Result<(NaiveTime, Precision), Bad> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, minute, second, micro, precision) = match *parts.as_slice() {
        [hour, minute] => (hour, minute, 0, 0, Precision::Minute),
        [hour, minute, second] => match second.split_once('.') {
            None => (hour, minute, number(second, 2)?, 0, Precision::Second),
            Some((second, fraction)) => {
                let (micro, digits) = parse_fraction(fraction)?;
                (hour, minute, number(second, 2)?, micro, Precision::Fraction(digits))
            }
        },
        _ => return Err(BAD_DATE),
    };
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    let time = NaiveTime::from_hms_micro_opt(hour, minute, second, micro).ok_or(NO_SUCH_DATE)?;
    Ok((time, precision))
}

/// The microseconds of a fraction, and how many digits it has after cutting.
fn parse_fraction(text: &str) -> Result<(u32, u8), Bad> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BAD_DATE);
    }
    let digits = text.len().min(DIGITS);
    let kept = text.get(..digits).ok_or(BAD_DATE)?;
    let micro = format!("{kept:0<DIGITS$}");
    let digits = u8::try_from(digits).ok().ok_or(BAD_DATE)?;
    Ok((number(&micro, DIGITS)?, digits))
}

impl fmt::Display for Date {
    /// The canonical form, which parses to the same value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.precision {
            Precision::Year => "%Y",
            Precision::Month => "%Y-%m",
            Precision::Day => "%Y-%m-%d",
            Precision::Minute => "%Y-%m-%dT%H:%M",
            Precision::Second | Precision::Fraction(_) => "%Y-%m-%dT%H:%M:%S",
        };
        write!(f, "{}{}", self.prefix.lead(), self.lo.format(format))?;
        if let Precision::Fraction(digits) = self.precision {
            let value = i64::from(self.lo.nanosecond() / 1000) / unit(digits);
            write!(f, ".{value:0width$}", width = usize::from(digits))?;
        }
        match self.offset {
            Some(offset) if offset.local_minus_utc() == 0 => f.write_str("Z"),
            Some(offset) => write!(f, "{offset}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
