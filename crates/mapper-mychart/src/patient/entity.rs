//! `PATIENT` and `PATIENT_2` to `PATIENT_4`, in which it goes on.

use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;
use mapper::{Site, time};

use crate::cells::{EPIC, PersonName, companion, folded, link, person};

/// 83 columns in Epic's schema.
pub const PATIENT: Entity = Entity {
    name: "patient",
    aliases: &[],
    table: "patient",
    columns: &[
        Column::new("pat_id"),
        Column::new("pat_name"),
        Column::new("pat_last_name"),
        Column::new("pat_first_name"),
        Column::new("pat_middle_name"),
        Column::new("pat_title_c_name"),
        Column::new("pat_name_suffix_c_name"),
        Column::new("pat_mrn_id"),
        Column::new("ssn").private(),
        Column::new("birth_date"),
        Column::new("sex_c_name"),
        Column::new("ethnic_group_c_name"),
        Column::new("language_c_name"),
        Column::new("lang_care_c_name"),
        Column::new("lang_writ_c_name"),
        Column::new("city"),
        Column::new("state_c_name"),
        Column::new("county_c_name"),
        Column::new("country_c_name"),
        Column::new("zip"),
        Column::new("tmp_city"),
        Column::new("tmp_state_c_name"),
        Column::new("tmp_zip"),
        Column::new("tmp_addr_start_dt"),
        Column::new("tmp_addr_end_dt"),
        Column::new("home_phone"),
        Column::new("work_phone"),
        Column::new("email_address"),
        Column::new("cur_pcp_prov_id"),
        Column::new("cur_prim_loc_id"),
        Column::new("death_date"),
        Column::new("pat_status_c_name"),
        Column::new("ped_mult_birth_ord"),
        Column::new("ped_multi_birth_yn"),
    ],
    layouts: &[],
    computed: &[
        "cg_last",
        "cg_first",
        "cg_middle",
        "cg_folded_last",
        "cg_folded_first",
        "cg_folded_middle",
        "cg_folded_prefix",
        "cg_folded_suffix",
        "cg_birth_lo",
        "cg_birth_hi",
        "cg_provider",
        "cg_organization",
    ],
    derive,
};

/// Time of death and maiden name.
pub const PATIENT_2: Entity = Entity {
    name: "patient_2",
    aliases: &[],
    table: "patient_2",
    columns: &[
        Column::new("pat_id"),
        Column::new("death_tm"),
        Column::new("maiden_name"),
    ],
    layouts: &[],
    computed: &["cg_maiden", "cg_folded_maiden"],
    derive: |cells, _| {
        // Some write the whole name as it was, `LAST,FIRST`.
        let maiden = person(cells.get("maiden_name")).last;
        let folded = folded(maiden.as_deref());
        companion(cells, "pat_id", vec![Value::from(maiden), folded])
    },
};

/// The name that a patient goes by.
pub const PATIENT_3: Entity = Entity {
    name: "patient_3",
    aliases: &[],
    table: "patient_3",
    columns: &[Column::new("pat_id"), Column::new("preferred_name")],
    layouts: &[],
    computed: &["cg_folded_preferred"],
    derive: |cells, _| companion(cells, "pat_id", vec![folded(cells.get("preferred_name"))]),
};

/// Sex at birth, and whether the patient lives.
pub const PATIENT_4: Entity = Entity {
    name: "patient_4",
    aliases: &[],
    table: "patient_4",
    columns: &[
        Column::new("pat_id"),
        Column::new("pat_living_stat_c_name"),
        Column::new("sex_asgn_at_birth_c_name"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, _| companion(cells, "pat_id", vec![]),
};

fn derive(cells: &Cells<'_>, _: &Site) -> Derived {
    let PersonName {
        last, first, middle, ..
    } = name(cells);
    let birth = cells.get("birth_date").and_then(|day| time::parse(day, EPIC).ok());
    let [birth_lo, birth_hi] = values::birth(birth);
    let folds = [&last, &first, &middle].map(|part| folded(part.as_deref()));
    let mut values: Vec<Value> = [last, first, middle].into_iter().map(Value::from).collect();
    values.extend(folds);
    values.extend([
        folded(cells.get("pat_title_c_name")),
        folded(cells.get("pat_name_suffix_c_name")),
        birth_lo,
        birth_hi,
        link(cells.get("cur_pcp_prov_id")),
        link(cells.get("cur_prim_loc_id")),
    ]);
    Derived {
        key: cells.get("pat_id").map(str::to_owned),
        identifying: &[
            "pat_mrn_id",
            "pat_name",
            "pat_last_name",
            "pat_first_name",
            "birth_date",
        ],
        values,
        ..Derived::default()
    }
}

/// The name in its parts; without them, in one cell.
fn name(cells: &Cells<'_>) -> PersonName {
    let part = |column| cells.get(column).map(str::to_owned);
    let parts = PersonName {
        last: part("pat_last_name"),
        first: part("pat_first_name"),
        middle: part("pat_middle_name"),
        suffix: None,
    };
    if parts == PersonName::default() {
        person(cells.get("pat_name"))
    } else {
        parts
    }
}
