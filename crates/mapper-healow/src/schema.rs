//! The tables, what fills them, and how their rows refer to each other.

use mapper::load::{Agreement, Exploded, Headed, Link, Part, Schema, Synthesis, Zones, terms};

use crate::{
    billing, cells, diagnosis, dictionary, encounter, hospitalization, lab, location, organization, patient,
    practitioner, problem, surgery, user,
};

/// Healow's tables.
pub static SCHEMA: Schema = Schema {
    vendor: "healow",
    ddl: include_str!("../../../schema/healow.sql"),
    entities: &[
        location::ENTITY,
        user::ENTITY,
        patient::ENTITY,
        practitioner::ENTITY,
        encounter::ENTITY,
        diagnosis::ENTITY,
        problem::ENTITY,
        surgery::ENTITY,
        billing::ENTITY,
        lab::ENTITY,
        hospitalization::ENTITY,
        dictionary::ITEMS,
        dictionary::ITEMDETAIL,
        dictionary::ICD,
        dictionary::EDI_ICDCODES,
    ],
    links: &[
        Link {
            table: "patients",
            raw: &["pmcid"],
            resolved: "cg_client",
            target_table: "practice",
            target_ids: &["key", "pmcid"],
            agreement: Agreement::Nothing,
        },
        clinician("patients", &["doctorid"], "cg_provider"),
        patient("enc"),
        clinician("enc", &["doctorid"], "cg_provider"),
        clinician("enc", &["resourceid"], "cg_resource"),
        clinician("enc", &["refprid"], "cg_referrer"),
        Link {
            table: "enc",
            raw: &["facilityid"],
            resolved: "cg_location",
            target_table: "edi_facilities",
            target_ids: &["key", "id"],
            agreement: Agreement::Nothing,
        },
        visit("diagnosis", &["encounterid"]),
        patient("problemlist"),
        Link {
            // A small number may be another patient's visit.
            agreement: Agreement::Always("patientid", "patientid"),
            ..visit("problemlist", &["encounterid"])
        },
        clinician("problemlist", &["userid"], "cg_recorder"),
        visit("billingdata", &["encounterid"]),
        clinician("billingdata", &["providerid"], "cg_provider"),
        visit("labdata", &["cg_visitid"]),
    ],
    syntheses: &[Synthesis {
        entity: &organization::ENTITY,
        id: "pmcid",
        scope: &[],
        from: &[("patients", "pmcid")],
        name: Some(("name", "organization")),
        always: |site| site.profile().client_id.iter().cloned().collect(),
    }],
    headed: Some(Headed {
        escapes: false,
        absent: cells::absent,
    }),
    zones: Some(Zones {
        entity: "edi_facilities",
        table: "edi_facilities",
        id: "id",
        zone: "timezonecode",
    }),
    exploded: &[
        Exploded {
            entity: "labdata",
            table: "labdata_clock",
            owner: "owner",
            columns: &["zone", "lo", "hi"],
            searched_only: false,
        },
        terms::table("users", "users_terms"),
        terms::table("patients", "patients_terms"),
        terms::table("edi_facilities", "edi_facilities_terms"),
    ],
    holds: include_str!("../../../schema/healow-holds.sql"),
    copies: include_str!("../../../schema/healow-copies.sql"),
    // A patient's chart.
    parts: &[Part {
        of: "users",
        by: "key",
        table: "patients",
        its: "key",
    }],
};

/// The patient is whoever of `users` has that number and is one.
const fn patient(table: &'static str) -> Link {
    Link {
        table,
        raw: &["patientid"],
        resolved: "cg_patient",
        target_table: "users",
        target_ids: &["cg_patient"],
        agreement: Agreement::Nothing,
    }
}

/// Clinicians are in the same table, and so are patients: a number of the other kind leads nowhere (healow-copies.sql).
const fn clinician(table: &'static str, raw: &'static [&'static str], resolved: &'static str) -> Link {
    Link {
        table,
        raw,
        resolved,
        target_table: "users",
        target_ids: &["cg_clinician"],
        agreement: Agreement::Nothing,
    }
}

const fn visit(table: &'static str, raw: &'static [&'static str]) -> Link {
    Link {
        table,
        raw,
        resolved: "cg_encounter",
        target_table: "enc",
        target_ids: &["key", "encounterid"],
        agreement: Agreement::Nothing,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::SCHEMA;

    #[test]
    fn declarations_agree_with_themselves() {
        SCHEMA.validate().unwrap();
    }

    /// Password hashes, bank accounts, payees and tax numbers stand in the same tables.
    #[test]
    fn no_entity_reads_what_must_not_be_read() {
        let never = [
            "upwd", "uname", "passw", "answer", "bank", "pay", "tax", "billing", "dea", "license",
        ];
        for entity in SCHEMA.entities {
            for column in entity.columns {
                for name in column.aliases.iter().chain([&column.name]) {
                    let found = never.iter().find(|part| name.contains(*part));
                    assert_eq!(found, None, "{}.{name}", entity.name);
                }
            }
        }
    }

    /// What is never read has no place in the tables either.
    #[test]
    fn no_table_has_such_a_column() {
        let ddl = SCHEMA.ddl.to_lowercase();
        for part in ["upwd", "bank", "payable", "taxid"] {
            assert!(!ddl.contains(part), "{part}");
        }
    }
}
