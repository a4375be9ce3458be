//! The lines of a patient: races, street lines, earlier addresses, numbers, telephone numbers. Each has a table of its own, and a
//! row of it one in `patient_detail`, so that one statement brings those of a page.

use std::collections::HashMap;

use diesel::prelude::*;
use mapper::db::{AnyConnection, AnyDb};
use mapper::load::terms::as_state;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::{Filter, Value};

use crate::cells::{folded, line, line_order};
use crate::codes::RACE;
use crate::tables::patient_detail;

/// The columns of `patient_detail` behind the owner's key; see [`Detail`].
pub const DETAIL: [&str; 19] = [
    "pat_id",
    "what",
    "place",
    "system",
    "number",
    "text",
    "more",
    "city",
    "state",
    "zip",
    "starts",
    "ends",
    "race",
    "cg_text",
    "cg_more",
    "cg_city",
    "cg_state",
    "cg_state_out",
    "cg_zip",
];

/// Races, one a row.
pub const PATIENT_RACE: Entity = Entity {
    name: "patient_race",
    aliases: &[],
    table: "patient_race",
    columns: &[
        Column::new("pat_id"),
        Column::new("line"),
        Column::new("patient_race_c_name"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, site| {
        let word = cells.get("patient_race_c_name");
        let race = Told {
            text: word,
            race: word.and_then(|word| site.code(&RACE, Some(word)).code()),
            ..Told::default()
        };
        told(cells, "patient_race", race)
    },
};

/// Street lines of the present address.
pub const PAT_ADDRESS: Entity = Entity {
    name: "pat_address",
    aliases: &[],
    table: "pat_address",
    columns: &[Column::new("pat_id"), Column::new("line"), Column::new("address")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| {
        let street = Told {
            text: cells.get("address"),
            ..Told::default()
        };
        told(cells, "pat_address", street)
    },
};

/// Earlier addresses.
pub const PAT_ADDR_CHNG_HX: Entity = Entity {
    name: "pat_addr_chng_hx",
    aliases: &[],
    table: "pat_addr_chng_hx",
    columns: &[
        Column::new("pat_id"),
        Column::new("line"),
        Column::new("addr_hx_line1"),
        Column::new("addr_hx_line2"),
        Column::new("city_hx"),
        Column::new("state_hx_c_name").or(&["state_hx"]),
        Column::new("zip_hx"),
        Column::new("eff_start_date"),
        Column::new("eff_end_date"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, _| {
        let moved = Told {
            text: cells.get("addr_hx_line1"),
            more: cells.get("addr_hx_line2"),
            city: cells.get("city_hx"),
            state: cells.get("state_hx_c_name"),
            zip: cells.get("zip_hx"),
            starts: cells.get("eff_start_date"),
            ends: cells.get("eff_end_date"),
            ..Told::default()
        };
        told(cells, "pat_addr_chng_hx", moved)
    },
};

/// Telephone numbers of other kinds than home and work.
pub const OTHER_COMMUNCTN: Entity = Entity {
    name: "other_communctn",
    aliases: &[],
    table: "other_communctn",
    columns: &[
        Column::new("pat_id"),
        Column::new("line"),
        Column::new("other_communic_c_name"),
        Column::new("other_communic_num"),
        Column::new("contact_priority"),
    ],
    layouts: &[],
    computed: &[],
    derive: |cells, _| {
        let contact = Told {
            text: cells.get("other_communic_num"),
            more: cells.get("other_communic_c_name"),
            ..Told::default()
        };
        told(cells, "other_communctn", contact)
    },
};

/// What a row tells beside whose it is.
#[derive(Default)]
pub struct Told<'a> {
    /// What a number is of: a URI, or what [`mapper::Site::system`] makes one of.
    pub system: Option<String>,
    /// A number.
    pub number: Option<&'a str>,
    /// Race, street line, telephone number, or the name of a kind of number.
    pub text: Option<&'a str>,
    /// A second street line, or the kind of a telephone number.
    pub more: Option<&'a str>,
    /// City.
    pub city: Option<&'a str>,
    /// State.
    pub state: Option<&'a str>,
    /// ZIP code.
    pub zip: Option<&'a str>,
    /// Since when an address was right.
    pub starts: Option<&'a str>,
    /// Until when.
    pub ends: Option<&'a str>,
    /// The category of a race.
    pub race: Option<&'static str>,
}

/// What is stored of a row of `table`.
pub fn told(cells: &Cells<'_>, table: &'static str, told: Told<'_>) -> Derived {
    let owned = |text: Option<&str>| Value::from(text.map(str::to_owned));
    let state_out = told.state.map(as_state);
    let row = vec![
        owned(cells.get("pat_id")),
        Value::from(table),
        Value::Text(line_order(cells.get("line"))),
        Value::from(told.system),
        owned(told.number),
        owned(told.text),
        owned(told.more),
        owned(told.city),
        owned(told.state),
        owned(told.zip),
        owned(told.starts),
        owned(told.ends),
        owned(told.race),
        folded(told.text),
        folded(told.more),
        folded(told.city),
        folded(state_out),
        owned(state_out),
        folded(told.zip),
    ];
    let derived = line(cells, table, "pat_id");
    Derived {
        exploded: if derived.hold.is_none() { vec![row] } else { vec![] },
        ..derived
    }
}

/// A line of a patient. What `text` and `more` are, `what` tells: the table.
#[derive(Debug, Default, Queryable, Selectable)]
#[diesel(table_name = patient_detail, check_for_backend(AnyDb))]
pub struct Detail {
    /// Whose it is.
    pub pat_id: Option<String>,
    /// The table.
    pub what: String,
    /// What the number is of: a URI, or what [`mapper::Site::system`] makes one of.
    pub system: Option<String>,
    /// A number.
    pub number: Option<String>,
    /// Race, street line, telephone number, or the name of a kind of number.
    pub text: Option<String>,
    /// A second street line, or the kind of a telephone number.
    pub more: Option<String>,
    /// City of an earlier address.
    pub city: Option<String>,
    /// State of an earlier address.
    pub state: Option<String>,
    /// ZIP code of an earlier address.
    pub zip: Option<String>,
    /// Since when an earlier address was right.
    pub starts: Option<String>,
    /// Until when.
    pub ends: Option<String>,
}

/// The lines of some patients, by `PAT_ID`, in their order.
pub fn load<'a>(
    conn: &mut AnyConnection,
    patients: impl Iterator<Item = &'a str>,
) -> QueryResult<HashMap<String, Vec<Detail>>> {
    use patient_detail as d;
    let patients: Vec<&str> = patients.collect();
    let mut found: HashMap<String, Vec<Detail>> = HashMap::new();
    if patients.is_empty() {
        return Ok(found);
    }
    let details = mapper::explain::load(
        conn,
        d::table
            .select(Detail::as_select())
            .filter(Filter::one_of(d::pat_id, patients))
            .order((d::what, d::place, d::owner)),
    )?;
    for detail in details {
        let patient = detail.pat_id.clone().unwrap_or_default();
        found.entry(patient).or_default().push(detail);
    }
    Ok(found)
}
