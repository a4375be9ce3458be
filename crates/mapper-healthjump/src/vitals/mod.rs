//! `vitals`: one wide row per reading, kept whole. No resource type serves them yet, and every row says so.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity, Layout, Pattern};

use crate::cells::stamps;

macro_rules! vitals {
    ($($name:literal $pattern:expr),+ $(,)?) => {
        const COLUMNS: &[Column] = &[$(Column::new($name).like($pattern)),+];
        const ORDER: &[&str] = &[$($name),+];
    };
}

vitals! {
    "client_id" Pattern::Any,
    "patient_id" Pattern::Digits,
    "service_date" Pattern::Date,
    "service_time" Pattern::Time,
    "height_cm" Pattern::Number,
    "height_in" Pattern::Number,
    "height_comment" Pattern::Any,
    "weight_kg" Pattern::Number,
    "weight_lbs" Pattern::Number,
    "weight_comment" Pattern::Any,
    "temperature_c" Pattern::Number,
    "temperature_f" Pattern::Number,
    "temperature_comment" Pattern::Any,
    "pulse" Pattern::Number,
    "pulse_comment" Pattern::Any,
    "respiration" Pattern::Number,
    "respiration_comment" Pattern::Any,
    "bp_systolic" Pattern::Number,
    "bp_diastolic" Pattern::Number,
    "bp_comment" Pattern::Any,
    "oxygen_saturation" Pattern::Any,
    "oxygen_comment" Pattern::Any,
    "bmi" Pattern::Number,
    "bmi_comment" Pattern::Any,
    "clinician" Pattern::Any,
    "encounter_id" Pattern::Any,
    "comment" Pattern::Any,
    "hj_create_timestamp" Pattern::Date,
    "hj_modify_timestamp" Pattern::Date,
    "client_vitals_id" Pattern::Any,
    "row_hash" Pattern::Any,
}

/// The 31 columns of the file, in its order.
pub const ENTITY: Entity = Entity {
    name: "vitals",
    aliases: &["vital"],
    table: "vitals",
    columns: COLUMNS,
    layouts: &[Layout { columns: ORDER }],
    computed: &[],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    Derived {
        key: cells.first(&["row_hash", "client_vitals_id"]).map(str::to_owned),
        identifying: &[
            "client_id",
            "patient_id",
            "encounter_id",
            "service_date",
            "service_time",
        ],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: Some("withheld:vital signs are not served yet".into()),
        values: vec![],
        ..Derived::default()
    }
}
