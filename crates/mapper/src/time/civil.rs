//! Civil values: a date, perhaps with a time, as written on a wall calendar and a wall clock.

use chrono::{FixedOffset, NaiveDate, NaiveTime};

use super::scan::{Fields, scan};
use super::{DateError, Format, TimeFormat, YEARS};

/// How exactly a value was written. Ordered from coarse to fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2024`
    Year,
    /// `2024-05`
    Month,
    /// `2024-05-06`
    Day,
    /// `2024-05-06 07:08`
    Minute,
    /// `2024-05-06 07:08:09`
    Second,
    /// `2024-05-06 07:08:09.5`, with the number of digits after the point
    Fraction(u8),
}

/// A date with its precision, perhaps a time, perhaps an offset of its own. Always a date that exists, and a time
/// exactly when the precision is finer than a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Civil {
    date: NaiveDate,
    time: Option<NaiveTime>,
    offset: Option<FixedOffset>,
    precision: Precision,
}

/// A time of day with its precision ([`Precision::Minute`] or finer).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    /// The time.
    pub time: NaiveTime,
    /// How exactly it was written.
    pub precision: Precision,
}

/// What a date cell and a time cell say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Combined {
    /// The date, with the time where there is one.
    pub civil: Civil,
    /// Why the time cell was not used, when it holds something that is not a time. The date stands without it.
    pub time_error: Option<DateError>,
}

impl Civil {
    /// A value of day precision.
    #[must_use]
    pub fn of_day(date: NaiveDate) -> Self {
        Self {
            date,
            time: None,
            offset: None,
            precision: Precision::Day,
        }
    }

    /// The day; the first one of the year or month where the precision is coarser.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.date
    }

    /// The time of day, when the precision is finer than a day.
    #[must_use]
    pub fn time(self) -> Option<NaiveTime> {
        self.time
    }

    /// The offset from UTC, when the text carried one.
    #[must_use]
    pub fn offset(self) -> Option<FixedOffset> {
        self.offset
    }

    /// How exactly the value was written.
    #[must_use]
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// The value without its time and offset, for columns that hold days and write them with a time
    /// (`2/15/1980 12:00:00 AM`).
    #[must_use]
    pub fn date_only(self) -> Self {
        let precision = self.precision.min(Precision::Day);
        Self {
            time: None,
            offset: None,
            precision,
            ..self
        }
    }

    /// The value without its time when that is midnight, for columns where midnight means that no time is known.
    #[must_use]
    pub fn midnight_as_day(self) -> Self {
        if self.time == Some(NaiveTime::MIN) {
            self.date_only()
        } else {
            self
        }
    }

    fn from_fields(fields: &Fields) -> Result<Self, DateError> {
        let year = fields
            .year
            .and_then(|year| i32::try_from(year).ok())
            .filter(|year| YEARS.contains(year));
        let (month, day) = (fields.month.unwrap_or(1), fields.day.unwrap_or(1));
        let date = year
            .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
            .ok_or(DateError::OutOfRange)?;
        let offset = fields.offset.and_then(FixedOffset::east_opt);
        let clock = Clock::from_fields(fields)?;
        let precision = match (clock, fields.day, fields.month) {
            (Some(clock), _, _) => clock.precision,
            (None, Some(_), _) => Precision::Day,
            (None, None, Some(_)) => Precision::Month,
            (None, None, None) => Precision::Year,
        };
        Ok(Self {
            date,
            time: clock.map(|clock| clock.time),
            offset,
            precision,
        })
    }
}

impl Clock {
    fn from_fields(fields: &Fields) -> Result<Option<Self>, DateError> {
        let Some(mut hour) = fields.hour else { return Ok(None) };
        if fields.twelve {
            if !(1..=12).contains(&hour) {
                return Err(DateError::OutOfRange);
            }
            hour = hour % 12 + if fields.afternoon { 12 } else { 0 };
        }
        let precision = match (fields.fraction, fields.second) {
            (Some((_, digits)), _) => Precision::Fraction(digits),
            (None, Some(_)) => Precision::Second,
            (None, None) => Precision::Minute,
        };
        let nanos = fields.fraction.map_or(0, |(nanos, _)| nanos);
        let time = NaiveTime::from_hms_nano_opt(hour, fields.minute.unwrap_or(0), fields.second.unwrap_or(0), nanos);
        Ok(Some(Self {
            time: time.ok_or(DateError::OutOfRange)?,
            precision,
        }))
    }
}

/// Reads a date, or a date with a time, in the first of `formats` that it fits. Blanks around it are ignored.
///
/// # Errors
/// See [`DateError`]. `OutOfRange` when some form fits and none gives a value.
pub fn parse(text: &str, formats: &[Format]) -> Result<Civil, DateError> {
    first_fit(text, formats.iter().map(|format| format.layout()), Civil::from_fields)
}

/// Reads a time of day in the first of `formats` that it fits. Blanks around it are ignored.
///
/// # Errors
/// See [`DateError`].
pub fn parse_time(text: &str, formats: &[TimeFormat]) -> Result<Clock, DateError> {
    let layouts = formats.iter().map(|format| format.layout());
    first_fit(text, layouts, |fields| {
        Clock::from_fields(fields)?.ok_or(DateError::UnknownForm)
    })
}

fn first_fit<T>(
    text: &str,
    layouts: impl Iterator<Item = &'static [super::scan::Part]>,
    build: impl Fn(&Fields) -> Result<T, DateError>,
) -> Result<T, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let mut error = DateError::UnknownForm;
    for layout in layouts {
        match scan(text, layout).and_then(|fields| build(&fields)) {
            Ok(value) => return Ok(value),
            Err(DateError::OutOfRange) => error = DateError::OutOfRange,
            Err(DateError::UnknownForm | DateError::Empty) => {}
        }
    }
    Err(error)
}

/// Reads a date cell and a time cell as one value.
///
/// The time is used when the date has day precision, or a midnight that only fills a date-time column; a date cell
/// with a real time of its own, or with an offset, keeps it. A time cell that does not parse costs the time only.
///
/// # Errors
/// Those of [`parse`] on the date cell.
pub fn date_with_time(
    date: &str,
    formats: &[Format],
    time: &str,
    time_formats: &[TimeFormat],
) -> Result<Combined, DateError> {
    let civil = parse(date, formats)?;
    let (clock, time_error) = match parse_time(time, time_formats) {
        Ok(clock) => (Some(clock), None),
        Err(DateError::Empty) => (None, None),
        Err(error) => (None, Some(error)),
    };
    let free = civil.offset.is_none() && civil.midnight_as_day().precision == Precision::Day;
    let civil = match clock.filter(|_| free) {
        Some(clock) => Civil {
            time: Some(clock.time),
            precision: clock.precision,
            ..civil
        },
        None => civil,
    };
    Ok(Combined { civil, time_error })
}
