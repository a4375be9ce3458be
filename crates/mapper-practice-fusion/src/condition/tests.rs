use std::rc::Rc;

use mapper::sql::Value;

use super::rows::{AtVisit, Diagnosis, Visit};
use super::translate::{problem, visit_diagnosis};
use super::{DIAGNOSES, VISIT_DIAGNOSES};
use crate::testing::{computed, derived, outcome, s};

fn told(row: &Diagnosis) -> String {
    outcome(|site, trace| problem(row, site, trace))
}

fn bare() -> Diagnosis {
    Diagnosis {
        key: "c280".into(),
        cg_guid: s("c280"),
        cg_told_patient: s("7d3e"),
        cg_patient: s("7d3e"),
        ..Diagnosis::default()
    }
}

fn full() -> Diagnosis {
    Diagnosis {
        diagnosiscodeequivalents: s("E11.9 (ICD10), 250.00 (ICD9), 44054006 (SNOMED)"),
        diagnosisacuity: s("Chronic"),
        startdate: s("3/1/2024"),
        comments: s("diet first"),
        commententereddatetimeutc: s("1/15/2026 4:10:00 PM"),
        provenancedatetimeutc: s("1/15/2026 4:00:00 PM"),
        cg_told_recorder: s("9f52"),
        cg_recorder: s("9f50"),
        cg_told_author: s("9f50"),
        cg_author: s("9f50"),
        cg_text: s("Type 2 diabetes mellitus"),
        ..bare()
    }
}

fn visit() -> Visit {
    Visit {
        key: "~0f".into(),
        comments: s("sugar high"),
        cg_guid: s("c280"),
        cg_told_patient: s("7d3e"),
        cg_patient: s("7d3e"),
        cg_told_visit: s("8e4f"),
        cg_visit: s("8e4f"),
        cg_diagnosis: s("c280"),
        ..Visit::default()
    }
}

fn at_visit(visit: Visit, diagnosis: Option<Diagnosis>) -> String {
    let diagnosis = diagnosis.map(Rc::new);
    outcome(|site, trace| visit_diagnosis(&AtVisit { visit, diagnosis }, site, trace))
}

#[test]
fn a_full_row() {
    insta::assert_snapshot!(told(&full()), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = active
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = E11.9
    code.coding[0].system = http://hl7.org/fhir/sid/icd-10-cm
    code.coding[1].code = 250.00
    code.coding[1].system = http://hl7.org/fhir/sid/icd-9-cm
    code.coding[2].code = 44054006
    code.coding[2].system = http://snomed.info/sct
    code.text = Type 2 diabetes mellitus
    extension[0].url = urn:chartgate:diagnosis-acuity
    extension[0].valueString = Chronic
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    note[0].authorReference.reference = Practitioner/pf.prov.9f50
    note[0].text = diet first
    note[0].time = 2026-01-15T16:10:00Z
    onsetDateTime = 2024-03-01
    recordedDate = 2026-01-15T16:00:00Z
    recorder.reference = Practitioner/pf.prov.9f50
    subject.reference = Patient/pf.pt.7d3e
    ");
}

#[test]
fn a_bare_row_says_what_is_not_known() {
    insta::assert_snapshot!(told(&bare()), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = active
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/pf.pt.7d3e
    ");
}

#[test]
fn a_visits_diagnosis_says_all_of_the_diagnosis() {
    insta::assert_snapshot!(at_visit(visit(), Some(full())), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = active
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = E11.9
    code.coding[0].system = http://hl7.org/fhir/sid/icd-10-cm
    code.coding[1].code = 250.00
    code.coding[1].system = http://hl7.org/fhir/sid/icd-9-cm
    code.coding[2].code = 44054006
    code.coding[2].system = http://snomed.info/sct
    code.text = Type 2 diabetes mellitus
    encounter.reference = Encounter/pf.enc.8e4f
    extension[0].url = urn:chartgate:diagnosis-acuity
    extension[0].valueString = Chronic
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    note[0].authorReference.reference = Practitioner/pf.prov.9f50
    note[0].text = diet first
    note[0].time = 2026-01-15T16:10:00Z
    note[1].text = sugar high
    onsetDateTime = 2024-03-01
    recordedDate = 2026-01-15T16:00:00Z
    recorder.reference = Practitioner/pf.prov.9f50
    subject.reference = Patient/pf.pt.7d3e
    ");
}

#[test]
fn a_visit_that_is_not_served_is_named_by_its_guid() {
    let visit = Visit {
        comments: None,
        cg_visit: None,
        ..visit()
    };
    insta::assert_snapshot!(at_visit(visit, Some(bare())), @"
    category[0].coding[0].code = encounter-diagnosis
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = active
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    encounter.identifier.system = urn:chartgate:pf:encounterguid
    encounter.identifier.value = 8e4f
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis
    subject.reference = Patient/pf.pt.7d3e
    ");
}

#[test]
fn a_link_without_diagnosis_is_rejected() {
    assert_eq!(at_visit(visit(), None), "rejected: its diagnosis is not delivered");
}

#[test]
fn what_is_stopped_is_resolved() {
    let row = |stop| {
        told(&Diagnosis {
            stopdate: s(stop),
            cg_text: s("Cough"),
            ..bare()
        })
    };
    insta::assert_snapshot!(row("6/30/2025"), @"
    abatementDateTime = 2025-06-30
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = resolved
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.text = Cough
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/pf.pt.7d3e
    ");
    insta::assert_snapshot!(row("2/30/2025"), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = resolved
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.text = Cough
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/pf.pt.7d3e
    lost: abatement[x] from stopdate: not a date
    ");
}

#[test]
fn parts_that_are_no_codes_are_lost() {
    let row = Diagnosis {
        diagnosiscodeequivalents: s("8140/3 (ICDO), 250.00 (ICD10), C34.90 (ICD-10)"),
        cg_text: s("Adenocarcinoma"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = active
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = C34.90
    code.coding[0].system = http://hl7.org/fhir/sid/icd-10-cm
    code.text = Adenocarcinoma
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/pf.pt.7d3e
    lost: code.coding from diagnosiscodeequivalents: no code of the system that it is said to be of
    lost: code.coding from diagnosiscodeequivalents: no code of the system that it is said to be of
    ");
}

#[test]
fn recorders_and_authors_that_are_not_providers() {
    let row = Diagnosis {
        comments: s("seen elsewhere"),
        commententereddatetimeutc: s("yesterday"),
        cg_told_recorder: s("9f52"),
        cg_recorder_user: s("9f52"),
        cg_told_author: s("9f99"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = active
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:diagnosisguid
    identifier[0].value = c280
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    note[0].authorReference.identifier.system = urn:chartgate:pf:commententeredbyproviderguid
    note[0].authorReference.identifier.value = 9f99
    note[0].authorReference.type = Practitioner
    note[0].text = seen elsewhere
    recorder.reference = Practitioner/pf.user.9f52
    subject.reference = Patient/pf.pt.7d3e
    lost: note.time from commententereddatetimeutc: not a date
    ");
    let row = Diagnosis {
        cg_told_recorder: s("9f99"),
        ..bare()
    };
    assert!(told(&row).contains("recorder.identifier.system = urn:chartgate:pf:provenanceehruserguid"));
}

#[test]
fn the_text_is_the_name_else_what_is_no_code() {
    let text = |cells: &[(&str, &str)]| computed(&DIAGNOSES, cells, "cg_text");
    let (name, code, words) = (
        ("diagnosis", "Asthma"),
        ("diagnosiscodeequivalents", "J45.909 (ICD10)"),
        ("diagnosiscodeequivalents", "some asthma"),
    );
    assert_eq!(text(&[name, code]), Value::from("Asthma"));
    assert_eq!(text(&[code]), Value::Null);
    assert_eq!(text(&[words]), Value::from("some asthma"));
}

#[test]
fn codes_are_kept_for_searches() {
    let row = derived(
        &DIAGNOSES,
        &[("diagnosiscodeequivalents", "E119 (icd-10); 250.00 (ICD9)")],
    );
    let code = |system, code| vec![Value::from(system), Value::from(code)];
    assert_eq!(row.exploded, [code("icd10cm", "E11.9"), code("icd9cm", "250.00")]);
    assert_eq!(row.hold.as_deref(), Some("rejected:no patient"));
}

#[test]
fn a_link_has_the_key_of_both() {
    let cells = [
        ("diagnosisguid", "C280"),
        ("encounterguid", "8E4F"),
        ("patientpracticeguid", "7d3e"),
    ];
    let row = derived(&VISIT_DIAGNOSES, &cells);
    assert_eq!(row.key.as_deref(), Some("c280/8e4f"));
    assert_eq!(row.hold, None);
    assert_eq!(computed(&VISIT_DIAGNOSES, &cells, "cg_diagnosis"), Value::from("c280"));
    assert_eq!(derived(&VISIT_DIAGNOSES, &cells[..1]).key, None);
}
