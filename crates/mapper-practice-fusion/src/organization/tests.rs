use mapper::Mapping;

use super::{Organizations, Row};
use crate::testing::{outcome, s};

fn told(row: Row) -> String {
    outcome(|site, trace| Organizations::translate(row, site, trace))
}

#[test]
fn a_full_row() {
    let row = Row {
        key: "0c1d".into(),
        name: s("Sample Family Practice"),
        address1: s("100 Orchard Row"),
        address2: s("Suite 2"),
        city: s("Sampletown"),
        state: s("NY"),
        zipcode: s("10099"),
        phone: s("5550100160"),
        cg_guid: s("0c1d"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    active = true
    address[0].city = Sampletown
    address[0].line[0] = 100 Orchard Row
    address[0].line[1] = Suite 2
    address[0].postalCode = 10099
    address[0].state = NY
    identifier[0].system = urn:chartgate:pf:practiceguid
    identifier[0].value = 0c1d
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
    name = Sample Family Practice
    telecom[0].system = phone
    telecom[0].value = 5550100160
    ");
}

#[test]
fn a_row_that_is_made_of_the_profile() {
    let row = Row {
        key: "0c1d".into(),
        cg_guid: s("0c1d"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    _name.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _name.extension[0].valueCode = unknown
    active = true
    identifier[0].system = urn:chartgate:pf:practiceguid
    identifier[0].value = 0c1d
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
    ");
}
