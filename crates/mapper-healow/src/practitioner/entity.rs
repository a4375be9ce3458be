//! `doctors`: what `users` does not say of clinicians. Tax and drug-enforcement numbers stand beside it and are not read.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

use crate::cells::{folded, npi};

/// Print names and NPIs.
pub const ENTITY: Entity = Entity {
    name: "doctors",
    aliases: &[],
    table: "doctors",
    columns: &[Column::new("doctorid"), Column::new("printname"), Column::new("npi")],
    layouts: &[],
    computed: &["cg_print", "cg_npi"],
    derive,
};

fn derive(cells: &Cells<'_>, _: &Site) -> Derived {
    Derived {
        key: cells.get("doctorid").map(str::to_owned),
        values: vec![folded(cells.get("printname")), npi(cells.get("npi"))],
        ..Derived::default()
    }
}
