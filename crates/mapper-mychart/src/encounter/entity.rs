//! `PAT_ENC`: contacts of every kind; and the tables in which a contact goes on.

use mapper::load::{Column, Derived, Entity};
use mapper::sql::Value;

use super::derive::{contact, stay};
use crate::cells::{NO_RECORD, companion, folded, line_key, line_order};

/// 72 columns in Epic's schema. Which contacts are visits `schema/mychart-holds.sql` decides where other tables have a say.
pub const PAT_ENC: Entity = Entity {
    name: "pat_enc",
    aliases: &[],
    table: "pat_enc",
    columns: &[
        Column::new("pat_enc_csn_id"),
        Column::new("pat_id"),
        Column::new("contact_date"),
        Column::new("effective_date_dttm"),
        Column::new("visit_prov_id"),
        Column::new("pcp_prov_id"),
        Column::new("department_id"),
        Column::new("primary_loc_id"),
        Column::new("appt_status_c_name"),
        Column::new("calculated_enc_stat_c_name"),
        Column::new("enc_closed_yn"),
        Column::new("hosp_admsn_time"),
        Column::new("hosp_dischrg_time"),
        Column::new("external_visit_id"),
        Column::new("update_date"),
    ],
    layouts: &[],
    computed: &[
        "cg_visit",
        "cg_filed",
        "cg_patient",
        "cg_provider",
        "cg_location",
        "cg_organization",
        "cg_status",
        "cg_zone",
        "cg_begun",
        "cg_ended",
        "cg_start_lo",
        "cg_end_hi",
    ],
    derive: contact,
};

/// The class of a contact that is no stay.
pub const PAT_ENC_2: Entity = Entity {
    name: "pat_enc_2",
    aliases: &[],
    table: "pat_enc_2",
    columns: &[Column::new("pat_enc_csn_id"), Column::new("adt_pat_class_c_name")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| companion(cells, "pat_enc_csn_id", vec![]),
};

/// Hospital stays, which have a class and times of their own.
pub const PAT_ENC_HSP: Entity = Entity {
    name: "pat_enc_hsp",
    aliases: &[],
    table: "pat_enc_hsp",
    columns: &[
        Column::new("pat_enc_csn_id"),
        Column::new("adt_pat_class_c_name"),
        Column::new("hosp_admsn_time"),
        Column::new("hosp_disch_time").or(&["hosp_dischrg_time"]),
        Column::new("disch_disp_c_name"),
    ],
    layouts: &[],
    computed: &["cg_disch_words"],
    derive: stay,
};

/// Dispositions; that there is one marks a clinical contact.
pub const PAT_ENC_DISP: Entity = Entity {
    name: "pat_enc_disp",
    aliases: &[],
    table: "pat_enc_disp",
    columns: &[Column::new("pat_enc_csn_id")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| companion(cells, "pat_enc_csn_id", vec![]),
};

/// Reasons for a contact.
pub const PAT_ENC_RSN_VISIT: Entity = Entity {
    name: "pat_enc_rsn_visit",
    aliases: &[],
    table: "pat_enc_rsn_visit",
    columns: &[
        Column::new("pat_enc_csn_id"),
        Column::new("line"),
        Column::new("enc_reason_id"),
        Column::new("enc_reason_name").or(&[
            "enc_reason_id_reason_visit_name",
            "enc_reason_id_enc_reason_name",
            "enc_reason_id_name",
        ]),
        Column::new("comments"),
    ],
    layouts: &[],
    computed: &["cg_place", "cg_words"],
    derive: |cells, _| Derived {
        key: line_key(cells.get("pat_enc_csn_id"), cells.get("line")),
        hold: cells.get("pat_enc_csn_id").is_none().then(|| NO_RECORD.into()),
        values: vec![
            Value::Text(line_order(cells.get("line"))),
            folded(cells.first(&["enc_reason_name", "comments"])),
        ],
        ..Derived::default()
    },
};

/// Notes; of them only which contact they were written at.
pub const HNO_INFO: Entity = Entity {
    name: "hno_info",
    aliases: &[],
    table: "hno_info",
    columns: &[Column::new("note_id"), Column::new("pat_enc_csn_id")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| companion(cells, "note_id", vec![]),
};
