//! The tables, what fills them, and how their rows refer to each other.

use mapper::load::{Agreement, Link, Part, Schema, Synthesis, terms};

use crate::{
    appointment, attribution, condition, encounter, location, organization, patient, practitioner, procedure, vitals,
};

/// Healthjump's tables.
pub static SCHEMA: Schema = Schema {
    vendor: "healthjump",
    ddl: include_str!("../../../schema/healthjump.sql"),
    entities: &[
        patient::ENTITY,
        organization::ENTITY,
        practitioner::ENTITY,
        attribution::ENTITY,
        encounter::ENTITY,
        appointment::ENTITY,
        condition::ENTITY,
        procedure::ENTITY,
        vitals::ENTITY,
    ],
    links: &[
        client("demographic"),
        client("location"),
        Link {
            raw: &["patient_id"],
            agreement: Agreement::Nothing,
            ..patient("attribution")
        },
        provider("attribution"),
        place("attribution"),
        client("encounter"),
        patient("encounter"),
        provider("encounter"),
        place("encounter"),
        client("appointment"),
        patient("appointment"),
        provider("appointment"),
        place("appointment"),
        client("diagnosis"),
        patient("diagnosis"),
        visit("diagnosis"),
        provider("diagnosis"),
        client("procedure"),
        patient("procedure"),
        visit("procedure"),
        provider("procedure"),
    ],
    syntheses: &[
        Synthesis {
            entity: &organization::ENTITY,
            id: "client_id",
            scope: &[],
            from: &[
                ("demographic", "client_id"),
                ("attribution", "client_id"),
                ("encounter", "client_id"),
                ("appointment", "client_id"),
                ("diagnosis", "client_id"),
                ("procedure", "client_id"),
            ],
            name: Some(("name", "organization")),
            always: |site| site.profile().client_id.iter().cloned().collect(),
        },
        Synthesis {
            entity: &location::ENTITY,
            id: "location_id",
            scope: &["client_id"],
            from: &[
                ("attribution", "location_id"),
                ("encounter", "location_id"),
                ("appointment", "location_id"),
            ],
            name: Some(("name", "location")),
            always: |_| vec![],
        },
    ],
    exploded: &[
        terms::table("demographic", "demographic_terms"),
        terms::table("client_ids", "client_ids_terms"),
        terms::table("provider", "provider_terms"),
    ],
    // A patient's clinicians.
    parts: &[Part {
        of: "demographic",
        by: "key",
        table: "attribution",
        its: "cg_patient",
    }],
    ..Schema::EMPTY
};

/// Patients are referred to by `patient_id`, or by the practice's own number. A feed that sends that as `patient_id`
/// is understood, too.
const fn patient(table: &'static str) -> Link {
    Link {
        table,
        raw: &["patient_id", "client_patient_id"],
        resolved: "cg_patient",
        target_table: "demographic",
        target_ids: &["key", "demographicid", "client_patient_id"],
        agreement: Agreement::ForOtherIds("cg_client", "cg_client"),
    }
}

const fn client(table: &'static str) -> Link {
    Link {
        table,
        raw: &["client_id"],
        resolved: "cg_client",
        target_table: "client_ids",
        target_ids: &["key", "client_id"],
        agreement: Agreement::Nothing,
    }
}

const fn provider(table: &'static str) -> Link {
    Link {
        table,
        raw: &["provider_id"],
        resolved: "cg_provider",
        target_table: "provider",
        target_ids: &["key", "provider_id"],
        agreement: Agreement::Nothing,
    }
}

/// A place is known by practice and number together, so only its key will do.
const fn place(table: &'static str) -> Link {
    Link {
        table,
        raw: &["location_id"],
        resolved: "cg_location",
        target_table: "location",
        target_ids: &["key"],
        agreement: Agreement::Nothing,
    }
}

/// Visits go by Healthjump's number or by the practice's, in columns of several spellings. Both must be the same patient's.
const fn visit(table: &'static str) -> Link {
    Link {
        table,
        raw: &["encounterid", "encounter_id"],
        resolved: "cg_encounter",
        target_table: "encounter",
        target_ids: &["key", "encounterid", "encounter_id", "source_encounter_id"],
        agreement: Agreement::Always("cg_patient", "cg_patient"),
    }
}
