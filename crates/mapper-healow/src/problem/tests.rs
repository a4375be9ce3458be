use super::{ENTITY, Row, translate::condition};
use crate::testing::{computed, derived, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| condition(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "92001".into(),
        slno: s("92001"),
        patientid: s("5001"),
        cg_patient: s("5001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        encounterid: s("700001"),
        condition: s("stable"),
        resolvedon: s("05/15/2025"),
        wustatus: s("confirmed"),
        onsetdate: s("03/01/2024"),
        addeddate: s("03/02/2024"),
        specify: s("diet controlled"),
        notes: s("asks for low salt"),
        snomed: s("44054006"),
        userid: s("3001"),
        cg_encounter: s("700001"),
        cg_recorder: s("3001"),
        cg_clinical: s("resolved"),
        cg_system: s("icd10cm"),
        cg_code: s("E11.9"),
        cg_text: s("Type 2 diabetes mellitus without complications"),
        cg_snomed: s("44054006"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    abatementDateTime = 2025-05-15
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = resolved
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = E11.9
    code.coding[0].system = http://hl7.org/fhir/sid/icd-10-cm
    code.coding[1].code = 44054006
    code.coding[1].system = http://snomed.info/sct
    code.text = Type 2 diabetes mellitus without complications
    encounter.reference = Encounter/hw.enc.700001
    identifier[0].system = urn:chartgate:hw:slno
    identifier[0].value = 92001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    note[0].text = diet controlled
    note[1].text = asks for low salt
    onsetDateTime = 2024-03-01
    recordedDate = 2024-03-02
    recorder.reference = Practitioner/hw.prov.3001
    subject.reference = Patient/hw.pt.5001
    verificationStatus.coding[0].code = confirmed
    verificationStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-ver-status
    adjusted: clinicalStatus from condition: flags and days win over the word
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(&bare()), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hw:slno
    identifier[0].value = 92001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/hw.pt.5001
    ");
}

#[test]
fn bad_cells_cost_the_element_only() {
    let row = Row {
        encounterid: s("799998"),
        userid: s("3004"),
        condition: s("so-so"),
        resolvedon: s("last year"),
        wustatus: s("pondering"),
        onsetdate: s("13/45/2020"),
        addeddate: s("02/30/2024"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    encounter.identifier.system = urn:chartgate:hw:encounterid
    encounter.identifier.value = 799998
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:hw:slno
    identifier[0].value = 92001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    recorder.identifier.system = urn:chartgate:hw:userid
    recorder.identifier.value = 3004
    recorder.type = Practitioner
    subject.reference = Patient/hw.pt.5001
    lost: onset[x] from onsetdate: not a date
    lost: abatement[x] from resolvedon: not a date
    lost: recordedDate from addeddate: not a date
    unmapped: condition_clinical `so-so`
    unmapped: condition_verification `pondering`
    ");
}

#[test]
fn clinical_statuses() {
    let clinical = |cells: &[(&str, &str)]| computed(&ENTITY, cells, "cg_clinical");
    for (word, code) in [
        ("stable", "active"),
        ("Poorly-Controlled", "active"),
        ("Remission", "remission"),
        ("resolved", "resolved"),
        ("so-so", ""),
    ] {
        assert_eq!(clinical(&[("condition", word)]), code);
    }
    assert_eq!(clinical(&[]), "");
    assert_eq!(clinical(&[("condition", "active"), ("inactiveflag", "1")]), "inactive");
    assert_eq!(clinical(&[("inactiveflag", "1"), ("resolved", "1")]), "resolved");
    assert_eq!(
        clinical(&[("condition", "active"), ("resolvedon", "06/01/2025")]),
        "resolved"
    );
    assert_eq!(
        clinical(&[("condition", "active"), ("resolvedon", "last year")]),
        "active"
    );
    assert_eq!(
        clinical(&[("condition", "active"), ("wustatus", "Erroneous Dx"), ("resolved", "1")]),
        ""
    );
}

#[test]
fn deleted_rows_and_rows_of_nobody_are_not_served() {
    let hold = |cells: &[(&str, &str)]| derived(&ENTITY, cells).hold.unwrap_or_default();
    assert_eq!(hold(&[("deleteflag", "1")]), "withheld:deleted");
    assert_eq!(hold(&[]), "rejected:no patient");
    assert_eq!(hold(&[("patientid", "5001")]), "");
}

#[test]
fn the_day_of_the_log_is_the_last_change() {
    let row = derived(&ENTITY, &[("addeddate", "03/02/2024"), ("logdate", "03/05/2024")]);
    assert_eq!(
        row.updated.map(|t| t.to_string()).as_deref(),
        Some("2024-03-05 05:00:00")
    );
    let row = derived(&ENTITY, &[("addeddate", "03/02/2024")]);
    assert_eq!((row.modified, row.updated.is_some()), (None, true));
}
