//! When a visit was: seven cells, of which two or three are filled in.

use mapper::element::{self, Cell, Span};
use mapper::sql::Value;
use mapper::time::{self, Civil, Moment, Precision};
use mapper::{Site, Trace};

use crate::cells::{CLOCKS, DAYS, resolve};

/// The cells of an `enc` row that say when.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The day of service.
    pub date: Cell<'a>,
    /// When it was to begin.
    pub starttime: Cell<'a>,
    /// When the patient came.
    pub arrivedtime: Cell<'a>,
    /// When the patient was let in.
    pub timein: Cell<'a>,
    /// When the patient checked out.
    pub timeout: Cell<'a>,
    /// When the patient left.
    pub deptime: Cell<'a>,
}

/// A cell that was understood, and its column.
#[derive(Debug, Clone, Copy)]
pub struct Read {
    column: &'static str,
    civil: Civil,
    /// What it says.
    pub moment: Moment,
}

/// The time of a visit.
#[derive(Debug, Default)]
pub struct Visit {
    /// When it began.
    pub start: Option<Read>,
    /// When it ended; never before the start.
    pub end: Option<Read>,
    /// Cells that were of no use: element, column, why.
    lost: Vec<(&'static str, &'static str, &'static str)>,
}

/// What a cell with a time of day says.
enum Time {
    /// This.
    At(Civil),
    /// Nothing: the cell is empty, or midnight only fills it.
    Nothing,
    /// Something that is no time, or of no day.
    Wrong,
}

impl<'a> Told<'a> {
    /// The day of service, when the cell is one.
    pub fn day(&self) -> Option<Civil> {
        time::parse(self.date.text?, DAYS).ok().map(Civil::date_only)
    }

    /// Reads the cells on the clock of `zone`: the arrival, else the time in, else the day with the scheduled time; the
    /// check-out, else the departure.
    pub fn read(&self, zone: chrono_tz::Tz, site: &Site) -> Visit {
        let mut visit = Visit::default();
        let placed = |cell: Cell<'a>, civil| Read {
            column: cell.column,
            civil,
            moment: resolve(civil, zone, site),
        };
        for cell in [self.arrivedtime, self.timein] {
            match self.time(cell) {
                Time::At(civil) if visit.start.is_none() => visit.start = Some(placed(cell, civil)),
                Time::At(_) | Time::Nothing => {}
                Time::Wrong => visit
                    .lost
                    .push(("period.start", cell.column, "not a time, or without a day")),
            }
        }
        if visit.start.is_none() {
            visit.start = self.scheduled(&mut visit.lost).map(|civil| placed(self.date, civil));
        }
        for cell in [self.timeout, self.deptime] {
            let end = match self.time(cell) {
                Time::At(civil) => Some(placed(cell, civil)).filter(|end| visit.follows(end)),
                Time::Nothing => continue,
                Time::Wrong => None,
            };
            match end {
                Some(_) if visit.end.is_some() => {}
                Some(_) => visit.end = end,
                None => visit
                    .lost
                    .push(("period.end", cell.column, "not a time, or before the start")),
            }
        }
        visit
    }

    /// A date-time cell. Its day is the visit's where it stands under the dummy day.
    fn time(&self, cell: Cell<'a>) -> Time {
        let Some(text) = cell.text else { return Time::Nothing };
        if let Ok(clock) = time::parse_time(text, CLOCKS) {
            if clock.time == chrono::NaiveTime::MIN {
                return Time::Nothing;
            }
            let both = time::date_with_time(self.date.text.unwrap_or(""), DAYS, text, CLOCKS);
            return both.map_or(Time::Wrong, |both| Time::At(both.civil));
        }
        match time::parse(text, DAYS).map(Civil::midnight_as_day) {
            Ok(civil) if civil.precision() > Precision::Day => Time::At(civil),
            Ok(_) => Time::Nothing,
            Err(_) => Time::Wrong,
        }
    }

    /// The day of service with the scheduled time.
    fn scheduled(&self, lost: &mut Vec<(&'static str, &'static str, &'static str)>) -> Option<Civil> {
        let (date, starttime) = (self.date, self.starttime);
        let both = time::date_with_time(date.text.unwrap_or(""), DAYS, starttime.text.unwrap_or(""), CLOCKS);
        match both {
            Ok(both) => {
                if both.time_error.is_some() {
                    lost.push(("period.start", starttime.column, "not a time of day"));
                }
                Some(both.civil.midnight_as_day())
            }
            Err(_) => {
                if date.text.is_some() {
                    lost.push(("period.start", date.column, "not a date"));
                }
                if starttime.text.is_some() {
                    lost.push(("period.start", starttime.column, "without a day"));
                }
                None
            }
        }
    }
}

impl Visit {
    fn follows(&self, end: &Read) -> bool {
        self.start.as_ref().is_none_or(|start| end.moment.hi > start.moment.lo)
    }

    /// The interval that `date` searches; a side that is not known is open.
    pub fn interval(&self) -> [Value; 2] {
        let moment = |read: &Option<Read>| read.as_ref().map(|read| read.moment);
        Span::new(moment(&self.start), moment(&self.end)).open_interval()
    }

    /// The day on which it began, by the clock on the wall.
    pub fn day(&self) -> Option<Civil> {
        self.start.map(|read| read.civil)
    }

    /// Notes what was of no use, and what the clock skipped or repeated.
    pub fn note(&self, trace: &mut Trace) {
        for (element, column, why) in &self.lost {
            trace.lost(element, column, why);
        }
        let clock = |read: &Read, element, trace: &mut Trace| {
            let cell = Cell {
                column: read.column,
                text: None,
            };
            element::note_moment(cell, Some(&read.moment), element, trace);
        };
        if let Some(start) = &self.start {
            clock(start, "period.start", trace);
        }
        if let Some(end) = &self.end {
            clock(end, "period.end", trace);
        }
    }
}
