//! The targets of references: FHIR type and the kind in ids.

use fhir::r4::ResourceType;
use fhir::r4::types::Reference;
use mapper::Site;
use mapper::element::{self, Cell};
use mapper::param::Target;

/// `demographic`
pub const PATIENT: Target = Target {
    ty: ResourceType::Patient,
    kind: "pt",
};
/// `encounter`
pub const ENCOUNTER: Target = Target {
    ty: ResourceType::Encounter,
    kind: "enc",
};
/// `appointment`
pub const APPOINTMENT: Target = Target {
    ty: ResourceType::Encounter,
    kind: "appt",
};
/// `diagnosis`
pub const CONDITION: Target = Target {
    ty: ResourceType::Condition,
    kind: "dx",
};
/// `procedure`
pub const PROCEDURE: Target = Target {
    ty: ResourceType::Procedure,
    kind: "px",
};
/// `provider`
pub const PRACTITIONER: Target = Target {
    ty: ResourceType::Practitioner,
    kind: "prov",
};
/// `location`
pub const LOCATION: Target = Target {
    ty: ResourceType::Location,
    kind: "loc",
};
/// `client_ids`
pub const ORGANIZATION: Target = Target {
    ty: ResourceType::Organization,
    kind: "org",
};

/// The patient of a clinical row. What rows call `patient_id` is the `demographicid` of the patient record.
pub fn patient(site: &Site, key: Option<&str>, patient_id: Option<&str>, practices: Cell<'_>) -> Option<Reference> {
    let told = Cell {
        column: "demographicid",
        text: patient_id,
    };
    element::reference(site, PATIENT, key, if patient_id.is_some() { told } else { practices })
}
