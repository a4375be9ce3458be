//! Codes of FHIR as the elements that hold them, for visits, diagnoses, procedures and people.

use fhir::r4::codes::{AdministrativeGender, EncounterStatus, EventStatus};
use fhir::r4::types::{Annotation, CodeableConcept, Coding, Extension, ExtensionValue, Period, Reference};
use fhir::r4::{DateTime, EncounterLocation, EncounterParticipant, ProcedurePerformer};
use fhir::us_core::{self, BirthSex, Category};
use fhir::{build, system};

use super::{Cell, code};
use crate::{CodeMap, Site, Trace};

/// Our extension of `Procedure.code`: a CPT or HCPCS modifier as a coding. FHIR has no place for it outside of claims.
pub const MODIFIER: &str = "urn:chartgate:procedure-code-modifier";
/// Our extension of a code: a coding that says what is meant only together with the others like it.
pub const COMBINED_CODE: &str = "urn:chartgate:combined-code";

/// `Encounter.status`; any other word is `unknown`.
#[must_use]
pub fn encounter_status(code: Option<&str>) -> EncounterStatus {
    match code {
        Some("planned") => EncounterStatus::Planned,
        Some("arrived") => EncounterStatus::Arrived,
        Some("triaged") => EncounterStatus::Triaged,
        Some("in-progress") => EncounterStatus::InProgress,
        Some("onleave") => EncounterStatus::Onleave,
        Some("finished") => EncounterStatus::Finished,
        Some("cancelled") => EncounterStatus::Cancelled,
        _ => EncounterStatus::Unknown,
    }
}

/// `Encounter.class`; that it is unknown without a code, because FHIR wants one.
#[must_use]
pub fn act_class(code: Option<&str>) -> Coding {
    let Some(code) = code else {
        return build::absent_coding();
    };
    build::coding(system::ACT_CODE, code, display(CLASSES, code))
}

/// The displays of `Encounter.class`.
pub const CLASSES: &[(&str, &str)] = &[
    ("AMB", "ambulatory"),
    ("VR", "virtual"),
    ("EMER", "emergency"),
    ("IMP", "inpatient encounter"),
    ("ACUTE", "inpatient acute"),
    ("NONAC", "inpatient non-acute"),
    ("OBSENC", "observation encounter"),
    ("PRENC", "pre-admission"),
    ("SS", "short stay"),
    ("HH", "home health"),
    ("FLD", "field"),
];

/// The displays of `Encounter.participant.type`.
pub const ROLES: &[(&str, &str)] = &[
    ("PPRF", "primary performer"),
    ("SPRF", "secondary performer"),
    ("ATND", "attender"),
    ("REF", "referrer"),
    ("PART", "Participation"),
];

fn display(all: &'static [(&str, &str)], code: &str) -> Option<&'static str> {
    all.iter().find(|(each, _)| *each == code).map(|(_, display)| *display)
}

/// Somebody who took part in a visit: `PPRF` (primary performer), `ATND` (attender), `REF` (referrer), …
#[must_use]
pub fn participant(who: Reference, role: &str, during: Option<Period>) -> Option<EncounterParticipant> {
    let mut participant = EncounterParticipant::builder().individual(who).build().ok()?;
    participant.r#type = vec![Some(build::coded(
        system::PARTICIPATION_TYPE,
        role,
        display(ROLES, role),
    ))];
    participant.period = during;
    Some(participant)
}

/// Where a visit was.
#[must_use]
pub fn place(at: Reference) -> Option<EncounterLocation> {
    EncounterLocation::builder().location(at).build().ok()
}

/// Who did a procedure.
#[must_use]
pub fn performer(who: Reference) -> Option<ProcedurePerformer> {
    ProcedurePerformer::builder().actor(who).build().ok()
}

/// `Procedure.status`; any other word is `unknown`.
#[must_use]
pub fn event_status(code: Option<&str>) -> EventStatus {
    match code {
        Some("preparation") => EventStatus::Preparation,
        Some("in-progress") => EventStatus::InProgress,
        Some("not-done") => EventStatus::NotDone,
        Some("on-hold") => EventStatus::OnHold,
        Some("stopped") => EventStatus::Stopped,
        Some("completed") => EventStatus::Completed,
        Some("entered-in-error") => EventStatus::EnteredInError,
        _ => EventStatus::Unknown,
    }
}

/// `Condition.clinicalStatus`.
#[must_use]
pub fn clinical_status(code: &str) -> CodeableConcept {
    build::coded(system::CONDITION_CLINICAL, code, None)
}

/// `Condition.verificationStatus`.
#[must_use]
pub fn verification_status(code: &str) -> CodeableConcept {
    build::coded(system::CONDITION_VER_STATUS, code, None)
}

/// `Condition.category`: `encounter-diagnosis` or `problem-list-item`.
#[must_use]
pub fn category(code: &str) -> CodeableConcept {
    build::coded(system::CONDITION_CATEGORY, code, None)
}

/// Codings with a text; that they are unknown without any of both.
#[must_use]
pub fn concept(codings: Vec<Coding>, text: Option<&str>) -> CodeableConcept {
    if codings.is_empty() && text.is_none() {
        return build::absent_concept();
    }
    build::concept(codings, text)
}

/// What somebody wrote in free text, and when.
#[must_use]
pub fn note(text: &str, time: Option<DateTime>) -> Option<Annotation> {
    let mut note = Annotation::builder().text(text.to_owned()).build().ok()?;
    note.time = time;
    Some(note)
}

/// A modifier of a procedure's code. CPT's modifiers are two digits, HCPCS's have a letter.
#[must_use]
pub fn modifier(code: &str) -> Extension {
    let numeric = code.bytes().all(|b| b.is_ascii_digit());
    let system = if numeric { system::CPT } else { system::HCPCS };
    build::extension(MODIFIER, ExtensionValue::Coding(build::coding(system, code, None)))
}

/// `Patient.gender`; any other word is `unknown`.
#[must_use]
pub fn gender(code: Option<&str>) -> AdministrativeGender {
    match code {
        Some("female") => AdministrativeGender::Female,
        Some("male") => AdministrativeGender::Male,
        Some("other") => AdministrativeGender::Other,
        _ => AdministrativeGender::Unknown,
    }
}

/// US Core's race extension of a cell with one race or several, with any of `apart` between them.
pub fn races(
    cell: Cell<'_>,
    apart: &[char],
    map: &'static CodeMap,
    site: &Site,
    trace: &mut Trace,
) -> Option<Extension> {
    let text = cell.text?;
    let words = text.split(apart).map(str::trim).filter(|w| !w.is_empty());
    let found: Vec<Category> = words
        .filter_map(|word| {
            let cell = Cell {
                text: Some(word),
                ..cell
            };
            code(cell, map, site, trace).and_then(us_core::category)
        })
        .collect();
    Some(us_core::race(&found, vec![], text))
}

/// US Core's birth sex extension.
#[must_use]
pub fn birth_sex(code: &str) -> Extension {
    us_core::birth_sex(match code {
        "F" => BirthSex::Female,
        "M" => BirthSex::Male,
        _ => BirthSex::Unknown,
    })
}
