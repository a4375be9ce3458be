use super::{Practitioners, Row};
use crate::testing::{outcome, s};
use mapper::Mapping;

fn told(row: Row) -> String {
    outcome(|site, trace| Practitioners::translate(row, site, trace))
}

#[test]
fn a_full_row() {
    let row = Row {
        key: "3001".into(),
        provider_id: s("3001"),
        npi: s("1234567893"),
        first_name: s("Sam"),
        last_name: s("Placeholder"),
        suffix: s("MD"),
        phone: s("5550100100"),
        email: s("sam@example.com"),
        cg_npi: s("1234567893"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    identifier[0].system = urn:chartgate:hj:provider_id
    identifier[0].value = 3001
    identifier[1].system = http://hl7.org/fhir/sid/us-npi
    identifier[1].value = 1234567893
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0].family = Placeholder
    name[0].given[0] = Sam
    name[0].suffix[0] = MD
    telecom[0].system = phone
    telecom[0].use = work
    telecom[0].value = 5550100100
    telecom[1].system = email
    telecom[1].value = sam@example.com
    ");
}

#[test]
fn an_npi_with_a_wrong_check_digit_is_lost() {
    let row = Row {
        key: "3002".into(),
        provider_id: s("3002"),
        npi: s("1234567890"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"
    identifier[0].system = urn:chartgate:hj:provider_id
    identifier[0].value = 3002
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0]._family.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0]._family.extension[0].valueCode = unknown
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    lost: identifier:NPI from npi: the check digit is wrong
    ");
}
