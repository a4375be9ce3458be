//! Procedure, from `SURGICAL_HX`.

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
use mapper::{Mapping, Rejected, Site, Trace};

use crate::codes::EVENT_STATUSES;
use crate::dictionary::{Book, Coded, coded_rows};
use crate::kinds::{ENCOUNTER, HISTORY, PATIENT, PROVIDER};
use crate::tables::surgical_hx;

pub use entity::SURGICAL_HX;

/// `Procedure.status` of what is told as history.
const COMPLETED: &str = "completed";

/// `SURGICAL_HX` rows.
pub struct Histories;

/// A surgery that a patient tells of.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = surgical_hx, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    proc_id: Option<String>,
    proc_name: Option<String>,
    surgical_hx_date: Option<String>,
    surg_hx_start_dt: Option<String>,
    surg_hx_end_dt: Option<String>,
    surg_laterality_c_name: Option<String>,
    comments: Option<String>,
    proc_comments: Option<String>,
    hx_lnk_enc_csn: Option<String>,
    cg_encounter: Option<String>,
    cg_pat_id: Option<String>,
    cg_patient: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Histories {
    coded_rows!(surgical_hx, Row, Book::Procedures, proc_id);
    const TARGET: Target = HISTORY;

    fn params() -> Vec<Param<surgical_hx::table>> {
        use surgical_hx as h;
        let patient = || Link::column(h::table, h::cg_patient, PATIENT);
        let visit = Link::column(h::table, h::cg_encounter, ENCOUNTER);
        let texts = vec![h::proc_name.into_text()];
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded("identifier", param::column(h::key, "key")),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(h::cg_pat_id, "pat_id")]),
            reference("encounter", [visit.or_told(h::hx_lnk_enc_csn, "hx_lnk_enc_csn")]),
            date("date", Interval::new(h::cg_performed_lo, h::cg_performed_hi)),
            token("status", param::constant(EVENT_STATUSES, COMPLETED)),
            token(
                "code",
                param::or_absent(param::or_text(Book::Procedures.codes(h::proc_id), texts)),
            ),
            reference("performer", [Link::column(h::table, h::cg_provider, PROVIDER)]),
        ]
    }

    fn translate(coded: Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::history(&coded, site, trace)
    }
}
