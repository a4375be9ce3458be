//! The targets of references: FHIR type and the kind in ids.

use fhir::r4::ResourceType;
use fhir::r4::types::Reference;
use mapper::Site;
use mapper::element::{self, Cell};
use mapper::param::Target;

/// `users` that are patients.
pub const PATIENT: Target = Target {
    ty: ResourceType::Patient,
    kind: "pt",
};
/// `users` that are not.
pub const PRACTITIONER: Target = Target {
    ty: ResourceType::Practitioner,
    kind: "prov",
};
/// `enc`
pub const ENCOUNTER: Target = Target {
    ty: ResourceType::Encounter,
    kind: "enc",
};
/// `diagnosis`
pub const DIAGNOSIS: Target = Target {
    ty: ResourceType::Condition,
    kind: "edx",
};
/// `problemlist`
pub const PROBLEM: Target = Target {
    ty: ResourceType::Condition,
    kind: "dx",
};
/// `surgicalhistory`
pub const SURGERY: Target = Target {
    ty: ResourceType::Procedure,
    kind: "shx",
};
/// `billingdata`
pub const BILLED: Target = Target {
    ty: ResourceType::Procedure,
    kind: "bill",
};
/// `labdata`
pub const LAB: Target = Target {
    ty: ResourceType::Procedure,
    kind: "lab",
};
/// `edi_facilities`
pub const LOCATION: Target = Target {
    ty: ResourceType::Location,
    kind: "loc",
};
/// `practice`
pub const ORGANIZATION: Target = Target {
    ty: ResourceType::Organization,
    kind: "org",
};

/// The patient of a clinical row: of its own `patientid` or of its visit's.
pub fn patient(site: &Site, key: Option<&str>, patientid: Option<&str>) -> Option<Reference> {
    element::reference(
        site,
        PATIENT,
        key,
        Cell {
            column: "patientid",
            text: patientid,
        },
    )
}

/// The practice, which is always in the database: its row is made when something refers to it.
pub fn practice(site: &Site, key: Option<&str>) -> Option<Reference> {
    let nowhere = Cell {
        column: "pmcid",
        text: None,
    };
    element::reference(site, ORGANIZATION, key, nowhere)
}
