//! `patient-encounters`: visits, and notes that are none.

use mapper::element::Cell;
use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;
use mapper::{Site, Trace};

use crate::cells::{NO_PATIENT, Span, changed, day, flag, key, link, practice, told};
use crate::codes::{is_visit, visit_class, visit_status};

/// Without the note's text (`Subjective` … `SnapshotMedications`), which nothing of a visit is made of.
pub const ENTITY: Entity = Entity {
    name: "patient_encounters",
    aliases: &["patient-encounters"],
    table: "patient_encounters",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("encounterguid"),
        Column::new("dateofservice"),
        Column::new("chiefcomplaint"),
        Column::new("signedbyproviderguid"),
        Column::new("signeddatetimeutc"),
        Column::new("facilityguid"),
        Column::new("seenbyproviderguid"),
        Column::new("chartnotetype"),
        Column::new("issoapnote"),
        Column::new("isvirtualvisit"),
        Column::new("ispsychotherapynote"),
        Column::new("lastmodifiedbyproviderguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &[
        "cg_guid",
        "cg_told_patient",
        "cg_patient",
        "cg_told_seen",
        "cg_seen",
        "cg_told_signed",
        "cg_signed",
        "cg_told_place",
        "cg_place",
        "cg_type",
        "cg_words",
        "cg_reason",
        "cg_attends",
        "cg_restricted",
        "cg_status",
        "cg_class",
        "cg_start_lo",
        "cg_end_hi",
        "cg_practice",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let changed = changed(cells, &["lastmodifieddatetimeutc"], site);
    let kind = values::words(cells.get("chartnotetype"));
    let cell = |column, text| Cell { column, text };
    let trace = &mut Trace::default();
    let status = visit_status(cell("signeddatetimeutc", cells.get("signeddatetimeutc")), site, trace);
    let is_virtual = flag(cells.get("isvirtualvisit"));
    let class = visit_class(is_virtual, cell("chartnotetype", kind.as_deref()), site, trace);
    let [start, end] = Span::new(day(cells.get("dateofservice"), site), None).open_interval();
    let [told_patient, patient] = link(cells, "patientpracticeguid");
    let [told_seen, seen] = link(cells, "seenbyproviderguid");
    let [told_signed, signed] = link(cells, "signedbyproviderguid");
    let [told_place, place] = link(cells, "facilityguid");
    // Who has seen the patient and signed the note takes part once.
    let attends = told_signed != Value::Null && told_signed != told_seen;
    let truth = |holds: bool| if holds { Value::from("true") } else { Value::Null };
    let hold = if !is_visit(kind.as_deref(), site) {
        Some("withheld:not a visit".into())
    } else if patient == Value::Null {
        Some(NO_PATIENT.into())
    } else {
        None
    };
    Derived {
        key: key(cells, "encounterguid"),
        identifying: &[
            "patientpracticeguid",
            "dateofservice",
            "chartnotetype",
            "seenbyproviderguid",
        ],
        modified: changed,
        updated: changed,
        hold,
        values: vec![
            told(cells, "encounterguid"),
            told_patient,
            patient,
            told_seen,
            seen,
            told_signed,
            signed,
            told_place,
            place,
            Value::from(kind),
            values::folded(cells.get("chartnotetype")),
            values::folded(cells.get("chiefcomplaint")),
            truth(attends),
            truth(flag(cells.get("ispsychotherapynote")) == Some(true)),
            status.map_or(Value::Null, Value::from),
            class.map_or(Value::Null, Value::from),
            start,
            end,
            practice(site),
        ],
        ..Derived::default()
    }
}
