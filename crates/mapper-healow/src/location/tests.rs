use mapper::Mapping;

use super::{ENTITY, Locations, Row};
use crate::testing::{computed, derived, outcome, s};

fn told(row: Row) -> String {
    outcome(|site, trace| Locations::translate(row, site, trace))
}

#[test]
fn a_full_row() {
    let row = Row {
        key: "12".into(),
        id: s("12"),
        name: s("Maple Hollow Main Street Clinic"),
        facilitytype: s("Primary Care Clinic"),
        addressline1: s("100 Maple Hollow Rd"),
        addressline2: s("Suite 2"),
        city: s("Sampletown"),
        state: s("VA"),
        zip: s("20001"),
        tel: s("616-555-0160"),
        fax: s("616-555-0161"),
        email: s("front@example.org"),
        npi: s("9000005121"),
        cg_client: s("1"),
        cg_npi: s("9000005121"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    address.city = Sampletown
    address.line[0] = 100 Maple Hollow Rd
    address.line[1] = Suite 2
    address.postalCode = 20001
    address.state = VA
    identifier[0].system = urn:chartgate:hw:id
    identifier[0].value = 12
    identifier[1].system = http://hl7.org/fhir/sid/us-npi
    identifier[1].value = 9000005121
    managingOrganization.reference = Organization/hw.org.1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-location
    name = Maple Hollow Main Street Clinic
    status = active
    telecom[0].system = phone
    telecom[0].value = 616-555-0160
    telecom[1].system = fax
    telecom[1].value = 616-555-0161
    telecom[2].system = email
    telecom[2].value = front@example.org
    type[0].text = Primary Care Clinic
    ");
}

#[test]
fn a_bare_row_and_a_wrong_npi() {
    let row = Row {
        key: "16".into(),
        id: s("16"),
        npi: s("9000000000"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    _name.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _name.extension[0].valueCode = unknown
    identifier[0].system = urn:chartgate:hw:id
    identifier[0].value = 16
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-location
    status = active
    lost: identifier:NPI from npi: the check digit is wrong
    ");
}

#[test]
fn deleted_places_are_not_served() {
    let hold = |cells: &[(&str, &str)]| derived(&ENTITY, cells).hold;
    assert_eq!(hold(&[("deleteflag", "1")]).as_deref(), Some("withheld:deleted"));
    assert_eq!(hold(&[("deleteflag", "0")]), None);
    assert_eq!(hold(&[]), None);
    assert_eq!(computed(&ENTITY, &[("npi", "9000000000")], "cg_npi"), "");
}
