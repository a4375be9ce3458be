//! From when until when something was.

use fhir::build;
use fhir::r4::types::Period;

use super::{Cell, date_time, note_moment};
use crate::Trace;
use crate::load::values;
use crate::sql::Value;
use crate::time::{Moment, OPEN_END, OPEN_START};

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
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        let at = |moment: &Option<Moment>| moment.as_ref().map(date_time);
        build::period(at(&self.start), at(&self.end))
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
