//! `PAT_ENC_DX`: the diagnoses of contacts.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

use crate::cells::{interval, line_key, link, moment};

/// Has no patient of its own; see `schema/mychart-holds.sql` and `schema/mychart-copies.sql`.
pub const PAT_ENC_DX: Entity = Entity {
    name: "pat_enc_dx",
    aliases: &[],
    table: "pat_enc_dx",
    columns: &[
        Column::new("pat_enc_csn_id"),
        Column::new("line"),
        Column::new("contact_date"),
        Column::new("dx_id"),
        Column::new("dx_name").or(&["dx_id_dx_name"]),
        Column::new("annotation"),
        Column::new("comments"),
        Column::new("dx_link_prob_id"),
    ],
    layouts: &[],
    computed: &["cg_encounter", "cg_recorded_lo", "cg_recorded_hi"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let csn = cells.get("pat_enc_csn_id");
    let [lo, hi] = interval(moment(cells.get("contact_date"), site.zone()));
    Derived {
        key: line_key(csn, cells.get("line")),
        values: vec![link(csn), lo, hi],
        ..Derived::default()
    }
}
