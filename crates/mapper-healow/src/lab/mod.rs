//! Procedure (done in house), from `labdata`.

mod entity;
#[cfg(test)]
mod tests;
mod translate;
mod when;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::us_core;
use mapper::db::AnyDb;
use mapper::param::{self, Interval, Link, Param, Target, date, profiles, reference, token, uncoded};
use mapper::sql::IntoText;
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::codes::PROCEDURE_STATUS;
use crate::kinds::{ENCOUNTER, LAB, PATIENT};
use crate::tables::labdata;

pub use entity::ENTITY;

/// `labdata` rows that are procedures.
pub struct Procedures;

/// A procedure.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = labdata, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    reportid: Option<String>,
    received: Option<String>,
    resultdate: Option<String>,
    colldate: Option<String>,
    colltime: Option<String>,
    cg_visitid: Option<String>,
    cg_encounter: Option<String>,
    cg_zone: Option<String>,
    cg_patientid: Option<String>,
    cg_patient: Option<String>,
    cg_system: Option<String>,
    cg_code: Option<String>,
    cg_item_modifiers: Option<String>,
    cg_uncoded: Option<String>,
    cg_text: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Procedures {
    rows_of!(labdata, Row);
    const TARGET: Target = LAB;

    fn params() -> Vec<Param<labdata::table>> {
        use labdata as l;
        let patient = || Link::column(l::table, l::cg_patient, PATIENT);
        let visit = Link::column(l::table, l::cg_encounter, ENCOUNTER);
        let codes = param::or_text(param::tagged(l::cg_system, l::cg_code), vec![l::cg_text.into_text()]);
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded(
                "identifier",
                param::or_key(param::column(l::reportid, "reportid"), l::key),
            ),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(l::cg_patientid, "patientid")]),
            reference("encounter", [visit.or_told(l::cg_visitid, "encounterid")]),
            date("date", Interval::new(l::cg_performed_lo, l::cg_performed_hi)),
            token("status", param::mapped(l::received, &PROCEDURE_STATUS)),
            token("code", param::or_absent(codes)),
            reference("performer", []),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::procedure(&row, site, trace)
    }
}
