//! A visit, or an appointment, as US Core Encounter.

use fhir::build;
use fhir::r4::types::{CodeableConcept, Coding, Reference};
use fhir::r4::{Encounter, Resource};
use fhir::us_core;
use mapper::element::{self, Cell, cell};
use mapper::{CodeMap, Rejected, Site, Trace};

use super::Row;
use crate::cells::{Visit, visit};
use crate::codes::{ENCOUNTER_CLASS, ENCOUNTER_STATUS};
use crate::kinds::{LOCATION, ORGANIZATION, PRACTITIONER, patient};

pub fn encounter(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let ids = [
        cell!(row.encounterid),
        cell!(row.encounter_id),
        cell!(row.source_encounter_id),
    ];
    resource(
        &Told {
            key: &row.key,
            ids,
            date: cell!(row.encounter_date),
            time: cell!(row.encounter_time),
            end_date: cell!(row.end_date),
            end_time: cell!(row.end_time),
            kind: cell!(row.encounter_type),
            kind_code: row.cg_type.as_deref(),
            kind_system: "encounter_type",
            status: cell!(row.status),
            statuses: &ENCOUNTER_STATUS,
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
        },
        site,
        trace,
    )
}

/// What a visit and an appointment both tell.
pub struct Told<'a> {
    /// The row's key.
    pub key: &'a str,
    /// Its numbers.
    pub ids: [Cell<'a>; 3],
    /// The day.
    pub date: Cell<'a>,
    /// The time of day.
    pub time: Cell<'a>,
    /// The last day.
    pub end_date: Cell<'a>,
    /// The time of day when it ended.
    pub end_time: Cell<'a>,
    /// The kind of visit, in the practice's words.
    pub kind: Cell<'a>,
    /// The same with single blanks.
    pub kind_code: Option<&'a str>,
    /// What its words are codes of, see [`Site::system`].
    pub kind_system: &'static str,
    /// The status word.
    pub status: Cell<'a>,
    /// What it means.
    pub statuses: &'static CodeMap,
    /// Why the patient came.
    pub reason: Option<&'a str>,
    /// The patient.
    pub patient: Option<Reference>,
    /// The clinician.
    pub provider: Option<Reference>,
    /// The place.
    pub location: Option<Reference>,
    /// The practice's key, when it is known.
    pub client: Option<&'a str>,
}

/// The resource. A class and a type that the row does not tell are said to be unknown: both are mandatory.
pub fn resource(told: &Told<'_>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = told.patient.clone().ok_or(Rejected("no patient"))?;
    let visit = when(told, site, trace);
    let mut encounter = Encounter::builder()
        .status(element::encounter_status(element::code(
            told.status,
            told.statuses,
            site,
            trace,
        )))
        .class(class(told, site, trace))
        .build()
        .map_err(|_builder| Rejected("not an Encounter"))?;
    encounter.subject = Some(subject);
    encounter.identifier = element::identifiers(site, told.key, &told.ids);
    encounter.r#type = vec![Some(kind(told, site))];
    encounter.reason_code = told.reason.map(|text| Some(build::text(text))).into_iter().collect();
    encounter.participant = told
        .provider
        .clone()
        .and_then(|who| element::participant(who, "PPRF", period(&visit)))
        .map(Some)
        .into_iter()
        .collect();
    let place = told.location.clone().and_then(element::place);
    encounter.location = place.map(Some).into_iter().collect();
    encounter.service_provider = element::reference(site, ORGANIZATION, told.client, NOWHERE);
    encounter.period = period(&visit);
    let mut resource = Resource::from(encounter);
    element::set_profiles(&mut resource, &[us_core::ENCOUNTER]);
    Ok(resource)
}

/// The practice is always in the database: its row is made when it is not delivered.
const NOWHERE: Cell<'static> = Cell {
    column: "client_id",
    text: None,
};

fn when(told: &Told<'_>, site: &Site, trace: &mut Trace) -> Visit {
    let visit = visit(
        told.date.text,
        told.time.text,
        told.end_date.text,
        told.end_time.text,
        site,
    );
    element::note_moment(told.date, visit.span.start.as_ref(), "period.start", trace);
    if visit.time_lost {
        trace.lost("period.start", told.time.column, "not a time of day, or without a day");
    }
    if visit.end_lost {
        let cell = if told.end_date.text.is_some() {
            told.end_date
        } else {
            told.end_time
        };
        trace.lost("period.end", cell.column, "not a date, or before the start");
    } else if let Some(end) = &visit.span.end {
        element::note_moment(told.end_date, Some(end), "period.end", trace);
    }
    visit
}

fn period(visit: &Visit) -> Option<fhir::r4::types::Period> {
    visit.span.period()
}

fn class(told: &Told<'_>, site: &Site, trace: &mut Trace) -> Coding {
    let kind = Cell {
        text: told.kind_code,
        ..told.kind
    };
    element::act_class(element::code(kind, &ENCOUNTER_CLASS, site, trace))
}

fn kind(told: &Told<'_>, site: &Site) -> CodeableConcept {
    match (told.kind_code, told.kind.text) {
        (Some(code), text) => build::concept(vec![build::coding(&site.system(told.kind_system), code, None)], text),
        (None, _) => build::absent_concept(),
    }
}
