//! The tables, what fills them, and how their rows refer to each other.

use mapper::load::{Agreement, Exploded, Headed, Link, Part, Schema, terms};

use crate::{
    diagnosis, dictionary, encounter, history, location, operation, order, organization, patient, practitioner, problem,
};

/// MyChart's tables.
pub static SCHEMA: Schema = Schema {
    vendor: "mychart",
    ddl: include_str!("../../../schema/mychart.sql"),
    entities: &[
        patient::PATIENT,
        patient::PATIENT_2,
        patient::PATIENT_3,
        patient::PATIENT_4,
        patient::PATIENT_RACE,
        patient::PAT_ADDRESS,
        patient::PAT_ADDR_CHNG_HX,
        patient::IDENTITY_ID,
        patient::OTHER_COMMUNCTN,
        encounter::PAT_ENC,
        encounter::PAT_ENC_2,
        encounter::PAT_ENC_HSP,
        encounter::PAT_ENC_DISP,
        encounter::PAT_ENC_RSN_VISIT,
        encounter::HNO_INFO,
        diagnosis::PAT_ENC_DX,
        problem::PROBLEM_LIST,
        problem::PAT_PROBLEM_LIST,
        problem::PROBLEM_LIST_HX,
        dictionary::CLARITY_EDG,
        dictionary::CLARITY_EAP,
        dictionary::EDG_CURRENT_ICD10,
        dictionary::EDG_CURRENT_ICD9,
        dictionary::CODES,
        order::ORDER_PROC,
        history::SURGICAL_HX,
        operation::OR_LOG,
        operation::OR_LOG_ALL_PROC,
        practitioner::CLARITY_SER,
        practitioner::CLARITY_EMP,
        location::CLARITY_DEP,
        location::CLARITY_DEP_4,
        organization::CLARITY_LOC,
    ],
    links: &[
        provider("patient", &["cur_pcp_prov_id"]),
        organization("patient", &["cur_prim_loc_id"]),
        patient("pat_enc"),
        provider("pat_enc", &["visit_prov_id"]),
        department("pat_enc"),
        organization("pat_enc", &["primary_loc_id"]),
        visit("pat_enc_dx", &["pat_enc_csn_id"], Agreement::Nothing),
        patient("pat_problem_list"),
        Link {
            table: "problem_list",
            raw: &["entry_user_id"],
            resolved: "cg_recorder",
            target_table: "clarity_emp",
            target_ids: &["key", "user_id"],
            agreement: Agreement::Nothing,
        },
        patient("order_proc"),
        // An order names its patient itself: a contact of somebody else is not its contact.
        visit(
            "order_proc",
            &["pat_enc_csn_id"],
            Agreement::Always("cg_patient", "cg_patient"),
        ),
        provider("order_proc", &["cg_performer"]),
        visit("surgical_hx", &["hx_lnk_enc_csn"], Agreement::Nothing),
        patient("or_log"),
        provider("or_log", &["primary_phys_id"]),
    ],
    headed: Some(Headed {
        escapes: false,
        absent: |_| false,
    }),
    exploded: &[
        terms::table("patient", "patient_terms"),
        detail("patient_race"),
        detail("pat_address"),
        detail("pat_addr_chng_hx"),
        detail("identity_id"),
        detail("other_communctn"),
        Exploded {
            entity: "pat_enc_hsp",
            table: "hospital_time",
            owner: "owner",
            columns: &["edge", "zone", "at"],
            searched_only: false,
        },
        code("clarity_edg"),
        code("clarity_eap"),
        code("edg_current_icd10"),
        code("edg_current_icd9"),
        code("codes"),
    ],
    holds: include_str!("../../../schema/mychart-holds.sql"),
    copies: include_str!("../../../schema/mychart-copies.sql"),
    parts: &[
        Part {
            of: "patient",
            by: "pat_id",
            table: "patient_detail",
            its: "pat_id",
        },
        Part {
            of: "pat_enc",
            by: "pat_enc_csn_id",
            table: "pat_enc_rsn_visit",
            its: "pat_enc_csn_id",
        },
        term("problem_list", "dx_id", "dx_id"),
        term("pat_enc_dx", "dx_id", "dx_id"),
        term("order_proc", "proc_id", "proc_id"),
        term("surgical_hx", "proc_id", "proc_id"),
        term("or_log_all_proc", "proc_eap_id", "proc_id"),
    ],
    ..Schema::EMPTY
};

const fn patient(table: &'static str) -> Link {
    Link {
        table,
        raw: &["pat_id"],
        resolved: "cg_patient",
        target_table: "patient",
        target_ids: &["key", "pat_id"],
        agreement: Agreement::Nothing,
    }
}

const fn visit(table: &'static str, raw: &'static [&'static str], agreement: Agreement) -> Link {
    Link {
        table,
        raw,
        resolved: "cg_encounter",
        target_table: "pat_enc",
        target_ids: &["key", "pat_enc_csn_id"],
        agreement,
    }
}

const fn provider(table: &'static str, raw: &'static [&'static str]) -> Link {
    Link {
        table,
        raw,
        resolved: "cg_provider",
        target_table: "clarity_ser",
        target_ids: &["key", "prov_id"],
        agreement: Agreement::Nothing,
    }
}

const fn department(table: &'static str) -> Link {
    Link {
        table,
        raw: &["department_id"],
        resolved: "cg_location",
        target_table: "clarity_dep",
        target_ids: &["key", "department_id"],
        agreement: Agreement::Nothing,
    }
}

const fn organization(table: &'static str, raw: &'static [&'static str]) -> Link {
    Link {
        table,
        raw,
        resolved: "cg_organization",
        target_table: "clarity_loc",
        target_ids: &["key", "loc_id"],
        agreement: Agreement::Nothing,
    }
}

/// What the dictionaries know of the number that a row has in `by`.
const fn term(of: &'static str, by: &'static str, its: &'static str) -> Part {
    Part {
        of,
        by,
        table: "mapped_code",
        its,
    }
}

/// The lines of a patient that one statement brings for a page.
const fn detail(entity: &'static str) -> Exploded {
    Exploded {
        entity,
        table: "patient_detail",
        owner: "owner",
        columns: &patient::DETAIL,
        searched_only: false,
    }
}

/// What a dictionary says of a diagnosis or a procedure.
const fn code(entity: &'static str) -> Exploded {
    Exploded {
        entity,
        table: "mapped_code",
        owner: "owner",
        columns: &dictionary::MAPPED,
        searched_only: false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_declarations_are_without_mistakes() {
        super::SCHEMA.validate().unwrap();
    }
}
