//! Canonical URLs of profiles and of the server's CapabilityStatement, without version.

use crate::r4::ResourceType;

/// The versions of US Core whose profiles the resources follow, both at once.
pub const VERSIONS: [&str; 2] = ["6.1.0", "7.0.0"];

/// US Core's requirements for a server, which ours instantiates.
pub const SERVER: &str = "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server";

/// US Core as an implementation guide.
pub const GUIDE: &str = "http://hl7.org/fhir/us/core/ImplementationGuide/hl7.fhir.us.core";

/// Patient.
pub const PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
/// Encounter.
pub const ENCOUNTER: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter";
/// Condition that is a diagnosis of a visit.
pub const CONDITION_ENCOUNTER_DIAGNOSIS: &str =
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis";
/// Condition of the problem list, or a health concern.
pub const CONDITION_PROBLEMS: &str =
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns";
/// Procedure.
pub const PROCEDURE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure";
/// Practitioner.
pub const PRACTITIONER: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner";
/// Location.
pub const LOCATION: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-location";
/// Organization.
pub const ORGANIZATION: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization";
/// Provenance.
pub const PROVENANCE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance";

/// The US Core profiles of a resource type: two for Condition, none for types that are not served.
#[must_use]
pub fn profiles(ty: ResourceType) -> &'static [&'static str] {
    #[allow(clippy::wildcard_enum_match_arm, reason = "R4 has 150 types; these are served")]
    match ty {
        ResourceType::Patient => &[PATIENT],
        ResourceType::Encounter => &[ENCOUNTER],
        ResourceType::Condition => &[CONDITION_ENCOUNTER_DIAGNOSIS, CONDITION_PROBLEMS],
        ResourceType::Procedure => &[PROCEDURE],
        ResourceType::Practitioner => &[PRACTITIONER],
        ResourceType::Location => &[LOCATION],
        ResourceType::Organization => &[ORGANIZATION],
        ResourceType::Provenance => &[PROVENANCE],
        _ => &[],
    }
}
