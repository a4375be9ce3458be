use super::{Row, translate::procedure};
use crate::testing::{outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| procedure(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "520001".into(),
        procedureid: s("520001"),
        patient_id: s("700123"),
        cg_patient: s("700123"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        procedure_id: s("P-1"),
        encounter_id: s("800456"),
        procedure_code: s("97110-59-GP"),
        cg_text: s("Therapeutic exercises"),
        procedure_date: s("20260115"),
        procedure_time: s("09:45:00"),
        status: s("Completed"),
        provider_id: s("3001"),
        cg_encounter: s("800456"),
        cg_provider: s("3001"),
        cg_system: s("cpt"),
        cg_code: s("97110"),
        cg_modifiers: s("59,GP"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    code.coding[0].code = 97110
    code.coding[0].system = http://www.ama-assn.org/go/cpt
    code.extension[0].url = urn:chartgate:procedure-code-modifier
    code.extension[0].valueCoding.code = 59
    code.extension[0].valueCoding.system = http://www.ama-assn.org/go/cpt
    code.extension[1].url = urn:chartgate:procedure-code-modifier
    code.extension[1].valueCoding.code = GP
    code.extension[1].valueCoding.system = https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets
    code.text = Therapeutic exercises
    encounter.reference = Encounter/hj.enc.800456
    identifier[0].system = urn:chartgate:hj:procedureid
    identifier[0].value = 520001
    identifier[1].system = urn:chartgate:hj:procedure_id
    identifier[1].value = P-1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedDateTime = 2026-01-15T09:45:00-05:00
    performer[0].actor.reference = Practitioner/hj.prov.3001
    status = completed
    subject.reference = Patient/hj.pt.700123
    ");
}

#[test]
fn a_bare_row_says_what_is_not_known() {
    insta::assert_snapshot!(told(&bare()), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:procedureid
    identifier[0].value = 520001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = unknown
    subject.reference = Patient/hj.pt.700123
    ");
}

#[test]
fn junk_is_text_and_a_bad_date_is_lost() {
    let row = Row {
        procedure_code: s("ABC"),
        cg_text: s("ABC"),
        procedure_date: s("20250231"),
        status: s("Vanished"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    code.text = ABC
    identifier[0].system = urn:chartgate:hj:procedureid
    identifier[0].value = 520001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = unknown
    subject.reference = Patient/hj.pt.700123
    lost: code.coding from procedure_code: no code whose system is certain
    lost: performed[x] from procedure_date: not a date
    unmapped: procedure_status `Vanished`
    ");
}
