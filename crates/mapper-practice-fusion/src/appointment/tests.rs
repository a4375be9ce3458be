use mapper::sql::Value;

use super::{ENTITY, Row, appointment};
use crate::testing::{computed, derived, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| appointment(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "b170".into(),
        cg_guid: s("b170"),
        cg_told_patient: s("7d3e"),
        cg_patient: s("7d3e"),
        ..Row::default()
    }
}

fn at(start: &str, end: &str, zone: Option<&str>) -> String {
    let row = Row {
        startdatetime: s(start),
        enddatetime: s(end),
        cg_zone: zone.map(str::to_owned),
        ..bare()
    };
    let told = told(&row);
    let of_time = |line: &&str| line.starts_with("period") || line.contains(": period");
    told.lines().filter(of_time).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_full_row() {
    let row = Row {
        startdatetime: s("5/12/2031 10:00:00 AM"),
        enddatetime: s("5/12/2031 10:20:00 AM"),
        chiefcomplaint: s("yearly review"),
        appointmenttype: s("Follow-Up"),
        appointmentstatus: s("Scheduled"),
        cg_told_provider: s("9f50"),
        cg_provider: s("9f50"),
        cg_told_place: s("af60"),
        cg_place: s("af60"),
        cg_zone: s("America/Denver"),
        cg_type: s("Follow-Up"),
        cg_practice: s("0c1d"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:appointmentguid
    identifier[0].value = b170
    location[0].location.reference = Location/pf.loc.af60
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.reference = Practitioner/pf.prov.9f50
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    period.end = 2031-05-12T10:20:00-06:00
    period.start = 2031-05-12T10:00:00-06:00
    reasonCode[0].text = yearly review
    serviceProvider.reference = Organization/pf.org.0c1d
    status = planned
    subject.reference = Patient/pf.pt.7d3e
    type[0].coding[0].code = Follow-Up
    type[0].coding[0].system = urn:chartgate:pf:appointmenttype
    type[0].text = Follow-Up
    ");
}

#[test]
fn a_bare_row_says_what_is_not_known() {
    insta::assert_snapshot!(told(&bare()), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:appointmentguid
    identifier[0].value = b170
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = unknown
    subject.reference = Patient/pf.pt.7d3e
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn a_time_that_the_clock_skipped_moves_forward() {
    insta::assert_snapshot!(at("3/8/2026 2:30:00 AM", "3/8/2026 2:45:00 AM", None), @"
    period.end = 2026-03-08T03:45:00-04:00
    period.start = 2026-03-08T03:30:00-04:00
    adjusted: period.start from startdatetime: skipped by the clock: moved forward
    adjusted: period.end from enddatetime: skipped by the clock: moved forward
    ");
    insta::assert_snapshot!(at("3/8/2026 2:30:00 AM", "3/8/2026 2:45:00 AM", Some("America/Phoenix")), @"
    period.end = 2026-03-08T02:45:00-07:00
    period.start = 2026-03-08T02:30:00-07:00
    ");
}

#[test]
fn of_a_time_that_came_twice_the_first_is_meant() {
    insta::assert_snapshot!(at("11/1/2026 1:30:00 AM", "11/1/2026 2:10:00 AM", None), @"
    period.end = 2026-11-01T02:10:00-05:00
    period.start = 2026-11-01T01:30:00-04:00
    adjusted: period.start from startdatetime: shown twice by the clock: the first is meant
    ");
}

#[test]
fn a_place_has_its_own_clock() {
    insta::assert_snapshot!(at("7/1/2026 9:00:00 AM", "7/1/2026 9:20:00 AM", Some("America/Denver")), @"
    period.end = 2026-07-01T09:20:00-06:00
    period.start = 2026-07-01T09:00:00-06:00
    ");
    let cells = [("startdatetime", "7/1/2026 9:00:00 AM"), ("facilityguid", "AF60")];
    let lo = Value::Time("2026-07-01T15:00:00".parse().unwrap());
    assert_eq!(computed(&ENTITY, &cells, "cg_start_lo"), lo);
    assert_eq!(computed(&ENTITY, &cells, "cg_zone"), Value::from("America/Denver"));
    assert_eq!(computed(&ENTITY, &cells[..1], "cg_zone"), Value::Null);
}

#[test]
fn a_day_without_time_is_a_day_of_the_source() {
    insta::assert_snapshot!(at("7/1/2026", "7/1/2026", Some("America/Denver")), @"
    period.end = 2026-07-01
    period.start = 2026-07-01
    ");
    let cells = [("startdatetime", "7/1/2026"), ("facilityguid", "af60")];
    let lo = Value::Time("2026-07-01T04:00:00".parse().unwrap());
    assert_eq!(computed(&ENTITY, &cells, "cg_start_lo"), lo);
}

#[test]
fn an_end_before_the_start_is_lost_and_so_is_no_time() {
    insta::assert_snapshot!(at("7/3/2026 12:15:00 AM", "7/2/2026 11:00:00 PM", None), @"
    period.start = 2026-07-03T00:15:00-04:00
    lost: period.end from enddatetime: not a date, or before the start
    ");
    insta::assert_snapshot!(at("soon", "7/2/2026 11:00:00 PM", None), @"
    period.end = 2026-07-02T23:00:00-04:00
    lost: period.start from startdatetime: not a date
    ");
}

#[test]
fn words_of_the_status() {
    for (word, status) in [
        ("No-Show", "cancelled"),
        ("checked out", "finished"),
        ("IN ROOM", "in-progress"),
        ("Checked In", "arrived"),
        ("Double-booked", "unknown"),
    ] {
        let row = Row {
            appointmentstatus: s(word),
            ..bare()
        };
        let told = told(&row);
        assert!(told.contains(&format!("status = {status}")), "{word}: {told}");
        assert_eq!(told.contains("unmapped"), status == "unknown", "{word}");
        let cells = [("appointmentstatus", word)];
        assert_eq!(computed(&ENTITY, &cells, "cg_status"), Value::from(status));
    }
}

#[test]
fn a_slot_without_patient_is_rejected() {
    assert_eq!(derived(&ENTITY, &[]).hold.as_deref(), Some("rejected:no patient"));
    assert_eq!(told(&Row::default()), "rejected: no patient");
}
