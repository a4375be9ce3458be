//! `OR_LOG`: cases of the operating room; `OR_LOG_ALL_PROC`: what was done in them.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{interval, line_key, link, moment};
use crate::codes::OR_STATUS;

/// Patient, day, surgeon and outcome of a case; served with its procedures. 82 columns in Epic's schema.
pub const OR_LOG: Entity = Entity {
    name: "or_log",
    aliases: &[],
    table: "or_log",
    columns: &[
        Column::new("log_id"),
        Column::new("surgery_date"),
        Column::new("pat_id"),
        Column::new("status_c_name"),
        Column::new("primary_phys_id"),
        Column::new("proc_not_perf_c_name"),
        Column::new("void_reason_c_name"),
    ],
    layouts: &[],
    computed: &[
        "cg_status",
        "cg_patient",
        "cg_provider",
        "cg_performed_lo",
        "cg_performed_hi",
    ],
    derive,
};

/// A procedure of a case. What became of it the case tells; see `schema/mychart-holds.sql` and `schema/mychart-copies.sql`.
pub const OR_LOG_ALL_PROC: Entity = Entity {
    name: "or_log_all_proc",
    aliases: &[],
    table: "or_log_all_proc",
    columns: &[
        Column::new("log_id"),
        Column::new("line"),
        Column::new("or_proc_id"),
        Column::new("or_proc_name").or(&["or_proc_id_proc_name"]),
        Column::new("lrb_c_name"),
        Column::new("proc_eap_id"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, _| Derived {
        key: line_key(cells.get("log_id"), cells.get("line")),
        ..Derived::default()
    },
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let [lo, hi] = interval(moment(cells.get("surgery_date"), site.zone()));
    Derived {
        key: cells.get("log_id").map(str::to_owned),
        hold: cells.get("log_id").is_none().then(|| crate::cells::NO_RECORD.into()),
        values: vec![
            status(cells, site).map_or(Value::Null, Value::from),
            link(cells.get("pat_id")),
            link(cells.get("primary_phys_id")),
            lo,
            hi,
        ],
        ..Derived::default()
    }
}

/// `Procedure.status` of the procedures of a case. Those of voided cases and of cases to come are not served.
fn status(cells: &Cells<'_>, site: &Site) -> Option<&'static str> {
    if cells.get("void_reason_c_name").is_some() {
        Some("entered-in-error")
    } else if cells.get("proc_not_perf_c_name").is_some() {
        Some("not-done")
    } else {
        site.code(&OR_STATUS, cells.get("status_c_name")).code()
    }
}
