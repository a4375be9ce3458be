//! The tables, what fills them, and how their rows refer to each other.

use mapper::load::{Agreement, Exploded, Headed, Link, Part, Schema, Synthesis, terms};

use crate::{
    appointment, cells, condition, encounter, location, organization, patient, practitioner, procedure, withheld,
};

/// Practice Fusion's tables.
pub static SCHEMA: Schema = Schema {
    vendor: "practice-fusion",
    ddl: include_str!("../../../schema/practice-fusion.sql"),
    entities: &[
        patient::ENTITY,
        patient::RACE,
        patient::ETHNICITY,
        patient::SUPERBILLS,
        organization::ENTITY,
        location::ENTITY,
        practitioner::PROVIDERS,
        practitioner::PROFILES,
        practitioner::USERS,
        encounter::ENTITY,
        appointment::ENTITY,
        condition::DIAGNOSES,
        condition::VISIT_DIAGNOSES,
        withheld::STATEMENTS,
        procedure::PROCEDURES,
        procedure::EVENTS,
        withheld::OBSERVATIONS,
    ],
    headed: Some(Headed {
        escapes: true,
        absent: cells::absent,
    }),
    links: &[
        patient("patient_race"),
        patient("patient_ethnicity"),
        patient("patient_superbills"),
        patient("patient_encounters"),
        provider("patient_encounters", &["cg_told_seen"], "cg_seen"),
        provider("patient_encounters", &["cg_told_signed"], "cg_signed"),
        place("patient_encounters"),
        patient("patient_appointments"),
        provider("patient_appointments", &["cg_told_provider"], "cg_provider"),
        place("patient_appointments"),
        patient("patient_diagnoses"),
        provider("patient_diagnoses", &["cg_told_author"], "cg_author"),
        patient("patient_encounter_diagnoses"),
        visit("patient_encounter_diagnoses"),
        patient("patient_encounter_procedures"),
        visit("patient_encounter_procedures"),
        provider("patient_encounter_procedures", &["cg_told_performer"], "cg_performer"),
        provider("patient_encounter_procedures", &["cg_told_recorder"], "cg_recorder"),
        Link {
            agreement: SAME_PATIENT,
            ..to(
                "patient_encounter_procedures",
                &["cg_told_event"],
                "cg_event",
                "patient_encounter_events",
            )
        },
    ],
    syntheses: &[Synthesis {
        entity: &organization::ENTITY,
        id: "practiceguid",
        scope: &[],
        // Rows do not name the practice: this is what they were given when they were loaded.
        from: &[("patient_demographics", "cg_practice")],
        name: Some(("name", "organization")),
        always: |site| site.profile().client_id.iter().cloned().collect(),
    }],
    exploded: &[
        Exploded {
            entity: "patient_diagnoses",
            table: "patient_diagnosis_codes",
            owner: "owner",
            columns: &["system", "code"],
            searched_only: false,
        },
        terms::table("patient_demographics", "patient_demographics_terms"),
        terms::table("practice", "practice_terms"),
        terms::table("facilities", "facilities_terms"),
    ],
    holds: include_str!("../../../schema/practice-fusion-holds.sql"),
    copies: include_str!("../../../schema/practice-fusion-copies.sql"),
    parts: &[
        line("patient_race"),
        line("patient_ethnicity"),
        line("patient_superbills"),
        Part {
            of: "patient_encounter_procedures",
            by: "cg_event",
            table: "patient_encounter_events",
            its: "key",
        },
        Part {
            of: "patient_encounter_diagnoses",
            by: "cg_diagnosis",
            table: "patient_diagnoses",
            its: "key",
        },
    ],
    ..Schema::EMPTY
};

/// What another table says of a patient.
const fn line(table: &'static str) -> Part {
    Part {
        of: "patient_demographics",
        by: "key",
        table,
        its: "cg_patient",
    }
}

/// A visit, or an event, of another patient is none of this one's.
const SAME_PATIENT: Agreement = Agreement::Always("cg_told_patient", "cg_told_patient");

/// A reference by GUID, in small letters on both sides.
const fn to(
    table: &'static str,
    raw: &'static [&'static str],
    resolved: &'static str,
    target_table: &'static str,
) -> Link {
    Link {
        table,
        raw,
        resolved,
        target_table,
        target_ids: &["key", "cg_guid"],
        agreement: Agreement::Nothing,
    }
}

const fn patient(table: &'static str) -> Link {
    to(table, &["cg_told_patient"], "cg_patient", "patient_demographics")
}

const fn provider(table: &'static str, raw: &'static [&'static str], resolved: &'static str) -> Link {
    to(table, raw, resolved, "providers")
}

const fn place(table: &'static str) -> Link {
    to(table, &["cg_told_place"], "cg_place", "facilities")
}

const fn visit(table: &'static str) -> Link {
    Link {
        agreement: SAME_PATIENT,
        ..to(table, &["cg_told_visit"], "cg_visit", "patient_encounters")
    }
}

#[cfg(test)]
mod tests {
    use super::SCHEMA;

    #[test]
    fn the_declarations_are_right() {
        SCHEMA.validate().unwrap();
    }
}
