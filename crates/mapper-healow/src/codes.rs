//! The vendor's words and numbers, and FHIR's codes. Sites number and name things their own way: a profile adds others.

use fhir::system;
use mapper::CodeMap;
pub use mapper::words::{BIRTH_SEX, GENDER, LANGUAGE};

/// Every map, for profiles.
pub static ALL: [&CodeMap; 13] = [
    &GENDER,
    &BIRTH_SEX,
    &RACE,
    &ETHNICITY,
    &LANGUAGE,
    &MARITAL_STATUS,
    &USER_TYPE,
    &ENC_TYPE,
    &ENC_STATUS,
    &ENCOUNTER_CLASS,
    &CONDITION_CLINICAL,
    &CONDITION_VERIFICATION,
    &PROCEDURE_STATUS,
];

/// OMB race categories: the labels of `patients.race`. Hispanic, which sites put there too, is no race: see [`ETHNICITY`].
pub static RACE: CodeMap = CodeMap {
    name: "race",
    system: system::RACE_AND_ETHNICITY,
    entries: &[
        ("american indian", "1002-5"),
        ("american indian or alaska native", "1002-5"),
        ("alaska native", "1002-5"),
        ("asian", "2028-9"),
        ("black or african american", "2054-5"),
        ("black", "2054-5"),
        ("african american", "2054-5"),
        ("native hawaiian", "2076-8"),
        ("native hawaiian or other pacific islander", "2076-8"),
        ("other pacific islander", "2076-8"),
        ("white", "2106-3"),
        ("caucasian", "2106-3"),
        ("unreported/refused to report", "ASKU"),
        ("refused to report", "ASKU"),
        ("declined to specify", "ASKU"),
        ("unreported", "UNK"),
        ("unknown", "UNK"),
        ("1002-5", "1002-5"),
        ("2028-9", "2028-9"),
        ("2054-5", "2054-5"),
        ("2076-8", "2076-8"),
        ("2106-3", "2106-3"),
    ],
    fallback: None,
    others: &[],
};

/// OMB ethnicity categories: codes, letters or words, by site.
pub static ETHNICITY: CodeMap = CodeMap {
    name: "ethnicity",
    system: system::RACE_AND_ETHNICITY,
    entries: &[
        ("2135-2", "2135-2"),
        ("h", "2135-2"),
        ("hispanic", "2135-2"),
        ("hispanic or latino", "2135-2"),
        ("latino", "2135-2"),
        ("2186-5", "2186-5"),
        ("nh", "2186-5"),
        ("not hispanic", "2186-5"),
        ("non-hispanic", "2186-5"),
        ("not hispanic or latino", "2186-5"),
        ("asku", "ASKU"),
        ("refused to report", "ASKU"),
        ("unreported/refused to report", "ASKU"),
        ("declined to specify", "ASKU"),
        ("unk", "UNK"),
        ("unknown", "UNK"),
    ],
    fallback: None,
    others: &[],
};

/// `Patient.maritalStatus`.
pub static MARITAL_STATUS: CodeMap = CodeMap {
    name: "marital_status",
    system: system::MARITAL_STATUS,
    entries: &[
        ("married", "M"),
        ("single", "S"),
        ("never married", "S"),
        ("divorced", "D"),
        ("widowed", "W"),
        ("separated", "L"),
        ("legally separated", "L"),
        ("partner", "T"),
        ("domestic partner", "T"),
        ("annulled", "A"),
        ("unmarried", "U"),
    ],
    fallback: None,
    others: &["I", "P", "C"],
};

/// Which resource a `users.UserType` becomes, where neither `patients` nor `doctors` tells: `neither` is for profiles.
pub static USER_TYPE: CodeMap = CodeMap {
    name: "user_type",
    system: "urn:chartgate:user-type",
    entries: &[
        ("1", "practitioner"),
        ("2", "practitioner"),
        ("3", "patient"),
        ("5", "practitioner"),
    ],
    fallback: None,
    others: &["neither"],
};

/// Whether an `enc.encType` is a visit, or the shell of a claim, a lab, a refill, the portal or an order set.
pub static ENC_TYPE: CodeMap = CodeMap {
    name: "enc_type",
    system: "urn:chartgate:enc-type",
    entries: &[
        ("1", "visit"),
        ("2", "visit"),
        ("3", "visit"),
        ("4", "shell"),
        ("5", "shell"),
        ("6", "visit"),
        ("7", "shell"),
        ("8", "shell"),
        ("9", "shell"),
    ],
    fallback: Some("visit"),
    others: &[],
};

/// `Encounter.status` of `enc.STATUS`, the codes of `visitstscodes`.
pub static ENC_STATUS: CodeMap = CodeMap {
    name: "enc_status",
    system: "http://hl7.org/fhir/encounter-status",
    entries: &[
        ("pen", "planned"),
        ("r/s", "planned"),
        ("confphone", "planned"),
        ("confsms", "planned"),
        ("rsphone", "planned"),
        ("ansph", "planned"),
        ("voicemsg", "planned"),
        ("failedmsg", "planned"),
        ("canc", "cancelled"),
        ("cancphone", "cancelled"),
        ("cancclinic", "cancelled"),
        ("cancsms", "cancelled"),
        ("cancstaff", "cancelled"),
        ("wo", "cancelled"),
        ("n/s", "cancelled"),
        ("arr", "arrived"),
        ("qr_arr", "arrived"),
        ("ready", "arrived"),
        ("chk", "finished"),
    ],
    fallback: Some("unknown"),
    others: &["triaged", "in-progress", "onleave"],
};

/// `Encounter.class` of `enc.encType`; `3/12` is out of office (3) at home by the place of service (12).
pub static ENCOUNTER_CLASS: CodeMap = CodeMap {
    name: "encounter_class",
    system: system::ACT_CODE,
    entries: &[("1", "AMB"), ("2", "VR"), ("3", "FLD"), ("3/12", "HH"), ("6", "VR")],
    fallback: None,
    others: &["EMER", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS"],
};

/// `Condition.clinicalStatus` of `problemlist.condition`.
pub static CONDITION_CLINICAL: CodeMap = CodeMap {
    name: "condition_clinical",
    system: system::CONDITION_CLINICAL,
    entries: &[
        ("active", "active"),
        ("well-controlled", "active"),
        ("stable", "active"),
        ("poorly-controlled", "active"),
        ("resolved", "resolved"),
        ("inactive", "inactive"),
        ("recurrence", "recurrence"),
        ("remission", "remission"),
    ],
    fallback: None,
    others: &["relapse"],
};

/// `Condition.verificationStatus` of `problemlist.WUStatus`.
pub static CONDITION_VERIFICATION: CodeMap = CodeMap {
    name: "condition_verification",
    system: system::CONDITION_VER_STATUS,
    entries: &[
        ("confirmed", "confirmed"),
        ("w/u pending", "provisional"),
        ("w/u negative", "refuted"),
        ("erroneous dx", "entered-in-error"),
        ("unknown", "unconfirmed"),
        ("differential", "differential"),
    ],
    fallback: None,
    others: &[],
};

/// `Procedure.status` of `labdata.received`.
pub static PROCEDURE_STATUS: CodeMap = CodeMap {
    name: "procedure_status",
    system: "http://hl7.org/fhir/event-status",
    entries: &[("1", "completed"), ("0", "in-progress")],
    fallback: Some("in-progress"),
    others: &["preparation", "not-done", "on-hold", "stopped", "unknown"],
};
