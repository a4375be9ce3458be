//! The targets of references: FHIR type and the kind in ids.

use fhir::r4::ResourceType;
use fhir::r4::types::Reference;
use mapper::Site;
use mapper::element::{self, Cell};
use mapper::param::Target;

macro_rules! targets {
    ($($(#[$doc:meta])* $name:ident: $ty:ident $kind:literal;)+) => {
        $($(#[$doc])* pub const $name: Target = Target { ty: ResourceType::$ty, kind: $kind };)+
    };
}

targets! {
    /// `PATIENT`
    PATIENT: Patient "pt";
    /// `PAT_ENC`
    ENCOUNTER: Encounter "enc";
    /// `PAT_ENC_DX`
    DIAGNOSIS: Condition "edx";
    /// `PROBLEM_LIST`
    PROBLEM: Condition "dx";
    /// `ORDER_PROC`
    ORDER: Procedure "px";
    /// `SURGICAL_HX`
    HISTORY: Procedure "shx";
    /// `OR_LOG_ALL_PROC`
    OPERATION: Procedure "orp";
    /// `CLARITY_SER`
    PROVIDER: Practitioner "prov";
    /// `CLARITY_EMP`
    USER: Practitioner "emp";
    /// `CLARITY_DEP`
    LOCATION: Location "loc";
    /// `CLARITY_LOC`
    ORGANIZATION: Organization "org";
}

/// The patient of a row: the row of `PATIENT` that is served, else `PAT_ID` as it stands.
pub fn patient(site: &Site, key: Option<&str>, pat_id: Option<&str>) -> Option<Reference> {
    let told = Cell {
        column: "pat_id",
        text: pat_id,
    };
    element::reference(site, PATIENT, key, told)
}

/// The contact of a row: the visit that is served, else the contact's serial number as it stands.
pub fn visit(site: &Site, key: Option<&str>, csn: Option<&str>) -> Option<Reference> {
    let told = Cell {
        column: "pat_enc_csn_id",
        text: csn,
    };
    element::reference(site, ENCOUNTER, key, told)
}
