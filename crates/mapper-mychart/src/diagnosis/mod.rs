//! Condition, from `PAT_ENC_DX`.

mod entity;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::search::ParamType;
use fhir::{system, us_core};
use mapper::db::AnyDb;
use mapper::param::{self, Interval, Link, Param, Target, date, nothing, profiles, reference, token, uncoded};
use mapper::sql::IntoText;
use mapper::{Mapping, Rejected, Site, Trace};

use crate::condition::VISIT_DIAGNOSIS;
use crate::dictionary::{Book, Coded, coded_rows};
use crate::kinds::{DIAGNOSIS, ENCOUNTER, PATIENT};
use crate::tables::pat_enc_dx;

pub use entity::PAT_ENC_DX;

/// `PAT_ENC_DX` rows.
pub struct Diagnoses;

/// A diagnosis of a contact.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = pat_enc_dx, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    pat_enc_csn_id: Option<String>,
    contact_date: Option<String>,
    dx_id: Option<String>,
    dx_name: Option<String>,
    annotation: Option<String>,
    comments: Option<String>,
    cg_encounter: Option<String>,
    cg_pat_id: Option<String>,
    cg_patient: Option<String>,
    cg_clinical: Option<String>,
    cg_noted: Option<String>,
    cg_noted_end: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Diagnoses {
    coded_rows!(pat_enc_dx, Row, Book::Diagnoses, dx_id);
    const TARGET: Target = DIAGNOSIS;

    fn params() -> Vec<Param<pat_enc_dx::table>> {
        use pat_enc_dx as d;
        let patient = || Link::column(d::table, d::cg_patient, PATIENT);
        let visit = Link::column(d::table, d::cg_encounter, ENCOUNTER);
        let texts = vec![d::annotation.into_text(), d::dx_name.into_text()];
        vec![
            profiles(&[us_core::CONDITION_ENCOUNTER_DIAGNOSIS]),
            nothing("asserted-date", ParamType::Date),
            uncoded("identifier", param::column(d::key, "key")),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(d::cg_pat_id, "pat_id")]),
            reference("encounter", [visit.or_told(d::pat_enc_csn_id, "pat_enc_csn_id")]),
            token("category", param::constant(system::CONDITION_CATEGORY, VISIT_DIAGNOSIS)),
            token(
                "clinical-status",
                param::ids(d::cg_clinical, system::CONDITION_CLINICAL),
            ),
            token(
                "code",
                param::or_absent(param::or_text(Book::Diagnoses.codes(d::dx_id), texts)),
            ),
            date("onset-date", Interval::new(d::cg_onset_lo, d::cg_onset_hi)),
            date("abatement-date", Interval::new(d::cg_abated_lo, d::cg_abated_hi)),
            date("recorded-date", Interval::new(d::cg_recorded_lo, d::cg_recorded_hi)),
        ]
    }

    fn translate(coded: Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::diagnosis(&coded, site, trace)
    }
}
