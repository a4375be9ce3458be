//! An `enc` row as US Core Encounter.

use fhir::build;
use fhir::r4::types::{CodeableConcept, Coding, Identifier, Period};
use fhir::r4::{Encounter, EncounterParticipant, Resource};
use fhir::us_core;
use mapper::element::{self, Span, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use super::visit::{Told, Visit};
use crate::codes::{ENC_STATUS, ENCOUNTER_CLASS};
use crate::kinds::{LOCATION, PRACTITIONER, patient, practice};

/// How confidential something is (HL7 v3).
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

pub fn encounter(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(site, row.cg_patient.as_deref(), row.patientid.as_deref());
    let visit = told(row).read(site.zone_named(row.cg_zone.as_deref()), site);
    visit.note(trace);
    let mut encounter = Encounter::builder()
        .status(element::encounter_status(element::code(
            cell!(row.status),
            &ENC_STATUS,
            site,
            trace,
        )))
        .class(class(row, trace))
        .build()
        .map_err(|_builder| Rejected("not an Encounter"))?;
    encounter.subject = Some(subject.ok_or(Rejected("no patient"))?);
    encounter.identifier = identifiers(row, site);
    encounter.r#type = vec![Some(kind(row, site))];
    let reason = row.reason.as_deref().or(row.dx.as_deref());
    encounter.reason_code = reason.map(|text| Some(build::text(text))).into_iter().collect();
    encounter.period = period(&visit);
    encounter.participant = participants(row, &visit, site).into_iter().map(Some).collect();
    let place = element::reference(site, LOCATION, row.cg_location.as_deref(), cell!(row.facilityid));
    encounter.location = place.and_then(element::place).map(Some).into_iter().collect();
    encounter.service_provider = practice(site, row.cg_client.as_deref());
    let mut resource = Resource::from(encounter);
    element::set_profiles(&mut resource, &[us_core::ENCOUNTER]);
    if row.psacgroup.is_some() {
        restrict(&mut resource);
    }
    Ok(resource)
}

/// A visit of a confidential group says that it is one.
fn restrict(resource: &mut Resource) {
    if let Some(meta) = resource.as_base_resource_mut().meta_mut() {
        meta.security = vec![Some(build::coding(CONFIDENTIALITY, "R", Some("restricted")))];
    }
}

fn told(row: &Row) -> Told<'_> {
    Told {
        date: cell!(row.date),
        starttime: cell!(row.starttime),
        arrivedtime: cell!(row.arrivedtime),
        timein: cell!(row.timein),
        timeout: cell!(row.timeout),
        deptime: cell!(row.deptime),
    }
}

/// The vendor's number, and the outside visit number.
fn identifiers(row: &Row, site: &Site) -> Vec<Option<Identifier>> {
    let outside = |number: &str| {
        let display = Some("Visit number");
        build::identifier_typed(&site.system("hl7id"), number, "VN", display)
    };
    let outside = row.hl7id.as_deref().map(outside);
    let own = row.encounterid.is_some() || outside.is_none();
    let own = own.then(|| element::identifiers(site, &row.key, &[cell!(row.encounterid)]));
    own.into_iter().flatten().chain(outside.map(Some)).collect()
}

/// Decided at load, where the place of service is at hand.
fn class(row: &Row, trace: &mut Trace) -> Coding {
    if let (None, Some(word)) = (&row.cg_class, &row.enctype) {
        trace.unmapped(ENCOUNTER_CLASS.name, word);
    }
    element::act_class(row.cg_class.as_deref())
}

/// The kind of visit, in the practice's words.
fn kind(row: &Row, site: &Site) -> CodeableConcept {
    match &row.cg_type {
        Some(code) => build::concept(
            vec![build::coding(&site.system("visittype"), code, None)],
            row.visittype.as_deref(),
        ),
        None => build::absent_concept(),
    }
}

fn period(visit: &Visit) -> Option<Period> {
    let span = Span {
        start: visit.start.as_ref().map(|read| read.moment),
        end: visit.end.as_ref().map(|read| read.moment),
    };
    span.period()
}

/// The clinician; who else was booked, when that is somebody else and no room; who referred the patient.
fn participants(row: &Row, visit: &Visit, site: &Site) -> Vec<EncounterParticipant> {
    let clinician = element::reference(site, PRACTITIONER, row.cg_provider.as_deref(), cell!(row.doctorid));
    let other = row
        .cg_resource
        .as_deref()
        .filter(|key| row.cg_provider.as_deref() != Some(key));
    let nobody = element::Cell {
        column: "resourceid",
        text: None,
    };
    let booked = other.and_then(|key| element::reference(site, PRACTITIONER, Some(key), nobody));
    let referrer = element::reference(site, PRACTITIONER, row.cg_referrer.as_deref(), cell!(row.refprid));
    [
        clinician.and_then(|who| element::participant(who, "PPRF", period(visit))),
        booked.and_then(|who| element::participant(who, "PART", period(visit))),
        referrer.and_then(|who| element::participant(who, "REF", None)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
