//! Practice Fusion's words and FHIR's codes. Value sets are not published; the words are those that its web API and its users
//! are known to have, and a profile adds others.

mod equivalents;

use fhir::system;
use mapper::element::{self, Cell};
pub use mapper::words::{GENDER, LANGUAGE};
use mapper::{CodeMap, Site, Trace};

pub use equivalents::{Equivalents, equivalents};

/// Every map, for profiles.
pub static ALL: [&CodeMap; 8] = [
    &GENDER,
    &LANGUAGE,
    &ENCOUNTER_STATUS,
    &ENCOUNTER_KIND,
    &ENCOUNTER_CLASS,
    &APPOINTMENT_STATUS,
    &PROCEDURE_STATUS,
    &PROCEDURE_SYSTEM,
];

const STATUS_SYSTEM: &str = "http://hl7.org/fhir/encounter-status";

/// `Encounter.status` of visits, by whether the note was signed. There is no column for it.
pub static ENCOUNTER_STATUS: CodeMap = CodeMap {
    name: "encounter_status",
    system: STATUS_SYSTEM,
    entries: &[("signed", "finished"), ("unsigned", "in-progress")],
    fallback: Some("unknown"),
    others: &["planned", "arrived", "triaged", "onleave", "cancelled"],
};

/// What kinds of notes are no visits. The codes are ours.
pub static ENCOUNTER_KIND: CodeMap = CodeMap {
    name: "encounter_kind",
    system: "urn:chartgate:encounter-kind",
    entries: &[("orders only", NO_VISIT), ("letter", NO_VISIT)],
    fallback: Some("visit"),
    others: &[],
};

const NO_VISIT: &str = "no-visit";

/// `Encounter.class`, told by the kind of visit.
pub static ENCOUNTER_CLASS: CodeMap = CodeMap {
    name: "encounter_class",
    system: system::ACT_CODE,
    entries: &[
        ("office visit", "AMB"),
        ("nurse visit", "AMB"),
        ("telemedicine visit", VIRTUAL),
        ("email encounter", VIRTUAL),
        ("home visit", "HH"),
        ("nursing home visit", "FLD"),
    ],
    fallback: None,
    others: &["EMER", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS"],
};

const VIRTUAL: &str = "VR";

/// `Encounter.status` of appointments.
pub static APPOINTMENT_STATUS: CodeMap = CodeMap {
    name: "appointment_status",
    system: STATUS_SYSTEM,
    entries: &[
        ("seen", "finished"),
        ("checked out", "finished"),
        ("scheduled", "planned"),
        ("confirmed", "planned"),
        ("pending", "planned"),
        ("rescheduled", "planned"),
        ("cancelled", "cancelled"),
        ("canceled", "cancelled"),
        ("no show", "cancelled"),
        ("no-show", "cancelled"),
        ("arrived", "arrived"),
        ("checked in", "arrived"),
        ("in room", "in-progress"),
        ("in progress", "in-progress"),
    ],
    fallback: Some("unknown"),
    others: &["triaged", "onleave"],
};

/// `Procedure.status`.
pub static PROCEDURE_STATUS: CodeMap = CodeMap {
    name: "procedure_status",
    system: "http://hl7.org/fhir/event-status",
    entries: &[("completed", "completed"), ("incomplete", "in-progress")],
    fallback: Some("unknown"),
    others: &["preparation", "not-done", "on-hold", "stopped"],
};

/// What `ProcedureCodeSystem` means: the names by which a code's system is stored.
pub static PROCEDURE_SYSTEM: CodeMap = CodeMap {
    name: "procedure_system",
    system: "urn:chartgate:code-system",
    entries: &[
        ("snomed", "snomed"),
        ("snomed ct", "snomed"),
        ("snomed-ct", "snomed"),
        ("snomedct", "snomed"),
        ("cpt", "cpt"),
        ("cpt4", "cpt"),
        ("cpt-4", "cpt"),
        ("hcpcs", "hcpcs"),
    ],
    fallback: None,
    others: &[],
};

/// The status of a visit: a note that somebody signed is finished.
pub fn visit_status(signed: Cell<'_>, site: &Site, trace: &mut Trace) -> Option<&'static str> {
    let word = if signed.text.is_some() { "signed" } else { "unsigned" };
    let cell = Cell {
        column: signed.column,
        text: Some(word),
    };
    element::code(cell, &ENCOUNTER_STATUS, site, trace)
}

/// The class of a visit: virtual by its flag, else by its kind.
pub fn visit_class(is_virtual: Option<bool>, kind: Cell<'_>, site: &Site, trace: &mut Trace) -> Option<&'static str> {
    if is_virtual == Some(true) {
        return Some(VIRTUAL);
    }
    element::code(kind, &ENCOUNTER_CLASS, site, trace)
}

/// Whether a kind of note is a visit.
pub fn is_visit(kind: Option<&str>, site: &Site) -> bool {
    site.code(&ENCOUNTER_KIND, kind).code() != Some(NO_VISIT)
}
