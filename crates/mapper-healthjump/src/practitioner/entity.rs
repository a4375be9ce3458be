//! `provider`: clinicians.

use mapper::Site;
use mapper::codes::valid_npi;
use mapper::load::terms::Terms;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{folded, stamps};

/// Providers and clinicians are the same people.
pub const ENTITY: Entity = Entity {
    name: "provider",
    aliases: &["providers", "clinician", "clinicians"],
    table: "provider",
    columns: &[
        Column::new("provider_id").or(&["providerid", "clinician_id", "clinicianid", "source_provider_id"]),
        Column::new("client_id"),
        Column::new("npi").or(&["provider_npi"]),
        Column::new("first_name").or(&["firstname", "provider_first_name"]),
        Column::new("middle_name").or(&["middlename"]),
        Column::new("last_name").or(&["lastname", "provider_last_name"]),
        Column::new("prefix"),
        Column::new("suffix").or(&["credentials", "degree"]),
        Column::new("specialty"),
        Column::new("phone").or(&["phone_number"]),
        Column::new("email"),
        Column::new("hj_create_timestamp"),
        Column::new("hj_modify_timestamp"),
    ],
    layouts: &[],
    computed: &["cg_npi", "cg_family", "cg_given", "cg_middle", "cg_prefix", "cg_suffix"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    let npi = cells.get("npi").filter(|npi| valid_npi(npi));
    Derived {
        key: cells.first(&["provider_id", "npi"]).map(str::to_owned),
        identifying: &["client_id", "first_name", "middle_name", "last_name"],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: None,
        values: vec![
            npi.map_or(Value::Null, Value::from),
            folded(cells.get("last_name")),
            folded(cells.get("first_name")),
            folded(cells.get("middle_name")),
            folded(cells.get("prefix")),
            folded(cells.get("suffix")),
        ],
        exploded: Terms::default()
            .phone(cells.get("phone"), None)
            .email(cells.get("email"))
            .rows(),
        ..Derived::default()
    }
}
