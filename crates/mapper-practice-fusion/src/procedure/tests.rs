use mapper::sql::Value;

use super::rows::{Event, Performed, Row};
use super::{EVENTS, PROCEDURES, translate::procedure};
use crate::testing::{computed, derived, outcome, s};

fn told(row: Row, event: Option<Event>) -> String {
    let performed = Performed { row, event };
    outcome(|site, trace| procedure(&performed, site, trace))
}

fn bare() -> Row {
    Row {
        key: "d390".into(),
        cg_guid: s("d390"),
        cg_told_patient: s("7d3e"),
        cg_patient: s("7d3e"),
        ..Row::default()
    }
}

fn event(start: Option<&str>, end: Option<&str>) -> Event {
    Event {
        key: "e4a0".into(),
        startdatetimeutc: start.map(str::to_owned),
        enddatetimeutc: end.map(str::to_owned),
        ..Event::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        procedurecode: s("97110-59"),
        procedurecodesystem: s("CPT"),
        procedureperformedstatus: s("Completed"),
        ordernote: s("keep dry\ntwice daily"),
        cg_told_visit: s("8e4f"),
        cg_visit: s("8e4f"),
        cg_told_performer: s("9f50"),
        cg_performer: s("9f50"),
        cg_told_recorder: s("9f51"),
        cg_recorder: s("9f51"),
        cg_system: s("cpt"),
        cg_code: s("97110"),
        cg_modifiers: s("59"),
        cg_text: s("Therapeutic exercises"),
        ..bare()
    };
    let event = event(Some("1/15/2026 4:05:00 PM"), Some("1/15/2026 4:45:00 PM"));
    insta::assert_snapshot!(told(row, Some(event)), @"
    code.coding[0].code = 97110
    code.coding[0].system = http://www.ama-assn.org/go/cpt
    code.extension[0].url = urn:chartgate:procedure-code-modifier
    code.extension[0].valueCoding.code = 59
    code.extension[0].valueCoding.system = http://www.ama-assn.org/go/cpt
    code.text = Therapeutic exercises
    encounter.reference = Encounter/pf.enc.8e4f
    identifier[0].system = urn:chartgate:pf:procedureguid
    identifier[0].value = d390
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    note[0].text = keep dry
    twice daily
    performedPeriod.end = 2026-01-15T16:45:00Z
    performedPeriod.start = 2026-01-15T16:05:00Z
    performer[0].actor.reference = Practitioner/pf.prov.9f50
    recorder.reference = Practitioner/pf.prov.9f51
    status = completed
    subject.reference = Patient/pf.pt.7d3e
    ");
}

#[test]
fn a_bare_row_says_what_is_not_known() {
    insta::assert_snapshot!(told(bare(), None), @"
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:procedureguid
    identifier[0].value = d390
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = unknown
    subject.reference = Patient/pf.pt.7d3e
    ");
}

#[test]
fn what_is_completed_has_a_time_or_says_that_it_is_not_known() {
    let completed = || Row {
        procedureperformedstatus: s("completed"),
        cg_text: s("Taping"),
        ..bare()
    };
    insta::assert_snapshot!(told(completed(), Some(event(None, None))), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    code.text = Taping
    identifier[0].system = urn:chartgate:pf:procedureguid
    identifier[0].value = d390
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = completed
    subject.reference = Patient/pf.pt.7d3e
    ");
    let told = told(completed(), Some(event(Some("1/28/2026 3:00:00 PM +00:00"), None)));
    assert!(told.contains("performedDateTime = 2026-01-28T15:00:00Z"), "{told}");
}

#[test]
fn an_event_that_did_not_happen() {
    let event = Event {
        cg_negated: s("true"),
        eventreasoncodesystem: s("SNOMED"),
        eventreasoncode: s("105480006"),
        eventreasonname: s("Refusal of treatment by patient"),
        eventreasonisnegated: s("False"),
        ..event(None, None)
    };
    insta::assert_snapshot!(told(bare(), Some(event)), @"
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:procedureguid
    identifier[0].value = d390
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = not-done
    statusReason.coding[0].code = 105480006
    statusReason.coding[0].system = http://snomed.info/sct
    statusReason.text = Refusal of treatment by patient
    subject.reference = Patient/pf.pt.7d3e
    ");
}

#[test]
fn reasons_of_what_was_done() {
    let reason = |code, negated| Event {
        eventreasoncodesystem: s("SNOMED"),
        eventreasoncode: s(code),
        eventreasonisnegated: s(negated),
        ..event(None, None)
    };
    insta::assert_snapshot!(told(bare(), Some(reason("105480007", "False"))), @"
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:procedureguid
    identifier[0].value = d390
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    reasonCode[0].text = 105480007
    status = unknown
    subject.reference = Patient/pf.pt.7d3e
    lost: reasonCode.coding from eventreasoncode: no code whose system is certain
    ");
    let told = told(bare(), Some(reason("105480006", "True")));
    assert!(
        told.ends_with("lost: reasonCode from eventreasonisnegated: said not to be the reason"),
        "{told}"
    );
    assert!(!told.contains("reasonCode["), "{told}");
}

#[test]
fn words_and_times_that_nobody_knows() {
    let row = Row {
        procedurecode: s("0HBMXZZ"),
        procedurecodesystem: s("ICD-10-PCS"),
        procedureperformedstatus: s("partially"),
        cg_text: s("Excision of skin"),
        cg_told_visit: s("8e99"),
        cg_told_performer: s("9f99"),
        ..bare()
    };
    let event = event(Some("2/30/2026 4:05:00 PM"), Some("1/15/2026 4:45:00 PM"));
    insta::assert_snapshot!(told(row, Some(event)), @"
    code.text = Excision of skin
    encounter.identifier.system = urn:chartgate:pf:encounterguid
    encounter.identifier.value = 8e99
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:pf:procedureguid
    identifier[0].value = d390
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedPeriod.end = 2026-01-15T16:45:00Z
    performer[0].actor.identifier.system = urn:chartgate:pf:onbehalfofproviderguid
    performer[0].actor.identifier.value = 9f99
    performer[0].actor.type = Practitioner
    status = unknown
    subject.reference = Patient/pf.pt.7d3e
    lost: code.coding from procedurecode: no code whose system is certain
    lost: performed[x] from startdatetimeutc: not a date
    unmapped: procedure_status `partially`
    unmapped: procedure_system `ICD-10-PCS`
    ");
}

#[test]
fn an_end_before_the_start_is_lost() {
    let told = told(
        bare(),
        Some(event(Some("1/15/2026 4:05:00 PM"), Some("1/15/2026 3:00:00 PM"))),
    );
    assert!(told.contains("performedDateTime = 2026-01-15T16:05:00Z"), "{told}");
    assert!(
        told.ends_with("lost: performedPeriod.end from enddatetimeutc: not a date, or before the start"),
        "{told}"
    );
}

#[test]
fn what_was_only_ordered_is_withheld() {
    let hold = |cells: &[(&str, &str)]| derived(&PROCEDURES, cells).hold;
    let patient = ("patientpracticeguid", "7d3e");
    let ordered = Some("withheld:ordered, not performed".to_owned());
    assert_eq!(hold(&[patient, ("procedurestatus", "Ordered")]), ordered);
    assert_eq!(hold(&[patient, ("procedureperformedstatus", "incomplete")]), None);
    assert_eq!(hold(&[patient, ("performedencountereventguid", "e4a0")]), None);
    let without = hold(&[("procedureperformedstatus", "completed")]);
    assert_eq!(without.as_deref(), Some("rejected:no patient"));
}

#[test]
fn codes_need_a_system_and_its_shape() {
    let coded = |code, system, column| {
        let cells = [("procedurecode", code), ("procedurecodesystem", system)];
        computed(&PROCEDURES, &cells, column)
    };
    assert_eq!(coded("97597", "cpt", "cg_system"), Value::from("cpt"));
    assert_eq!(coded("J1100", "HCPCS", "cg_system"), Value::from("hcpcs"));
    assert_eq!(coded("73761001", "SNOMED CT", "cg_code"), Value::from("73761001"));
    for (code, system) in [
        ("97597", "SNOMED"),
        ("73761001", "CPT"),
        ("97597", "LOCAL"),
        ("97597", ""),
    ] {
        assert_eq!(coded(code, system, "cg_code"), Value::Null, "{code} {system}");
        assert_eq!(coded(code, system, "cg_text"), Value::from(code), "{code} {system}");
    }
}

#[test]
fn the_interval_of_an_event() {
    let at = |cells: &[(&str, &str)], column| computed(&EVENTS, cells, column);
    let time = |text: &str| Value::Time(text.parse().unwrap());
    let (start, end) = (
        ("startdatetimeutc", "1/16/2026 12:05:00 AM"),
        ("enddatetimeutc", "1/16/2026 12:45:00 AM"),
    );
    assert_eq!(at(&[start], "cg_lo"), time("2026-01-16T00:05:00"));
    assert_eq!(at(&[start], "cg_hi"), time("2026-01-16T00:05:01"));
    assert_eq!(at(&[start, end], "cg_hi"), time("2026-01-16T00:45:01"));
    assert_eq!(at(&[end], "cg_lo"), Value::Time(mapper::time::OPEN_START));
    assert_eq!(at(&[("isnegated", "TRUE")], "cg_negated"), Value::from("true"));
    assert_eq!(at(&[("isnegated", "False")], "cg_negated"), Value::Null);
}
