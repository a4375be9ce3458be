//! `patient-diagnoses`, the problem list, and `patient-encounter-diagnoses`, which of them were diagnosed at a visit.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;

use super::{ACTIVE, RESOLVED};
use crate::cells::{NO_PATIENT, changed, day, guid, key, link, told, utc};
use crate::codes::{Equivalents, equivalents};

/// All columns.
pub const DIAGNOSES: Entity = Entity {
    name: "patient_diagnoses",
    aliases: &["patient-diagnoses"],
    table: "patient_diagnoses",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("diagnosisguid"),
        Column::new("diagnosis"),
        Column::new("diagnosiscodeequivalents"),
        Column::new("diagnosisacuity"),
        Column::new("startdate"),
        Column::new("stopdate"),
        Column::new("comments"),
        Column::new("commententeredbyproviderguid"),
        Column::new("commententereddatetimeutc"),
        Column::new("provenanceehruserguid"),
        Column::new("provenancedatetimeutc"),
        Column::new("lastmodifiedbyuserguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &[
        "cg_guid",
        "cg_told_patient",
        "cg_patient",
        "cg_told_recorder",
        "cg_told_author",
        "cg_author",
        "cg_text",
        "cg_words",
        "cg_clinical",
        "cg_onset_lo",
        "cg_onset_hi",
        "cg_abated_lo",
        "cg_abated_hi",
        "cg_recorded_lo",
        "cg_recorded_hi",
    ],
    derive: diagnosis,
};

fn diagnosis(cells: &Cells<'_>, site: &Site) -> Derived {
    let changed = changed(cells, &["lastmodifieddatetimeutc"], site);
    let packed = cells.get("diagnosiscodeequivalents");
    let Equivalents { codes, .. } = packed.map(equivalents).unwrap_or_default();
    let text = cells.get("diagnosis").or(packed.filter(|_| codes.is_empty()));
    let [onset_lo, onset_hi] = values::interval(day(cells.get("startdate"), site));
    let [abated_lo, abated_hi] = values::interval(day(cells.get("stopdate"), site));
    let [recorded_lo, recorded_hi] = values::interval(utc(cells.get("provenancedatetimeutc"), site));
    let [told_patient, patient] = link(cells, "patientpracticeguid");
    let [told_author, author] = link(cells, "commententeredbyproviderguid");
    Derived {
        key: key(cells, "diagnosisguid"),
        identifying: &[
            "patientpracticeguid",
            "diagnosis",
            "diagnosiscodeequivalents",
            "startdate",
        ],
        modified: changed,
        updated: changed,
        hold: (patient == Value::Null).then(|| NO_PATIENT.into()),
        values: vec![
            told(cells, "diagnosisguid"),
            told_patient,
            patient,
            told(cells, "provenanceehruserguid"),
            told_author,
            author,
            text.map_or(Value::Null, Value::from),
            values::folded(text),
            Value::from(clinical(cells.get("stopdate"))),
            onset_lo,
            onset_hi,
            abated_lo,
            abated_hi,
            recorded_lo,
            recorded_hi,
        ],
        exploded: codes
            .into_iter()
            .map(|(system, code)| vec![Value::from(system.tag()), Value::Text(code)])
            .collect(),
        ..Derived::default()
    }
}

/// What was stopped is resolved, also when nobody can read when.
pub fn clinical(stopped: Option<&str>) -> &'static str {
    if stopped.is_some() { RESOLVED } else { ACTIVE }
}

/// All columns. What the diagnosis says is copied when all rows are there.
pub const VISIT_DIAGNOSES: Entity = Entity {
    name: "patient_encounter_diagnoses",
    aliases: &["patient-encounter-diagnoses"],
    table: "patient_encounter_diagnoses",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("encounterguid"),
        Column::new("diagnosisguid"),
        Column::new("comments"),
        Column::new("lastmodifiedbyuserguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &[
        "cg_guid",
        "cg_told_patient",
        "cg_patient",
        "cg_told_visit",
        "cg_visit",
        "cg_diagnosis",
    ],
    derive: visit_diagnosis,
};

fn visit_diagnosis(cells: &Cells<'_>, site: &Site) -> Derived {
    let changed = changed(cells, &["lastmodifieddatetimeutc"], site);
    let [told_patient, patient] = link(cells, "patientpracticeguid");
    let [told_visit, visit] = link(cells, "encounterguid");
    let [guid_of, diagnosis] = link(cells, "diagnosisguid");
    let ids = guid(cells.get("diagnosisguid")).zip(guid(cells.get("encounterguid")));
    Derived {
        key: ids.map(|(diagnosis, visit)| format!("{diagnosis}/{visit}")),
        identifying: &["patientpracticeguid", "diagnosisguid", "encounterguid", "comments"],
        modified: changed,
        updated: changed,
        hold: (patient == Value::Null).then(|| NO_PATIENT.into()),
        values: vec![guid_of, told_patient, patient, told_visit, visit, diagnosis],
        ..Derived::default()
    }
}
