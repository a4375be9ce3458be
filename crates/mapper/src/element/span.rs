//! From when until when something was.

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, TimeZone};
use fhir::build;
use fhir::r4::types::Period;

use super::{Cell, date_time, note_moment};
use crate::Trace;
use crate::load::values;
use crate::sql::Value;
use crate::time::{Moment, OPEN_END, OPEN_START, Value as At};

/// A beginning and an end, of which either may not be known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// When it began.
    pub start: Option<Moment>,
    /// When it ended; never before the start.
    pub end: Option<Moment>,
}

impl Span {
    /// The span of two moments; an end before the start is none.
    #[must_use]
    pub fn new(start: Option<Moment>, end: Option<Moment>) -> Self {
        let follows = |end: &Moment| start.is_none_or(|start| end.hi > start.lo);
        Self {
            start,
            end: end.filter(follows),
        }
    }

    /// The interval that searches compare with where the span is a period: a side that is not known is open.
    #[must_use]
    pub fn open_interval(&self) -> [Value; 2] {
        if self.start.is_none() && self.end.is_none() {
            return [Value::Null, Value::Null];
        }
        let lo = self.start.map_or(OPEN_START, |m| m.lo);
        let hi = self.end.map_or(OPEN_END, |m| m.hi);
        [Value::Time(lo), Value::Time(hi)]
    }

    /// The interval that searches compare with where a start alone is a moment: that of the start, or until the end.
    #[must_use]
    pub fn interval(&self) -> [Value; 2] {
        match self.end {
            None => values::interval(self.start),
            Some(_) => self.open_interval(),
        }
    }

    /// The span as a period.
    ///
    /// FHIR compares two times of different precision only as far as both go: a start at 14:00 on a day and that day as the end cannot be
    /// told apart, and the period is not valid (R4 invariant per-1). Then the coarser one goes out as what it means: the first or
    /// the last moment of itself.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        let (mut start, mut end) = (self.start, self.end);
        if let (Some(first), Some(last)) = (self.start, self.end) {
            if within(&last, &first) {
                start = Some(edge(first, last.value, false));
            } else if within(&first, &last) {
                end = Some(edge(last, first.value, true));
            }
        }
        let at = |moment: &Option<Moment>| moment.as_ref().map(date_time);
        build::period(at(&start), at(&end))
    }

    /// Notes what of the two cells is not in the span, and what the clock skipped or repeated.
    pub fn note(&self, start: Cell<'_>, end: Cell<'_>, elements: [&'static str; 2], trace: &mut Trace) {
        let [first, last] = elements;
        note_moment(start, self.start.as_ref(), first, trace);
        if end.text.is_some() && self.end.is_none() {
            trace.lost(last, end.column, "not a date, or before the start");
        } else {
            note_moment(end, self.end.as_ref(), last, trace);
        }
    }
}

/// Whether a moment lies in one that is less precise.
fn within(fine: &Moment, coarse: &Moment) -> bool {
    precision(fine.value) > precision(coarse.value) && (coarse.lo..coarse.hi).contains(&fine.lo)
}

fn precision(value: At) -> u8 {
    match value {
        At::Year(_) => 0,
        At::Month(..) => 1,
        At::Day(_) => 2,
        At::Instant(_) => 3,
    }
}

/// The first or the last moment of one, as precise as another.
fn edge(moment: Moment, like: At, last: bool) -> Moment {
    let day = match moment.value {
        At::Year(year) => NaiveDate::from_ymd_opt(year, if last { 12 } else { 1 }, 1),
        At::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1),
        At::Day(_) | At::Instant(_) => None,
    };
    let value = match (like, day) {
        (At::Instant(at), _) => {
            let bound = if last {
                moment.hi - TimeDelta::seconds(1)
            } else {
                moment.lo
            };
            At::Instant(at.timezone().from_utc_datetime(&bound))
        }
        (At::Month(..), Some(day)) => At::Month(day.year(), day.month()),
        (At::Day(_), Some(day)) if last => At::Day(day + Months::new(1) - Days::new(1)),
        (At::Day(_), Some(day)) => At::Day(day),
        (At::Year(_) | At::Month(..) | At::Day(_), _) => moment.value,
    };
    Moment { value, ..moment }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Format, STAMPS, parse, resolve};

    fn moment(text: &str) -> Option<Moment> {
        let mut formats = vec![Format::IsoDay, Format::IsoMonth, Format::YearOnly];
        formats.extend(STAMPS);
        let civil = parse(text, &formats).unwrap();
        Some(resolve(civil, chrono_tz::America::New_York))
    }

    /// Start and end as they go out.
    fn period(start: &str, end: &str) -> [String; 2] {
        let period = Span::new(moment(start), moment(end)).period().unwrap();
        let json = serde_json::to_value(period).unwrap();
        ["start", "end"].map(|side| json[side].as_str().unwrap_or_default().to_owned())
    }

    #[test]
    fn sides_that_could_not_be_compared_become_equally_precise() {
        for (start, end, wanted) in [
            (
                "2026-01-15 14:00:00",
                "2026-01-15",
                ["2026-01-15T14:00:00-05:00", "2026-01-15T23:59:59-05:00"],
            ),
            (
                "2026-01-15",
                "2026-01-15 14:00:00",
                ["2026-01-15T00:00:00-05:00", "2026-01-15T14:00:00-05:00"],
            ),
            ("2026-01-15", "2026-01", ["2026-01-15", "2026-01-31"]),
            ("2026", "2026-12-30", ["2026-01-01", "2026-12-30"]),
            ("2026", "2026-12", ["2026-01", "2026-12"]),
            ("2025-12-31", "2025", ["2025-12-31", "2025-12-31"]),
            // These can be compared.
            (
                "2026-01-14 14:00:00",
                "2026-01-15",
                ["2026-01-14T14:00:00-05:00", "2026-01-15"],
            ),
            ("2026-01-15", "2026-01-15", ["2026-01-15", "2026-01-15"]),
            ("2025", "2026-01-15", ["2025", "2026-01-15"]),
        ] {
            assert_eq!(period(start, end), wanted, "{start} to {end}");
        }
    }
}
