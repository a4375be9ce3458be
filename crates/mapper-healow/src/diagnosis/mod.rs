//! Condition (diagnosis of a visit), from `diagnosis`.

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
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::kinds::{DIAGNOSIS, ENCOUNTER, PATIENT};
use crate::tables::diagnosis;

pub use entity::ENTITY;

/// `diagnosis` rows.
pub struct Diagnoses;

/// A diagnosis.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = diagnosis, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    slno: Option<String>,
    encounterid: Option<String>,
    asmtonsetdate: Option<String>,
    specify: Option<String>,
    notes: Option<String>,
    snomed: Option<String>,
    cg_encounter: Option<String>,
    cg_patientid: Option<String>,
    cg_patient: Option<String>,
    cg_system: Option<String>,
    cg_code: Option<String>,
    cg_uncoded: Option<String>,
    cg_text: Option<String>,
    cg_snomed: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Diagnoses {
    rows_of!(diagnosis, Row);
    const TARGET: Target = DIAGNOSIS;

    fn params() -> Vec<Param<diagnosis::table>> {
        use diagnosis as d;
        let patient = || Link::column(d::table, d::cg_patient, PATIENT);
        let visit = Link::column(d::table, d::cg_encounter, ENCOUNTER);
        let codes = vec![
            param::tagged(d::cg_system, d::cg_code),
            param::ids(d::cg_snomed, system::SNOMED),
        ];
        let codes = param::or_text(param::any_of(codes), vec![d::cg_text.into_text()]);
        // A diagnosis of a visit has no status and no end; nothing matches, as nothing is shown.
        let none = || param::any_of(vec![]);
        vec![
            profiles(&[us_core::CONDITION_ENCOUNTER_DIAGNOSIS]),
            nothing("asserted-date", ParamType::Date),
            uncoded("identifier", param::or_key(param::column(d::slno, "slno"), d::key)),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(d::cg_patientid, "patientid")]),
            reference("encounter", [visit.or_told(d::encounterid, "encounterid")]),
            token(
                "category",
                param::constant(system::CONDITION_CATEGORY, translate::CATEGORY),
            ),
            token("clinical-status", none()),
            token("verification-status", none()),
            token("code", param::or_absent(codes)),
            date("onset-date", Interval::new(d::cg_onset_lo, d::cg_onset_hi)),
            date("abatement-date", Interval::new(d::cg_abated_lo, d::cg_abated_hi)),
            date("recorded-date", Interval::new(d::cg_recorded_lo, d::cg_recorded_hi)),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::condition(&row, site, trace)
    }
}
