//! What is computed of a contact when it is loaded: whether it is a visit, its status, and when it was.

use mapper::load::{Cells, Derived};
use mapper::sql::Value;
use mapper::time::{OPEN_END, OPEN_START};
use mapper::{Mapped, Site};

use crate::cells::{NO_PATIENT, Span, companion, folded, link, moment, stamp};
use crate::codes::{APPT_STATUS, ENCOUNTER_STATUS};

/// What contacts that are none are held for.
const NO_VISIT: &str = "withheld:not a visit";

/// What is known of a contact without other rows.
enum Visit {
    Yes,
    /// When it has hospital or disposition data, or a note and a reason.
    Maybe,
    No,
}

/// What is stored beside a contact.
pub fn contact(cells: &Cells<'_>, site: &Site) -> Derived {
    let updated = stamp(cells.get("update_date"), site);
    let patient = cells.get("pat_id");
    let visit = visit(cells, site);
    let hold = match (patient, &visit) {
        (None, _) => Some(NO_PATIENT),
        (Some(_), Visit::No) => Some(NO_VISIT),
        (Some(_), Visit::Yes | Visit::Maybe) => None,
    };
    let maybe = matches!(visit, Visit::Maybe) && hold.is_none();
    let department = cells.get("department_id");
    let period = own_period(cells, site);
    let time = |time: Option<_>| time.map_or(Value::Null, Value::Time);
    let [start_lo, end_hi] = searched(&period);
    Derived {
        key: cells.get("pat_enc_csn_id").map(str::to_owned),
        identifying: &["pat_id", "contact_date", "effective_date_dttm"],
        modified: updated,
        updated,
        hold: hold.map(Into::into),
        values: vec![
            Value::from(maybe.then(|| "maybe".to_owned())),
            Value::Text(filed(cells, site)),
            link(patient),
            link(cells.get("visit_prov_id")),
            link(department),
            link(cells.get("primary_loc_id")),
            Value::from(status(cells, site)),
            Value::from(site.other_zone(department).map(str::to_owned)),
            time(period.start.map(|m| m.lo)),
            time(period.end.map(|m| m.hi)),
            start_lo,
            end_hi,
        ],
        ..Derived::default()
    }
}

/// A contact with an appointment is a visit; another one may be, when it is complete.
fn visit(cells: &Cells<'_>, site: &Site) -> Visit {
    let calculated = site.code(&ENCOUNTER_STATUS, cells.get("calculated_enc_stat_c_name"));
    if cells.get("appt_status_c_name").is_some() {
        Visit::Yes
    } else if calculated == Mapped::Known("finished") {
        Visit::Maybe
    } else {
        Visit::No
    }
}

/// `Encounter.status`: of the appointment, else of the contact, else whether the chart is closed.
fn status(cells: &Cells<'_>, site: &Site) -> &'static str {
    let appointment = site.code(&APPT_STATUS, cells.get("appt_status_c_name")).code();
    let contact = || {
        site.code(&ENCOUNTER_STATUS, cells.get("calculated_enc_stat_c_name"))
            .code()
    };
    let told = appointment.or_else(|| contact().filter(|code| *code != UNKNOWN));
    match told {
        Some(code) => code,
        None if cells
            .get("enc_closed_yn")
            .is_some_and(|yn| yn.eq_ignore_ascii_case("y")) =>
        {
            "finished"
        }
        None => UNKNOWN,
    }
}

/// `Encounter.status` when nothing tells.
const UNKNOWN: &str = "unknown";

/// Sorts the contacts of a patient by their time: the day, then the serial number.
fn filed(cells: &Cells<'_>, site: &Site) -> String {
    let day = moment(cells.get("contact_date"), site.zone());
    let day = day.map(|m| m.lo.date().to_string()).unwrap_or_default();
    format!("{day} {:0>20}", cells.get("pat_enc_csn_id").unwrap_or_default())
}

/// The columns that say when a contact began, best first. A cell that is no date gives way to the next.
pub const BEGUN: [&str; 3] = ["hosp_admsn_time", "effective_date_dttm", "contact_date"];

/// The period that the row itself tells, unchecked; a stay's times come first, see `schema/mychart-copies.sql`.
fn own_period(cells: &Cells<'_>, site: &Site) -> Span {
    let zone = site.zone_of(cells.get("department_id"));
    let at = |column| moment(cells.get(column), zone);
    Span {
        start: BEGUN.iter().find_map(|column| at(column)),
        end: at("hosp_dischrg_time"),
    }
}

/// The interval of a period: a side that is not known is open.
fn searched(period: &Span) -> [Value; 2] {
    let Span { start, end } = Span::new(period.start, period.end);
    if start.is_none() && end.is_none() {
        return [Value::Null, Value::Null];
    }
    [
        Value::Time(start.map_or(OPEN_START, |m| m.lo)),
        Value::Time(end.map_or(OPEN_END, |m| m.hi)),
    ]
}

/// A stay does not say where it was, and so not whose clock its times are of: they are kept for every clock that there is.
pub fn stay(cells: &Cells<'_>, site: &Site) -> Derived {
    let mut zones = vec![("", site.zone())];
    for zone in site.profile().zones.values().filter(|zone| **zone != site.zone()) {
        if !zones.iter().any(|(name, _)| *name == zone.name()) {
            zones.push((zone.name(), *zone));
        }
    }
    let mut times = vec![];
    for (name, zone) in zones {
        let at = |column| moment(cells.get(column), zone);
        let span = Span {
            start: at("hosp_admsn_time"),
            end: at("hosp_disch_time"),
        };
        let edges = [("start", span.start.map(|m| m.lo)), ("end", span.end.map(|m| m.hi))];
        for (edge, time) in edges {
            times.extend(time.map(|time| vec![Value::from(edge), Value::from(name), Value::Time(time)]));
        }
    }
    Derived {
        exploded: times,
        ..companion(cells, "pat_enc_csn_id", vec![folded(cells.get("disch_disp_c_name"))])
    }
}
