//! `enc`: appointments and visits, one row for both; and the shells that claims, laboratory orders, refills and the portal make.

use mapper::element::Cell;
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;
use mapper::time::{Civil, Precision};
use mapper::{CodeMap, Site};

use super::visit::Told;
use crate::cells::{DELETED, NO_PATIENT, era, flag, folded, link, practice, reference, text, words};
use crate::codes::{ENC_TYPE, ENCOUNTER_CLASS};

/// Visits.
pub const ENTITY: Entity = Entity {
    name: "enc",
    aliases: &[],
    table: "enc",
    columns: &[
        reference("encounterid"),
        reference("patientid"),
        reference("doctorid"),
        reference("resourceid"),
        reference("refprid"),
        reference("facilityid"),
        Column::new("date"),
        Column::new("starttime"),
        Column::new("arrivedtime"),
        Column::new("timein"),
        Column::new("timeout"),
        Column::new("deptime"),
        Column::new("status"),
        Column::new("visittype"),
        Column::new("enctype"),
        Column::new("pos"),
        Column::new("reason"),
        Column::new("dx"),
        reference("hl7id"),
        reference("psacgroup"),
        Column::new("deleteflag"),
    ],
    layouts: &[],
    computed: &[
        "cg_patient",
        "cg_provider",
        "cg_resource",
        "cg_referrer",
        "cg_location",
        "cg_client",
        "cg_zone",
        "cg_class",
        "cg_type",
        "cg_words",
        "cg_reason",
        "cg_era",
        "cg_start_lo",
        "cg_end_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let facility = cells.get("facilityid");
    let told = told(cells);
    let visit = told.read(site.zone_of(facility), site);
    let day = told
        .day()
        .or_else(|| visit.day())
        .filter(|day| day.precision() >= Precision::Day);
    let [start, end] = visit.interval();
    let class = site.code(&ENCOUNTER_CLASS, class_word(cells.get("enctype"), cells.get("pos")));
    Derived {
        key: cells.get("encounterid").map(str::to_owned),
        identifying: &["patientid", "doctorid", "date", "starttime", "visittype", "enctype"],
        hold: hold(cells, site),
        values: vec![
            link(cells.get("patientid")),
            link(cells.get("doctorid")),
            link(cells.get("resourceid")),
            link(cells.get("refprid")),
            link(facility),
            practice(site),
            text(site.other_zone(facility)),
            text(class.code()),
            words(cells.get("visittype")).map_or(Value::Null, Value::Text),
            folded(cells.get("visittype")),
            folded(cells.first(&["reason", "dx"])),
            era(day.map(Civil::date)),
            start,
            end,
        ],
        ..Derived::default()
    }
}

fn told<'a>(cells: &Cells<'a>) -> Told<'a> {
    let cell = |column| Cell {
        column,
        text: cells.get(column),
    };
    Told {
        date: cell("date"),
        starttime: cell("starttime"),
        arrivedtime: cell("arrivedtime"),
        timein: cell("timein"),
        timeout: cell("timeout"),
        deptime: cell("deptime"),
    }
}

/// What the code map of classes is asked for: out of office at home is another class than out of office elsewhere.
pub fn class_word<'a>(enctype: Option<&'a str>, pos: Option<&str>) -> Option<&'a str> {
    match (enctype, pos) {
        (Some("3"), Some("12")) => Some("3/12"),
        (other, _) => other,
    }
}

/// Why a row is not served.
fn hold(cells: &Cells<'_>, site: &Site) -> Option<String> {
    let is = |map: &'static CodeMap, word, code| site.code(map, word).code() == Some(code);
    let reason = if flag(cells.get("deleteflag")) {
        DELETED
    } else if is(&ENC_TYPE, cells.get("enctype"), "shell") {
        "withheld:not a visit"
    } else if cells.get("patientid").is_none() {
        NO_PATIENT
    } else {
        return None;
    };
    Some(reason.into())
}
