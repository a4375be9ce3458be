use mapper::Mapping;

use super::{Organizations, Row};
use crate::testing::{outcome, s};

#[test]
fn a_full_row() {
    let row = Row {
        key: "10".into(),
        loc_id: s("10"),
        cg_name: s("Sampletown Clinics"),
        ..Row::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Organizations::translate(row, site, trace)), @"
    active = true
    identifier[0].system = urn:chartgate:my:loc_id
    identifier[0].value = 10
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
    name = Sampletown Clinics
    ");
}

#[test]
fn a_bare_row() {
    let row = Row {
        key: "11".into(),
        loc_id: s("11"),
        ..Row::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Organizations::translate(row, site, trace)), @"
    _name.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _name.extension[0].valueCode = unknown
    active = true
    identifier[0].system = urn:chartgate:my:loc_id
    identifier[0].value = 11
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
    ");
}
