use super::{Row, translate::encounter};
use crate::testing::{outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| encounter(row, site, trace))
}

fn bare() -> Row {
    Row {
        key: "800456".into(),
        encounterid: s("800456"),
        patient_id: s("700123"),
        cg_patient: s("700123"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        encounter_id: s("E-99-77"),
        source_encounter_id: s("E-99-77"),
        encounter_date: s("20260115"),
        encounter_time: s("09:30:00"),
        end_date: s("2026-01-15"),
        end_time: s("10:15"),
        encounter_type: s("Office Visit"),
        status: s("Completed"),
        provider_id: s("3001"),
        location_id: s("12"),
        reason: s("cough"),
        cg_client: s("SBX01"),
        cg_provider: s("3001"),
        cg_location: s("SBX01/12"),
        cg_type: s("Office Visit"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = AMB
    class.display = ambulatory
    class.system = http://terminology.hl7.org/CodeSystem/v3-ActCode
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    identifier[1].system = urn:chartgate:hj:encounter_id
    identifier[1].value = E-99-77
    identifier[2].system = urn:chartgate:hj:source_encounter_id
    identifier[2].value = E-99-77
    location[0].location.reference = Location/hj.loc.SBX01.2f12
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.reference = Practitioner/hj.prov.3001
    participant[0].period.end = 2026-01-15T10:15:00-05:00
    participant[0].period.start = 2026-01-15T09:30:00-05:00
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    period.end = 2026-01-15T10:15:00-05:00
    period.start = 2026-01-15T09:30:00-05:00
    reasonCode[0].text = cough
    serviceProvider.reference = Organization/hj.org.SBX01
    status = finished
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = Office Visit
    type[0].coding[0].system = urn:chartgate:hj:encounter_type
    type[0].text = Office Visit
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(&bare()), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = unknown
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn a_row_without_patient_is_rejected() {
    insta::assert_snapshot!(told(&Row { patient_id: None, cg_patient: None, ..bare() }), @"rejected: no patient");
}

#[test]
fn references_to_rows_that_are_not_there_name_the_vendors_ids() {
    let row = Row {
        cg_patient: None,
        provider_id: s("9"),
        location_id: s("4"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    location[0].location.identifier.system = urn:chartgate:hj:location_id
    location[0].location.identifier.value = 4
    location[0].location.type = Location
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.identifier.system = urn:chartgate:hj:provider_id
    participant[0].individual.identifier.value = 9
    participant[0].individual.type = Practitioner
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    status = unknown
    subject.identifier.system = urn:chartgate:hj:demographicid
    subject.identifier.value = 700123
    subject.type = Patient
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn a_time_that_the_clock_skipped_moves_forward_and_is_noted() {
    let row = Row {
        encounter_date: s("20240310"),
        encounter_time: s("02:30:00"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    period.start = 2024-03-10T03:30:00-04:00
    status = unknown
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    adjusted: period.start from encounter_date: skipped by the clock: moved forward
    ");
}

#[test]
fn a_time_that_the_clock_showed_twice_is_the_first_and_is_noted() {
    let row = Row {
        encounter_date: s("20241103"),
        encounter_time: s("01:30:00"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    period.start = 2024-11-03T01:30:00-04:00
    status = unknown
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    adjusted: period.start from encounter_date: shown twice by the clock: the first is meant
    ");
}

#[test]
fn an_end_before_the_start_is_lost() {
    let row = Row {
        encounter_date: s("20260115"),
        end_date: s("20260114"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    period.start = 2026-01-15
    status = unknown
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    lost: period.end from end_date: not a date, or before the start
    ");
}

#[test]
fn bad_times_cost_the_time_and_bad_dates_the_period() {
    let bad_time = Row {
        encounter_date: s("20260115"),
        encounter_time: s("25:99"),
        ..bare()
    };
    insta::assert_snapshot!(told(&bad_time), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    period.start = 2026-01-15
    status = unknown
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    lost: period.start from encounter_time: not a time of day, or without a day
    ");
    let bad_date = Row {
        encounter_date: s("13/45/2020"),
        encounter_time: s("09:30:00"),
        end_date: s("20200101"),
        ..bare()
    };
    insta::assert_snapshot!(told(&bad_date), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    period.end = 2020-01-01
    status = unknown
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    lost: period.start from encounter_date: not a date
    lost: period.start from encounter_time: not a time of day, or without a day
    ");
}

#[test]
fn unknown_words_stay_as_text_and_are_noted() {
    let row = Row {
        encounter_type: s("Aura  Reading"),
        cg_type: s("Aura Reading"),
        status: s("Levitating"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:hj:encounterid
    identifier[0].value = 800456
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = unknown
    subject.reference = Patient/hj.pt.700123
    type[0].coding[0].code = Aura Reading
    type[0].coding[0].system = urn:chartgate:hj:encounter_type
    type[0].text = Aura  Reading
    unmapped: encounter_status `Levitating`
    unmapped: encounter_class `Aura Reading`
    ");
}
