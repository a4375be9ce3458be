//! Encounters and what happened at them.

use std::io;

use super::{ENCOUNTER, PATIENT, PROFILE, TIME, guid, place, provider, user};
use crate::files::{Delivery, Row, row, when};
use crate::invented::{CLINICIANS, ILLNESSES, REASONS, SERVICES, chance, changed, mixed, npi, nth, pick, time};

const APPOINTMENT: u16 = 0xb170;
const DIAGNOSIS: u16 = 0xc280;
const PROCEDURE: u16 = 0xd390;
const EVENT: u16 = 0xe4a0;
const SUPERBILL: u16 = 0xb500;

const DAY: &str = "%-m/%-d/%Y";
/// When an unsigned note was signed.
const NEVER: &str = "1/1/0001 12:00:00 AM";
/// Who signed it.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

pub fn write(to: &mut Delivery, patients: u64) -> io::Result<()> {
    to.file("patient-encounters.tsv", 0..patients * 5 / 2, encounter)?;
    to.file("patient-appointments.tsv", 0..patients / 2, appointment)?;
    to.file("patient-diagnoses.tsv", 0..patients * 3 / 2, diagnosis)?;
    to.file(
        "patient-encounter-diagnoses.tsv",
        0..patients * 3 / 2,
        encounter_diagnosis,
    )?;
    to.file("patient-encounter-procedures.tsv", 0..patients, procedure)?;
    to.file(
        "patient-encounter-events.tsv",
        (0..patients).filter(|n| performed(*n)),
        event,
    )?;
    to.file("patient-superbills.tsv", 0..patients / 4, superbill)?;
    to.file("patient-conditions.tsv", 0..patients / 50, no_known)?;
    to.file("patient-encounter-observations.tsv", 0..patients / 50, observation)
}

/// The patient of an encounter, and of a diagnosis.
const fn patient_of(encounter: u64) -> u64 {
    encounter * 2 / 5
}

const fn diagnosed(diagnosis: u64) -> u64 {
    diagnosis * 2 / 3
}

/// The first encounter of a patient.
const fn first_encounter(patient: u64) -> u64 {
    (patient * 5).div_ceil(2)
}

/// Whether a procedure was more than ordered.
fn performed(n: u64) -> bool {
    !chance(n, 40, 5)
}

fn encounter(n: u64) -> Row<20> {
    const KINDS: [&str; 6] = [
        "Office Visit",
        "Office Visit",
        "Nurse Visit",
        "Telemedicine Visit",
        "Home Visit",
        "Nursing Home Visit",
    ];
    // Some are no visits, some are not signed.
    let kind = if chance(n, 20, 4) {
        "Orders Only"
    } else {
        pick(&KINDS, n, 21)
    };
    let signed = chance(n, 22, 92);
    let virtually = kind == "Telemedicine Visit";
    row![
        "PatientPracticeGuid" => guid(PATIENT, patient_of(n)), "EncounterGuid" => guid(ENCOUNTER, n),
        "DateOfService" => time(n, 24).format(DAY),
        "Subjective" => format!(r"<p>Came for {0}.</p>\n<p>Has had it for {1} days.</p>", pick(&REASONS, n, 23), n % 30 + 1),
        "ChiefComplaint" => pick(&REASONS, n, 23),
        "SignedByProviderGuid" => if signed { provider(n) } else { NOBODY.to_owned() },
        "SignedDateTimeUtc" => if signed { time(n, 24).format(TIME).to_string() } else { NEVER.to_owned() },
        "FacilityGuid" => place(n), "SeenByProviderGuid" => provider(n), "ChartNoteType" => kind,
        "IsSoapNote" => "True", "IsVirtualVisit" => if virtually { "True" } else { "False" },
        "IsPsychotherapyNote" => if chance(n, 25, 1) { "True" } else { "False" },
        "LastModifiedByProviderGuid" => provider(n), "LastModifiedDateTimeUtc" => changed(n).format(TIME);
        "Objective", "Assessment", "Plan", "SnapshotDiagnosis", "SnapshotMedications"
    ]
}

/// For every second patient; some are those of a visit.
fn appointment(n: u64) -> Row<15> {
    let (visited, patient) = (chance(n, 26, 15), n * 2);
    let status = if visited {
        "Seen"
    } else {
        pick(&["Scheduled", "Confirmed", "Cancelled", "No Show"], n, 27)
    };
    let visit = when(visited, guid(ENCOUNTER, first_encounter(patient)));
    let starts = time(n, 28);
    row![
        "AppointmentGuid" => guid(APPOINTMENT, n), "PatientPracticeGuid" => guid(PATIENT, patient),
        "ProviderGuid" => provider(n), "FacilityGuid" => place(n), "StartDateTime" => starts.format(TIME),
        "EndDateTime" => (starts + chrono::TimeDelta::minutes(20)).format(TIME),
        "ChiefComplaint" => pick(&REASONS, n, 23),
        "AppointmentType" => pick(&["Follow-Up", "New Patient", "Wellness"], n, 29), "AppointmentStatus" => status,
        "EncounterGuid" => visit, "LastModifiedByProviderGuid" => provider(n),
        "LastModifiedDateTimeUtc" => changed(n).format(TIME);
        "NoShowOrCancellationReason", "RoomLocation", "InsuranceCoverageType"
    ]
}

fn diagnosis(n: u64) -> Row<14> {
    let illness = pick(&ILLNESSES, n, 30);
    let codes = format!(
        "{} (ICD10), {} (ICD9), {} (SNOMED)",
        illness.icd10, illness.icd9, illness.snomed
    );
    let stopped = when(chance(n, 33, 25), changed(n).format(DAY));
    let (noted, by) = if chance(n, 34, 20) {
        ("better than last year", provider(n))
    } else {
        ("", String::new())
    };
    row![
        "PatientPracticeGuid" => guid(PATIENT, diagnosed(n)), "DiagnosisGuid" => guid(DIAGNOSIS, n),
        "Diagnosis" => illness.text, "DiagnosisCodeEquivalents" => when(!chance(n, 35, 2), codes),
        "DiagnosisAcuity" => pick(&["Chronic", "Acute", ""], n, 36), "StartDate" => time(n, 32).format(DAY),
        "StopDate" => stopped, "Comments" => noted, "CommentEnteredByProviderGuid" => by,
        "ProvenanceEhrUserGuid" => user(n), "ProvenanceDateTimeUtc" => time(n, 31).format(TIME),
        "LastModifiedByUserGuid" => user(n), "LastModifiedDateTimeUtc" => changed(n).format(TIME);
        "CommentEnteredDateTimeUtc"
    ]
}

/// Some are of a diagnosis that is not there.
fn encounter_diagnosis(n: u64) -> Row<6> {
    let patient = diagnosed(n);
    let of = if chance(n, 37, 1) { u64::from(u32::MAX) } else { n };
    row![
        "PatientPracticeGuid" => guid(PATIENT, patient),
        "EncounterGuid" => guid(ENCOUNTER, first_encounter(patient) + n % 2), "DiagnosisGuid" => guid(DIAGNOSIS, of),
        "LastModifiedByUserGuid" => user(n), "LastModifiedDateTimeUtc" => changed(n).format(TIME);
        "Comments"
    ]
}

fn procedure(n: u64) -> Row<18> {
    const SYSTEMS: [&str; 5] = ["CPT", "CPT", "CPT", "CPT", "HCPCS"];
    let which = mixed(n, 41);
    let (code, text) = nth(&SERVICES, which);
    let (status, event) = if performed(n) {
        ("completed", guid(EVENT, n))
    } else {
        ("", String::new())
    };
    row![
        "PatientPracticeGuid" => guid(PATIENT, n), "EncounterGuid" => guid(ENCOUNTER, first_encounter(n)),
        "ProcedureGuid" => guid(PROCEDURE, n), "PerformedEncounterEventGuid" => event,
        "OnBehalfOfProviderGuid" => provider(n), "CreatedByProviderGuid" => provider(n + 1),
        "LastModifiedByProviderGuid" => provider(n), "CreatedDateTimeUtc" => time(n, 42).format(TIME),
        "LastModifiedDateTimeUtc" => changed(n).format(TIME), "ProcedureName" => text, "ProcedureCode" => code,
        "ProcedureCodeSystem" => nth(&SYSTEMS, which), "ProcedureStatus" => "Ordered",
        "ProcedurePerformedStatus" => status, "OrderedDateTimeUtc" => time(n, 42).format(TIME);
        "OrderedEncounterEventGuid", "QuestionnaireGuid", "OrderNote"
    ]
}

fn event(n: u64) -> Row<31> {
    row![
        "EncounterEventGuid" => guid(EVENT, n), "EncounterGuid" => guid(ENCOUNTER, first_encounter(n)),
        "PatientPracticeGuid" => guid(PATIENT, n), "StartDateTimeUtc" => time(n, 42).format(TIME),
        "IsNegated" => if chance(n, 43, 2) { "True" } else { "False" }, "EventName" => "Procedure performed",
        "EventCategory" => "Procedure", "LastModifiedByProfileGuid" => guid(PROFILE, n % CLINICIANS),
        "LastModifiedDateTimeUtc" => changed(n).format(TIME);
        "DueDateTimeUtc", "EndDateTimeUtc", "ResultValue", "EventComments", "EventDescription", "DisplayOption",
        "Status", "StatusDescription", "SpecificEventState", "EventReasonCodeSystem", "EventReasonCode",
        "EventReasonName", "EventReasonIsNegated", "EventResultCodeSystem", "EventResultCode", "EventResultName",
        "EventResultDescription", "MeasurementPrecondition", "MeasurementSite", "VitalSignCode",
        "CausedByEncounterEventGuid", "ClinicalWorksheetGuid"
    ]
}

fn superbill(n: u64) -> Row<10> {
    let patient = n * 4;
    row![
        "SuperbillGuid" => guid(SUPERBILL, n), "PatientPracticeGuid" => guid(PATIENT, patient),
        "EncounterGuid" => guid(ENCOUNTER, first_encounter(patient)), "PatientContactCode" => format!("MR-{patient}"),
        "PerformingProviderProfileGuid" => guid(PROFILE, n % CLINICIANS),
        "PerformingProviderNpi" => npi(n % CLINICIANS), "PerformingFacilityGuid" => place(n);
        "OrderingProviderNpi", "OtherProviderNpi", "HospitalAdmitDateTimeUtc"
    ]
}

fn no_known(n: u64) -> Row<6> {
    row![
        "PatientPracticeGuid" => guid(PATIENT, n * 50),
        "ConditionName" => pick(&["No Known Problems", "No Known Drug Allergies"], n, 44),
        "LastModifiedByUserGuid" => user(n), "LastModifiedDateTimeUtc" => changed(n).format(TIME);
        "ProvenanceEhrUserGuid", "ProvenanceDateTimeUtc"
    ]
}

fn observation(n: u64) -> Row<12> {
    let patient = n * 50;
    row![
        "PatientPracticeGuid" => guid(PATIENT, patient), "EncounterGuid" => guid(ENCOUNTER, first_encounter(patient)),
        "ObservationCodeSystem" => "LOINC", "ObservationCode" => "3141-9", "UnitOfObservation" => "kg",
        "ValueType" => "Numeric", "Value" => format!("{}.5", 50 + n % 60),
        "ObservationDateTimeUtc" => time(n, 45).format(TIME), "LastModifiedByProviderGuid" => provider(n),
        "LastModifiedDateTimeUtc" => changed(n).format(TIME);
        "ObservationSetGuid", "Comment"
    ]
}
