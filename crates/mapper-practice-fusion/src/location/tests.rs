use mapper::Mapping;

use super::{Locations, Row};
use crate::testing::{outcome, s};

fn told(row: Row) -> String {
    outcome(|site, trace| Locations::translate(row, site, trace))
}

#[test]
fn a_full_row() {
    let row = Row {
        key: "af60".into(),
        name: s("Sample Main Street"),
        address1: s("100 Orchard Row"),
        address2: s("Suite 2"),
        address3: s("Rear entrance"),
        city: s("Sampletown"),
        state: s("NY"),
        zipcode: s("00501"),
        county: s("Sample County"),
        officephone: s("5550100161"),
        officefax: s("5550100162"),
        cg_guid: s("af60"),
        cg_practice: s("0c1d"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    address.city = Sampletown
    address.district = Sample County
    address.line[0] = 100 Orchard Row
    address.line[1] = Suite 2
    address.line[2] = Rear entrance
    address.postalCode = 00501
    address.state = NY
    identifier[0].system = urn:chartgate:pf:facilityguid
    identifier[0].value = af60
    managingOrganization.reference = Organization/pf.org.0c1d
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-location
    name = Sample Main Street
    telecom[0].system = phone
    telecom[0].use = work
    telecom[0].value = 5550100161
    telecom[1].system = fax
    telecom[1].use = work
    telecom[1].value = 5550100162
    ");
}

#[test]
fn a_bare_row_says_what_is_not_known() {
    let row = Row {
        key: "~0f".into(),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    _name.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _name.extension[0].valueCode = unknown
    identifier[0].system = urn:chartgate:pf:key
    identifier[0].value = ~0f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-location
    ");
}

#[test]
fn lines_close_up() {
    let row = Row {
        key: "af60".into(),
        address3: s("Rear entrance"),
        ..Row::default()
    };
    assert!(told(row).contains("address.line[0] = Rear entrance"));
}
