//! Condition (problem list), from `problemlist`.

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

use crate::codes::CONDITION_VERIFICATION;
use crate::kinds::{ENCOUNTER, PATIENT, PRACTITIONER, PROBLEM};
use crate::tables::problemlist;

pub use entity::ENTITY;

/// `problemlist` rows.
pub struct Problems;

/// A problem.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = problemlist, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    slno: Option<String>,
    patientid: Option<String>,
    encounterid: Option<String>,
    condition: Option<String>,
    resolvedon: Option<String>,
    wustatus: Option<String>,
    onsetdate: Option<String>,
    addeddate: Option<String>,
    specify: Option<String>,
    notes: Option<String>,
    snomed: Option<String>,
    userid: Option<String>,
    cg_patient: Option<String>,
    cg_encounter: Option<String>,
    cg_recorder: Option<String>,
    cg_clinical: Option<String>,
    cg_system: Option<String>,
    cg_code: Option<String>,
    cg_uncoded: Option<String>,
    cg_text: Option<String>,
    cg_snomed: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Problems {
    rows_of!(problemlist, Row);
    const TARGET: Target = PROBLEM;

    fn params() -> Vec<Param<problemlist::table>> {
        use problemlist as p;
        let patient = || Link::column(p::table, p::cg_patient, PATIENT);
        let visit = Link::column(p::table, p::cg_encounter, ENCOUNTER);
        let codes = vec![
            param::tagged(p::cg_system, p::cg_code),
            param::ids(p::cg_snomed, system::SNOMED),
        ];
        let codes = param::or_text(param::any_of(codes), vec![p::cg_text.into_text()]);
        vec![
            profiles(&[us_core::CONDITION_PROBLEMS]),
            nothing("asserted-date", ParamType::Date),
            uncoded("identifier", param::or_key(param::column(p::slno, "slno"), p::key)),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(p::patientid, "patientid")]),
            reference("encounter", [visit.or_told(p::encounterid, "encounterid")]),
            token(
                "category",
                param::constant(system::CONDITION_CATEGORY, translate::CATEGORY),
            ),
            token(
                "clinical-status",
                param::ids(p::cg_clinical, system::CONDITION_CLINICAL),
            ),
            token(
                "verification-status",
                param::mapped(p::wustatus, &CONDITION_VERIFICATION),
            ),
            token("code", param::or_absent(codes)),
            date("onset-date", Interval::new(p::cg_onset_lo, p::cg_onset_hi)),
            date("abatement-date", Interval::new(p::cg_abated_lo, p::cg_abated_hi)),
            date("recorded-date", Interval::new(p::cg_recorded_lo, p::cg_recorded_hi)),
        ]
    }

    fn links() -> Vec<Param<problemlist::table>> {
        use problemlist as p;
        vec![reference(
            "recorder",
            [Link::column(p::table, p::cg_recorder, PRACTITIONER)],
        )]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::condition(&row, site, trace)
    }
}
