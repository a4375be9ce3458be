//! `patients`: what `users` does not say of patients, one row for one. Its legacy text columns of histories and medications are not read.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

use crate::cells::{link, reference};

/// Charts.
pub const ENTITY: Entity = Entity {
    name: "patients",
    aliases: &[],
    table: "patients",
    columns: &[
        Column::new("pid"),
        Column::new("controlno"),
        reference("doctorid"),
        Column::new("straddress"),
        Column::new("straddress2"),
        Column::new("city"),
        Column::new("state"),
        Column::new("zip"),
        Column::new("maritalstatus"),
        Column::new("deceased"),
        Column::new("deceaseddate"),
        Column::new("language"),
        Column::new("race"),
        Column::new("ethnicity"),
        reference("hl7id"),
        reference("pmcid"),
    ],
    layouts: &[],
    computed: &["cg_provider", "cg_client"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    Derived {
        key: cells.get("pid").map(str::to_owned),
        values: vec![
            link(cells.get("doctorid")),
            link(cells.get("pmcid").or(site.profile().client_id.as_deref())),
        ],
        ..Derived::default()
    }
}
