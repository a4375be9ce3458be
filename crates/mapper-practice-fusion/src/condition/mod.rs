//! Condition, from `patient-diagnoses` (the problem list) and `patient-encounter-diagnoses` (what was diagnosed at a visit). US Core
//! separates the two, so a diagnosis that was made at two visits is three Conditions.

mod entity;
mod rows;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::search::ParamType;
use fhir::{system, us_core};
use mapper::db::AnyConnection;
use mapper::param::{self, Interval, Link, Param, Target, Words, date, nothing, profiles, reference, token, uncoded};
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace, rows_of};

use crate::kinds::{ENCOUNTER, PATIENT, PROBLEM, PROVIDER, USER, VISIT_DIAGNOSIS};
use crate::tables::{patient_diagnoses, patient_diagnosis_codes, patient_encounter_diagnoses};

pub use entity::{DIAGNOSES, VISIT_DIAGNOSES};
use rows::{AtVisit, Diagnosis};

/// `patient-diagnoses` rows.
pub struct Problems;

/// `patient-encounter-diagnoses` rows.
pub struct VisitDiagnoses;

/// `Condition.category` of the problem list.
const PROBLEM_LIST_ITEM: &str = "problem-list-item";
/// `Condition.category` of a visit's diagnosis.
const ENCOUNTER_DIAGNOSIS: &str = "encounter-diagnosis";
/// `Condition.clinicalStatus` of what has not been stopped.
const ACTIVE: &str = "active";
/// `Condition.clinicalStatus` of what was stopped.
const RESOLVED: &str = "resolved";

/// The parameters of both tables, whose columns have the same names. `$diagnosis` holds the key of the diagnosis that has the codes.
macro_rules! params {
    ($table:ident, $diagnosis:ident, $category:expr, $visits:expr, $profile:expr) => {{
        use patient_diagnosis_codes as c;
        use $table as t;
        let patient = || Link::column(t::table, t::cg_patient, PATIENT);
        let codes = param::through(t::$diagnosis, c::table, c::owner, param::tagged(c::system, c::code));
        let texts = vec![Words::new(t::cg_text, t::cg_words)];
        vec![
            profiles(&[$profile]),
            nothing("asserted-date", ParamType::Date),
            uncoded(
                "identifier",
                param::or_key(param::column(t::cg_guid, "diagnosisguid"), t::key),
            ),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient().or_told(t::cg_told_patient, "patientpracticeguid")],
            ),
            reference("encounter", $visits),
            token("category", param::constant(system::CONDITION_CATEGORY, $category)),
            token(
                "clinical-status",
                param::ids(t::cg_clinical, system::CONDITION_CLINICAL),
            ),
            // The export does not say how sure a diagnosis is, so no row has one.
            token("verification-status", param::any_of(vec![])),
            token("code", param::or_absent(param::or_words(codes, texts))),
            date("onset-date", Interval::new(t::cg_onset_lo, t::cg_onset_hi)),
            date("abatement-date", Interval::new(t::cg_abated_lo, t::cg_abated_hi)),
            date("recorded-date", Interval::new(t::cg_recorded_lo, t::cg_recorded_hi)),
        ]
    }};
}

impl Mapping for Problems {
    rows_of!(patient_diagnoses, Diagnosis);
    const TARGET: Target = PROBLEM;

    fn params() -> Vec<Param<patient_diagnoses::table>> {
        // The problem list does not say at which visit.
        params!(
            patient_diagnoses,
            key,
            PROBLEM_LIST_ITEM,
            [],
            us_core::CONDITION_PROBLEMS
        )
    }

    fn links() -> Vec<Param<patient_diagnoses::table>> {
        use patient_diagnoses as d;
        let recorder = Link::column(d::table, d::cg_recorder, PROVIDER);
        let user = Link::column(d::table, d::cg_recorder_user, USER);
        let author = Link::column(d::table, d::cg_author, PROVIDER);
        vec![reference("recorder", [recorder, user]), reference("note", [author])]
    }

    fn translate(row: Diagnosis, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::problem(&row, site, trace)
    }
}

impl Mapping for VisitDiagnoses {
    type Table = patient_encounter_diagnoses::table;
    type Row = AtVisit;
    const TARGET: Target = VISIT_DIAGNOSIS;
    const TABLE: &'static str = "patient_encounter_diagnoses";

    fn table() -> patient_encounter_diagnoses::table {
        patient_encounter_diagnoses::table
    }

    fn columns() -> Columns<patient_encounter_diagnoses::table> {
        use patient_encounter_diagnoses as e;
        Columns::new(e::key, e::cg_updated, e::cg_hold)
    }

    fn params() -> Vec<Param<patient_encounter_diagnoses::table>> {
        use patient_encounter_diagnoses as e;
        let visit = Link::column(e::table, e::cg_visit, ENCOUNTER).or_told(e::cg_told_visit, "encounterguid");
        params!(
            patient_encounter_diagnoses,
            cg_diagnosis,
            ENCOUNTER_DIAGNOSIS,
            [visit],
            us_core::CONDITION_ENCOUNTER_DIAGNOSIS
        )
    }

    fn links() -> Vec<Param<patient_encounter_diagnoses::table>> {
        use {patient_diagnoses as d, patient_encounter_diagnoses as e};
        let recorder = Link::child(e::table, e::cg_diagnosis, d::table, d::key, d::cg_recorder, PROVIDER);
        let user = Link::child(e::table, e::cg_diagnosis, d::table, d::key, d::cg_recorder_user, USER);
        let author = Link::child(e::table, e::cg_diagnosis, d::table, d::key, d::cg_author, PROVIDER);
        vec![reference("recorder", [recorder, user]), reference("note", [author])]
    }

    fn load(conn: &mut AnyConnection, rows: Rows<patient_encounter_diagnoses::table>) -> QueryResult<Loaded<AtVisit>> {
        rows::at_visits(conn, rows)
    }

    fn key(row: &AtVisit) -> &str {
        row.key()
    }

    fn updated(row: &AtVisit) -> NaiveDateTime {
        row.updated()
    }

    fn translate(row: AtVisit, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::visit_diagnosis(&row, site, trace)
    }
}
