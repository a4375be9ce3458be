use mapper::Mapping;

use super::{ENTITY, Practitioners, Row};
use crate::testing::{computed, outcome, s};

fn told(row: Row) -> String {
    outcome(|site, trace| Practitioners::translate(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "3001".into(),
        uid: s("3001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        ufname: s("Sam"),
        uminitial: s("Q"),
        ulname: s("Placeholder-Reyes"),
        prefix: s("Dr"),
        suffix: s("MD"),
        upphone: s("616-555-0150"),
        umobileno: s("616-555-0151"),
        uemail: s("sam.placeholder@example.org"),
        status: s("0"),
        cg_printname: s("Sam Q. Placeholder-Reyes, MD"),
        cg_doctornpi: s("9000005014"),
        cg_npi: s("9000005014"),
        ..bare()
    };
    insta::assert_snapshot!(told(row), @"
    active = true
    identifier[0].system = urn:chartgate:hw:uid
    identifier[0].value = 3001
    identifier[1].system = http://hl7.org/fhir/sid/us-npi
    identifier[1].value = 9000005014
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0].family = Placeholder-Reyes
    name[0].given[0] = Sam
    name[0].given[1] = Q
    name[0].prefix[0] = Dr
    name[0].suffix[0] = MD
    name[0].text = Sam Q. Placeholder-Reyes, MD
    telecom[0].system = phone
    telecom[0].value = 616-555-0150
    telecom[1].system = phone
    telecom[1].use = mobile
    telecom[1].value = 616-555-0151
    telecom[2].system = email
    telecom[2].value = sam.placeholder@example.org
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare()), @"
    identifier[0].system = urn:chartgate:hw:uid
    identifier[0].value = 3001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0]._family.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0]._family.extension[0].valueCode = unknown
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    ");
}

#[test]
fn without_family_name_its_absence_is_said() {
    let row = Row {
        ufname: s("Cherish"),
        cg_printname: s("Cherish (locum)"),
        ..bare()
    };
    insta::assert_snapshot!(told(row), @"
    identifier[0].system = urn:chartgate:hw:uid
    identifier[0].value = 3001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0]._family.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0]._family.extension[0].valueCode = unknown
    name[0].given[0] = Cherish
    name[0].text = Cherish (locum)
    ");
}

#[test]
fn a_wrong_npi_is_none() {
    let npi = |cell| computed(&ENTITY, &[("npi", cell)], "cg_npi");
    assert_eq!(npi("9000005014"), "9000005014");
    assert_eq!(npi("9000005023"), "");
    let row = Row {
        ulname: s("Nonesuch"),
        cg_doctornpi: s("9000005023"),
        ..bare()
    };
    insta::assert_snapshot!(told(row), @"
    identifier[0].system = urn:chartgate:hw:uid
    identifier[0].value = 3001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0].family = Nonesuch
    lost: identifier:NPI from npi: the check digit is wrong
    ");
}
