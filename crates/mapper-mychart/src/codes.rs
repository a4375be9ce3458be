//! The organisation's words and FHIR's codes. Labels of Epic's category columns (`…_C_NAME`) can be edited by each organisation; the
//! words are Epic's usual ones, and a profile adds others.

use fhir::system;
use mapper::CodeMap;
pub use mapper::words::{BIRTH_SEX, ETHNICITY, GENDER, LANGUAGE, RACE};

/// Every map, for profiles.
pub static ALL: [&CodeMap; 15] = [
    &GENDER,
    &BIRTH_SEX,
    &RACE,
    &ETHNICITY,
    &LANGUAGE,
    &DECEASED,
    &PHONE_USE,
    &APPT_STATUS,
    &ENCOUNTER_STATUS,
    &ENCOUNTER_CLASS,
    &DISCHARGE_DISPOSITION,
    &CLINICAL_STATUS,
    &ORDER_TYPE,
    &ORDER_STATUS,
    &OR_STATUS,
];

/// The code system of `Encounter.status`.
pub const VISIT_STATUSES: &str = "http://hl7.org/fhir/encounter-status";
/// The code system of `Procedure.status`.
pub const EVENT_STATUSES: &str = "http://hl7.org/fhir/event-status";

/// `PATIENT.PAT_STATUS_C_NAME`, `PATIENT_4.PAT_LIVING_STAT_C_NAME`: whether the patient has died.
pub static DECEASED: CodeMap = CodeMap {
    name: "deceased",
    system: fhir::system::SPECIAL_VALUES,
    entries: &[
        ("alive", "false"),
        ("living", "false"),
        ("deceased", "true"),
        ("dead", "true"),
        ("expired", "true"),
    ],
    fallback: None,
    others: &[],
};

/// `OTHER_COMMUNCTN.OTHER_COMMUNIC_C_NAME` as `ContactPoint.use`; `mobile` is a use in R4.
pub static PHONE_USE: CodeMap = CodeMap {
    name: "phone_use",
    system: "http://hl7.org/fhir/contact-point-use",
    entries: &[
        ("mobile", "mobile"),
        ("mobile phone", "mobile"),
        ("mobile number", "mobile"),
        ("cell", "mobile"),
        ("cell phone", "mobile"),
        ("home", "home"),
        ("home phone", "home"),
        ("work", "work"),
        ("work phone", "work"),
        ("business", "work"),
        ("temporary", "temp"),
        ("temporary phone", "temp"),
    ],
    fallback: None,
    others: &["old"],
};

/// `PAT_ENC.APPT_STATUS_C_NAME` as `Encounter.status`.
pub static APPT_STATUS: CodeMap = CodeMap {
    name: "appt_status",
    system: VISIT_STATUSES,
    entries: &[
        ("completed", "finished"),
        ("arrived", "arrived"),
        ("scheduled", "planned"),
        ("canceled", "cancelled"),
        ("cancelled", "cancelled"),
        ("no show", "cancelled"),
        ("left without seen", "cancelled"),
    ],
    fallback: None,
    others: &["triaged", "in-progress", "onleave", "unknown"],
};

/// `PAT_ENC.CALCULATED_ENC_STAT_C_NAME` as `Encounter.status`. What is `finished` here counts as complete where clinical
/// contacts are selected.
pub static ENCOUNTER_STATUS: CodeMap = CodeMap {
    name: "encounter_status",
    system: VISIT_STATUSES,
    entries: &[("complete", "finished"), ("possible", "unknown")],
    fallback: None,
    others: &["planned", "arrived", "triaged", "in-progress", "onleave", "cancelled"],
};

/// `ADT_PAT_CLASS_C_NAME` of `PAT_ENC_HSP` and `PAT_ENC_2` as `Encounter.class`.
pub static ENCOUNTER_CLASS: CodeMap = CodeMap {
    name: "encounter_class",
    system: system::ACT_CODE,
    entries: &[
        ("inpatient", "IMP"),
        ("observation", "OBSENC"),
        ("emergency", "EMER"),
        ("outpatient", "AMB"),
        ("hospital outpatient surgery", "AMB"),
        ("ambulatory surgery", "AMB"),
    ],
    fallback: None,
    others: &["VR", "ACUTE", "NONAC", "PRENC", "SS", "HH", "FLD"],
};

/// `PAT_ENC_HSP.DISCH_DISP_C_NAME` as `Encounter.hospitalization.dischargeDisposition`.
pub static DISCHARGE_DISPOSITION: CodeMap = CodeMap {
    name: "discharge_disposition",
    system: "http://terminology.hl7.org/CodeSystem/discharge-disposition",
    entries: &[
        ("home", "home"),
        ("home or self care", "home"),
        ("home-health care svc", "home"),
        ("hospice/home", "hosp"),
        ("hospice/medical facility", "hosp"),
        ("long term care", "long"),
        ("left against medical advice", "aadvice"),
        ("left against medical advice or discontinued care", "aadvice"),
        ("expired", "exp"),
        ("psychiatric hospital", "psy"),
        ("rehab facility", "rehab"),
        ("skilled nursing facility", "snf"),
        ("short term hospital", "other-hcf"),
    ],
    fallback: None,
    others: &["alt-home", "oth"],
};

/// `PROBLEM_LIST.PROBLEM_STATUS_C_NAME` as `Condition.clinicalStatus`; [`DELETED`] is none.
pub static CLINICAL_STATUS: CodeMap = CodeMap {
    name: "clinical_status",
    system: system::CONDITION_CLINICAL,
    entries: &[("active", "active"), ("resolved", "resolved")],
    fallback: None,
    others: &["recurrence", "relapse", "inactive", "remission"],
};

/// `PROBLEM_STATUS_C_NAME` of a problem that was deleted.
pub const DELETED: &str = "deleted";

/// `ORDER_PROC.ORDER_TYPE_C_NAME`: which orders are procedures.
pub static ORDER_TYPE: CodeMap = CodeMap {
    name: "order_type",
    system: "http://hl7.org/fhir/resource-types",
    entries: &[
        ("procedures", "procedure"),
        ("procedure", "procedure"),
        ("surgery", "procedure"),
    ],
    fallback: None,
    others: &["order"],
};

/// `ORDER_PROC.ORDER_STATUS_C_NAME` as `Procedure.status`. Only what is completed is served: an order is not an act.
pub static ORDER_STATUS: CodeMap = CodeMap {
    name: "order_status",
    system: EVENT_STATUSES,
    entries: &[
        ("completed", "completed"),
        ("canceled", "not-done"),
        ("cancelled", "not-done"),
    ],
    fallback: None,
    others: &["preparation"],
};

/// `OR_LOG.STATUS_C_NAME` as `Procedure.status`; what is in preparation is not served.
pub static OR_STATUS: CodeMap = CodeMap {
    name: "or_status",
    system: EVENT_STATUSES,
    entries: &[
        ("posted", "completed"),
        ("completed", "completed"),
        ("scheduled", "preparation"),
    ],
    fallback: Some("unknown"),
    others: &["in-progress", "not-done", "stopped", "on-hold"],
};
