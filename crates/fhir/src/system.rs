//! URIs of code systems and identifier systems.
//!
//! Sources: <http://hl7.org/fhir/R4/terminologies-systems.html>, <http://hl7.org/fhir/R4/identifier-registry.html>, terminology.hl7.org, and the
//! value sets of US Core 6.1.0 and 7.0.0 where those differ from older lists (HCPCS).

/// ICD-10-CM, diagnoses since October 2015.
pub const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
/// ICD-9-CM, diagnoses before October 2015.
pub const ICD9CM: &str = "http://hl7.org/fhir/sid/icd-9-cm";
/// ICD-10-PCS, inpatient procedures since October 2015 (as US Core's procedure value set spells it).
pub const ICD10PCS: &str = "http://www.cms.gov/Medicare/Coding/ICD10";
/// SNOMED CT, no particular edition.
pub const SNOMED: &str = "http://snomed.info/sct";
/// LOINC.
pub const LOINC: &str = "http://loinc.org";
/// CPT of the American Medical Association (HCPCS level I).
pub const CPT: &str = "http://www.ama-assn.org/go/cpt";
/// HCPCS level II, as US Core 6.1.0 and 7.0.0 spell it.
pub const HCPCS: &str = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";

/// United States National Provider Identifier.
pub const NPI: &str = "http://hl7.org/fhir/sid/us-npi";
/// United States Social Security Number.
pub const SSN: &str = "http://hl7.org/fhir/sid/us-ssn";
/// Identifier types of HL7 v2 table 0203 (`MR`, `PI`, `NPI`, …).
pub const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";

/// `Condition.category`: `problem-list-item` and `encounter-diagnosis`.
pub const CONDITION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";
/// `Condition.category` `health-concern`, which US Core adds.
pub const US_CORE_CONDITION_CATEGORY: &str = "http://hl7.org/fhir/us/core/CodeSystem/condition-category";
/// `Condition.clinicalStatus`.
pub const CONDITION_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
/// `Condition.verificationStatus`.
pub const CONDITION_VER_STATUS: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

/// `Encounter.class` (`AMB`, `EMER`, `IMP`, `VR`, …).
pub const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// `Encounter.participant.type` (`ATND`, `PPRF`, …).
pub const PARTICIPATION_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
/// `Encounter.diagnosis.use` (`AD`, `DD`, `billing`, …).
pub const DIAGNOSIS_ROLE: &str = "http://terminology.hl7.org/CodeSystem/diagnosis-role";
/// `Organization.type` (`prov`, …).
pub const ORGANIZATION_TYPE: &str = "http://terminology.hl7.org/CodeSystem/organization-type";
/// `Patient.maritalStatus`.
pub const MARITAL_STATUS: &str = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus";

/// `Provenance.agent.type` (`author`, …).
pub const PROVENANCE_PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
/// `Provenance.agent.type` `transmitter`, which US Core adds.
pub const US_CORE_PROVENANCE_PARTICIPANT: &str =
    "http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type";

/// Why a value is missing (`unknown`, `masked`, …), as a code.
pub const DATA_ABSENT_REASON: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
/// HL7 v3 null flavours (`UNK`, `ASKU`).
pub const NULL_FLAVOR: &str = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
/// CDC race and ethnicity codes, which hold the OMB categories.
pub const RACE_AND_ETHNICITY: &str = "urn:oid:2.16.840.1.113883.6.238";
/// Language tags of BCP 47 (`en`, `es-MX`).
pub const BCP47: &str = "urn:ietf:bcp:47";
/// Units of measure (UCUM).
pub const UCUM: &str = "http://unitsofmeasure.org";

/// `gender`.
pub const ADMINISTRATIVE_GENDER: &str = "http://hl7.org/fhir/administrative-gender";
/// `Encounter.status`.
pub const ENCOUNTER_STATUS: &str = "http://hl7.org/fhir/encounter-status";
/// `Procedure.status`.
pub const EVENT_STATUS: &str = "http://hl7.org/fhir/event-status";
/// `Location.status`.
pub const LOCATION_STATUS: &str = "http://hl7.org/fhir/location-status";
/// `Address.use`.
pub const ADDRESS_USE: &str = "http://hl7.org/fhir/address-use";
/// `Encounter.hospitalization.dischargeDisposition`.
pub const DISCHARGE_DISPOSITION: &str = "http://terminology.hl7.org/CodeSystem/discharge-disposition";
/// `true` and `false` as codes.
pub const SPECIAL_VALUES: &str = "http://terminology.hl7.org/CodeSystem/special-values";
