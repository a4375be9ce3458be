//! The table of date and time forms. One line per form: its name in the documentation and its layout.

use super::scan::Part::{
    self, Day, Hour, Hour12, Meridiem, Micros, Minute, Month, MonthName, Offset, OptionalFraction, Second, Text, Year,
};

/// A form in which a vendor writes a date, or a date with a time. `M`, `D` and `h` stand for one or two digits,
/// doubled letters for exactly that many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `YYYYMMDD`
    CompactDay,
    /// `YYYY-MM-DD`
    IsoDay,
    /// `MM/DD/YYYY`
    UsDay,
    /// `M/D/YYYY`, and so also `MM/DD/YYYY`
    UsShortDay,
    /// `DD/MM/YYYY`. Never in one list with a month-first form: which one a text means cannot be told.
    DayFirst,
    /// `MMM D, YYYY`
    NamedDay,
    /// `YYYY`
    YearOnly,
    /// `M/YYYY`
    MonthYear,
    /// `YYYY-MM`
    IsoMonth,
    /// `YYYY-MM-DD HH:MM:SS`, with or without a fraction of a second
    Stamp,
    /// `YYYYMMDD HH:MM:SS:ffffff`, with the odd colon before the microseconds
    ColonStamp,
    /// `M/D/YYYY h:mm AM`
    UsMinute12,
    /// `M/D/YYYY h:mm:ss AM`
    UsSecond12,
    /// `M/D/YYYY h:mm:ss AM +00:00`
    UsSecond12Offset,
    /// `YYYY-MM-DDTHH:MM:SS`, with or without a fraction, no zone
    IsoLocal,
    /// `YYYY-MM-DDTHH:MM:SS`, with or without a fraction, then `Z` or `+hh:mm`
    IsoOffset,
}

/// A form in which a vendor writes a time of day in a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeFormat {
    /// `HH:mm`
    Minute,
    /// `HH:mm:ss`, with or without a fraction of a second
    Second,
    /// `h:mm AM`
    Minute12,
    /// `h:mm:ss AM`
    Second12,
    /// `1900-01-01 HH:mm:ss`: a time in a date-time column, under a day that means nothing
    DummyDay,
}

/// Days of US feeds: `YYYYMMDD`, `YYYY-MM-DD`, `MM/DD/YYYY`.
pub const US_DAYS: &[Format] = &[Format::CompactDay, Format::IsoDay, Format::UsDay];

/// Times at which a row was written: `YYYY-MM-DD HH:MM:SS[.f]`, `YYYYMMDD HH:MM:SS:ffffff`.
pub const STAMPS: &[Format] = &[Format::Stamp, Format::ColonStamp];

/// [`US_DAYS`] and [`STAMPS`] together, for columns that hold either.
pub const US_DAYS_AND_STAMPS: &[Format] = &[
    Format::CompactDay,
    Format::IsoDay,
    Format::UsDay,
    Format::Stamp,
    Format::ColonStamp,
];

/// Times of day: `HH:mm:ss`, `HH:mm`.
pub const CLOCKS: &[TimeFormat] = &[TimeFormat::Second, TimeFormat::Minute];

impl Format {
    /// The form as documentation and messages write it: `YYYY-MM-DD`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    pub(super) fn layout(self) -> &'static [Part] {
        self.row().1
    }

    #[rustfmt::skip]
    fn row(self) -> (&'static str, &'static [Part]) {
        const DASH: Part = Text("-");
        const SLASH: Part = Text("/");
        const COLON: Part = Text(":");
        const BLANK: Part = Text(" ");
        const T: Part = Text("T");
        match self {
            Self::CompactDay => ("YYYYMMDD", &[Year, Month(2), Day(2)]),
            Self::IsoDay => ("YYYY-MM-DD", &[Year, DASH, Month(2), DASH, Day(2)]),
            Self::UsDay => ("MM/DD/YYYY", &[Month(2), SLASH, Day(2), SLASH, Year]),
            Self::UsShortDay => ("M/D/YYYY", &[Month(1), SLASH, Day(1), SLASH, Year]),
            Self::DayFirst => ("DD/MM/YYYY", &[Day(2), SLASH, Month(2), SLASH, Year]),
            Self::NamedDay => ("MMM D, YYYY", &[MonthName, BLANK, Day(1), Text(", "), Year]),
            Self::YearOnly => ("YYYY", &[Year]),
            Self::MonthYear => ("M/YYYY", &[Month(1), SLASH, Year]),
            Self::IsoMonth => ("YYYY-MM", &[Year, DASH, Month(2)]),
            Self::Stamp => ("YYYY-MM-DD HH:MM:SS[.f]",
                &[Year, DASH, Month(2), DASH, Day(2), BLANK, Hour, COLON, Minute, COLON, Second, OptionalFraction]),
            Self::ColonStamp => ("YYYYMMDD HH:MM:SS:ffffff",
                &[Year, Month(2), Day(2), BLANK, Hour, COLON, Minute, COLON, Second, COLON, Micros]),
            Self::UsMinute12 => ("M/D/YYYY h:mm AM",
                &[Month(1), SLASH, Day(1), SLASH, Year, BLANK, Hour12, COLON, Minute, BLANK, Meridiem]),
            Self::UsSecond12 => ("M/D/YYYY h:mm:ss AM",
                &[Month(1), SLASH, Day(1), SLASH, Year, BLANK, Hour12, COLON, Minute, COLON, Second, BLANK, Meridiem]),
            Self::UsSecond12Offset => ("M/D/YYYY h:mm:ss AM +00:00",
                &[Month(1), SLASH, Day(1), SLASH, Year, BLANK, Hour12, COLON, Minute, COLON, Second, BLANK, Meridiem,
                  BLANK, Offset]),
            Self::IsoLocal => ("YYYY-MM-DDTHH:MM:SS[.f]",
                &[Year, DASH, Month(2), DASH, Day(2), T, Hour, COLON, Minute, COLON, Second, OptionalFraction]),
            Self::IsoOffset => ("YYYY-MM-DDTHH:MM:SS[.f]Z",
                &[Year, DASH, Month(2), DASH, Day(2), T, Hour, COLON, Minute, COLON, Second, OptionalFraction, Offset]),
        }
    }
}

impl TimeFormat {
    /// The form as documentation and messages write it: `HH:mm:ss`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    pub(super) fn layout(self) -> &'static [Part] {
        self.row().1
    }

    #[rustfmt::skip]
    fn row(self) -> (&'static str, &'static [Part]) {
        const COLON: Part = Text(":");
        const BLANK: Part = Text(" ");
        match self {
            Self::Minute => ("HH:mm", &[Hour, COLON, Minute]),
            Self::Second => ("HH:mm:ss[.f]", &[Hour, COLON, Minute, COLON, Second, OptionalFraction]),
            Self::Minute12 => ("h:mm AM", &[Hour12, COLON, Minute, BLANK, Meridiem]),
            Self::Second12 => ("h:mm:ss AM", &[Hour12, COLON, Minute, COLON, Second, BLANK, Meridiem]),
            Self::DummyDay => ("1900-01-01 HH:mm:ss[.f]",
                &[Text("1900-01-01 "), Hour, COLON, Minute, COLON, Second, OptionalFraction]),
        }
    }
}
