//! A visit, or an appointment, as US Core Encounter.

use fhir::r4::types::{CodeableConcept, Period, Reference};
use fhir::r4::{Encounter, EncounterParticipant, Resource};
use fhir::{build, system, us_core};
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use crate::cells::{Span, day, noted_flag};
use crate::codes::{visit_class, visit_status};
use crate::kinds::{LOCATION, PROVIDER, patient, practice, refer};

/// How confidential something is (HL7 v3).
pub const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// What a note of psychotherapy is labelled with, and the displays.
pub const LABELS: &[(&str, &str)] = &[("R", RESTRICTED), ("PSYTHPN", PSYCHOTHERAPY)];
const RESTRICTED: &str = "restricted";
const PSYCHOTHERAPY: &str = "psychotherapy note information sensitivity";

/// A visit.
pub fn encounter(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let kind = Cell {
        column: "chartnotetype",
        text: row.cg_type.as_deref(),
    };
    let status = visit_status(cell!(row.signeddatetimeutc), site, trace);
    let is_virtual = noted_flag(cell!(row.isvirtualvisit), "class", trace);
    let class = visit_class(is_virtual, kind, site, trace);
    let start = day(row.dateofservice.as_deref(), site);
    element::note_moment(cell!(row.dateofservice), start.as_ref(), "period.start", trace);
    let seen = refer(
        site,
        PROVIDER,
        row.cg_seen.as_deref(),
        "seenbyproviderguid",
        row.cg_told_seen.as_deref(),
    );
    let signed = refer(
        site,
        PROVIDER,
        row.cg_signed.as_deref(),
        "signedbyproviderguid",
        row.cg_told_signed.as_deref(),
    );
    // Who has seen the patient and signed the note takes part once.
    let signed = signed.filter(|_| row.cg_told_signed != row.cg_told_seen);
    let told = Told {
        key: &row.key,
        guid: Cell {
            column: "encounterguid",
            text: row.cg_guid.as_deref(),
        },
        status,
        class,
        kind,
        kind_text: row.chartnotetype.as_deref(),
        patient: patient(site, row.cg_patient.as_deref(), row.cg_told_patient.as_deref()),
        people: [(seen, "PPRF"), (signed, "ATND")],
        place: refer(
            site,
            LOCATION,
            row.cg_place.as_deref(),
            "facilityguid",
            row.cg_told_place.as_deref(),
        ),
        practice: practice(site, row.cg_practice.as_deref()),
        period: Span::new(start, None).period(),
        reason: row.chiefcomplaint.as_deref(),
    };
    let mut resource = resource(told, site)?;
    if noted_flag(cell!(row.ispsychotherapynote), "meta.security", trace) == Some(true) {
        restrict(&mut resource);
    }
    Ok(resource)
}

/// Labels what is told of psychotherapy.
fn restrict(resource: &mut Resource) {
    if let Some(meta) = resource.as_base_resource_mut().meta_mut() {
        meta.security = vec![
            Some(build::coding(CONFIDENTIALITY, "R", Some(RESTRICTED))),
            Some(build::coding(system::ACT_CODE, "PSYTHPN", Some(PSYCHOTHERAPY))),
        ];
    }
}

/// What a visit and an appointment both tell.
pub struct Told<'a> {
    /// The row's key.
    pub key: &'a str,
    /// Its GUID.
    pub guid: Cell<'a>,
    /// The status.
    pub status: Option<&'static str>,
    /// The class.
    pub class: Option<&'static str>,
    /// The kind of visit in the practice's words, with single blanks.
    pub kind: Cell<'a>,
    /// The same as it stands.
    pub kind_text: Option<&'a str>,
    /// The patient.
    pub patient: Option<Reference>,
    /// The clinicians with their roles.
    pub people: [(Option<Reference>, &'static str); 2],
    /// The place.
    pub place: Option<Reference>,
    /// The practice.
    pub practice: Option<Reference>,
    /// When it was.
    pub period: Option<Period>,
    /// Why the patient came.
    pub reason: Option<&'a str>,
}

/// The resource. A class and a type that the row does not tell are said to be unknown: both are mandatory.
pub fn resource(told: Told<'_>, site: &Site) -> Result<Resource, Rejected> {
    let subject = told.patient.ok_or(Rejected("no patient"))?;
    let mut encounter = Encounter::builder()
        .status(element::encounter_status(told.status))
        .class(element::act_class(told.class))
        .build()
        .map_err(|_builder| Rejected("not an Encounter"))?;
    encounter.subject = Some(subject);
    encounter.identifier = element::identifiers(site, told.key, &[told.guid]);
    encounter.r#type = vec![Some(kind(told.kind, told.kind_text, site))];
    encounter.reason_code = told.reason.map(|text| Some(build::text(text))).into_iter().collect();
    encounter.participant = told.people.into_iter().filter_map(participant).map(Some).collect();
    encounter.location = told.place.and_then(element::place).map(Some).into_iter().collect();
    encounter.service_provider = told.practice;
    encounter.period = told.period;
    let mut resource = Resource::from(encounter);
    element::set_profiles(&mut resource, &[us_core::ENCOUNTER]);
    Ok(resource)
}

fn participant((who, role): (Option<Reference>, &str)) -> Option<EncounterParticipant> {
    element::participant(who?, role, None)
}

/// The kind of visit as a code of the practice's own.
fn kind(kind: Cell<'_>, text: Option<&str>, site: &Site) -> CodeableConcept {
    match kind.text {
        Some(code) => build::concept(vec![build::coding(&site.system(kind.column), code, None)], text),
        None => build::absent_concept(),
    }
}
