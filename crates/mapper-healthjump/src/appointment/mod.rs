//! Encounter of status `planned` or `cancelled`, from `appointment`: visits to come, and those that will not.

mod entity;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::search::ParamType;
use fhir::{system, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, CLASSES, Cell, ROLES, cell};
use mapper::param::{self, Interval, Link, Param, Target, Words, date, nothing, profiles, reference, token, uncoded};
use mapper::sql::Filter;
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::codes::{APPOINTMENT_STATUS, ENCOUNTER_CLASS};
use crate::encounter::{Told, resource};
use crate::kinds::{APPOINTMENT, LOCATION, ORGANIZATION, PATIENT, PRACTITIONER, patient};
use crate::tables::appointment;

pub use entity::ENTITY;

/// `appointment` rows.
pub struct Appointments;

/// An appointment.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = appointment, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    appointmentid: Option<String>,
    appointment_id: Option<String>,
    source_appointment_id: Option<String>,
    patient_id: Option<String>,
    client_patient_id: Option<String>,
    appointment_date: Option<String>,
    appointment_time: Option<String>,
    end_time: Option<String>,
    appointment_type: Option<String>,
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

impl Mapping for Appointments {
    rows_of!(appointment, Row);
    const TARGET: Target = APPOINTMENT;

    fn params() -> Vec<Param<appointment::table>> {
        use appointment as a;
        let patient = || Link::column(a::table, a::cg_patient, PATIENT);
        let provider = || Link::column(a::table, a::cg_provider, PRACTITIONER);
        let place = || Link::column(a::table, a::cg_location, LOCATION);
        let numbers = vec![
            param::column(a::appointmentid, "appointmentid"),
            param::column(a::appointment_id, "appointment_id"),
            param::column(a::source_appointment_id, "source_appointment_id"),
        ];
        let seen = Filter::any([Filter::not_null(a::cg_provider), Filter::not_null(a::provider_id)]);
        let role = param::one_of_cases(system::PARTICIPATION_TYPE, vec![(seen, "PPRF")]).shown(ROLES);
        let class = param::mapped(a::cg_type, &ENCOUNTER_CLASS).shown(CLASSES);
        let kind = param::or_words(
            param::column(a::cg_type, "appointment_type"),
            vec![Words::new(a::appointment_type, a::cg_words)],
        );
        let reason = vec![Words::new(a::reason, a::cg_reason)];
        vec![
            profiles(&[us_core::ENCOUNTER]),
            uncoded("identifier", param::or_key(param::any_of(numbers), a::key)),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient()
                    .or_told(a::patient_id, "demographicid")
                    .or_told(a::client_patient_id, "client_patient_id")],
            ),
            date("date", Interval::new(a::cg_start_lo, a::cg_end_hi)),
            token("status", param::mapped(a::status, &APPOINTMENT_STATUS)),
            token("class", param::or_absent(class)),
            token("type", param::or_absent(kind)),
            reference("location", [place().or_told(a::location_id, "location_id")]),
            reference("participant", [provider().or_told(a::provider_id, "provider_id")]),
            reference("practitioner", [provider()]),
            reference("service-provider", [Link::column(a::table, a::cg_client, ORGANIZATION)]),
            token("participant-type", role),
            token("reason-code", param::or_words(param::none(), reason)),
            nothing("discharge-disposition", ParamType::Token),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        let ids = [
            cell!(row.appointmentid),
            cell!(row.appointment_id),
            cell!(row.source_appointment_id),
        ];
        let told = Told {
            key: &row.key,
            ids,
            date: cell!(row.appointment_date),
            time: cell!(row.appointment_time),
            end_date: Cell {
                column: "end_time",
                text: None,
            },
            end_time: cell!(row.end_time),
            kind: cell!(row.appointment_type),
            kind_code: row.cg_type.as_deref(),
            kind_system: "appointment_type",
            status: cell!(row.status),
            statuses: &APPOINTMENT_STATUS,
            reason: row.reason.as_deref(),
            patient: patient(
                site,
                row.cg_patient.as_deref(),
                row.patient_id.as_deref(),
                cell!(row.client_patient_id),
            ),
            provider: element::reference(site, PRACTITIONER, row.cg_provider.as_deref(), cell!(row.provider_id)),
            location: element::reference(site, LOCATION, row.cg_location.as_deref(), cell!(row.location_id)),
            client: row.cg_client.as_deref(),
        };
        resource(&told, site, trace)
    }
}
