//! `billingdata`: the lines of a visit's claim.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;
use mapper::time::{self, Civil, Moment};

use crate::cells::{DAYS, joined, link, modifier, reference};

/// The columns that hold a modifier.
pub const MODIFIERS: [&str; 4] = ["mod1", "mod2", "mod3", "mod4"];

/// Billed lines.
pub const ENTITY: Entity = Entity {
    name: "billingdata",
    aliases: &[],
    table: "billingdata",
    columns: &[
        Column::new("id"),
        reference("encounterid"),
        reference("itemid"),
        Column::new("date"),
        Column::new("enddate"),
        reference("providerid"),
        reference("mod1"),
        reference("mod2"),
        reference("mod3"),
        reference("mod4"),
        reference("icdcode1"),
        reference("icdcode2"),
        reference("icdcode3"),
        reference("icdcode4"),
        Column::new("codeflag"),
    ],
    layouts: &[],
    computed: &[
        "cg_encounter",
        "cg_provider",
        // The item's code is not at hand here: see healow-copies.sql.
        "cg_system",
        "cg_code",
        "cg_modifiers",
        "cg_performed_lo",
        "cg_performed_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let (first, last) = days(cells.get("date"), cells.get("enddate"), site);
    let modifiers = MODIFIERS.into_iter().filter_map(|column| modifier(cells.get(column)?));
    let evaluation = cells.get("codeflag").is_some_and(|flag| flag.eq_ignore_ascii_case("E"));
    let time = |at: Option<chrono::NaiveDateTime>| at.map_or(Value::Null, Value::Time);
    Derived {
        key: cells.get("id").map(str::to_owned),
        identifying: &[
            "encounterid",
            "itemid",
            "date",
            "providerid",
            "mod1",
            "mod2",
            "mod3",
            "mod4",
        ],
        hold: evaluation.then(|| "withheld:an evaluation service".into()),
        values: vec![
            link(cells.get("encounterid")),
            link(cells.get("providerid")),
            Value::Null,
            Value::Null,
            joined(&modifiers.collect::<Vec<_>>()),
            time(first.map(|first| first.lo)),
            time(last.or(first).map(|last| last.hi)),
        ],
        ..Derived::default()
    }
}

/// The first day of service, and the last one when that is a later one.
pub fn days(date: Option<&str>, enddate: Option<&str>, site: &Site) -> (Option<Moment>, Option<Moment>) {
    let day = |cell: Option<&str>| {
        let civil = time::parse(cell?, DAYS).ok().map(Civil::date_only)?;
        Some(time::resolve(civil, site.zone()))
    };
    let first = day(date);
    let last = day(enddate).filter(|last| first.is_some_and(|first| last.lo > first.lo));
    (first, last)
}
