//! `ORDER_PROC`: orders of everything that is no medicine. Those for procedures, once they are completed, tell that one was done.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{NO_PATIENT, Span, link, moment};
use crate::codes::{ORDER_STATUS, ORDER_TYPE};

/// 82 columns in Epic's schema.
pub const ORDER_PROC: Entity = Entity {
    name: "order_proc",
    aliases: &[],
    table: "order_proc",
    columns: &[
        Column::new("order_proc_id"),
        Column::new("pat_id"),
        Column::new("pat_enc_csn_id"),
        Column::new("order_type_c_name"),
        Column::new("proc_id"),
        Column::new("proc_name").or(&["proc_id_proc_name"]),
        Column::new("description"),
        Column::new("display_name"),
        Column::new("authrzing_prov_id"),
        Column::new("billing_prov_id"),
        Column::new("order_status_c_name"),
        Column::new("proc_bgn_time"),
        Column::new("proc_start_time"),
        Column::new("proc_ending_time"),
        Column::new("future_or_stand"),
    ],
    layouts: &[],
    computed: &[
        "cg_patient",
        "cg_encounter",
        "cg_performer",
        "cg_provider",
        "cg_performed_lo",
        "cg_performed_hi",
    ],
    derive,
};

/// `ORDER_STATUS` of an order that was carried out.
pub const COMPLETED: &str = "completed";

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let at = |column| moment(cells.get(column), site.zone());
    let start = at("proc_start_time").or_else(|| at("proc_bgn_time"));
    let [lo, hi] = Span::new(start, at("proc_ending_time")).interval();
    // Who did it is who bills for it; without, who answers for the order.
    let performer = cells.first(&["billing_prov_id", "authrzing_prov_id"]);
    Derived {
        key: cells.get("order_proc_id").map(str::to_owned),
        identifying: &[
            "pat_id",
            "pat_enc_csn_id",
            "proc_id",
            "proc_start_time",
            "proc_bgn_time",
        ],
        hold: hold(cells, site).map(Into::into),
        values: vec![
            link(cells.get("pat_id")),
            link(cells.get("pat_enc_csn_id")),
            performer.map_or(Value::Null, Value::from),
            link(performer),
            lo,
            hi,
        ],
        ..Derived::default()
    }
}

/// Why an order does not tell of something that was done.
fn hold(cells: &Cells<'_>, site: &Site) -> Option<&'static str> {
    let kind = site.code(&ORDER_TYPE, cells.get("order_type_c_name")).code();
    if kind != Some("procedure") {
        return Some("withheld:an order, not a procedure");
    }
    if cells.get("future_or_stand").is_some() {
        return Some("withheld:a standing or future order");
    }
    match site.code(&ORDER_STATUS, cells.get("order_status_c_name")).code() {
        Some(COMPLETED) => cells.get("pat_id").is_none().then_some(NO_PATIENT),
        Some("not-done") => Some("withheld:cancelled"),
        _ => Some("withheld:ordered, not performed"),
    }
}
