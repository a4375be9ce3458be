//! Procedure, from `procedure`.

mod entity;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::us_core;
use mapper::db::AnyDb;
use mapper::param::{self, Interval, Link, Param, Target, Words, date, profiles, reference, token, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::codes::PROCEDURE_STATUS;
use crate::kinds::{ENCOUNTER, PATIENT, PRACTITIONER, PROCEDURE};
use crate::tables::procedure;

pub use entity::ENTITY;

/// `procedure` rows.
pub struct Procedures;

/// A procedure.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = procedure, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    procedureid: Option<String>,
    procedure_id: Option<String>,
    source_procedure_id: Option<String>,
    patient_id: Option<String>,
    client_patient_id: Option<String>,
    encounterid: Option<String>,
    encounter_id: Option<String>,
    procedure_code: Option<String>,
    procedure_date: Option<String>,
    procedure_time: Option<String>,
    status: Option<String>,
    provider_id: Option<String>,
    cg_patient: Option<String>,
    cg_encounter: Option<String>,
    cg_provider: Option<String>,
    cg_system: Option<String>,
    cg_code: Option<String>,
    cg_text: Option<String>,
    cg_modifiers: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Procedures {
    rows_of!(procedure, Row);
    const TARGET: Target = PROCEDURE;

    fn params() -> Vec<Param<procedure::table>> {
        use procedure as p;
        let patient = || Link::column(p::table, p::cg_patient, PATIENT);
        let visit = Link::column(p::table, p::cg_encounter, ENCOUNTER);
        let performer = Link::column(p::table, p::cg_provider, PRACTITIONER);
        let texts = vec![Words::new(p::cg_text, p::cg_words)];
        let numbers = vec![
            param::column(p::procedureid, "procedureid"),
            param::column(p::procedure_id, "procedure_id"),
            param::column(p::source_procedure_id, "source_procedure_id"),
        ];
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded("identifier", param::or_key(param::any_of(numbers), p::key)),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient()
                    .or_told(p::patient_id, "demographicid")
                    .or_told(p::client_patient_id, "client_patient_id")],
            ),
            reference(
                "encounter",
                [visit
                    .or_told(p::encounterid, "encounterid")
                    .or_told(p::encounter_id, "encounter_id")],
            ),
            date("date", Interval::new(p::cg_performed_lo, p::cg_performed_hi)),
            token("status", param::mapped(p::status, &PROCEDURE_STATUS)),
            token(
                "code",
                param::or_absent(param::or_words(param::tagged(p::cg_system, p::cg_code), texts)),
            ),
            reference("performer", [performer.or_told(p::provider_id, "provider_id")]),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::procedure(&row, site, trace)
    }
}
