//! The dictionary: `items` names diagnoses and procedures, `itemdetail` gives them codes, `icd` and `edi_icdcodes` tell which ICD a code
//! is of. No resource is made of them; diagnoses and procedures take their codes from here (`schema/healow-copies.sql`).

mod code;
#[cfg(test)]
mod tests;

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

use crate::cells::{reference, text};

/// The property of an item that is its code.
const CODE: &str = "13";

/// Items by number.
pub const ITEMS: Entity = Entity {
    name: "items",
    aliases: &[],
    table: "items",
    columns: &[reference("itemid"), Column::new("itemname")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| by_item(cells),
};

/// Properties of items.
pub const ITEMDETAIL: Entity = Entity {
    name: "itemdetail",
    aliases: &[],
    table: "itemdetail",
    columns: &[reference("itemid"), Column::new("propid"), Column::new("value")],
    layouts: &[],
    computed: &[
        "cg_bare",
        "cg_icd10",
        "cg_icd9",
        "cg_shape_new",
        "cg_shape_old",
        "cg_cpt_system",
        "cg_cpt",
        "cg_modifiers",
    ],
    derive: itemdetail,
};

/// The list of diagnosis codes.
pub const ICD: Entity = Entity {
    name: "icd",
    aliases: &[],
    table: "icd",
    columns: &[Column::new("code"), Column::new("codetype")],
    layouts: &[],
    computed: &["cg_bare"],
    derive: icd,
};

/// Which ICD the code of an item is of.
pub const EDI_ICDCODES: Entity = Entity {
    name: "edi_icdcodes",
    aliases: &[],
    table: "edi_icdcodes",
    columns: &[reference("itemid"), Column::new("icd10flag")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| by_item(cells),
};

fn by_item(cells: &Cells<'_>) -> Derived {
    Derived {
        key: cells.get("itemid").map(str::to_owned),
        ..Derived::default()
    }
}

fn icd(cells: &Cells<'_>, _: &Site) -> Derived {
    let both = cells.get("codetype").zip(cells.get("code"));
    let bare = cells.get("code").map(code::bare);
    Derived {
        key: both.map(|(kind, code)| format!("{kind}/{code}")),
        values: vec![text(bare.as_deref())],
        ..Derived::default()
    }
}

fn itemdetail(cells: &Cells<'_>, _: &Site) -> Derived {
    let both = cells.get("itemid").zip(cells.get("propid"));
    let value = cells.get("value").filter(|_| cells.get("propid") == Some(CODE));
    Derived {
        key: both.map(|(item, property)| format!("{item}/{property}")),
        values: code::columns(value),
        ..Derived::default()
    }
}
