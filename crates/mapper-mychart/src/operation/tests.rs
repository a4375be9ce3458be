use mapper::load::Row as Cells;
use mapper::sql::Value;

use super::{OR_LOG, Row, translate::operation};
use crate::dictionary::testing::{mapped, named};
use crate::dictionary::{Coded, Term};
use crate::testing::{outcome, s, site};

fn told(row: Row, terms: Vec<Term>) -> String {
    outcome(|site, trace| operation(&Coded { row, terms }, site, trace))
}

fn bare() -> Row {
    Row {
        key: "L1-1".into(),
        cg_pat_id: s("Z1000001"),
        cg_patient: s("Z1000001"),
        cg_status: s("unknown"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        or_proc_id: s("66"),
        or_proc_name: s("ARTHROSCOPY, KNEE"),
        lrb_c_name: s("Left"),
        proc_eap_id: s("7004"),
        cg_status: s("completed"),
        cg_surgery_date: s("2/2/2026 12:00:00 AM"),
        cg_physician: s("3001"),
        cg_provider: s("3001"),
        ..bare()
    };
    let terms = vec![
        named("proc_id", "7004", "KNEE ARTHROSCOPY"),
        mapped(fhir::system::CPT, "29870", None),
    ];
    insta::assert_snapshot!(told(row, terms), @"
    bodySite[0].text = Left
    code.coding[0].code = 66
    code.coding[0].display = ARTHROSCOPY, KNEE
    code.coding[0].system = urn:chartgate:my:or_proc_id
    code.coding[1].code = 7004
    code.coding[1].display = KNEE ARTHROSCOPY
    code.coding[1].system = urn:chartgate:my:proc_id
    code.coding[2].code = 29870
    code.coding[2].system = http://www.ama-assn.org/go/cpt
    code.text = ARTHROSCOPY, KNEE
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = L1-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedDateTime = 2026-02-02
    performer[0].actor.reference = Practitioner/my.prov.3001
    status = completed
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), vec![]), @"
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = L1-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = unknown
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn what_was_not_done_says_why() {
    let row = Row {
        cg_status: s("not-done"),
        cg_not_performed: s("Patient refused"),
        cg_surgery_date: s("tomorrow"),
        cg_physician: s("3404"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, vec![]), @"
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = L1-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performer[0].actor.identifier.system = urn:chartgate:my:primary_phys_id
    performer[0].actor.identifier.value = 3404
    performer[0].actor.type = Practitioner
    status = not-done
    statusReason.text = Patient refused
    subject.reference = Patient/my.pt.Z1000001
    lost: performed[x] from surgery_date: not a date
    ");
}

#[test]
fn the_log_tells_what_became_of_a_case() {
    let of = |status: &str, not_performed: &str, void: &str| {
        let cells = [
            ("log_id", "L1"),
            ("status_c_name", status),
            ("proc_not_perf_c_name", not_performed),
            ("void_reason_c_name", void),
        ];
        let derived = (OR_LOG.derive)(&Cells::of(&OR_LOG, &cells).cells(), &site());
        derived.values.into_iter().next().unwrap()
    };
    assert_eq!(of("Posted", "", ""), Value::from("completed"));
    assert_eq!(of("Completed", "Patient refused", ""), Value::from("not-done"));
    assert_eq!(
        of("Posted", "Patient refused", "Wrong patient"),
        Value::from("entered-in-error")
    );
    assert_eq!(of("SCHEDULED", "", ""), Value::from("preparation"));
    assert_eq!(of("Unheard of", "", ""), Value::from("unknown"));
}
