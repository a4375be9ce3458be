//! `diagnosis`: what was assessed at a visit. Who has it is the visit's patient.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{day, interval, link, reference, snomed};

/// Assessments.
pub const ENTITY: Entity = Entity {
    name: "diagnosis",
    aliases: &[],
    table: "diagnosis",
    columns: &[
        Column::new("slno"),
        reference("encounterid"),
        reference("itemid"),
        Column::new("asmtonsetdate"),
        Column::new("specify"),
        Column::new("notes"),
        reference("snomed"),
        Column::new("snomeddesc"),
    ],
    layouts: &[],
    // The item's code is not at hand here: see healow-copies.sql.
    computed: &[
        "cg_encounter",
        "cg_system",
        "cg_code",
        "cg_snomed",
        "cg_onset_lo",
        "cg_onset_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let [onset_lo, onset_hi] = interval(day(cells.get("asmtonsetdate"), site));
    Derived {
        key: cells.get("slno").map(str::to_owned),
        identifying: &["encounterid", "itemid", "specify", "snomed"],
        values: vec![
            link(cells.get("encounterid")),
            Value::Null,
            Value::Null,
            snomed(cells.get("snomed")),
            onset_lo,
            onset_hi,
        ],
        ..Derived::default()
    }
}
