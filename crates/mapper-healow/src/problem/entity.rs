//! `problemlist`: what a patient has, visit or not.

use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;
use mapper::{Site, time};

use crate::cells::{DAYS, DELETED, NO_PATIENT, day, era, flag, interval, link, reference, snomed, stamp, text};
use crate::codes::{CONDITION_CLINICAL, CONDITION_VERIFICATION};

/// Problems.
pub const ENTITY: Entity = Entity {
    name: "problemlist",
    aliases: &[],
    table: "problemlist",
    columns: &[
        Column::new("slno"),
        reference("patientid"),
        reference("encounterid"),
        reference("asmtid"),
        Column::new("condition"),
        Column::new("inactiveflag"),
        Column::new("resolved"),
        Column::new("resolvedon"),
        Column::new("wustatus"),
        Column::new("onsetdate"),
        Column::new("addeddate"),
        Column::new("logdate"),
        Column::new("specify"),
        Column::new("notes"),
        reference("snomed"),
        Column::new("snomeddesc"),
        reference("userid"),
        Column::new("deleteflag"),
    ],
    layouts: &[],
    computed: &[
        "cg_patient",
        "cg_encounter",
        "cg_recorder",
        "cg_clinical",
        "cg_era",
        // The item's code is not at hand here: see healow-copies.sql.
        "cg_system",
        "cg_code",
        "cg_snomed",
        "cg_onset_lo",
        "cg_onset_hi",
        "cg_abated_lo",
        "cg_abated_hi",
        "cg_recorded_lo",
        "cg_recorded_hi",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let logged = stamp(cells.get("logdate"), site);
    let added = cells.get("addeddate");
    let added_on = added.and_then(|cell| time::parse(cell, DAYS).ok());
    let [onset_lo, onset_hi] = interval(day(cells.get("onsetdate"), site));
    let [abated_lo, abated_hi] = interval(abated(cells, site));
    let [recorded_lo, recorded_hi] = interval(day(added, site));
    Derived {
        key: cells.get("slno").map(str::to_owned),
        identifying: &["patientid", "asmtid", "specify", "onsetdate", "snomed"],
        modified: logged,
        updated: logged.or_else(|| stamp(added, site)),
        hold: hold(cells),
        values: vec![
            link(cells.get("patientid")),
            link(cells.get("encounterid")),
            link(cells.get("userid")),
            text(clinical(cells, site)),
            era(added_on.map(time::Civil::date)),
            Value::Null,
            Value::Null,
            snomed(cells.get("snomed")),
            onset_lo,
            onset_hi,
            abated_lo,
            abated_hi,
            recorded_lo,
            recorded_hi,
        ],
        ..Derived::default()
    }
}

fn abated(cells: &Cells<'_>, site: &Site) -> Option<time::Moment> {
    day(cells.get("resolvedon"), site)
}

/// `Condition.clinicalStatus`: an end makes it resolved (con-4), and what was entered in error has none (con-5).
fn clinical(cells: &Cells<'_>, site: &Site) -> Option<&'static str> {
    let verification = site.code(&CONDITION_VERIFICATION, cells.get("wustatus"));
    if verification.code() == Some("entered-in-error") {
        None
    } else if flag(cells.get("resolved")) || abated(cells, site).is_some() {
        Some("resolved")
    } else if flag(cells.get("inactiveflag")) {
        Some("inactive")
    } else {
        site.code(&CONDITION_CLINICAL, cells.get("condition")).code()
    }
}

fn hold(cells: &Cells<'_>) -> Option<String> {
    if flag(cells.get("deleteflag")) {
        Some(DELETED.into())
    } else if cells.get("patientid").is_none() {
        Some(NO_PATIENT.into())
    } else {
        None
    }
}
