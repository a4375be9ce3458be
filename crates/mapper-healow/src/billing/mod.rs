//! Procedure (billed line), from `billingdata`.

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

use crate::kinds::{BILLED, ENCOUNTER, PATIENT, PRACTITIONER};
use crate::procedure::{COMPLETED, STATUS};
use crate::tables::billingdata;

pub use entity::ENTITY;

/// `billingdata` rows.
pub struct BilledLines;

/// A billed line.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = billingdata, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    id: Option<String>,
    encounterid: Option<String>,
    date: Option<String>,
    enddate: Option<String>,
    providerid: Option<String>,
    mod1: Option<String>,
    mod2: Option<String>,
    mod3: Option<String>,
    mod4: Option<String>,
    icdcode1: Option<String>,
    icdcode2: Option<String>,
    icdcode3: Option<String>,
    icdcode4: Option<String>,
    cg_encounter: Option<String>,
    cg_provider: Option<String>,
    cg_patientid: Option<String>,
    cg_patient: Option<String>,
    cg_system: Option<String>,
    cg_code: Option<String>,
    cg_item_modifiers: Option<String>,
    cg_uncoded: Option<String>,
    cg_text: Option<String>,
    cg_modifiers: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for BilledLines {
    rows_of!(billingdata, Row);
    const TARGET: Target = BILLED;

    fn params() -> Vec<Param<billingdata::table>> {
        use billingdata as b;
        let patient = || Link::column(b::table, b::cg_patient, PATIENT);
        let visit = Link::column(b::table, b::cg_encounter, ENCOUNTER);
        let performer = Link::column(b::table, b::cg_provider, PRACTITIONER);
        let codes = param::or_text(param::tagged(b::cg_system, b::cg_code), vec![b::cg_text.into_text()]);
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded("identifier", param::or_key(param::column(b::id, "id"), b::key)),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(b::cg_patientid, "patientid")]),
            reference("encounter", [visit.or_told(b::encounterid, "encounterid")]),
            date("date", Interval::new(b::cg_performed_lo, b::cg_performed_hi)),
            token("status", param::constant(STATUS, COMPLETED)),
            token("code", param::or_absent(codes)),
            reference("performer", [performer.or_told(b::providerid, "providerid")]),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::procedure(&row, site, trace)
    }
}
