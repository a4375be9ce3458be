use super::{ENTITY, Row, translate::procedure};
use crate::testing::{computed, derived, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| procedure(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "93001".into(),
        id: s("93001"),
        encounterid: s("700001"),
        cg_patientid: s("5001"),
        cg_patient: s("5001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        date: s("2026-01-15 00:00:00.000"),
        enddate: s("2026-01-17 00:00:00.000"),
        providerid: s("3001"),
        mod1: s("25"),
        mod2: s("gp"),
        icdcode1: s("E11.9"),
        icdcode2: s("something else"),
        cg_encounter: s("700001"),
        cg_provider: s("3001"),
        cg_system: s("hcpcs"),
        cg_code: s("J1100"),
        cg_item_modifiers: s("JW"),
        cg_text: s("Injection, dexamethasone"),
        cg_modifiers: s("25,GP"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    code.coding[0].code = J1100
    code.coding[0].system = https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets
    code.extension[0].url = urn:chartgate:procedure-code-modifier
    code.extension[0].valueCoding.code = JW
    code.extension[0].valueCoding.system = https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets
    code.extension[1].url = urn:chartgate:procedure-code-modifier
    code.extension[1].valueCoding.code = 25
    code.extension[1].valueCoding.system = http://www.ama-assn.org/go/cpt
    code.extension[2].url = urn:chartgate:procedure-code-modifier
    code.extension[2].valueCoding.code = GP
    code.extension[2].valueCoding.system = https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets
    code.text = Injection, dexamethasone
    encounter.reference = Encounter/hw.enc.700001
    identifier[0].system = urn:chartgate:hw:id
    identifier[0].value = 93001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedPeriod.end = 2026-01-17
    performedPeriod.start = 2026-01-15
    performer[0].actor.reference = Practitioner/hw.prov.3001
    reasonCode[0].coding[0].code = E11.9
    reasonCode[0].coding[0].system = http://hl7.org/fhir/sid/icd-10-cm
    reasonCode[1].text = something else
    status = completed
    subject.reference = Patient/hw.pt.5001
    lost: reasonCode.coding from icdcode2: no code whose system is certain
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
    encounter.identifier.system = urn:chartgate:hw:encounterid
    encounter.identifier.value = 700001
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:hw:id
    identifier[0].value = 93001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = completed
    subject.reference = Patient/hw.pt.5001
    ");
}

#[test]
fn bad_cells_cost_the_element_only() {
    let row = Row {
        date: s("0000-00-00 00:00:00"),
        providerid: s("3004"),
        mod1: s("ZZZ"),
        mod2: s("11"),
        cg_uncoded: s("WELL1"),
        cg_text: s("Local wellness program"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    code.text = Local wellness program
    encounter.identifier.system = urn:chartgate:hw:encounterid
    encounter.identifier.value = 700001
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:hw:id
    identifier[0].value = 93001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performer[0].actor.identifier.system = urn:chartgate:hw:providerid
    performer[0].actor.identifier.value = 3004
    performer[0].actor.type = Practitioner
    status = completed
    subject.reference = Patient/hw.pt.5001
    lost: code.extension from mod1: not a modifier
    lost: code.extension from mod2: not a modifier
    lost: code.coding from itemdetail.value: no code whose system is certain
    lost: performed[x] from date: not a date
    ");
}

#[test]
fn an_end_that_is_no_later_day_is_none() {
    let row = |enddate: &str| Row {
        date: s("2026-01-15 00:00:00.000"),
        enddate: s(enddate),
        ..bare()
    };
    let when = |enddate| {
        let told = told(&row(enddate));
        told.lines()
            .filter(|l| l.contains("performed"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(when("2026-01-15 00:00:00.000"), @"performedDateTime = 2026-01-15");
    insta::assert_snapshot!(when("2026-01-14 00:00:00.000"), @"
    performedDateTime = 2026-01-15
    lost: performed[x] from enddate: not a later day than `date`
    ");
}

#[test]
fn computed_columns() {
    let cells = [
        ("date", "2026-01-15 00:00:00.000"),
        ("enddate", "2026-01-17 00:00:00.000"),
        ("mod1", "25"),
        ("mod2", "ZZZ"),
        ("mod3", "gp"),
    ];
    let of = |column| computed(&ENTITY, &cells, column);
    assert_eq!(of("cg_performed_lo"), "2026-01-15 05:00:00");
    assert_eq!(of("cg_performed_hi"), "2026-01-18 05:00:00");
    assert_eq!(of("cg_modifiers"), "25,GP");
}

#[test]
fn evaluation_services_are_withheld() {
    let hold = |flag| derived(&ENTITY, &[("codeflag", flag)]).hold;
    assert_eq!(hold("E").as_deref(), Some("withheld:an evaluation service"));
    assert_eq!(hold("C"), None);
}
