use super::{Row, translate::diagnosis};
use crate::dictionary::Coded;
use crate::dictionary::testing::{combined, mapped, named};
use crate::testing::{outcome, s};

fn told(row: Row, terms: Vec<crate::dictionary::Term>) -> String {
    outcome(|site, trace| diagnosis(&Coded { row, terms }, site, trace))
}

fn bare() -> Row {
    Row {
        key: "720000001-1".into(),
        pat_enc_csn_id: s("720000001"),
        cg_pat_id: s("Z1000001"),
        cg_patient: s("Z1000001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row_with_a_linked_problem() {
    let row = Row {
        contact_date: s("1/15/2026 12:00:00 AM"),
        dx_id: s("9001"),
        dx_name: s("Type 2 diabetes (HC"),
        annotation: s("Diabetes, well controlled"),
        comments: s("recheck in May"),
        cg_encounter: s("720000001"),
        cg_clinical: s("active"),
        cg_noted: s("3/1/2024 12:00:00 AM"),
        cg_noted_end: s("3/31/2024 12:00:00 AM"),
        ..bare()
    };
    let terms = vec![
        named("dx_id", "9001", "Type 2 diabetes mellitus (HCC)"),
        mapped(fhir::system::ICD10CM, "E11.9", None),
        mapped(fhir::system::SNOMED, "44054006", Some("Diabetes mellitus type 2")),
        mapped(fhir::system::ICD10CM, "E11.9", Some("the same again")),
    ];
    insta::assert_snapshot!(told(row, terms), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = active
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = 9001
    code.coding[0].display = Type 2 diabetes mellitus (HCC)
    code.coding[0].system = urn:chartgate:my:dx_id
    code.coding[1].code = E11.9
    code.coding[1].system = http://hl7.org/fhir/sid/icd-10-cm
    code.coding[2].code = 44054006
    code.coding[2].display = Diabetes mellitus type 2
    code.coding[2].system = http://snomed.info/sct
    code.text = Diabetes, well controlled
    encounter.reference = Encounter/my.enc.720000001
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = 720000001-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    note[0].text = recheck in May
    onsetPeriod.end = 2024-03-31
    onsetPeriod.start = 2024-03-01
    recordedDate = 2026-01-15
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), vec![]), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    encounter.identifier.system = urn:chartgate:my:pat_enc_csn_id
    encounter.identifier.value = 720000001
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = 720000001-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn without_a_number_the_companion_s_name_is_the_text() {
    let row = Row {
        dx_name: s("Essential hypertension"),
        contact_date: s("yesterday"),
        cg_patient: None,
        cg_encounter: None,
        ..bare()
    };
    insta::assert_snapshot!(told(row, vec![]), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.text = Essential hypertension
    encounter.identifier.system = urn:chartgate:my:pat_enc_csn_id
    encounter.identifier.value = 720000001
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = 720000001-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    subject.identifier.system = urn:chartgate:my:pat_id
    subject.identifier.value = Z1000001
    subject.type = Patient
    lost: recordedDate from contact_date: not a date
    ");
}

#[test]
fn codes_that_are_lines_of_one_combination_are_no_codings() {
    let row = Row {
        dx_id: s("9005"),
        ..bare()
    };
    let terms = vec![
        combined(fhir::system::ICD10CM, "I13.0"),
        combined(fhir::system::ICD10CM, "I50.9"),
        combined("", "N18"),
        mapped(fhir::system::ICD9CM, "404.91", None),
    ];
    insta::assert_snapshot!(told(row, terms), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = 9005
    code.coding[0].system = urn:chartgate:my:dx_id
    code.coding[1].code = 404.91
    code.coding[1].system = http://hl7.org/fhir/sid/icd-9-cm
    code.extension[0].url = urn:chartgate:combined-code
    code.extension[0].valueCoding.code = I13.0
    code.extension[0].valueCoding.system = http://hl7.org/fhir/sid/icd-10-cm
    code.extension[1].url = urn:chartgate:combined-code
    code.extension[1].valueCoding.code = I50.9
    code.extension[1].valueCoding.system = http://hl7.org/fhir/sid/icd-10-cm
    encounter.identifier.system = urn:chartgate:my:pat_enc_csn_id
    encounter.identifier.value = 720000001
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = 720000001-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    subject.reference = Patient/my.pt.Z1000001
    lost: code.coding from code: no code whose system is certain
    ");
}
