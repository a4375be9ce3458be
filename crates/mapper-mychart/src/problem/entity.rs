//! `PROBLEM_LIST`, whose list a problem is on (`PAT_PROBLEM_LIST`), and what it was before (`PROBLEM_LIST_HX`).

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{DELETED_ROW, NO_RECORD, Span, interval, line_key, link, moment, stamp};
use crate::codes::{CLINICAL_STATUS, DELETED};

/// Has no patient of its own. Deleted problems are delivered, too. `DATE_OF_ENTRY` is the day of the last change.
pub const PROBLEM_LIST: Entity = Entity {
    name: "problem_list",
    aliases: &[],
    table: "problem_list",
    columns: &[
        Column::new("problem_list_id"),
        Column::new("dx_id"),
        Column::new("dx_name").or(&["dx_id_dx_name"]),
        Column::new("description"),
        Column::new("noted_date"),
        Column::new("noted_end_date"),
        Column::new("resolved_date"),
        Column::new("date_of_entry"),
        Column::new("entry_user_id"),
        Column::new("problem_status_c_name"),
        Column::new("problem_cmt"),
    ],
    layouts: &[],
    computed: &[
        "cg_clinical",
        "cg_recorder",
        "cg_onset_lo",
        "cg_onset_hi",
        "cg_abated_lo",
        "cg_abated_hi",
    ],
    derive,
};

/// Whose problem it is.
pub const PAT_PROBLEM_LIST: Entity = Entity {
    name: "pat_problem_list",
    aliases: &[],
    table: "pat_problem_list",
    columns: &[
        Column::new("pat_id"),
        Column::new("line"),
        Column::new("problem_list_id"),
    ],
    layouts: &[],
    computed: &["cg_patient"],
    derive: |cells, _| Derived {
        key: line_key(cells.get("pat_id"), cells.get("line")),
        hold: cells
            .get("pat_id")
            .and(cells.get("problem_list_id"))
            .is_none()
            .then(|| NO_RECORD.into()),
        values: vec![link(cells.get("pat_id"))],
        ..Derived::default()
    },
};

/// The states of a problem; the first line is its first entry.
pub const PROBLEM_LIST_HX: Entity = Entity {
    name: "problem_list_hx",
    aliases: &[],
    table: "problem_list_hx",
    columns: &[
        Column::new("problem_list_id"),
        Column::new("line"),
        Column::new("hx_date_of_entry"),
    ],
    layouts: &[],
    computed: &["cg_recorded_lo", "cg_recorded_hi"],
    derive: |cells, site| Derived {
        key: line_key(cells.get("problem_list_id"), cells.get("line")),
        hold: cells.get("problem_list_id").is_none().then(|| NO_RECORD.into()),
        values: interval(moment(cells.get("hx_date_of_entry"), site.zone())).into(),
        ..Derived::default()
    },
};

/// What an end makes of a condition, whatever the status says (R4 invariant con-4).
pub const RESOLVED: &str = "resolved";

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let at = |column| moment(cells.get(column), site.zone());
    let updated = stamp(cells.get("date_of_entry"), site);
    let status = cells.get("problem_status_c_name");
    let abated = at("resolved_date");
    let clinical = match abated {
        Some(_) => Some(RESOLVED),
        None => site.code(&CLINICAL_STATUS, status).code(),
    };
    let [onset_lo, onset_hi] = Span::new(at("noted_date"), at("noted_end_date")).interval();
    let [abated_lo, abated_hi] = interval(abated);
    let deleted = status.is_some_and(|s| s.eq_ignore_ascii_case(DELETED));
    Derived {
        key: cells.get("problem_list_id").map(str::to_owned),
        identifying: &["dx_id", "description", "noted_date"],
        modified: updated,
        updated,
        hold: deleted.then(|| DELETED_ROW.into()),
        values: vec![
            clinical.map_or(Value::Null, Value::from),
            link(cells.get("entry_user_id")),
            onset_lo,
            onset_hi,
            abated_lo,
            abated_hi,
        ],
        ..Derived::default()
    }
}
