use super::{ENTITY, Row, translate::encounter};
use crate::testing::{computed, derived, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| encounter(row, site, trace))
}

/// The lines that say when, and the notes.
fn when(row: &Row) -> String {
    let told = told(row);
    let about = |line: &&str| ["period", "lost", "adjusted"].iter().any(|path| line.starts_with(path));
    told.lines().filter(about).collect::<Vec<_>>().join("\n")
}

fn bare() -> Row {
    Row {
        key: "700001".into(),
        encounterid: s("700001"),
        patientid: s("5001"),
        cg_patient: s("5001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        doctorid: s("3001"),
        refprid: s("6001"),
        facilityid: s("12"),
        date: s("2026-01-15 00:00:00.000"),
        starttime: s("1900-01-01 09:30:00.000"),
        arrivedtime: s("2026-01-15 09:25:00.000"),
        timein: s("2026-01-15 09:32:00"),
        timeout: s("2026-01-15 10:05:00.000"),
        deptime: s("2026-01-15 10:10:00"),
        status: s("CHK"),
        visittype: s("New  Patient"),
        enctype: s("1"),
        reason: s("cough"),
        dx: s("Cough (item)"),
        hl7id: s("8801"),
        cg_provider: s("3001"),
        cg_resource: s("3002"),
        cg_referrer: s("6001"),
        cg_location: s("12"),
        cg_client: s("1"),
        cg_class: s("AMB"),
        cg_type: s("New Patient"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = AMB
    class.display = ambulatory
    class.system = http://terminology.hl7.org/CodeSystem/v3-ActCode
    identifier[0].system = urn:chartgate:hw:encounterid
    identifier[0].value = 700001
    identifier[1].system = urn:chartgate:hw:hl7id
    identifier[1].type.coding[0].code = VN
    identifier[1].type.coding[0].display = Visit number
    identifier[1].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[1].value = 8801
    location[0].location.reference = Location/hw.loc.12
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.reference = Practitioner/hw.prov.3001
    participant[0].period.end = 2026-01-15T10:05:00-05:00
    participant[0].period.start = 2026-01-15T09:25:00-05:00
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    participant[1].individual.reference = Practitioner/hw.prov.3002
    participant[1].period.end = 2026-01-15T10:05:00-05:00
    participant[1].period.start = 2026-01-15T09:25:00-05:00
    participant[1].type[0].coding[0].code = PART
    participant[1].type[0].coding[0].display = Participation
    participant[1].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    participant[2].individual.reference = Practitioner/hw.prov.6001
    participant[2].type[0].coding[0].code = REF
    participant[2].type[0].coding[0].display = referrer
    participant[2].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    period.end = 2026-01-15T10:05:00-05:00
    period.start = 2026-01-15T09:25:00-05:00
    reasonCode[0].text = cough
    serviceProvider.reference = Organization/hw.org.1
    status = finished
    subject.reference = Patient/hw.pt.5001
    type[0].coding[0].code = New Patient
    type[0].coding[0].system = urn:chartgate:hw:visittype
    type[0].text = New  Patient
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(&bare()), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hw:encounterid
    identifier[0].value = 700001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = unknown
    subject.reference = Patient/hw.pt.5001
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn a_row_without_patient_is_rejected() {
    insta::assert_snapshot!(told(&Row { patientid: None, cg_patient: None, ..bare() }), @"rejected: no patient");
}

#[test]
fn rows_that_are_not_served_are_named_by_number() {
    let row = Row {
        patientid: s("5999"),
        cg_patient: None,
        doctorid: s("3004"),
        refprid: s("6009"),
        facilityid: s("15"),
        enctype: s("77"),
        dx: s("Cough"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hw:encounterid
    identifier[0].value = 700001
    location[0].location.identifier.system = urn:chartgate:hw:facilityid
    location[0].location.identifier.value = 15
    location[0].location.type = Location
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.identifier.system = urn:chartgate:hw:doctorid
    participant[0].individual.identifier.value = 3004
    participant[0].individual.type = Practitioner
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    participant[1].individual.identifier.system = urn:chartgate:hw:refprid
    participant[1].individual.identifier.value = 6009
    participant[1].individual.type = Practitioner
    participant[1].type[0].coding[0].code = REF
    participant[1].type[0].coding[0].display = referrer
    participant[1].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    reasonCode[0].text = Cough
    status = unknown
    subject.identifier.system = urn:chartgate:hw:patientid
    subject.identifier.value = 5999
    subject.type = Patient
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    unmapped: encounter_class `77`
    ");
}

#[test]
fn a_visit_of_a_confidential_group_says_so() {
    let restricted = "meta.security[0].code = R";
    assert!(
        told(&Row {
            psacgroup: s("4"),
            ..bare()
        })
        .contains(restricted)
    );
    assert!(!told(&bare()).contains("security"));
}

#[test]
fn one_person_is_one_participant_and_a_room_is_none() {
    let row = Row {
        cg_provider: s("3001"),
        cg_resource: s("3001"),
        ..bare()
    };
    assert!(!told(&row).contains("participant[1]"));
}

#[test]
fn the_arrival_is_the_start_else_the_time_in_else_the_schedule() {
    let date = || s("2026-02-05 00:00:00.000");
    insta::assert_snapshot!(when(&Row {
        date: date(),
        starttime: s("14:30:00"),
        ..bare()
    }), @"period.start = 2026-02-05T14:30:00-05:00");
    insta::assert_snapshot!(when(&Row {
        date: date(),
        arrivedtime: s("1900-01-01 09:10:00.000"),
        ..bare()
    }), @"period.start = 2026-02-05T09:10:00-05:00");
    insta::assert_snapshot!(when(&Row {
        date: date(),
        timein: s("2026-02-05 13:05:00.000"),
        arrivedtime: s("1900-01-01 00:00:00.000"),
        ..bare()
    }), @"period.start = 2026-02-05T13:05:00-05:00");
    insta::assert_snapshot!(when(&Row {
        date: date(),
        arrivedtime: s("soon"),
        starttime: s("1900-01-01 08:00:00.000"),
        ..bare()
    }), @"
    period.start = 2026-02-05T08:00:00-05:00
    lost: period.start from arrivedtime: not a time, or without a day
    ");
}

#[test]
fn without_a_time_of_day_it_is_the_day() {
    let day = || Row {
        date: s("2026-02-04 00:00:00.000"),
        cg_zone: s("America/Denver"),
        ..bare()
    };
    insta::assert_snapshot!(when(&day()), @"period.start = 2026-02-04");
    insta::assert_snapshot!(when(&Row { starttime: s("1900-01-01 00:00:00.000"), ..day() }), @"period.start = 2026-02-04");
    insta::assert_snapshot!(when(&Row { starttime: s("noon"), ..day() }), @"
    period.start = 2026-02-04
    lost: period.start from starttime: not a time of day
    ");
    insta::assert_snapshot!(when(&Row { date: s("0000-00-00 00:00:00"), ..day() }), @"lost: period.start from date: not a date");
    insta::assert_snapshot!(when(&Row { date: None, starttime: s("09:00"), ..day() }), @"lost: period.start from starttime: without a day");
}

#[test]
fn what_the_clock_skips_moves_forward_and_what_it_repeats_is_the_first() {
    insta::assert_snapshot!(when(&Row {
        date: s("2026-03-08 00:00:00.000"),
        starttime: s("1900-01-01 02:30:00.000"),
        ..bare()
    }), @"
    period.start = 2026-03-08T03:30:00-04:00
    adjusted: period.start from date: skipped by the clock: moved forward
    ");
    insta::assert_snapshot!(when(&Row {
        arrivedtime: s("2025-11-02 01:30:00.000"),
        timeout: s("2025-11-02 02:10:00.000"),
        ..bare()
    }), @"
    period.end = 2025-11-02T02:10:00-05:00
    period.start = 2025-11-02T01:30:00-04:00
    adjusted: period.start from arrivedtime: shown twice by the clock: the first is meant
    ");
}

#[test]
fn one_wall_clock_in_two_zones() {
    let row = |zone: &str| Row {
        date: s("2026-07-06 00:00:00.000"),
        starttime: s("1900-01-01 09:00:00.000"),
        timeout: s("2026-07-06 09:30:00.000"),
        cg_zone: s(zone),
        ..bare()
    };
    insta::assert_snapshot!(when(&row("America/Denver")), @"
    period.end = 2026-07-06T09:30:00-06:00
    period.start = 2026-07-06T09:00:00-06:00
    ");
    insta::assert_snapshot!(when(&row("America/Phoenix")), @"
    period.end = 2026-07-06T09:30:00-07:00
    period.start = 2026-07-06T09:00:00-07:00
    ");
}

#[test]
fn an_end_before_the_start_is_none() {
    let row = |timeout: &str, deptime: Option<String>| Row {
        arrivedtime: s("2026-02-24 09:00:00.000"),
        timeout: s(timeout),
        deptime,
        ..bare()
    };
    insta::assert_snapshot!(when(&row("2026-02-23 08:00:00.000", None)), @"
    period.start = 2026-02-24T09:00:00-05:00
    lost: period.end from timeout: not a time, or before the start
    ");
    insta::assert_snapshot!(when(&row("2026-02-23 08:00:00.000", s("2026-02-24 09:20:00"))), @"
    period.end = 2026-02-24T09:20:00-05:00
    period.start = 2026-02-24T09:00:00-05:00
    lost: period.end from timeout: not a time, or before the start
    ");
}

#[test]
fn intervals_are_those_of_the_place() {
    let at = |facility: &str, column: &str| {
        let cells = [
            ("facilityid", facility),
            ("date", "2026-07-06 00:00:00.000"),
            ("starttime", "1900-01-01 09:00:00.000"),
            ("timeout", "2026-07-06 09:30:00.000"),
        ];
        computed(&ENTITY, &cells, column)
    };
    assert_eq!(at("12", "cg_start_lo"), "2026-07-06 13:00:00");
    assert_eq!(at("12", "cg_zone"), "");
    assert_eq!(at("13", "cg_start_lo"), "2026-07-06 15:00:00");
    assert_eq!(at("13", "cg_end_hi"), "2026-07-06 15:30:00.001");
    assert_eq!(at("13", "cg_zone"), "America/Denver");
    assert_eq!(at("14", "cg_start_lo"), "2026-07-06 16:00:00");
}

#[test]
fn a_day_is_the_sources_day_wherever_it_was() {
    let cells = [("facilityid", "13"), ("date", "2026-02-03 00:00:00.000")];
    assert_eq!(computed(&ENTITY, &cells, "cg_start_lo"), "2026-02-03 05:00:00");
}

#[test]
fn which_icd_a_visit_was_coded_in() {
    let era = |date| computed(&ENTITY, &[("date", date)], "cg_era");
    assert_eq!(era("2015-09-30 00:00:00.000"), "old");
    assert_eq!(era("2015-10-01 00:00:00.000"), "new");
    assert_eq!(era("0000-00-00 00:00:00"), "");
    assert_eq!(
        computed(&ENTITY, &[("arrivedtime", "2014-05-05 09:00:00")], "cg_era"),
        "old"
    );
}

#[test]
fn classes() {
    let class = |cells: &[(&str, &str)]| computed(&ENTITY, cells, "cg_class");
    assert_eq!(class(&[("enctype", "1")]), "AMB");
    assert_eq!(class(&[("enctype", "2")]), "VR");
    assert_eq!(class(&[("enctype", "3"), ("pos", "12")]), "HH");
    assert_eq!(class(&[("enctype", "3"), ("pos", "13")]), "FLD");
    assert_eq!(class(&[("enctype", "6")]), "VR");
    assert_eq!(class(&[]), "");
}

#[test]
fn shells_and_deleted_rows_are_withheld() {
    let hold = |cells: &[(&str, &str)]| derived(&ENTITY, cells).hold.unwrap_or_default();
    for shell in ["4", "5", "7", "8", "9"] {
        assert_eq!(hold(&[("enctype", shell), ("patientid", "1")]), "withheld:not a visit");
    }
    for visit in ["1", "2", "3", "6", "42"] {
        assert_eq!(hold(&[("enctype", visit), ("patientid", "1")]), "");
    }
    assert_eq!(hold(&[("deleteflag", "1"), ("enctype", "5")]), "withheld:deleted");
    assert_eq!(hold(&[("enctype", "1")]), "rejected:no patient");
}
