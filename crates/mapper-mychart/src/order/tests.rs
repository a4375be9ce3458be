use mapper::load::Row as Cells;

use super::{ORDER_PROC, Row, translate::order};
use crate::dictionary::testing::{mapped, named};
use crate::dictionary::{Coded, Term};
use crate::testing::{outcome, s, site};

fn told(row: Row, terms: Vec<Term>) -> String {
    outcome(|site, trace| order(&Coded { row, terms }, site, trace))
}

fn bare() -> Row {
    Row {
        key: "8001".into(),
        order_proc_id: s("8001"),
        pat_id: s("Z1000001"),
        cg_patient: s("Z1000001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        pat_enc_csn_id: s("720000001"),
        proc_id: s("7001"),
        proc_name: s("COLONOSCOPY"),
        description: s("COLONOSCOPY DIAGNOSTIC"),
        display_name: s("Colonoscopy"),
        authrzing_prov_id: s("3002"),
        billing_prov_id: s("3001"),
        proc_bgn_time: s("1/15/2026 7:00:00 AM"),
        proc_start_time: s("1/15/2026 9:00:00 AM"),
        proc_ending_time: s("1/15/2026 9:40:00 AM"),
        cg_encounter: s("720000001"),
        cg_provider: s("3001"),
        ..bare()
    };
    let terms = vec![
        named("proc_id", "7001", "COLONOSCOPY, DIAGNOSTIC"),
        mapped(fhir::system::CPT, "45378", None),
    ];
    insta::assert_snapshot!(told(row, terms), @"
    code.coding[0].code = 7001
    code.coding[0].display = COLONOSCOPY, DIAGNOSTIC
    code.coding[0].system = urn:chartgate:my:proc_id
    code.coding[1].code = 45378
    code.coding[1].system = http://www.ama-assn.org/go/cpt
    code.text = Colonoscopy
    encounter.reference = Encounter/my.enc.720000001
    identifier[0].system = urn:chartgate:my:order_proc_id
    identifier[0].value = 8001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedPeriod.end = 2026-01-15T09:40:00-06:00
    performedPeriod.start = 2026-01-15T09:00:00-06:00
    performer[0].actor.reference = Practitioner/my.prov.3001
    status = completed
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), vec![]), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:my:order_proc_id
    identifier[0].value = 8001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = completed
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn without_a_biller_the_authorizer_and_without_a_start_the_beginning() {
    let row = Row {
        proc_id: s("7001"),
        authrzing_prov_id: s("3404"),
        proc_bgn_time: s("1/15/2026 12:00:00 AM"),
        proc_start_time: s("at nine"),
        pat_enc_csn_id: s("404"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, vec![]), @"
    code.coding[0].code = 7001
    code.coding[0].system = urn:chartgate:my:proc_id
    encounter.identifier.system = urn:chartgate:my:pat_enc_csn_id
    encounter.identifier.value = 404
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:my:order_proc_id
    identifier[0].value = 8001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedDateTime = 2026-01-15
    performer[0].actor.identifier.system = urn:chartgate:my:authrzing_prov_id
    performer[0].actor.identifier.value = 3404
    performer[0].actor.type = Practitioner
    status = completed
    subject.reference = Patient/my.pt.Z1000001
    lost: performed[x] from proc_start_time: not a date
    ");
}

#[test]
fn only_what_was_carried_out_is_a_procedure() {
    let of = |kind: &str, status: &str, future: &str, patient: &str| {
        let cells = [
            ("order_type_c_name", kind),
            ("order_status_c_name", status),
            ("future_or_stand", future),
            ("pat_id", patient),
        ];
        let derived = (ORDER_PROC.derive)(&Cells::of(&ORDER_PROC, &cells).cells(), &site());
        derived.hold.unwrap_or_else(|| "served".into())
    };
    assert_eq!(of("Procedures", "Completed", "", "Z1"), "served");
    assert_eq!(of("SURGERY", "completed", "", "Z1"), "served");
    assert_eq!(of("Lab", "Completed", "", "Z1"), "withheld:an order, not a procedure");
    assert_eq!(of("", "Completed", "", "Z1"), "withheld:an order, not a procedure");
    assert_eq!(
        of("Procedures", "Completed", "S", "Z1"),
        "withheld:a standing or future order"
    );
    assert_eq!(of("Procedures", "Canceled", "", "Z1"), "withheld:cancelled");
    assert_eq!(of("Procedures", "Sent", "", "Z1"), "withheld:ordered, not performed");
    assert_eq!(of("Procedures", "", "", "Z1"), "withheld:ordered, not performed");
    assert_eq!(of("Procedures", "Completed", "", ""), "rejected:no patient");
}
