//! Encounter, from `encounter`.

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
use mapper::element::{CLASSES, ROLES};
use mapper::param::{self, Interval, Link, Param, Target, Words, date, nothing, profiles, reference, token, uncoded};
use mapper::sql::Filter;
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::codes::{ENCOUNTER_CLASS, ENCOUNTER_STATUS};
use crate::kinds::{ENCOUNTER, LOCATION, ORGANIZATION, PATIENT, PRACTITIONER};
use crate::tables::encounter;

pub use entity::ENTITY;
pub use translate::{Told, resource};

/// `encounter` rows.
pub struct Encounters;

/// A visit.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = encounter, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    encounterid: Option<String>,
    encounter_id: Option<String>,
    source_encounter_id: Option<String>,
    patient_id: Option<String>,
    client_patient_id: Option<String>,
    encounter_date: Option<String>,
    encounter_time: Option<String>,
    end_date: Option<String>,
    end_time: Option<String>,
    encounter_type: Option<String>,
    status: Option<String>,
    provider_id: Option<String>,
    location_id: Option<String>,
    reason: Option<String>,
    cg_client: Option<String>,
    cg_patient: Option<String>,
    cg_provider: Option<String>,
    cg_location: Option<String>,
    cg_type: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Encounters {
    rows_of!(encounter, Row);
    const TARGET: Target = ENCOUNTER;

    fn params() -> Vec<Param<encounter::table>> {
        use encounter as e;
        let patient = || Link::column(e::table, e::cg_patient, PATIENT);
        let provider = || Link::column(e::table, e::cg_provider, PRACTITIONER);
        let place = || Link::column(e::table, e::cg_location, LOCATION);
        let numbers = vec![
            param::column(e::encounterid, "encounterid"),
            param::column(e::encounter_id, "encounter_id"),
            param::column(e::source_encounter_id, "source_encounter_id"),
        ];
        let seen = Filter::any([Filter::not_null(e::cg_provider), Filter::not_null(e::provider_id)]);
        let role = param::one_of_cases(system::PARTICIPATION_TYPE, vec![(seen, "PPRF")]).shown(ROLES);
        let class = param::mapped(e::cg_type, &ENCOUNTER_CLASS).shown(CLASSES);
        let kind = param::or_words(
            param::column(e::cg_type, "encounter_type"),
            vec![Words::new(e::encounter_type, e::cg_words)],
        );
        let reason = vec![Words::new(e::reason, e::cg_reason)];
        vec![
            profiles(&[us_core::ENCOUNTER]),
            uncoded("identifier", param::or_key(param::any_of(numbers), e::key)),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient()
                    .or_told(e::patient_id, "demographicid")
                    .or_told(e::client_patient_id, "client_patient_id")],
            ),
            date("date", Interval::new(e::cg_start_lo, e::cg_end_hi)),
            token("status", param::mapped(e::status, &ENCOUNTER_STATUS)),
            token("class", param::or_absent(class)),
            token("type", param::or_absent(kind)),
            reference("location", [place().or_told(e::location_id, "location_id")]),
            reference("participant", [provider().or_told(e::provider_id, "provider_id")]),
            reference("practitioner", [provider()]),
            reference("service-provider", [Link::column(e::table, e::cg_client, ORGANIZATION)]),
            token("participant-type", role),
            token("reason-code", param::or_words(param::none(), reason)),
            nothing("discharge-disposition", ParamType::Token),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::encounter(&row, site, trace)
    }
}
