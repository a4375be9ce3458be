//! Healthjump's words and FHIR's codes. Value sets are not published; the words are those that practices are known to send, and a
//! profile adds others.

use fhir::system;
use mapper::CodeMap;
pub use mapper::words::{BIRTH_SEX, ETHNICITY, GENDER, LANGUAGE, RACE};

/// Every map, for profiles.
pub static ALL: [&CodeMap; 12] = [
    &GENDER,
    &BIRTH_SEX,
    &RACE,
    &ETHNICITY,
    &LANGUAGE,
    &PHONE_USE,
    &ENCOUNTER_STATUS,
    &APPOINTMENT_STATUS,
    &ENCOUNTER_CLASS,
    &CONDITION_CLINICAL,
    &CONDITION_VERIFICATION,
    &PROCEDURE_STATUS,
];

/// Words with which a row says that it was deleted. Such rows are withheld.
pub const DELETED: [&str; 6] = [
    "deleted",
    "delete",
    "void",
    "voided",
    "entered in error",
    "entered-in-error",
];

/// `ContactPoint.use`; `mobile` is a use in R4.
pub static PHONE_USE: CodeMap = CodeMap {
    name: "phone_use",
    system: "http://hl7.org/fhir/contact-point-use",
    entries: &[
        ("h", "home"),
        ("home", "home"),
        ("w", "work"),
        ("work", "work"),
        ("b", "work"),
        ("business", "work"),
        ("c", "mobile"),
        ("cell", "mobile"),
        ("m", "mobile"),
        ("mobile", "mobile"),
    ],
    fallback: None,
    others: &["temp", "old"],
};

/// `Encounter.status` of visits.
pub static ENCOUNTER_STATUS: CodeMap = CodeMap {
    name: "encounter_status",
    system: "http://hl7.org/fhir/encounter-status",
    entries: STATUS_WORDS,
    fallback: Some("unknown"),
    others: &["triaged", "onleave"],
};

/// `Encounter.status` of appointments: what is not said to be anything else is planned.
pub static APPOINTMENT_STATUS: CodeMap = CodeMap {
    name: "appointment_status",
    system: "http://hl7.org/fhir/encounter-status",
    entries: STATUS_WORDS,
    fallback: Some("planned"),
    others: &["triaged", "onleave", "unknown"],
};

const STATUS_WORDS: &[(&str, &str)] = &[
    ("completed", "finished"),
    ("complete", "finished"),
    ("closed", "finished"),
    ("finished", "finished"),
    ("signed", "finished"),
    ("done", "finished"),
    ("checked out", "finished"),
    ("discharged", "finished"),
    ("in progress", "in-progress"),
    ("in-progress", "in-progress"),
    ("open", "in-progress"),
    ("arrived", "arrived"),
    ("checked in", "arrived"),
    ("scheduled", "planned"),
    ("planned", "planned"),
    ("pending", "planned"),
    ("confirmed", "planned"),
    ("booked", "planned"),
    ("cancelled", "cancelled"),
    ("canceled", "cancelled"),
    ("no show", "cancelled"),
    ("no-show", "cancelled"),
    ("noshow", "cancelled"),
    ("rescheduled", "cancelled"),
];

/// `Encounter.class`, told by the kind of visit. Healthjump has no class of its own.
pub static ENCOUNTER_CLASS: CodeMap = CodeMap {
    name: "encounter_class",
    system: system::ACT_CODE,
    entries: &[
        ("office visit", "AMB"),
        ("follow up", "AMB"),
        ("follow-up", "AMB"),
        ("new patient", "AMB"),
        ("established patient", "AMB"),
        ("annual wellness visit", "AMB"),
        ("physical", "AMB"),
        ("outpatient", "AMB"),
        ("ambulatory", "AMB"),
        ("telehealth", "VR"),
        ("telemedicine", "VR"),
        ("video visit", "VR"),
        ("phone call", "VR"),
        ("telephone", "VR"),
        ("emergency", "EMER"),
        ("emergency room", "EMER"),
        ("inpatient", "IMP"),
        ("hospital", "IMP"),
        ("observation", "OBSENC"),
        ("home visit", "HH"),
    ],
    fallback: None,
    others: &["ACUTE", "NONAC", "PRENC", "SS", "FLD"],
};

/// `Condition.clinicalStatus`.
pub static CONDITION_CLINICAL: CodeMap = CodeMap {
    name: "condition_clinical",
    system: system::CONDITION_CLINICAL,
    entries: &[
        ("active", "active"),
        ("current", "active"),
        ("chronic", "active"),
        ("a", "active"),
        ("recurrence", "recurrence"),
        ("recurrent", "recurrence"),
        ("relapse", "relapse"),
        ("inactive", "inactive"),
        ("i", "inactive"),
        ("remission", "remission"),
        ("in remission", "remission"),
        ("resolved", "resolved"),
        ("r", "resolved"),
    ],
    fallback: None,
    others: &[],
};

/// `Condition.verificationStatus`, where the status column says it.
pub static CONDITION_VERIFICATION: CodeMap = CodeMap {
    name: "condition_verification",
    system: system::CONDITION_VER_STATUS,
    entries: &[
        ("confirmed", "confirmed"),
        ("unconfirmed", "unconfirmed"),
        ("provisional", "provisional"),
        ("suspected", "provisional"),
        ("probable", "provisional"),
        ("differential", "differential"),
        ("ruled out", "refuted"),
        ("refuted", "refuted"),
    ],
    fallback: None,
    others: &[],
};

/// `Procedure.status`.
pub static PROCEDURE_STATUS: CodeMap = CodeMap {
    name: "procedure_status",
    system: "http://hl7.org/fhir/event-status",
    entries: &[
        ("completed", "completed"),
        ("complete", "completed"),
        ("performed", "completed"),
        ("done", "completed"),
        ("billed", "completed"),
        ("in progress", "in-progress"),
        ("in-progress", "in-progress"),
        ("ordered", "preparation"),
        ("scheduled", "preparation"),
        ("planned", "preparation"),
        ("on hold", "on-hold"),
        ("stopped", "stopped"),
        ("aborted", "stopped"),
        ("cancelled", "not-done"),
        ("canceled", "not-done"),
        ("not done", "not-done"),
        ("refused", "not-done"),
    ],
    fallback: Some("unknown"),
    others: &[],
};
