//! `surgicalhistory`: surgery as the patient told, at any place and time. No key, no patient; copied from visit to visit.

use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;
use mapper::{Site, codes};

use crate::cells::{coded, day, interval, reference, same};

/// Surgery as told.
pub const ENTITY: Entity = Entity {
    name: "surgicalhistory",
    aliases: &[],
    table: "surgicalhistory",
    columns: &[
        reference("encounterid"),
        Column::new("reason"),
        Column::new("date"),
        Column::new("cptcode"),
    ],
    layouts: &[],
    computed: &[
        "cg_same",
        "cg_system",
        "cg_code",
        "cg_text",
        "cg_performed_lo",
        "cg_performed_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let (reason, date, cptcode) = (cells.get("reason"), cells.get("date"), cells.get("cptcode"));
    let read = cptcode
        .map(|raw| codes::procedure(raw, Some("CPT")))
        .unwrap_or_default();
    let (system, code, text) = coded(read.coding, reason.map(str::to_owned).or(read.text));
    let [lo, hi] = interval(day(date, site));
    Derived {
        key: None,
        values: vec![Value::Text(same(reason.or(cptcode), date)), system, code, text, lo, hi],
        ..Derived::default()
    }
}
