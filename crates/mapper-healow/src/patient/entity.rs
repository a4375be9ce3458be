//! `patients`: what `users` does not say of patients, one row for one. Its legacy text columns of histories and medications are not read.

use mapper::Site;
use mapper::load::terms::{Address, Terms};
use mapper::load::values::interval;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use crate::cells::{day, link, reference};

/// Charts.
pub const ENTITY: Entity = Entity {
    name: "patients",
    aliases: &[],
    table: "patients",
    columns: &[
        Column::new("pid"),
        Column::new("controlno"),
        reference("doctorid"),
        Column::new("straddress"),
        Column::new("straddress2"),
        Column::new("city"),
        Column::new("state"),
        Column::new("zip"),
        Column::new("maritalstatus"),
        Column::new("deceased"),
        Column::new("deceaseddate"),
        Column::new("language"),
        Column::new("race"),
        Column::new("ethnicity"),
        reference("hl7id"),
        reference("pmcid"),
    ],
    layouts: &[],
    computed: &["cg_provider", "cg_client", "cg_death_lo", "cg_death_hi", "cg_deceased"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let died = day(cells.get("deceaseddate"), site);
    let dead = died.is_some() || cells.get("deceased") == Some("1");
    let [death_lo, death_hi] = interval(died);
    Derived {
        key: cells.get("pid").map(str::to_owned),
        values: vec![
            link(cells.get("doctorid")),
            link(cells.get("pmcid").or(site.profile().client_id.as_deref())),
            death_lo,
            death_hi,
            Value::from(dead.to_string()),
        ],
        exploded: terms(cells).rows(),
        ..Derived::default()
    }
}

/// The copy of an address, and the language.
fn terms(cells: &Cells<'_>) -> Terms {
    let at = |column| cells.get(column);
    Terms::default()
        .address(&Address {
            lines: [at("straddress"), at("straddress2")],
            city: at("city"),
            state: at("state"),
            zip: at("zip"),
            used: Some("home"),
            ..Address::default()
        })
        .and("language", at("language"))
}
