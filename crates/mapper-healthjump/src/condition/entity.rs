//! `diagnosis`: problems and visit diagnoses.

use chrono::NaiveDate;
use mapper::load::{Cells, Column, Derived, Entity, Layout, Pattern};
use mapper::sql::Value;
use mapper::{Site, codes, time};

use crate::cells::{client, coded, day, folded_value, hold, interval, key, link, stamps};

/// Both id spellings, all spellings of the visit, and the bulk file `id|date|diag`.
pub const ENTITY: Entity = Entity {
    name: "diagnosis",
    aliases: &["diagnoses", "diag"],
    table: "diagnosis",
    columns: &[
        Column::new("diagnosisid"),
        Column::new("diagnosis_id"),
        Column::new("source_diagnosis_id"),
        Column::new("client_id"),
        Column::new("patient_id")
            .or(&["patientid", "demographicid", "demographic_id", "id"])
            .like(Pattern::Digits),
        Column::new("client_patient_id").or(&["source_patient_id"]),
        Column::new("encounterid").or(&["enc_id"]),
        Column::new("encounter_id").or(&["source_encounter_id"]),
        Column::new("diagnosis_code")
            .or(&["code", "diag", "icd_code"])
            .like(Pattern::Code),
        Column::new("code_type").or(&["code_system"]),
        Column::new("description").or(&["diagnosis", "diagnosis_description"]),
        Column::new("diagnosis_date")
            .or(&["date", "recorded_date"])
            .like(Pattern::Date),
        Column::new("onset_date").like(Pattern::Date),
        Column::new("resolved_date").or(&["end_date"]).like(Pattern::Date),
        Column::new("status").or(&["diagnosis_status"]),
        Column::new("provider_id").or(&["providerid", "clinician_id", "clinician"]),
        Column::new("hj_create_timestamp").like(Pattern::Date),
        Column::new("hj_modify_timestamp").like(Pattern::Date),
    ],
    layouts: &[Layout {
        columns: &["patient_id", "diagnosis_date", "diagnosis_code"],
    }],
    computed: &[
        "cg_client",
        "cg_patient",
        "cg_encounter",
        "cg_provider",
        "cg_system",
        "cg_code",
        "cg_text",
        "cg_words",
        "cg_onset_lo",
        "cg_onset_hi",
        "cg_abated_lo",
        "cg_abated_hi",
        "cg_recorded_lo",
        "cg_recorded_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    let [onset_lo, onset_hi] = interval(day(cells.get("onset_date"), site));
    let [abated_lo, abated_hi] = interval(day(cells.get("resolved_date"), site));
    let [recorded_lo, recorded_hi] = interval(day(cells.get("diagnosis_date"), site));
    let (system, code, text) = code(cells);
    let words = folded_value(&text);
    Derived {
        key: key(
            cells,
            site,
            "diagnosis",
            "diagnosisid",
            &["diagnosis_id", "source_diagnosis_id"],
        ),
        identifying: &[
            "client_id",
            "patient_id",
            "diagnosis_date",
            "onset_date",
            "diagnosis_code",
            "description",
        ],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: hold(cells),
        values: vec![
            link(client(cells, site)),
            link(cells.get("patient_id")),
            link(cells.first(&["encounterid", "encounter_id"])),
            link(cells.get("provider_id")),
            system,
            code,
            text,
            words,
            onset_lo,
            onset_hi,
            abated_lo,
            abated_hi,
            recorded_lo,
            recorded_hi,
        ],
        ..Derived::default()
    }
}

/// The code's system and normal form, null when they are not certain; and the text: the description, else what the
/// cell says besides.
fn code(cells: &Cells<'_>) -> (Value, Value, Value) {
    let read = cells
        .get("diagnosis_code")
        .map(|raw| codes::diagnosis(raw, cells.get("code_type"), service_date(cells)));
    let (coding, text) = read.map(|r| (r.coding, r.text)).unwrap_or_default();
    coded(coding, cells.get("description").map(str::to_owned).or(text))
}

/// The day that tells ICD-9-CM from ICD-10-CM: when it was diagnosed, not when it began.
fn service_date(cells: &Cells<'_>) -> Option<NaiveDate> {
    let of = |column| Some(time::parse(cells.get(column)?, time::US_DAYS_AND_STAMPS).ok()?.date());
    of("diagnosis_date").or_else(|| of("onset_date"))
}
