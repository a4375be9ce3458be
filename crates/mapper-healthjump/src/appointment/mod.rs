//! Encounter of status `planned` or `cancelled`, from `appointment`: visits to come, and those that will not.

mod entity;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use mapper::db::{AnyConnection, AnyDb};
use mapper::element::{self, Cell, cell};
use mapper::param::{self, Interval, Link, Param, Target, date, reference, token};
use mapper::{Columns, Mapping, Rejected, Rows, Site, Trace, load_rows};

use crate::codes::{ENCOUNTER_CLASS, ENCOUNTER_STATUS};
use crate::encounter::{Told, resource};
use crate::kinds::{APPOINTMENT, LOCATION, ORGANIZATION, PATIENT, PRACTITIONER};
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
    type Table = appointment::table;
    type Row = Row;
    const TARGET: Target = APPOINTMENT;
    const TABLE: &'static str = "appointment";

    fn table() -> appointment::table {
        appointment::table
    }

    fn columns() -> Columns<appointment::table> {
        Columns::new(appointment::key, appointment::cg_updated, appointment::cg_hold)
    }

    fn params() -> Vec<Param<appointment::table>> {
        use appointment as a;
        let patient = || [Link::column(a::table, a::cg_patient, PATIENT)];
        let provider = || [Link::column(a::table, a::cg_provider, PRACTITIONER)];
        vec![
            token(
                "identifier",
                param::any_of(vec![
                    param::column(a::appointmentid, "appointmentid"),
                    param::column(a::appointment_id, "appointment_id"),
                    param::column(a::source_appointment_id, "source_appointment_id"),
                ]),
            ),
            reference("patient", patient()),
            reference("subject", patient()),
            date("date", Interval::new(a::cg_start_lo, a::cg_end_hi)),
            token("status", param::mapped(a::status, &ENCOUNTER_STATUS)),
            token("class", param::or_absent(param::mapped(a::appointment_type, &ENCOUNTER_CLASS))),
            token("type", param::or_absent(param::column(a::cg_type, "appointment_type"))),
            reference("location", [Link::column(a::table, a::cg_location, LOCATION)]),
            reference("participant", provider()),
            reference("practitioner", provider()),
            reference("service-provider", [Link::column(a::table, a::cg_client, ORGANIZATION)]),
        ]
    }

    fn load(conn: &mut AnyConnection, rows: Rows<appointment::table>) -> QueryResult<Vec<(Row, Option<String>)>> {
        load_rows!(conn, rows, appointment::table, Row)
    }

    fn key(row: &Row) -> &str {
        &row.key
    }

    fn updated(row: &Row) -> NaiveDateTime {
        row.cg_updated
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        let ids = [cell!(row.appointmentid), cell!(row.appointment_id), cell!(row.source_appointment_id)];
        let told = Told {
            key: &row.key,
            ids,
            date: cell!(row.appointment_date),
            time: cell!(row.appointment_time),
            end_date: Cell { column: "end_time", text: None },
            end_time: cell!(row.end_time),
            kind: cell!(row.appointment_type),
            kind_code: row.cg_type.as_deref(),
            kind_system: "appointment_type",
            status: cell!(row.status),
            reason: row.reason.as_deref(),
            patient: element::reference(site, PATIENT, row.cg_patient.as_deref(), cell!(row.patient_id)),
            provider: element::reference(site, PRACTITIONER, row.cg_provider.as_deref(), cell!(row.provider_id)),
            location: element::reference(site, LOCATION, row.cg_location.as_deref(), cell!(row.location_id)),
            client: row.cg_client.as_deref(),
        };
        resource(&told, site, trace)
    }
}
