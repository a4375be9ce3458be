//! `labdata`: orders. Type 3 are procedures done in house.

use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;
use mapper::time::{Civil, Moment, Precision};

use super::when::Told;
use crate::cells::{DELETED, flag, interval, link, reference, resolve, text};

/// Orders.
pub const ENTITY: Entity = Entity {
    name: "labdata",
    aliases: &[],
    table: "labdata",
    columns: &[
        Column::new("reportid"),
        reference("encounterid"),
        reference("ordencounterid"),
        reference("itemid"),
        Column::new("type"),
        Column::new("received"),
        Column::new("resultdate"),
        Column::new("colldate"),
        Column::new("colltime"),
        Column::new("futureflag"),
        Column::new("cancelled"),
        Column::new("deleteflag"),
    ],
    layouts: &[],
    // The item's code is not at hand here: see healow-copies.sql.
    computed: &[
        "cg_visitid",
        "cg_encounter",
        "cg_system",
        "cg_code",
        "cg_performed_lo",
        "cg_performed_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    // For an order of the future the vendor makes a new shell; the visit that ordered it stands beside it.
    let visit = cells.first(&["ordencounterid", "encounterid"]);
    let cell = |column| mapper::element::Cell {
        column,
        text: cells.get(column),
    };
    let told = Told {
        colldate: cell("colldate"),
        colltime: cell("colltime"),
        resultdate: cell("resultdate"),
    };
    let done = told.read().civil;
    let [lo, hi] = interval(done.map(|civil| resolve(civil, site.zone(), site)));
    let hold = hold(cells);
    let timed = done.filter(|civil| hold.is_none() && civil.precision() > Precision::Day);
    let exploded = timed.map(|civil| clocks(civil, site)).unwrap_or_default();
    Derived {
        key: cells.get("reportid").map(str::to_owned),
        identifying: &[
            "encounterid",
            "ordencounterid",
            "itemid",
            "type",
            "colldate",
            "colltime",
        ],
        hold,
        values: vec![text(visit), link(visit), Value::Null, Value::Null, lo, hi],
        exploded,
        ..Derived::default()
    }
}

/// A time of day on the source's clock, and on those of other zones that then show another instant.
fn clocks(civil: Civil, site: &Site) -> Vec<Vec<Value>> {
    let row = |name: &str, moment: Moment| {
        let [lo, hi] = interval(Some(moment));
        vec![Value::from(name), lo, hi]
    };
    let own = resolve(civil, site.zone(), site);
    let mut rows = vec![row("", own)];
    let others = site.zones().into_iter().map(|zone| (zone, resolve(civil, zone, site)));
    rows.extend(
        others
            .filter(|(_, at)| at.lo != own.lo)
            .map(|(zone, at)| row(zone.name(), at)),
    );
    rows
}

fn hold(cells: &Cells<'_>) -> Option<String> {
    let reason = if flag(cells.get("deleteflag")) {
        DELETED
    } else if cells.get("type") != Some("3") {
        "withheld:an order, not a procedure"
    } else if flag(cells.get("cancelled")) {
        "withheld:cancelled"
    } else if flag(cells.get("futureflag")) {
        "withheld:ordered, not performed"
    } else {
        return None;
    };
    Some(reason.into())
}
