//! Encounter, from `patient-appointments`: visits to come, and those that became no visit that is served.

mod entity;
#[cfg(test)]
mod tests;

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

use crate::cells::{Span, wall};
use crate::codes::{APPOINTMENT_STATUS, ENCOUNTER_CLASS};
use crate::encounter::{Told, resource};
use crate::kinds::{APPOINTMENT, LOCATION, ORGANIZATION, PATIENT, PROVIDER, patient, practice, refer};
use crate::tables::patient_appointments;

pub use entity::ENTITY;

/// `patient-appointments` rows.
pub struct Appointments;

/// An appointment.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_appointments, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    startdatetime: Option<String>,
    enddatetime: Option<String>,
    chiefcomplaint: Option<String>,
    appointmenttype: Option<String>,
    appointmentstatus: Option<String>,
    cg_guid: Option<String>,
    cg_told_patient: Option<String>,
    cg_patient: Option<String>,
    cg_told_provider: Option<String>,
    cg_provider: Option<String>,
    cg_told_place: Option<String>,
    cg_place: Option<String>,
    cg_zone: Option<String>,
    cg_type: Option<String>,
    cg_practice: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Appointments {
    rows_of!(patient_appointments, Row);
    const TARGET: Target = APPOINTMENT;

    fn params() -> Vec<Param<patient_appointments::table>> {
        use patient_appointments as a;
        let patient = || Link::column(a::table, a::cg_patient, PATIENT);
        let provider = || Link::column(a::table, a::cg_provider, PROVIDER);
        let place = Link::column(a::table, a::cg_place, LOCATION);
        let class = param::ids(a::cg_class, system::ACT_CODE).shown(CLASSES);
        let roles = vec![param::when(
            Filter::not_null(a::cg_told_provider),
            param::constant(system::PARTICIPATION_TYPE, "PPRF"),
        )];
        let kind = param::or_words(
            param::column(a::cg_type, "appointmenttype"),
            vec![Words::new(a::appointmenttype, a::cg_words)],
        );
        let reason = vec![Words::new(a::chiefcomplaint, a::cg_reason)];
        vec![
            profiles(&[us_core::ENCOUNTER]),
            token("participant-type", param::any_of(roles).shown(ROLES)),
            token("reason-code", param::or_words(param::none(), reason)),
            nothing("discharge-disposition", ParamType::Token),
            nothing("_security", ParamType::Token),
            uncoded(
                "identifier",
                param::or_key(param::column(a::cg_guid, "appointmentguid"), a::key),
            ),
            reference("patient", [patient()]),
            reference(
                "subject",
                [patient().or_told(a::cg_told_patient, "patientpracticeguid")],
            ),
            date("date", Interval::new(a::cg_start_lo, a::cg_end_hi)),
            token("status", param::ids(a::cg_status, APPOINTMENT_STATUS.system)),
            token("class", param::or_absent(class)),
            token("type", param::or_absent(kind)),
            reference("location", [place.or_told(a::cg_told_place, "facilityguid")]),
            reference("participant", [provider().or_told(a::cg_told_provider, "providerguid")]),
            reference("practitioner", [provider()]),
            reference(
                "service-provider",
                [Link::column(a::table, a::cg_practice, ORGANIZATION)],
            ),
        ]
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        appointment(&row, site, trace)
    }
}

fn appointment(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let zone = site.zone_named(row.cg_zone.as_deref());
    let [start, end] = [&row.startdatetime, &row.enddatetime].map(|cell| wall(cell.as_deref(), zone, site));
    let span = Span::new(start, end);
    span.note(
        cell!(row.startdatetime),
        cell!(row.enddatetime),
        ["period.start", "period.end"],
        trace,
    );
    let kind = Cell {
        column: "appointmenttype",
        text: row.cg_type.as_deref(),
    };
    let clinician = refer(
        site,
        PROVIDER,
        row.cg_provider.as_deref(),
        "providerguid",
        row.cg_told_provider.as_deref(),
    );
    let told = Told {
        key: &row.key,
        guid: Cell {
            column: "appointmentguid",
            text: row.cg_guid.as_deref(),
        },
        status: element::code(cell!(row.appointmentstatus), &APPOINTMENT_STATUS, site, trace),
        // What appointments are for is in the practice's words: one that is no kind of visit says nothing of the class.
        class: site.code(&ENCOUNTER_CLASS, kind.text).code(),
        kind,
        kind_text: row.appointmenttype.as_deref(),
        patient: patient(site, row.cg_patient.as_deref(), row.cg_told_patient.as_deref()),
        people: [(clinician, "PPRF"), (None, "")],
        place: refer(
            site,
            LOCATION,
            row.cg_place.as_deref(),
            "facilityguid",
            row.cg_told_place.as_deref(),
        ),
        practice: practice(site, row.cg_practice.as_deref()),
        period: span.period(),
        reason: row.chiefcomplaint.as_deref(),
    };
    resource(told, site)
}
