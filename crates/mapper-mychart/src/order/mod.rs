//! Procedure, from `ORDER_PROC`.

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
use crate::kinds::{ENCOUNTER, ORDER, PATIENT, PROVIDER};
use crate::tables::order_proc;

pub use entity::{COMPLETED, ORDER_PROC};

/// `ORDER_PROC` rows.
pub struct Orders;

/// An order that was carried out.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = order_proc, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    order_proc_id: Option<String>,
    pat_id: Option<String>,
    pat_enc_csn_id: Option<String>,
    proc_id: Option<String>,
    proc_name: Option<String>,
    description: Option<String>,
    display_name: Option<String>,
    authrzing_prov_id: Option<String>,
    billing_prov_id: Option<String>,
    proc_bgn_time: Option<String>,
    proc_start_time: Option<String>,
    proc_ending_time: Option<String>,
    cg_patient: Option<String>,
    cg_encounter: Option<String>,
    cg_provider: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Orders {
    coded_rows!(order_proc, Row, Book::Procedures, proc_id);
    const TARGET: Target = ORDER;

    fn params() -> Vec<Param<order_proc::table>> {
        use order_proc as o;
        let patient = || Link::column(o::table, o::cg_patient, PATIENT);
        let visit = Link::column(o::table, o::cg_encounter, ENCOUNTER);
        let performer = Link::column(o::table, o::cg_provider, PROVIDER);
        let number = param::column(o::order_proc_id, "order_proc_id");
        let texts = vec![
            o::display_name.into_text(),
            o::description.into_text(),
            o::proc_name.into_text(),
        ];
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded("identifier", param::or_key(number, o::key)),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(o::pat_id, "pat_id")]),
            reference("encounter", [visit.or_told(o::pat_enc_csn_id, "pat_enc_csn_id")]),
            date("date", Interval::new(o::cg_performed_lo, o::cg_performed_hi)),
            token("status", param::constant(EVENT_STATUSES, COMPLETED)),
            token(
                "code",
                param::or_absent(param::or_text(Book::Procedures.codes(o::proc_id), texts)),
            ),
            reference(
                "performer",
                [performer
                    .or_told(o::billing_prov_id, "billing_prov_id")
                    .or_told(o::authrzing_prov_id, "authrzing_prov_id")],
            ),
        ]
    }

    fn translate(coded: Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::order(&coded, site, trace)
    }
}
