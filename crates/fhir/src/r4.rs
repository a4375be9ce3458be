//! The R4 resource model: an allow-list of fhir-sdk's `r4b` types.
//!
//! fhir-sdk has STU3, R4B and R5 but no R4. R4B (4.3.0) changed the definitional, evidence and medicinal-product resources and left the
//! clinical and administrative ones as they were in R4 (4.0.1), so a resource built from the types listed here is an R4 resource. That is
//! why this is a list and not a glob: a type is added after comparing it with <http://hl7.org/fhir/R4/resourcelist.html>.
//!
//! How the types look: mandatory elements go through `X::builder()…build()`, the others are public fields; a list is `Vec<Option<T>>`, since
//! FHIR's JSON has `null` where an item has only extensions; a primitive `x` has its extensions in `x_ext`; a choice `x[x]` is an enum.

pub use fhir_sdk::BuilderError;
pub use fhir_sdk::r4b::resources::{
    BaseResource, Condition, ConditionAbatement, ConditionAbatementExtension, ConditionEvidence, ConditionOnset,
    ConditionOnsetExtension, ConditionStage, Encounter, EncounterClassHistory, EncounterDiagnosis,
    EncounterHospitalization, EncounterLocation, EncounterParticipant, EncounterStatusHistory, Location,
    LocationHoursOfOperation, LocationPosition, OperationOutcome, OperationOutcomeIssue, Organization,
    OrganizationContact, Patient, PatientCommunication, PatientContact, PatientDeceased, PatientDeceasedExtension,
    PatientLink, PatientMultipleBirth, PatientMultipleBirthExtension, Practitioner, PractitionerQualification,
    Procedure, ProcedureFocalDevice, ProcedurePerformed, ProcedurePerformedExtension, ProcedurePerformer, Provenance,
    ProvenanceAgent, ProvenanceEntity, Resource, ResourceType,
};
pub use fhir_sdk::{Date, DateTime, Instant, time};

/// The version this server declares, as in `CapabilityStatement.fhirVersion` (<http://hl7.org/fhir/R4/versions.html>).
pub const VERSION: &str = "4.0.1";

/// The media type of FHIR JSON (<http://hl7.org/fhir/R4/http.html#mime-type>).
pub const JSON: &str = "application/fhir+json";

/// Data types (<http://hl7.org/fhir/R4/datatypes.html>).
pub mod types {
    pub use fhir_sdk::r4b::types::{
        Address, AddressInner, Age, Annotation, AnnotationAuthor, AnnotationInner, CodeableConcept,
        CodeableConceptInner, Coding, CodingInner, ContactPoint, ContactPointInner, Extension, ExtensionInner,
        ExtensionValue, ExtensionValueExtension, FieldExtension, HumanName, HumanNameInner, Identifier,
        IdentifierInner, Meta, MetaInner, Period, PeriodInner, Quantity, Range, Reference, ReferenceInner,
    };
}

/// Codes of required bindings (<http://hl7.org/fhir/R4/terminologies.html#required>).
pub mod codes {
    pub use fhir_sdk::r4b::codes::{
        AddressType, AddressUse, AdministrativeGender, ContactPointSystem, ContactPointUse, EncounterLocationStatus,
        EncounterStatus, EventStatus, IdentifierUse, LocationMode, LocationStatus, NameUse, ProvenanceEntityRole,
    };
}
