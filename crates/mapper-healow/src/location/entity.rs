//! `edi_facilities`: places, with their zones.

use mapper::Site;
use mapper::load::terms::{Address, Terms};
use mapper::load::{Cells, Column, Derived, Entity};

use crate::cells::{DELETED, flag, folded, npi, practice};

/// Places.
pub const ENTITY: Entity = Entity {
    name: "edi_facilities",
    aliases: &[],
    table: "edi_facilities",
    columns: &[
        Column::new("id"),
        Column::new("name"),
        Column::new("facilitytype"),
        Column::new("addressline1"),
        Column::new("addressline2"),
        Column::new("city"),
        Column::new("state"),
        Column::new("zip"),
        Column::new("tel"),
        Column::new("fax"),
        Column::new("email"),
        Column::new("npi"),
        Column::new("timezonecode"),
        Column::new("deleteflag"),
    ],
    layouts: &[],
    computed: &["cg_client", "cg_name", "cg_npi"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    Derived {
        key: cells.get("id").map(str::to_owned),
        identifying: &["name", "addressline1", "addressline2", "city", "state", "zip"],
        hold: flag(cells.get("deleteflag")).then(|| DELETED.into()),
        values: vec![practice(site), folded(cells.get("name")), npi(cells.get("npi"))],
        exploded: Terms::default()
            .address(&Address {
                lines: [cells.get("addressline1"), cells.get("addressline2")],
                city: cells.get("city"),
                state: cells.get("state"),
                zip: cells.get("zip"),
                ..Address::default()
            })
            .rows(),
        ..Derived::default()
    }
}
