//! What several entities compute from their cells in the same way.

use chrono::NaiveDateTime;
use mapper::Site;
use mapper::element::Span;
use mapper::load::Cells;
pub use mapper::load::values::{coded, folded, folded_value, interval, link, words};
pub use mapper::load::{DELETED as DELETED_ROW, NO_PATIENT};
use mapper::sql::Value;
use mapper::time::{self, Moment, STAMPS, US_DAYS_AND_STAMPS};

use crate::codes::DELETED;

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
    Stamps {
        modified,
        updated: modified.or_else(|| at("hj_create_timestamp")),
    }
}

/// A day, or a day with time, in any of Healthjump's forms.
pub fn day(cell: Option<&str>, site: &Site) -> Option<Moment> {
    let civil = time::parse(cell?, US_DAYS_AND_STAMPS).ok()?;
    // `2024-05-05 00:00:00.000000` is how the API writes a day.
    Some(time::resolve(civil.midnight_as_day(), site.zone()))
}

/// The practice of a row, as delivered or as the profile says.
pub fn client<'a>(cells: &Cells<'a>, site: &'a Site) -> Option<&'a str> {
    cells.get("client_id").or(site.profile().client_id.as_deref())
}

/// A key made of a number that is only unique within a practice.
pub fn scoped(client: Option<&str>, number: &str) -> String {
    match client {
        Some(client) => format!("{client}/{number}"),
        None => number.to_owned(),
    }
}

/// The key of an entity's row: the id that the profile says (`[ids]`), else Healthjump's own, else one of the practice's
/// within that practice.
pub fn key(cells: &Cells<'_>, site: &Site, entity: &str, own: &str, practices: &[&str]) -> Option<String> {
    let scoped = |number| scoped(client(cells, site), number);
    let practices_first = site.id_column(entity).filter(|column| *column != own);
    let chosen = practices_first.and_then(|column| cells.get(column)).map(scoped);
    let own = || cells.get(own).map(str::to_owned);
    chosen.or_else(own).or_else(|| cells.first(practices).map(scoped))
}

/// The key of the place that a row refers to.
pub fn location(cells: &Cells<'_>, site: &Site) -> Value {
    let key = cells.get("location_id").map(|l| scoped(client(cells, site), l));
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
    } else if cells.first(&["patient_id", "client_patient_id"]).is_none() {
        Some(NO_PATIENT.into())
    } else {
        None
    }
}

/// The time of a visit.
#[derive(Default)]
pub struct Visit {
    /// When it began and ended.
    pub span: Span,
    /// The end cells say something that is not used.
    pub end_lost: bool,
    /// The time cell says something that is not a time.
    pub time_lost: bool,
}

/// Reads the four cells that say when a visit was. An end time without a date of its own belongs to the first date.
pub fn visit(
    date: Option<&str>,
    time: Option<&str>,
    end_date: Option<&str>,
    end_time: Option<&str>,
    site: &Site,
) -> Visit {
    let start = moment(date, time, site);
    let told = end_date.is_some() || end_time.is_some();
    let end = match end_date {
        Some(_) => moment(end_date, end_time, site),
        None => end_time
            .and_then(|_| moment(date, end_time, site))
            .filter(|(_, time_lost)| !time_lost),
    };
    let time_lost = start.as_ref().map_or(time.is_some(), |(_, time_lost)| *time_lost);
    let span = Span::new(start.map(|(start, _)| start), end.map(|(end, _)| end));
    Visit {
        end_lost: told && span.end.is_none(),
        time_lost,
        span,
    }
}

/// A date cell with its time cell, and whether the time was of no use.
fn moment(date: Option<&str>, time: Option<&str>, site: &Site) -> Option<(Moment, bool)> {
    let both = time::date_with_time(date?, US_DAYS_AND_STAMPS, time.unwrap_or(""), time::CLOCKS).ok()?;
    Some((
        time::resolve(both.civil.midnight_as_day(), site.zone()),
        both.time_error.is_some(),
    ))
}
