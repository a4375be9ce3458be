use super::{ENTITY, Row, translate::condition};
use crate::testing::{computed, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| condition(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "91001".into(),
        slno: s("91001"),
        encounterid: s("700001"),
        cg_patientid: s("5001"),
        cg_patient: s("5001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        asmtonsetdate: s("2024-03-01"),
        specify: s("well controlled on diet"),
        notes: s("see plan"),
        snomed: s("44054006"),
        cg_encounter: s("700001"),
        cg_system: s("icd10cm"),
        cg_code: s("E11.9"),
        cg_text: s("Type 2 diabetes mellitus without complications"),
        cg_snomed: s("44054006"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = E11.9
    code.coding[0].system = http://hl7.org/fhir/sid/icd-10-cm
    code.coding[1].code = 44054006
    code.coding[1].system = http://snomed.info/sct
    code.text = Type 2 diabetes mellitus without complications
    encounter.reference = Encounter/hw.enc.700001
    identifier[0].system = urn:chartgate:hw:slno
    identifier[0].value = 91001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    note[0].text = well controlled on diet
    note[1].text = see plan
    onsetDateTime = 2024-03-01
    subject.reference = Patient/hw.pt.5001
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(&bare()), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    encounter.identifier.system = urn:chartgate:hw:encounterid
    encounter.identifier.value = 700001
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:hw:slno
    identifier[0].value = 91001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    subject.reference = Patient/hw.pt.5001
    ");
}

#[test]
fn codes_that_are_not_certain_go_out_as_text() {
    let row = Row {
        snomed: s("123"),
        asmtonsetdate: s("long ago"),
        specify: s("left"),
        cg_uncoded: s("J06.9"),
        cg_text: s("Acute upper respiratory infection"),
        cg_patient: None,
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.text = Acute upper respiratory infection
    encounter.identifier.system = urn:chartgate:hw:encounterid
    encounter.identifier.value = 700001
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:hw:slno
    identifier[0].value = 91001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    note[0].text = left
    subject.identifier.system = urn:chartgate:hw:patientid
    subject.identifier.value = 5001
    subject.type = Patient
    lost: code.coding from itemdetail.value: no code whose system is certain
    lost: code.coding from snomed: no code of SNOMED CT
    lost: onset[x] from asmtonsetdate: not a date
    ");
}

#[test]
fn a_text_is_not_said_twice() {
    let row = Row {
        specify: s("ringing in the ears"),
        cg_text: s("ringing in the ears"),
        ..bare()
    };
    assert!(!told(&row).contains("note"));
}

#[test]
fn onsets() {
    let at = |cell, column| computed(&ENTITY, &[("asmtonsetdate", cell)], column);
    assert_eq!(at("2024-03-01", "cg_onset_lo"), "2024-03-01 05:00:00");
    assert_eq!(at("04/05/2023", "cg_onset_lo"), "2023-04-05 04:00:00");
    assert_eq!(at("3/2024", "cg_onset_hi"), "2024-04-01 04:00:00");
    assert_eq!(at("2019", "cg_onset_hi"), "2020-01-01 05:00:00");
    assert_eq!(at("long ago", "cg_onset_lo"), "");
}

#[test]
fn a_snomed_code_has_a_check_digit() {
    let snomed = |cell| computed(&ENTITY, &[("snomed", cell)], "cg_snomed");
    assert_eq!(snomed("44054006"), "44054006");
    assert_eq!(snomed("44054007"), "");
    assert_eq!(snomed("E11.9"), "");
}
