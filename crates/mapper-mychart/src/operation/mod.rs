//! Procedure, from `OR_LOG_ALL_PROC` and the case in `OR_LOG`.

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
use crate::kinds::{ENCOUNTER, OPERATION, PATIENT, PROVIDER};
use crate::tables::or_log_all_proc;

pub use entity::{OR_LOG, OR_LOG_ALL_PROC};

/// `OR_LOG_ALL_PROC` rows.
pub struct Operations;

/// A procedure of a case.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = or_log_all_proc, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    or_proc_id: Option<String>,
    or_proc_name: Option<String>,
    lrb_c_name: Option<String>,
    proc_eap_id: Option<String>,
    cg_status: Option<String>,
    cg_pat_id: Option<String>,
    cg_patient: Option<String>,
    cg_not_performed: Option<String>,
    cg_surgery_date: Option<String>,
    cg_physician: Option<String>,
    cg_provider: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Operations {
    coded_rows!(or_log_all_proc, Row, Book::Procedures, proc_eap_id);
    const TARGET: Target = OPERATION;

    fn params() -> Vec<Param<or_log_all_proc::table>> {
        use or_log_all_proc as o;
        let patient = || Link::column(o::table, o::cg_patient, PATIENT);
        let performer = Link::column(o::table, o::cg_provider, PROVIDER);
        let texts = vec![o::or_proc_name.into_text()];
        let codes = vec![
            param::column(o::or_proc_id, "or_proc_id"),
            Book::Procedures.codes(o::proc_eap_id),
        ];
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded("identifier", param::column(o::key, "key")),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(o::cg_pat_id, "pat_id")]),
            reference("encounter", [Link::column(o::table, o::cg_encounter, ENCOUNTER)]),
            date("date", Interval::new(o::cg_performed_lo, o::cg_performed_hi)),
            token("status", param::ids(o::cg_status, EVENT_STATUSES)),
            token("code", param::or_absent(param::or_text(param::any_of(codes), texts))),
            reference("performer", [performer.or_told(o::cg_physician, "primary_phys_id")]),
        ]
    }

    fn translate(coded: Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::operation(&coded, site, trace)
    }
}
