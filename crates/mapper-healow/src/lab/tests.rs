use mapper::sql::Value;

use super::{ENTITY, Row, translate::procedure};
use crate::testing::{computed, derived, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| procedure(row, site, trace))
}

fn when(row: &Row) -> String {
    let told = told(row);
    told.lines()
        .filter(|l| l.contains("performed"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn bare() -> Row {
    Row {
        key: "94001".into(),
        reportid: s("94001"),
        cg_visitid: s("700002"),
        cg_patientid: s("5002"),
        cg_patient: s("5002"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        received: s("1"),
        resultdate: s("2026-01-22 00:00:00.000"),
        colldate: s("2026-01-20 00:00:00.000"),
        colltime: s("1900-01-01 13:20:00.000"),
        cg_encounter: s("700002"),
        cg_system: s("cpt"),
        cg_code: s("11102"),
        cg_text: s("Skin biopsy"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    code.coding[0].code = 11102
    code.coding[0].system = http://www.ama-assn.org/go/cpt
    code.text = Skin biopsy
    encounter.reference = Encounter/hw.enc.700002
    identifier[0].system = urn:chartgate:hw:reportid
    identifier[0].value = 94001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    performedDateTime = 2026-01-20T13:20:00-05:00
    status = completed
    subject.reference = Patient/hw.pt.5002
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
    encounter.identifier.value = 700002
    encounter.type = Encounter
    identifier[0].system = urn:chartgate:hw:reportid
    identifier[0].value = 94001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure
    status = in-progress
    subject.reference = Patient/hw.pt.5002
    ");
}

#[test]
fn the_time_is_of_the_clock_where_it_was_done() {
    let row = |date: &str, time: &str, zone: &str| Row {
        colldate: s(date),
        colltime: s(time),
        cg_zone: s(zone),
        ..bare()
    };
    let (gap, july) = ("2026-03-08 00:00:00.000", "2026-07-06 00:00:00.000");
    insta::assert_snapshot!(when(&row(gap, "1900-01-01 02:30:00.000", "America/Denver")), @"
    performedDateTime = 2026-03-08T03:30:00-06:00
    adjusted: performed[x] from colldate: skipped by the clock: moved forward
    ");
    insta::assert_snapshot!(when(&row(july, "1900-01-01 09:10:00.000", "America/Phoenix")), @"performedDateTime = 2026-07-06T09:10:00-07:00");
    insta::assert_snapshot!(when(&row(july, "", "America/Phoenix")), @"performedDateTime = 2026-07-06");
}

#[test]
fn cells_that_do_not_say_when() {
    let time = s("1900-01-01 09:40:00.000");
    insta::assert_snapshot!(when(&Row { colltime: time.clone(), ..bare() }), @"
    _performedDateTime.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _performedDateTime.extension[0].valueCode = unknown
    lost: performed[x] from colltime: without a day
    ");
    insta::assert_snapshot!(when(&Row {
        colldate: s("yesterday"),
        colltime: time,
        resultdate: s("2026-02-06 00:00:00.000"),
        ..bare()
    }), @"
    performedDateTime = 2026-02-06
    lost: performed[x] from colldate: not a date
    lost: performed[x] from colltime: without a day
    ");
}

#[test]
fn what_is_no_procedure_is_withheld() {
    let hold = |cells: &[(&str, &str)]| derived(&ENTITY, cells).hold.unwrap_or_default();
    assert_eq!(hold(&[("type", "0")]), "withheld:an order, not a procedure");
    assert_eq!(hold(&[("type", "1")]), "withheld:an order, not a procedure");
    assert_eq!(hold(&[]), "withheld:an order, not a procedure");
    assert_eq!(hold(&[("type", "3"), ("deleteflag", "1")]), "withheld:deleted");
    assert_eq!(hold(&[("type", "3"), ("cancelled", "1")]), "withheld:cancelled");
    assert_eq!(
        hold(&[("type", "3"), ("futureflag", "1")]),
        "withheld:ordered, not performed"
    );
    assert_eq!(hold(&[("type", "3")]), "");
}

#[test]
fn the_visit_is_the_one_that_ordered_it() {
    let visit = |cells: &[(&str, &str)]| computed(&ENTITY, cells, "cg_visitid");
    assert_eq!(
        visit(&[("encounterid", "700050"), ("ordencounterid", "700001")]),
        "700001"
    );
    assert_eq!(visit(&[("encounterid", "700002")]), "700002");
}

#[test]
fn a_time_of_day_is_computed_for_every_zone_that_differs() {
    let clock = |cells: &[(&str, &str)], zone: &str| {
        let rows = derived(&ENTITY, cells).exploded;
        let row = rows.into_iter().find(|row| row.first() == Some(&Value::from(zone)));
        row.and_then(|row| row.get(1).cloned()).map(|lo| match lo {
            Value::Time(lo) => lo.to_string(),
            Value::Null | Value::Text(_) | Value::Int(_) | Value::Date(_) => String::new(),
        })
    };
    let timed = [
        ("type", "3"),
        ("colldate", "2026-07-06 00:00:00.000"),
        ("colltime", "1900-01-01 09:10:00.000"),
    ];
    assert_eq!(clock(&timed, "").as_deref(), Some("2026-07-06 13:10:00"));
    assert_eq!(clock(&timed, "America/Denver").as_deref(), Some("2026-07-06 15:10:00"));
    assert_eq!(clock(&timed, "America/Phoenix").as_deref(), Some("2026-07-06 16:10:00"));
    assert_eq!(clock(&timed, "America/Detroit"), None);
    // A day has no clock, and what is not served needs none.
    assert_eq!(clock(&timed[..2], ""), None);
    assert_eq!(clock(&[("type", "0"), timed[1], timed[2]], ""), None);
}
