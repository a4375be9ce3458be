//! The targets of references: FHIR type and the kind in ids.

use fhir::r4::ResourceType;
use fhir::r4::types::Reference;
use mapper::Site;
use mapper::element::{self, Cell};
use mapper::param::Target;

/// `patient-demographics`
pub const PATIENT: Target = Target {
    ty: ResourceType::Patient,
    kind: "pt",
};
/// `patient-encounters`
pub const ENCOUNTER: Target = Target {
    ty: ResourceType::Encounter,
    kind: "enc",
};
/// `patient-appointments`
pub const APPOINTMENT: Target = Target {
    ty: ResourceType::Encounter,
    kind: "appt",
};
/// `patient-diagnoses`
pub const PROBLEM: Target = Target {
    ty: ResourceType::Condition,
    kind: "dx",
};
/// `patient-encounter-diagnoses`
pub const VISIT_DIAGNOSIS: Target = Target {
    ty: ResourceType::Condition,
    kind: "edx",
};
/// `patient-encounter-procedures`
pub const PROCEDURE: Target = Target {
    ty: ResourceType::Procedure,
    kind: "px",
};
/// `providers`
pub const PROVIDER: Target = Target {
    ty: ResourceType::Practitioner,
    kind: "prov",
};
/// `provider-profiles`
pub const PROFILE: Target = Target {
    ty: ResourceType::Practitioner,
    kind: "prof",
};
/// `users`
pub const USER: Target = Target {
    ty: ResourceType::Practitioner,
    kind: "user",
};
/// `facilities`
pub const LOCATION: Target = Target {
    ty: ResourceType::Location,
    kind: "loc",
};
/// `practice`
pub const ORGANIZATION: Target = Target {
    ty: ResourceType::Organization,
    kind: "org",
};

/// The row that a GUID means: the key that was found for it, else the GUID itself under the system of its column.
pub fn refer(
    site: &Site,
    target: Target,
    key: Option<&str>,
    column: &'static str,
    told: Option<&str>,
) -> Option<Reference> {
    element::reference(site, target, key, Cell { column, text: told })
}

/// The patient of a clinical row.
pub fn patient(site: &Site, key: Option<&str>, told: Option<&str>) -> Option<Reference> {
    refer(site, PATIENT, key, "patientpracticeguid", told)
}

/// The visit of a clinical row.
pub fn visit(site: &Site, key: Option<&str>, told: Option<&str>) -> Option<Reference> {
    refer(site, ENCOUNTER, key, "encounterguid", told)
}

/// The practice, whose row is always there when its key is.
pub fn practice(site: &Site, key: Option<&str>) -> Option<Reference> {
    refer(site, ORGANIZATION, key, "practiceguid", None)
}
