//! Procedure, from `patient-encounter-procedures` and the events that these point at.

mod entity;
mod rows;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::us_core;
use mapper::db::AnyConnection;
use mapper::param::{self, Interval, Link, Param, Target, Words, date, profiles, reference, token, uncoded};
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace};

use crate::codes::PROCEDURE_STATUS;
use crate::kinds::{ENCOUNTER, PATIENT, PROCEDURE, PROVIDER};
use crate::tables::patient_encounter_procedures;

pub use entity::{EVENTS, PROCEDURES};
use rows::Performed;

/// `patient-encounter-procedures` rows.
pub struct Procedures;

impl Mapping for Procedures {
    type Table = patient_encounter_procedures::table;
    type Row = Performed;
    const TARGET: Target = PROCEDURE;
    const TABLE: &'static str = "patient_encounter_procedures";

    fn table() -> patient_encounter_procedures::table {
        patient_encounter_procedures::table
    }

    fn columns() -> Columns<patient_encounter_procedures::table> {
        use patient_encounter_procedures as p;
        Columns::new(p::key, p::cg_updated, p::cg_hold)
    }

    fn params() -> Vec<Param<patient_encounter_procedures::table>> {
        use patient_encounter_procedures as p;
        let patient = || Link::column(p::table, p::cg_patient, PATIENT);
        let visit = Link::column(p::table, p::cg_visit, ENCOUNTER);
        let performer = Link::column(p::table, p::cg_performer, PROVIDER);
        let codes = param::or_words(
            param::tagged(p::cg_system, p::cg_code),
            vec![Words::new(p::cg_text, p::cg_words)],
        );
        vec![
            profiles(&[us_core::PROCEDURE]),
            uncoded(
                "identifier",
                param::or_key(param::column(p::cg_guid, "procedureguid"), p::key),
            ),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient().or_told(p::cg_told_patient, "patientpracticeguid")],
            ),
            reference("encounter", [visit.or_told(p::cg_told_visit, "encounterguid")]),
            date("date", Interval::new(p::cg_performed_lo, p::cg_performed_hi)),
            token("status", param::ids(p::cg_status, PROCEDURE_STATUS.system)),
            token("code", param::or_absent(codes)),
            reference(
                "performer",
                [performer.or_told(p::cg_told_performer, "onbehalfofproviderguid")],
            ),
        ]
    }

    fn links() -> Vec<Param<patient_encounter_procedures::table>> {
        use patient_encounter_procedures as p;
        vec![reference(
            "recorder",
            [Link::column(p::table, p::cg_recorder, PROVIDER)],
        )]
    }

    fn load(
        conn: &mut AnyConnection,
        rows: Rows<patient_encounter_procedures::table>,
    ) -> QueryResult<Loaded<Performed>> {
        rows::performed(conn, rows)
    }

    fn key(row: &Performed) -> &str {
        &row.row.key
    }

    fn updated(row: &Performed) -> NaiveDateTime {
        row.row.cg_updated
    }

    fn translate(row: Performed, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::procedure(&row, site, trace)
    }
}
