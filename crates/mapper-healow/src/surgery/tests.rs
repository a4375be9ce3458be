use super::{ENTITY, Row, translate::procedure};
use crate::testing::{computed, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| procedure(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "~a1".into(),
        cg_patientid: s("5001"),
        cg_patient: s("5001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        date: s("6/2010"),
        cptcode: s("44970"),
        cg_system: s("cpt"),
        cg_code: s("44970"),
        cg_text: s("Appendectomy"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    code.coding[0].code = 44970
    code.coding[0].system = http://www.ama-assn.org/go/cpt
    code.text = Appendectomy
    identifier[0].system = urn:chartgate:hw:key
    identifier[0].value = ~a1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedDateTime = 2010-06
    status = completed
    subject.reference = Patient/hw.pt.5001
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(&bare()), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hw:key
    identifier[0].value = ~a1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = completed
    subject.reference = Patient/hw.pt.5001
    ");
}

#[test]
fn words_for_a_date_and_a_code_that_is_none() {
    let row = Row {
        date: s("as a teenager"),
        cptcode: s("NONE"),
        cg_text: s("Knee surgery"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    code.text = Knee surgery
    identifier[0].system = urn:chartgate:hw:key
    identifier[0].value = ~a1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedString = as a teenager
    status = completed
    subject.reference = Patient/hw.pt.5001
    lost: code.coding from cptcode: no code whose system is certain
    ");
}

#[test]
fn the_same_surgery_reads_the_same() {
    let same = |reason, date| computed(&ENTITY, &[("reason", reason), ("date", date)], "cg_same");
    assert_eq!(same("Appendectomy", "6/2010"), same("APPENDECTOMY ", "6/2010"));
    assert_ne!(same("Appendectomy", "6/2010"), same("Appendectomy", "2010"));
}

#[test]
fn codes_and_texts() {
    let of = |cells: &[(&str, &str)]| ["cg_system", "cg_code", "cg_text"].map(|c| computed(&ENTITY, cells, c));
    assert_eq!(
        of(&[("reason", "Appendectomy"), ("cptcode", "44970")]),
        ["cpt", "44970", "Appendectomy"]
    );
    assert_eq!(
        of(&[("reason", "Wisdom teeth"), ("cptcode", "NONE")]),
        ["", "", "Wisdom teeth"]
    );
    assert_eq!(of(&[("cptcode", "local 7")]), ["", "", "local 7"]);
}
