//! `patient-encounter-procedures`, and `patient-encounter-events`, which tell when one was performed and whether.

use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;
use mapper::{Site, codes};

use crate::cells::{NO_PATIENT, Span, changed, flag, key, link, told, utc};
use crate::codes::{PROCEDURE_STATUS, PROCEDURE_SYSTEM};

/// Without the questionnaire.
pub const PROCEDURES: Entity = Entity {
    name: "patient_encounter_procedures",
    aliases: &["patient-encounter-procedures"],
    table: "patient_encounter_procedures",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("encounterguid"),
        Column::new("procedureguid"),
        Column::new("orderedencountereventguid"),
        Column::new("performedencountereventguid"),
        Column::new("onbehalfofproviderguid"),
        Column::new("createdbyproviderguid"),
        Column::new("lastmodifiedbyproviderguid"),
        Column::new("createddatetimeutc"),
        Column::new("lastmodifieddatetimeutc"),
        Column::new("procedurename"),
        Column::new("procedurecode"),
        Column::new("procedurecodesystem"),
        Column::new("procedurestatus"),
        Column::new("procedureperformedstatus"),
        Column::new("ordernote"),
        Column::new("ordereddatetimeutc"),
    ],
    layouts: &[],
    computed: &[
        "cg_guid",
        "cg_told_patient",
        "cg_patient",
        "cg_told_visit",
        "cg_visit",
        "cg_told_event",
        "cg_event",
        "cg_told_order",
        "cg_told_performer",
        "cg_performer",
        "cg_told_recorder",
        "cg_recorder",
        "cg_system",
        "cg_code",
        "cg_text",
        "cg_words",
        "cg_modifiers",
        "cg_told_status",
    ],
    derive: procedure,
};

fn procedure(cells: &Cells<'_>, site: &Site) -> Derived {
    let at = |columns: &[&str]| changed(cells, columns, site);
    let [told_patient, patient] = link(cells, "patientpracticeguid");
    let [told_visit, visit] = link(cells, "encounterguid");
    let [told_event, event] = link(cells, "performedencountereventguid");
    let [told_performer, performer] = link(cells, "onbehalfofproviderguid");
    let [told_recorder, recorder] = link(cells, "createdbyproviderguid");
    let [system, code, text, modifiers] = coded(cells, site);
    let words = values::folded_value(&text);
    let performed = cells.get("procedureperformedstatus");
    let status = site.code(&PROCEDURE_STATUS, performed).code();
    let hold = if performed.is_none() && event == Value::Null {
        Some("withheld:ordered, not performed".into())
    } else {
        (patient == Value::Null).then(|| NO_PATIENT.into())
    };
    Derived {
        key: key(cells, "procedureguid"),
        identifying: &[
            "patientpracticeguid",
            "encounterguid",
            "procedurename",
            "procedurecode",
            "ordereddatetimeutc",
        ],
        modified: at(&["lastmodifieddatetimeutc"]),
        updated: at(&["lastmodifieddatetimeutc", "createddatetimeutc"]),
        hold,
        values: vec![
            told(cells, "procedureguid"),
            told_patient,
            patient,
            told_visit,
            visit,
            told_event,
            event,
            told(cells, "orderedencountereventguid"),
            told_performer,
            performer,
            told_recorder,
            recorder,
            system,
            code,
            text,
            words,
            modifiers,
            status.map_or(Value::Null, Value::from),
        ],
        ..Derived::default()
    }
}

/// System, code, text and modifiers. A code whose system is not said, or not known here, is text.
fn coded(cells: &Cells<'_>, site: &Site) -> [Value; 4] {
    let (raw, name) = (cells.get("procedurecode"), cells.get("procedurename"));
    let label = site.code(&PROCEDURE_SYSTEM, cells.get("procedurecodesystem")).code();
    let read = raw
        .zip(label)
        .map(|(raw, label)| codes::procedure(raw, Some(label)))
        .unwrap_or_default();
    let rest = if read.coding.is_some() {
        read.text
    } else {
        raw.map(str::to_owned)
    };
    let modifiers = Some(read.modifiers.join(",")).filter(|m| !m.is_empty());
    let (system, code, text) = values::coded(read.coding, name.map(str::to_owned).or(rest));
    [system, code, text, Value::from(modifiers)]
}

/// Of 31 columns those that tell of a procedure.
pub const EVENTS: Entity = Entity {
    name: "patient_encounter_events",
    aliases: &["patient-encounter-events"],
    table: "patient_encounter_events",
    columns: &[
        Column::new("encountereventguid"),
        Column::new("encounterguid"),
        Column::new("patientpracticeguid"),
        Column::new("startdatetimeutc"),
        Column::new("enddatetimeutc"),
        Column::new("isnegated"),
        Column::new("eventreasoncodesystem"),
        Column::new("eventreasoncode"),
        Column::new("eventreasonname"),
        Column::new("eventreasonisnegated"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &["cg_guid", "cg_told_patient", "cg_negated", "cg_lo", "cg_hi"],
    derive: event,
};

fn event(cells: &Cells<'_>, site: &Site) -> Derived {
    let changed = changed(cells, &["lastmodifieddatetimeutc"], site);
    let [lo, hi] = performed(cells.get("startdatetimeutc"), cells.get("enddatetimeutc"), site);
    let negated = flag(cells.get("isnegated")) == Some(true);
    Derived {
        key: key(cells, "encountereventguid"),
        identifying: &[
            "patientpracticeguid",
            "encounterguid",
            "startdatetimeutc",
            "eventreasonname",
        ],
        modified: changed,
        updated: changed,
        values: vec![
            told(cells, "encountereventguid"),
            told(cells, "patientpracticeguid"),
            if negated { Value::from("true") } else { Value::Null },
            lo,
            hi,
        ],
        ..Derived::default()
    }
}

/// The interval of an event: a moment when only its start is told.
fn performed(start: Option<&str>, end: Option<&str>, site: &Site) -> [Value; 2] {
    let span = Span::new(utc(start, site), utc(end, site));
    match span.end {
        Some(_) => span.open_interval(),
        None => values::interval(span.start),
    }
}
