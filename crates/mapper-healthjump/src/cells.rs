//! What several entities compute from their cells in the same way.

use chrono::NaiveDateTime;
use mapper::load::Cells;
use mapper::sql::Value;
use mapper::time::{self, Moment, OPEN_END, STAMPS, US_DAYS_AND_STAMPS};
use mapper::{Site, fold, id};

use crate::codes::DELETED;

/// Why a row without patient cannot be served: `Encounter`, `Condition` and `Procedure` need a subject.
pub const NO_PATIENT: &str = "rejected:no patient";
/// Why a row that the vendor marked as deleted is not served.
pub const DELETED_ROW: &str = "withheld:deleted";

/// The change and creation times that Healthjump puts on every row.
pub struct Stamps {
    /// `hj_modify_timestamp`.
    pub modified: Option<NaiveDateTime>,
    /// `hj_modify_timestamp`, else `hj_create_timestamp`.
    pub updated: Option<NaiveDateTime>,
}

/// Reads the row times. Their zone is not documented: they are taken as the practice's wall clock.
pub fn stamps(cells: &Cells<'_>, site: &Site) -> Stamps {
    let at = |column| {
        let civil = time::parse(cells.get(column)?, STAMPS).ok()?;
        Some(time::resolve(civil, site.zone()).lo)
    };
    let modified = at("hj_modify_timestamp");
    Stamps { modified, updated: modified.or_else(|| at("hj_create_timestamp")) }
}

/// A day, or a day with time, in any of Healthjump's forms.
pub fn day(cell: Option<&str>, site: &Site) -> Option<Moment> {
    let civil = time::parse(cell?, US_DAYS_AND_STAMPS).ok()?;
    // `2024-05-05 00:00:00.000000` is how the API writes a day.
    Some(time::resolve(civil.midnight_as_day(), site.zone()))
}

/// The interval of a moment as two values.
pub fn interval(moment: Option<Moment>) -> [Value; 2] {
    moment.map_or([Value::Null, Value::Null], |m| [Value::Time(m.lo), Value::Time(m.hi)])
}

/// The key that a reference would have if it were right; the loader clears it when there is no such row.
pub fn link(reference: Option<&str>) -> Value {
    reference.map_or(Value::Null, |r| Value::Text(id::row_key(r)))
}

/// A folded text.
pub fn folded(cell: Option<&str>) -> Value {
    cell.map(fold).filter(|f| !f.is_empty()).map_or(Value::Null, Value::Text)
}

/// The practice of a row, as delivered or as the profile says.
pub fn client<'a>(cells: &Cells<'a>, site: &'a Site) -> Option<&'a str> {
    cells.get("client_id").or(site.profile().client_id.as_deref())
}

/// The key of a place. `location_id` is the practice's own number, so the practice is part of it.
pub fn location_key(client: Option<&str>, location: &str) -> String {
    match client {
        Some(client) => format!("{client}/{location}"),
        None => location.to_owned(),
    }
}

/// The key of the place that a row refers to.
pub fn location(cells: &Cells<'_>, site: &Site) -> Value {
    let key = cells.get("location_id").map(|l| location_key(client(cells, site), l));
    link(key.as_deref())
}

/// Whether a status word says that the row was deleted.
pub fn is_deleted(status: Option<&str>) -> bool {
    status.is_some_and(|s| DELETED.contains(&s.to_ascii_lowercase().as_str()))
}

/// Why a clinical row is not served.
pub fn hold(cells: &Cells<'_>) -> Option<String> {
    if is_deleted(cells.get("status")) {
        Some(DELETED_ROW.into())
    } else if cells.get("patient_id").is_none() {
        Some(NO_PATIENT.into())
    } else {
        None
    }
}

/// The time of a visit.
#[derive(Default)]
pub struct Visit {
    /// When it began.
    pub start: Option<Moment>,
    /// When it ended; only with a start that is not later.
    pub end: Option<Moment>,
    /// The end cells say something that is not used.
    pub end_lost: bool,
    /// The time cell says something that is not a time.
    pub time_lost: bool,
}

/// Reads the four cells that say when a visit was. A time without date of its own belongs to the first date.
pub fn visit(
    date: Option<&str>,
    time: Option<&str>,
    end_date: Option<&str>,
    end_time: Option<&str>,
    site: &Site,
) -> Visit {
    let moment = |date: Option<&str>, time: Option<&str>| {
        let both = time::date_with_time(date?, US_DAYS_AND_STAMPS, time.unwrap_or(""), time::CLOCKS).ok()?;
        Some((time::resolve(both.civil.midnight_as_day(), site.zone()), both.time_error.is_some()))
    };
    let Some((start, time_lost)) = moment(date, time) else {
        return Visit { end_lost: end_date.or(end_time).is_some(), time_lost: time.is_some(), ..Visit::default() };
    };
    let told = end_date.is_some() || end_time.is_some();
    let end = moment(end_date.or(end_time.and(date)), end_time)
        .filter(|(end, time_lost)| end.hi > start.lo && !(end_date.is_none() && *time_lost));
    Visit { start: Some(start), end: end.map(|(m, _)| m), end_lost: told && end.is_none(), time_lost }
}

impl Visit {
    /// The interval that `date` searches: from the start on, without end while none is known.
    pub fn interval(&self) -> [Value; 2] {
        match (self.start, self.end) {
            (Some(start), Some(end)) => [Value::Time(start.lo), Value::Time(end.hi)],
            (Some(start), None) => [Value::Time(start.lo), Value::Time(OPEN_END)],
            (None, _) => [Value::Null, Value::Null],
        }
    }
}

/// A text as a code of the source's own system: single blanks only, as FHIR's `code` wants.
pub fn words(cell: Option<&str>) -> Option<String> {
    cell.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}
