//! When something ordered was done: three cells.

use mapper::element::Cell;
use mapper::time::{self, Civil};

use crate::cells::{CLOCKS, DAYS};

/// The cells of a `labdata` row that say when.
pub struct Told<'a> {
    /// The day of collection.
    pub colldate: Cell<'a>,
    /// Its time.
    pub colltime: Cell<'a>,
    /// The day of the result.
    pub resultdate: Cell<'a>,
}

/// What they say.
#[derive(Default)]
pub struct When {
    /// The day, with its time where there is one.
    pub civil: Option<Civil>,
    /// Its column.
    pub column: &'static str,
    /// Cells that were of no use: column, why.
    pub lost: Vec<(&'static str, &'static str)>,
}

impl Told<'_> {
    /// The collection, else the result.
    pub fn read(&self) -> When {
        let mut when = When::default();
        let (date, clock) = (self.colldate, self.colltime);
        match time::date_with_time(date.text.unwrap_or(""), DAYS, clock.text.unwrap_or(""), CLOCKS) {
            Ok(both) => {
                if both.time_error.is_some() {
                    when.lost.push((clock.column, "not a time of day"));
                }
                when.civil = Some(both.civil.midnight_as_day());
                when.column = date.column;
                return when;
            }
            Err(_) => {
                let why = [(date, "not a date"), (clock, "without a day")];
                let told = why.into_iter().filter(|(cell, _)| cell.text.is_some());
                when.lost.extend(told.map(|(cell, why)| (cell.column, why)));
            }
        }
        let result = self.resultdate;
        match result.text.map(|text| time::parse(text, DAYS)) {
            Some(Ok(civil)) => {
                when.civil = Some(civil.midnight_as_day());
                when.column = result.column;
            }
            Some(Err(_)) => when.lost.push((result.column, "not a date")),
            None => {}
        }
        when
    }
}
