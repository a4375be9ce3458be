//! What several tables compute from their cells in the same way.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use fhir::r4::DateTime;
use fhir::r4::types::Period;
pub use mapper::element::Span;
use mapper::element::{self, Cell};
pub use mapper::load::values::{folded, interval, link};
use mapper::load::{Cells, Derived};
pub use mapper::load::{DELETED as DELETED_ROW, NO_PATIENT};
use mapper::sql::Value;
use mapper::time::{self, Format, Moment};
use mapper::{Site, Trace};

/// Why a row that goes on with a record is not served: it does not say which.
pub const NO_RECORD: &str = "rejected:no record that it belongs to";

/// How Epic writes dates and times. Columns of either kind have both forms; a midnight is a day.
pub const EPIC: &[Format] = &[Format::UsSecond12, Format::UsMinute12, Format::UsShortDay];

/// A day, or a day with time, on the clocks of `zone`.
pub fn moment(cell: Option<&str>, zone: Tz) -> Option<Moment> {
    let civil = time::parse(cell?, EPIC).ok()?;
    Some(time::resolve(civil.midnight_as_day(), zone))
}

/// The instant (UTC) that a time of change says; Epic writes them on the organisation's clock.
pub fn stamp(cell: Option<&str>, site: &Site) -> Option<NaiveDateTime> {
    Some(moment(cell, site.zone())?.lo)
}

/// The key of a row that is a line of another record: `720000001-1`.
pub fn line_key(owner: Option<&str>, line: Option<&str>) -> Option<String> {
    Some(format!("{}-{}", owner?, line?))
}

/// The number of a line, for sorting as text.
pub fn line_order(line: Option<&str>) -> String {
    format!("{:0>6}", line.unwrap_or_default())
}

/// What is stored of a row that goes on with another record (`PATIENT_2`, `PAT_ENC_HSP`), whose id is in the column `owner`.
pub fn companion(cells: &Cells<'_>, owner: &str, values: Vec<Value>) -> Derived {
    Derived {
        key: cells.get(owner).map(str::to_owned),
        hold: cells.get(owner).is_none().then(|| NO_RECORD.into()),
        values,
        ..Derived::default()
    }
}

/// What is stored of a line of another record, whose id is in the column `owner`. `table` keeps the keys of tables apart that
/// are exploded into the same.
pub fn line(cells: &Cells<'_>, table: &str, owner: &str) -> Derived {
    let key = line_key(cells.get(owner), cells.get("line"));
    Derived {
        key: key.map(|key| format!("{table}/{key}")),
        hold: cells.get(owner).is_none().then(|| NO_RECORD.into()),
        ..Derived::default()
    }
}

/// A person's name in Epic's one cell, `LAST,FIRST MIDDLE`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// What stands before the comma.
    pub last: Option<String>,
    /// The first word behind it.
    pub first: Option<String>,
    /// The other words.
    pub middle: Option<String>,
    /// What stands behind a second comma.
    pub suffix: Option<String>,
}

/// Takes such a cell apart; without a comma all of it is a family name.
pub fn person(cell: Option<&str>) -> PersonName {
    let told = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let mut parts = cell.unwrap_or_default().splitn(3, ',');
    let last = parts.next().and_then(told);
    let given = parts.next().unwrap_or_default().trim();
    let (first, middle) = given.split_once(char::is_whitespace).unwrap_or((given, ""));
    PersonName {
        last,
        first: told(first),
        middle: told(middle),
        suffix: parts.next().and_then(told),
    }
}

/// What a [`Span`] says in FHIR.
pub enum Spanned {
    /// The start alone.
    Moment(DateTime),
    /// A start and an end, or an end alone.
    Period(Period),
}

/// The span that two cells tell, noting what they do not.
pub fn told_span(cells: [Cell<'_>; 2], zone: Tz, element: &'static str, trace: &mut Trace) -> Span {
    let [start, end] = cells;
    let span = Span::new(moment(start.text, zone), moment(end.text, zone));
    span.note(start, end, [element, element], trace);
    span
}

/// A span as an element: a moment, or a period when another end is known.
pub fn spanned(span: &Span) -> Option<Spanned> {
    let end = span
        .end
        .filter(|end| span.start.is_none_or(|start| start.value != end.value));
    match (span.start, end) {
        (Some(start), None) => Some(Spanned::Moment(element::date_time(&start))),
        _ => span.period().map(Spanned::Period),
    }
}

/// The name that the profile gives to a place that the export does not name (`[names.…]`).
pub fn named<'a>(site: &'a Site, kind: &str, id: Option<&str>) -> Option<&'a str> {
    let names = site.profile().names.get(kind)?;
    names.get(id?).map(String::as_str)
}
