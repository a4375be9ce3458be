//! Procedure (surgical history), from `surgicalhistory`.

mod entity;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::us_core;
use mapper::db::AnyDb;
use mapper::param::{self, Interval, Link, Param, Target, date, profiles, reference, token, uncoded};
use mapper::sql::IntoText;
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::kinds::{PATIENT, SURGERY};
use crate::procedure::{COMPLETED, STATUS};
use crate::tables::surgicalhistory;

pub use entity::ENTITY;

/// `surgicalhistory` rows.
pub struct Surgeries;

/// A surgery.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = surgicalhistory, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    date: Option<String>,
    cptcode: Option<String>,
    cg_patientid: Option<String>,
    cg_patient: Option<String>,
    cg_system: Option<String>,
    cg_code: Option<String>,
    cg_text: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Surgeries {
    rows_of!(surgicalhistory, Row);
    const TARGET: Target = SURGERY;

    fn params() -> Vec<Param<surgicalhistory::table>> {
        use surgicalhistory as s;
        let patient = || Link::column(s::table, s::cg_patient, PATIENT);
        let codes = param::or_text(param::tagged(s::cg_system, s::cg_code), vec![s::cg_text.into_text()]);
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded("identifier", param::column(s::key, "key")),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(s::cg_patientid, "patientid")]),
            // The visit is where somebody wrote it down, not where it was done.
            reference("encounter", []),
            date("date", Interval::new(s::cg_performed_lo, s::cg_performed_hi)),
            token("status", param::constant(STATUS, COMPLETED)),
            token("code", param::or_absent(codes)),
            reference("performer", []),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::procedure(&row, site, trace)
    }
}
