//! `procedure`: what was done.

use mapper::load::{Cells, Column, Derived, Entity, Layout, Pattern};
use mapper::sql::Value;
use mapper::{Site, codes};

use crate::cells::{client, coded, folded_value, hold, interval, key, link, stamps, visit};

/// Both id spellings, all spellings of the visit, and the bulk file `id|date|cpt`.
pub const ENTITY: Entity = Entity {
    name: "procedure",
    aliases: &["procedures", "cpt"],
    table: "procedure",
    columns: &[
        Column::new("procedureid"),
        Column::new("procedure_id"),
        Column::new("source_procedure_id"),
        Column::new("client_id"),
        Column::new("patient_id")
            .or(&["patientid", "demographicid", "demographic_id", "id"])
            .like(Pattern::Digits),
        Column::new("client_patient_id").or(&["source_patient_id"]),
        Column::new("encounterid").or(&["enc_id"]),
        Column::new("encounter_id").or(&["source_encounter_id"]),
        Column::new("procedure_code")
            .or(&["cpt", "cpt_code", "code"])
            .like(Pattern::Code),
        Column::new("code_type").or(&["code_system"]),
        Column::new("description").or(&["procedure", "procedure_description"]),
        Column::new("procedure_date")
            .or(&["date", "service_date"])
            .like(Pattern::Date),
        Column::new("procedure_time")
            .or(&["time", "service_time"])
            .like(Pattern::Time),
        Column::new("status").or(&["procedure_status"]),
        Column::new("provider_id").or(&["providerid", "clinician_id", "clinician"]),
        Column::new("hj_create_timestamp").like(Pattern::Date),
        Column::new("hj_modify_timestamp").like(Pattern::Date),
    ],
    layouts: &[Layout {
        columns: &["patient_id", "procedure_date", "procedure_code"],
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
        "cg_modifiers",
        "cg_performed_lo",
        "cg_performed_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    let done = visit(
        cells.get("procedure_date"),
        cells.get("procedure_time"),
        None,
        None,
        site,
    )
    .span
    .start;
    let [lo, hi] = interval(done);
    let read = cells
        .get("procedure_code")
        .map(|raw| codes::procedure(raw, cells.get("code_type")));
    let (coding, modifiers, text) = read.map(|r| (r.coding, r.modifiers, r.text)).unwrap_or_default();
    let modifiers = Some(modifiers.join(",")).filter(|m| !m.is_empty());
    let (system, code, text) = coded(coding, cells.get("description").map(str::to_owned).or(text));
    let words = folded_value(&text);
    Derived {
        key: key(
            cells,
            site,
            "procedure",
            "procedureid",
            &["procedure_id", "source_procedure_id"],
        ),
        identifying: &[
            "client_id",
            "patient_id",
            "procedure_date",
            "procedure_time",
            "procedure_code",
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
            Value::from(modifiers),
            lo,
            hi,
        ],
        ..Derived::default()
    }
}
