//! `CLARITY_SER`: providers, and whatever else can be scheduled; `CLARITY_EMP`: users.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{PersonName, folded, person};

/// Analysers, rooms and pools are provider records, too; `schema/mychart-holds.sql` keeps people.
pub const CLARITY_SER: Entity = Entity {
    name: "clarity_ser",
    aliases: &[],
    table: "clarity_ser",
    columns: &[
        Column::new("prov_id"),
        Column::new("prov_name"),
        Column::new("external_name"),
    ],
    layouts: &[],
    computed: &[
        "cg_last",
        "cg_first",
        "cg_middle",
        "cg_suffix",
        "cg_folded_last",
        "cg_folded_first",
        "cg_folded_middle",
        "cg_folded_suffix",
        "cg_folded_text",
    ],
    derive: provider,
};

/// Users of the system; `schema/mychart-holds.sql` keeps those who wrote something down that is served.
pub const CLARITY_EMP: Entity = Entity {
    name: "clarity_emp",
    aliases: &[],
    table: "clarity_emp",
    columns: &[Column::new("user_id"), Column::new("name")],
    layouts: &[],
    computed: &[
        "cg_last",
        "cg_first",
        "cg_middle",
        "cg_suffix",
        "cg_folded_last",
        "cg_folded_first",
        "cg_folded_middle",
        "cg_folded_suffix",
    ],
    derive: user,
};

fn provider(cells: &Cells<'_>, _: &Site) -> Derived {
    let mut values = parts(cells.get("prov_name"));
    values.push(folded(cells.get("external_name")));
    Derived {
        key: cells.get("prov_id").map(str::to_owned),
        values,
        ..Derived::default()
    }
}

fn user(cells: &Cells<'_>, _: &Site) -> Derived {
    Derived {
        key: cells.get("user_id").map(str::to_owned),
        values: parts(cells.get("name")),
        ..Derived::default()
    }
}

/// The parts of a name, as they are and folded.
fn parts(cell: Option<&str>) -> Vec<Value> {
    let PersonName {
        last,
        first,
        middle,
        suffix,
    } = person(cell);
    let parts = [last, first, middle, suffix];
    let folded: Vec<Value> = parts.iter().map(|part| folded(part.as_deref())).collect();
    parts.into_iter().map(Value::from).chain(folded).collect()
}
