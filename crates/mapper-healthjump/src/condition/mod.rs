//! Condition, from `diagnosis`: a visit's diagnosis when the row names a visit, else an item of the problem list.

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
use mapper::param::{self, Interval, Link, Param, Target, Words, date, nothing, reference, token, uncoded};
use mapper::sql::{Filter, IntoTime};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::codes::{CONDITION_CLINICAL, CONDITION_VERIFICATION};
use crate::kinds::{CONDITION, ENCOUNTER, PATIENT, PRACTITIONER};
use crate::tables::diagnosis;

pub use entity::ENTITY;

/// `diagnosis` rows.
pub struct Conditions;

/// A diagnosis.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = diagnosis, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    diagnosisid: Option<String>,
    diagnosis_id: Option<String>,
    source_diagnosis_id: Option<String>,
    patient_id: Option<String>,
    client_patient_id: Option<String>,
    encounterid: Option<String>,
    encounter_id: Option<String>,
    diagnosis_code: Option<String>,
    diagnosis_date: Option<String>,
    onset_date: Option<String>,
    resolved_date: Option<String>,
    status: Option<String>,
    provider_id: Option<String>,
    cg_patient: Option<String>,
    cg_encounter: Option<String>,
    cg_provider: Option<String>,
    cg_system: Option<String>,
    cg_code: Option<String>,
    cg_text: Option<String>,
    cg_updated: NaiveDateTime,
}

/// What is said of a row that names a visit.
const VISIT_DIAGNOSIS: &str = "encounter-diagnosis";
/// What is said of the others.
const PROBLEM: &str = "problem-list-item";
/// What an end makes of a condition, whatever the status says (R4 invariant con-4).
const RESOLVED: &str = "resolved";

impl Mapping for Conditions {
    rows_of!(diagnosis, Row);
    const TARGET: Target = CONDITION;

    fn params() -> Vec<Param<diagnosis::table>> {
        use diagnosis as d;
        let patient = || Link::column(d::table, d::cg_patient, PATIENT);
        let visit = Link::column(d::table, d::cg_encounter, ENCOUNTER);
        let names_visit = || Filter::any([Filter::not_null(d::encounterid), Filter::not_null(d::encounter_id)]);
        let ended = Filter::no_time(d::cg_abated_lo.into_time()).negate();
        let texts = vec![Words::new(d::cg_text, d::cg_words)];
        let numbers = vec![
            param::column(d::diagnosisid, "diagnosisid"),
            param::column(d::diagnosis_id, "diagnosis_id"),
            param::column(d::source_diagnosis_id, "source_diagnosis_id"),
        ];
        vec![
            param::uris(
                "_profile",
                &[
                    (names_visit(), us_core::CONDITION_ENCOUNTER_DIAGNOSIS),
                    (names_visit().negate(), us_core::CONDITION_PROBLEMS),
                ],
            ),
            nothing("asserted-date", ParamType::Date),
            uncoded("identifier", param::or_key(param::any_of(numbers), d::key)),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient()
                    .or_told(d::patient_id, "demographicid")
                    .or_told(d::client_patient_id, "client_patient_id")],
            ),
            reference(
                "encounter",
                [visit
                    .or_told(d::encounterid, "encounterid")
                    .or_told(d::encounter_id, "encounter_id")],
            ),
            token(
                "category",
                param::cases(
                    system::CONDITION_CATEGORY,
                    vec![(names_visit(), VISIT_DIAGNOSIS)],
                    param::constant(system::CONDITION_CATEGORY, PROBLEM),
                ),
            ),
            token(
                "clinical-status",
                param::cases(
                    system::CONDITION_CLINICAL,
                    vec![(ended, RESOLVED)],
                    param::mapped(d::status, &CONDITION_CLINICAL),
                ),
            ),
            token("verification-status", param::mapped(d::status, &CONDITION_VERIFICATION)),
            token(
                "code",
                param::or_absent(param::or_words(param::tagged(d::cg_system, d::cg_code), texts)),
            ),
            date("onset-date", Interval::new(d::cg_onset_lo, d::cg_onset_hi)),
            date("abatement-date", Interval::new(d::cg_abated_lo, d::cg_abated_hi)),
            date("recorded-date", Interval::new(d::cg_recorded_lo, d::cg_recorded_hi)),
        ]
    }

    fn links() -> Vec<Param<diagnosis::table>> {
        use diagnosis as d;
        vec![reference(
            "recorder",
            [Link::column(d::table, d::cg_provider, PRACTITIONER)],
        )]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::condition(&row, site, trace)
    }
}
