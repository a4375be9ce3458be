use mapper::sql::Value;

use super::{ENTITY, Row, translate::encounter};
use crate::testing::{computed, derived, outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| encounter(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "8e4f".into(),
        cg_guid: s("8e4f"),
        cg_told_patient: s("7d3e"),
        cg_patient: s("7d3e"),
        ..Row::default()
    }
}

fn full() -> Row {
    Row {
        dateofservice: s("1/15/2026"),
        chiefcomplaint: s("cough\nfor 3 days"),
        signeddatetimeutc: s("1/15/2026 10:05:00 PM"),
        chartnotetype: s("Office  Visit"),
        isvirtualvisit: s("False"),
        ispsychotherapynote: s("False"),
        cg_told_seen: s("9f50"),
        cg_seen: s("9f50"),
        cg_told_signed: s("9f51"),
        cg_signed: s("9f51"),
        cg_told_place: s("af60"),
        cg_place: s("af60"),
        cg_type: s("Office Visit"),
        cg_practice: s("0c1d"),
        ..bare()
    }
}

#[test]
fn a_full_row() {
    insta::assert_snapshot!(told(&full()), @"
    class.code = AMB
    class.display = ambulatory
    class.system = http://terminology.hl7.org/CodeSystem/v3-ActCode
    identifier[0].system = urn:chartgate:pf:encounterguid
    identifier[0].value = 8e4f
    location[0].location.reference = Location/pf.loc.af60
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.reference = Practitioner/pf.prov.9f50
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    participant[1].individual.reference = Practitioner/pf.prov.9f51
    participant[1].type[0].coding[0].code = ATND
    participant[1].type[0].coding[0].display = attender
    participant[1].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    period.start = 2026-01-15
    reasonCode[0].text = cough
    for 3 days
    serviceProvider.reference = Organization/pf.org.0c1d
    status = finished
    subject.reference = Patient/pf.pt.7d3e
    type[0].coding[0].code = Office Visit
    type[0].coding[0].system = urn:chartgate:pf:chartnotetype
    type[0].text = Office  Visit
    ");
}

#[test]
fn a_bare_row_says_what_is_not_known() {
    insta::assert_snapshot!(told(&bare()), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:encounterguid
    identifier[0].value = 8e4f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = in-progress
    subject.reference = Patient/pf.pt.7d3e
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn without_patient_there_is_no_encounter() {
    assert_eq!(told(&Row::default()), "rejected: no patient");
}

#[test]
fn what_is_not_delivered_is_named_by_its_guid() {
    let row = Row {
        cg_patient: None,
        cg_told_seen: s("9f99"),
        cg_told_place: s("af99"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:encounterguid
    identifier[0].value = 8e4f
    location[0].location.identifier.system = urn:chartgate:pf:facilityguid
    location[0].location.identifier.value = af99
    location[0].location.type = Location
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.identifier.system = urn:chartgate:pf:seenbyproviderguid
    participant[0].individual.identifier.value = 9f99
    participant[0].individual.type = Practitioner
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    status = in-progress
    subject.identifier.system = urn:chartgate:pf:patientpracticeguid
    subject.identifier.value = 7d3e
    subject.type = Patient
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn who_has_seen_and_signed_takes_part_once() {
    let row = Row {
        cg_told_signed: s("9f50"),
        cg_signed: s("9f50"),
        ..full()
    };
    let told = told(&row);
    assert!(
        told.contains("participant[0].individual.reference = Practitioner/pf.prov.9f50"),
        "{told}"
    );
    assert!(!told.contains("participant[1]"), "{told}");
}

#[test]
fn a_flag_makes_a_visit_virtual_whatever_its_kind() {
    let row = Row {
        isvirtualvisit: s("True"),
        ..full()
    };
    assert!(told(&row).contains("class.code = VR"));
}

#[test]
fn psychotherapy_is_labelled() {
    let row = Row {
        ispsychotherapynote: s("True"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:encounterguid
    identifier[0].value = 8e4f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    meta.security[0].code = R
    meta.security[0].display = restricted
    meta.security[0].system = http://terminology.hl7.org/CodeSystem/v3-Confidentiality
    meta.security[1].code = PSYTHPN
    meta.security[1].display = psychotherapy note information sensitivity
    meta.security[1].system = http://terminology.hl7.org/CodeSystem/v3-ActCode
    status = in-progress
    subject.reference = Patient/pf.pt.7d3e
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn words_and_dates_that_nobody_knows() {
    let row = Row {
        dateofservice: s("2/30/2026"),
        isvirtualvisit: s("by video"),
        chartnotetype: s("Acupuncture Chat"),
        cg_type: s("Acupuncture Chat"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:pf:encounterguid
    identifier[0].value = 8e4f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = in-progress
    subject.reference = Patient/pf.pt.7d3e
    type[0].coding[0].code = Acupuncture Chat
    type[0].coding[0].system = urn:chartgate:pf:chartnotetype
    type[0].text = Acupuncture Chat
    lost: class from isvirtualvisit: neither true nor false
    lost: period.start from dateofservice: not a date
    unmapped: encounter_class `Acupuncture Chat`
    ");
}

#[test]
fn days_are_days_also_with_a_time_and_at_a_place_of_another_zone() {
    for day in ["3/8/2026", "2026-03-08", "3/8/2026 12:00:00 AM", "3/8/2026 2:30:00 AM"] {
        let row = Row {
            dateofservice: s(day),
            ..full()
        };
        let told = told(&row);
        assert!(told.contains("period.start = 2026-03-08\n"), "{day}: {told}");
        // 23 hours of New York, whatever the place: searches for a day mean the source's.
        let cells = [("dateofservice", day), ("facilityguid", "AF60")];
        let start = Value::Time("2026-03-08T05:00:00".parse().unwrap());
        assert_eq!(computed(&ENTITY, &cells, "cg_start_lo"), start, "{day}");
    }
}

#[test]
fn notes_that_are_no_visits_are_withheld() {
    let hold = |kind| derived(&ENTITY, &[("chartnotetype", kind), ("patientpracticeguid", "7d3e")]).hold;
    assert_eq!(hold("Orders  ONLY").as_deref(), Some("withheld:not a visit"));
    assert_eq!(hold("letter").as_deref(), Some("withheld:not a visit"));
    assert_eq!(hold("Email Encounter"), None);
    assert_eq!(derived(&ENTITY, &[]).hold.as_deref(), Some("rejected:no patient"));
}

#[test]
fn what_is_searched_is_what_is_shown() {
    let status = |cells: &[(&str, &str)]| computed(&ENTITY, cells, "cg_status");
    assert_eq!(
        status(&[("signeddatetimeutc", "1/15/2026 10:05:00 PM")]),
        Value::from("finished")
    );
    assert_eq!(status(&[]), Value::from("in-progress"));
    let class = |cells: &[(&str, &str)]| computed(&ENTITY, cells, "cg_class");
    assert_eq!(class(&[("chartnotetype", "nursing  home visit")]), Value::from("FLD"));
    assert_eq!(
        class(&[("chartnotetype", "Home Visit"), ("isvirtualvisit", "true")]),
        Value::from("VR")
    );
    assert_eq!(class(&[("chartnotetype", "Acupuncture Chat")]), Value::Null);
}
