use super::{Row, translate::condition};
use crate::testing::{outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| condition(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "610001".into(),
        diagnosisid: s("610001"),
        patient_id: s("700123"),
        cg_patient: s("700123"),
        ..Row::default()
    }
}

#[test]
fn a_visit_diagnosis_with_everything() {
    let row = Row {
        diagnosis_id: s("D-77"),
        source_diagnosis_id: s("D-77-S"),
        encounterid: s("800456"),
        encounter_id: s("E-99-77"),
        diagnosis_code: s("E119"),
        cg_text: s("Type 2 diabetes"),
        diagnosis_date: s("20240301"),
        onset_date: s("2023-12-24 08:30:00.000000"),
        resolved_date: s("03/05/2024"),
        status: s("Resolved"),
        provider_id: s("3001"),
        cg_encounter: s("800456"),
        cg_provider: s("3001"),
        cg_system: s("icd10cm"),
        cg_code: s("E11.9"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    abatementDateTime = 2024-03-05
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = resolved
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = E11.9
    code.coding[0].system = http://hl7.org/fhir/sid/icd-10-cm
    code.text = Type 2 diabetes
    encounter.reference = Encounter/hj.enc.800456
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    identifier[1].system = urn:chartgate:hj:diagnosis_id
    identifier[1].value = D-77
    identifier[2].system = urn:chartgate:hj:source_diagnosis_id
    identifier[2].value = D-77-S
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    onsetDateTime = 2023-12-24T08:30:00-05:00
    recordedDate = 2024-03-01
    recorder.reference = Practitioner/hj.prov.3001
    subject.reference = Patient/hj.pt.700123
    ");
}

#[test]
fn a_bare_row_is_a_problem_without_code() {
    insta::assert_snapshot!(told(&bare()), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/hj.pt.700123
    ");
}

#[test]
fn a_code_of_uncertain_system_goes_out_as_text() {
    let row = Row {
        diagnosis_code: s("V70.0"),
        cg_text: s("V70.0"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.text = V70.0
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/hj.pt.700123
    lost: code.coding from diagnosis_code: no code whose system is certain
    ");
}

#[test]
fn an_end_makes_an_active_condition_resolved() {
    let row = Row {
        status: s("Active"),
        resolved_date: s("20240501"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    abatementDateTime = 2024-05-01
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = resolved
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/hj.pt.700123
    adjusted: clinicalStatus from status: a condition with an end is resolved
    ");
}

#[test]
fn a_status_may_tell_how_sure_it_is() {
    insta::assert_snapshot!(told(&Row { status: s("Ruled Out"), ..bare() }), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/hj.pt.700123
    verificationStatus.coding[0].code = refuted
    verificationStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-ver-status
    ");
    insta::assert_snapshot!(told(&Row { status: s("Simmering"), ..bare() }), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/hj.pt.700123
    unmapped: condition_clinical `Simmering`
    ");
}

#[test]
fn a_visit_that_is_not_there_still_makes_a_visit_diagnosis() {
    insta::assert_snapshot!(told(&Row { encounter_id: s("E-404"), ..bare() }), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    encounter.identifier.system = urn:chartgate:hj:encounter_id
    encounter.identifier.value = E-404
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    subject.reference = Patient/hj.pt.700123
    ");
}

#[test]
fn a_midnight_is_a_day_and_a_bad_date_is_lost() {
    let row = Row {
        onset_date: s("2024-05-05 00:00:00.000000"),
        diagnosis_date: s("00000000"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:diagnosisid
    identifier[0].value = 610001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    onsetDateTime = 2024-05-05
    subject.reference = Patient/hj.pt.700123
    lost: recordedDate from diagnosis_date: not a date
    ");
}
