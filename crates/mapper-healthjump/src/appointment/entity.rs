//! `appointment`: the schedule.

use mapper::load::{Cells, Column, Derived, Entity, Pattern};
use mapper::sql::Value;
use mapper::{Mapped, Site};

use crate::cells::{Visit, client, folded, hold, key, link, location, stamps, visit, words};
use crate::codes::APPOINTMENT_STATUS;

/// Only `date`, `reason` and the patient link are documented; the rest is what a schedule has.
pub const ENTITY: Entity = Entity {
    name: "appointment",
    aliases: &["appointments"],
    table: "appointment",
    columns: &[
        Column::new("appointmentid").or(&["appt_id"]),
        Column::new("appointment_id"),
        Column::new("source_appointment_id"),
        Column::new("client_id"),
        Column::new("patient_id").or(&["patientid", "demographicid", "demographic_id"]),
        Column::new("client_patient_id").or(&["source_patient_id"]),
        Column::new("appointment_date")
            .or(&["date", "start_date"])
            .like(Pattern::Date),
        Column::new("appointment_time")
            .or(&["time", "start_time"])
            .like(Pattern::Time),
        Column::new("end_time").like(Pattern::Time),
        Column::new("appointment_type").or(&["type", "visit_type"]),
        Column::new("status").or(&["appointment_status"]),
        Column::new("provider_id").or(&["providerid", "clinician_id", "clinician"]),
        Column::new("location_id").or(&["locationid"]),
        Column::new("reason").or(&["chief_complaint"]),
        Column::new("hj_create_timestamp").like(Pattern::Date),
        Column::new("hj_modify_timestamp").like(Pattern::Date),
    ],
    layouts: &[],
    computed: &[
        "cg_client",
        "cg_patient",
        "cg_provider",
        "cg_location",
        "cg_type",
        "cg_words",
        "cg_reason",
        "cg_start_lo",
        "cg_end_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    let at = |column| cells.get(column);
    let visit = visit(
        at("appointment_date"),
        at("appointment_time"),
        None,
        at("end_time"),
        site,
    );
    let [start, end] = visit.span.open_interval();
    let held = hold(cells).or_else(|| past(cells, &visit, stamps.updated, site));
    Derived {
        key: key(
            cells,
            site,
            "appointment",
            "appointmentid",
            &["appointment_id", "source_appointment_id"],
        ),
        identifying: &[
            "client_id",
            "patient_id",
            "appointment_date",
            "appointment_time",
            "appointment_type",
        ],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: held,
        values: vec![
            link(client(cells, site)),
            link(cells.get("patient_id")),
            link(cells.get("provider_id")),
            location(cells, site),
            words(cells.get("appointment_type")).map_or(Value::Null, Value::Text),
            folded(cells.get("appointment_type")),
            folded(cells.get("reason")),
            start,
            end,
        ],
        ..Derived::default()
    }
}

/// An appointment that was kept has become a visit, which the feed delivers as an encounter of its own: serving both
/// would show the visit twice. Without a status that tells, one that lay in the past when the row was last written is taken as kept.
fn past(cells: &Cells<'_>, visit: &Visit, written: Option<chrono::NaiveDateTime>, site: &Site) -> Option<String> {
    let kept = match site.code(&APPOINTMENT_STATUS, cells.get("status")) {
        Mapped::Known("finished" | "in-progress" | "arrived" | "triaged" | "onleave") => true,
        Mapped::Known(_) => false,
        Mapped::Unmapped(_) | Mapped::Missing(_) => {
            visit.span.start.zip(written).is_some_and(|(start, at)| start.hi <= at)
        }
    };
    kept.then(|| "withheld:kept appointment, its visit is an encounter".into())
}
