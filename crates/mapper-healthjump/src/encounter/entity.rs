//! `encounter`: visits.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity, Pattern};
use mapper::sql::Value;

use crate::cells::{client, folded, hold, key, link, location, stamps, visit, words};

/// The API's column list is not published; these are the names that clients use, and a profile renames them.
pub const ENTITY: Entity = Entity {
    name: "encounter",
    aliases: &["encounters"],
    table: "encounter",
    columns: &[
        Column::new("encounterid").or(&["enc_id", "encid"]),
        Column::new("encounter_id"),
        Column::new("source_encounter_id"),
        Column::new("client_id"),
        Column::new("patient_id").or(&["patientid", "demographicid", "demographic_id"]),
        Column::new("client_patient_id").or(&["source_patient_id"]),
        Column::new("encounter_date")
            .or(&["date", "service_date", "start_date"])
            .like(Pattern::Date),
        Column::new("encounter_time")
            .or(&["time", "service_time", "start_time"])
            .like(Pattern::Time),
        Column::new("end_date").like(Pattern::Date),
        Column::new("end_time").like(Pattern::Time),
        Column::new("encounter_type").or(&["type", "visit_type"]),
        Column::new("status").or(&["encounter_status"]),
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
        at("encounter_date"),
        at("encounter_time"),
        at("end_date"),
        at("end_time"),
        site,
    );
    let [start, end] = visit.span.open_interval();
    Derived {
        key: key(
            cells,
            site,
            "encounter",
            "encounterid",
            &["encounter_id", "source_encounter_id"],
        ),
        identifying: &[
            "client_id",
            "patient_id",
            "encounter_date",
            "encounter_time",
            "encounter_type",
        ],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: hold(cells),
        values: vec![
            link(client(cells, site)),
            link(cells.get("patient_id")),
            link(cells.get("provider_id")),
            location(cells, site),
            words(cells.get("encounter_type")).map_or(Value::Null, Value::Text),
            folded(cells.get("encounter_type")),
            folded(cells.get("reason")),
            start,
            end,
        ],
        ..Derived::default()
    }
}
