//! `hospitalization`: hospital stays as free text under the visit at which somebody told of them. Kept whole; no resource serves them,
//! and every row says so.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

/// The documented columns.
pub const ENTITY: Entity = Entity {
    name: "hospitalization",
    aliases: &[],
    table: "hospitalization",
    columns: &[
        Column::new("encounterid"),
        Column::new("reason"),
        Column::new("date"),
        Column::new("displayindex"),
    ],
    layouts: &[],
    computed: &[],
    derive,
};

fn derive(_: &Cells<'_>, _: &Site) -> Derived {
    Derived {
        hold: Some("withheld:a hospital stay as free text".into()),
        ..Derived::default()
    }
}
