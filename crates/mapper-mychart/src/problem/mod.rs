//! Condition, from `PROBLEM_LIST`.

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

use crate::condition::PROBLEM_ITEM;
use crate::dictionary::{Book, Coded, coded_rows};
use crate::kinds::{ENCOUNTER, PATIENT, PROBLEM, USER};
use crate::tables::problem_list;

pub use entity::{PAT_PROBLEM_LIST, PROBLEM_LIST, PROBLEM_LIST_HX, RESOLVED};

/// `PROBLEM_LIST` rows.
pub struct Problems;

/// A problem.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = problem_list, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    problem_list_id: Option<String>,
    dx_id: Option<String>,
    dx_name: Option<String>,
    description: Option<String>,
    noted_date: Option<String>,
    noted_end_date: Option<String>,
    resolved_date: Option<String>,
    entry_user_id: Option<String>,
    problem_status_c_name: Option<String>,
    problem_cmt: Option<String>,
    cg_recorder: Option<String>,
    cg_pat_id: Option<String>,
    cg_patient: Option<String>,
    cg_recorded: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Problems {
    coded_rows!(problem_list, Row, Book::Diagnoses, dx_id);
    const TARGET: Target = PROBLEM;

    fn params() -> Vec<Param<problem_list::table>> {
        use problem_list as p;
        let patient = || Link::column(p::table, p::cg_patient, PATIENT);
        let texts = vec![p::description.into_text(), p::dx_name.into_text()];
        let number = param::column(p::problem_list_id, "problem_list_id");
        vec![
            profiles(&[us_core::CONDITION_PROBLEMS]),
            nothing("asserted-date", ParamType::Date),
            uncoded("identifier", param::or_key(number, p::key)),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(p::cg_pat_id, "pat_id")]),
            reference("encounter", [Link::column(p::table, p::cg_encounter, ENCOUNTER)]),
            token("category", param::constant(system::CONDITION_CATEGORY, PROBLEM_ITEM)),
            token(
                "clinical-status",
                param::ids(p::cg_clinical, system::CONDITION_CLINICAL),
            ),
            token(
                "code",
                param::or_absent(param::or_text(Book::Diagnoses.codes(p::dx_id), texts)),
            ),
            date("onset-date", Interval::new(p::cg_onset_lo, p::cg_onset_hi)),
            date("abatement-date", Interval::new(p::cg_abated_lo, p::cg_abated_hi)),
            date("recorded-date", Interval::new(p::cg_recorded_lo, p::cg_recorded_hi)),
        ]
    }

    fn links() -> Vec<Param<problem_list::table>> {
        use problem_list as p;
        vec![reference("recorder", [Link::column(p::table, p::cg_recorder, USER)])]
    }

    fn translate(coded: Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::problem(&coded, site, trace)
    }
}
