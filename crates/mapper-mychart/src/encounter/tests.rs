use mapper::load::Row as Cells;
use mapper::sql::Value;

use super::translate::encounter;
use super::{PAT_ENC, PAT_ENC_HSP, Reason, Row, Visit};
use crate::testing::{outcome, s, shown, site};

fn told(row: Row, reasons: Vec<Reason>) -> String {
    outcome(|site, trace| encounter(&Visit { row, reasons }, site, trace))
}

fn bare() -> Row {
    Row {
        key: "720000001".into(),
        pat_enc_csn_id: s("720000001"),
        pat_id: s("Z1000001"),
        cg_patient: s("Z1000001"),
        cg_status: s("unknown"),
        ..Row::default()
    }
}

#[test]
fn a_stay_with_everything() {
    let row = Row {
        contact_date: s("1/15/2026 12:00:00 AM"),
        effective_date_dttm: s("1/15/2026 9:30:00 AM"),
        visit_prov_id: s("3001"),
        department_id: s("10501"),
        primary_loc_id: s("10"),
        appt_status_c_name: s("Completed"),
        calculated_enc_stat_c_name: s("Complete"),
        external_visit_id: s("V-7"),
        cg_provider: s("3001"),
        cg_location: s("10501"),
        cg_organization: s("10"),
        cg_status: s("finished"),
        cg_class: s("Inpatient"),
        cg_admsn_time: s("1/15/2026 8:05:00 PM"),
        cg_disch_time: s("1/18/2026 11:00:00 AM"),
        cg_disch_disp: s("Skilled Nursing Facility"),
        ..bare()
    };
    let reason = |id: Option<&str>, name: Option<&str>, comments: Option<&str>| Reason {
        enc_reason_id: id.map(str::to_owned),
        enc_reason_name: name.map(str::to_owned),
        comments: comments.map(str::to_owned),
        ..Reason::default()
    };
    let reasons = vec![
        reason(Some("83"), Some("Annual exam"), Some("not shown")),
        reason(None, None, Some("cough")),
        reason(Some("84"), None, None),
        reason(None, None, None),
    ];
    insta::assert_snapshot!(told(row, reasons), @"
    class.code = IMP
    class.display = inpatient encounter
    class.system = http://terminology.hl7.org/CodeSystem/v3-ActCode
    hospitalization.dischargeDisposition.coding[0].code = snf
    hospitalization.dischargeDisposition.coding[0].system = http://terminology.hl7.org/CodeSystem/discharge-disposition
    hospitalization.dischargeDisposition.text = Skilled Nursing Facility
    identifier[0].system = urn:chartgate:my:pat_enc_csn_id
    identifier[0].value = 720000001
    identifier[1].system = urn:chartgate:my:external_visit_id
    identifier[1].value = V-7
    location[0].location.reference = Location/my.loc.10501
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.reference = Practitioner/my.prov.3001
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    period.end = 2026-01-18T11:00:00-06:00
    period.start = 2026-01-15T20:05:00-06:00
    reasonCode[0].coding[0].code = 83
    reasonCode[0].coding[0].display = Annual exam
    reasonCode[0].coding[0].system = urn:chartgate:my:enc_reason_id
    reasonCode[0].text = Annual exam
    reasonCode[1].text = cough
    reasonCode[2].coding[0].code = 84
    reasonCode[2].coding[0].system = urn:chartgate:my:enc_reason_id
    serviceProvider.reference = Organization/my.org.10
    status = finished
    subject.reference = Patient/my.pt.Z1000001
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), vec![]), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:my:pat_enc_csn_id
    identifier[0].value = 720000001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = unknown
    subject.reference = Patient/my.pt.Z1000001
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn rows_that_are_not_there_are_referred_to_by_their_numbers() {
    let row = Row {
        cg_patient: None,
        visit_prov_id: s("3404"),
        department_id: s("404"),
        primary_loc_id: s("44"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, vec![]), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:my:pat_enc_csn_id
    identifier[0].value = 720000001
    location[0].location.identifier.system = urn:chartgate:my:department_id
    location[0].location.identifier.value = 404
    location[0].location.type = Location
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    participant[0].individual.identifier.system = urn:chartgate:my:visit_prov_id
    participant[0].individual.identifier.value = 3404
    participant[0].individual.type = Practitioner
    participant[0].type[0].coding[0].code = PPRF
    participant[0].type[0].coding[0].display = primary performer
    participant[0].type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/v3-ParticipationType
    serviceProvider.identifier.system = urn:chartgate:my:primary_loc_id
    serviceProvider.identifier.value = 44
    serviceProvider.type = Organization
    status = unknown
    subject.identifier.system = urn:chartgate:my:pat_id
    subject.identifier.value = Z1000001
    subject.type = Patient
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    ");
}

#[test]
fn nobody_s_contact_is_rejected() {
    insta::assert_snapshot!(told(Row { pat_id: None, cg_patient: None, ..bare() }, vec![]), @"rejected: no patient");
}

/// The period of a contact, and what is noted of it.
fn when(row: Row) -> String {
    let told = told(row, vec![]);
    let about = |line: &&str| line.starts_with("period") || line.contains(": period");
    told.lines().filter(about).collect::<Vec<_>>().join("; ")
}

fn starts(cell: &str, zone: Option<&str>) -> String {
    let row = Row {
        effective_date_dttm: s(cell),
        contact_date: s("3/8/2026 12:00:00 AM"),
        cg_zone: zone.map(str::to_owned),
        ..bare()
    };
    when(row)
}

#[test]
fn times_are_of_the_department_s_clock() {
    let cases = [
        starts("3/8/2026 12:00:00 AM", None),
        starts("3/8/2026 2:30:00 AM", None),
        starts("3/8/2026 2:30:00 AM", Some("America/Denver")),
        starts("3/8/2026 2:30:00 AM", Some("America/Phoenix")),
        starts("11/1/2026 1:30:00 AM", None),
        starts("7/4/2026 1:30 PM", Some("America/Denver")),
        starts("soon", None),
    ];
    insta::assert_snapshot!(cases.join("\n"), @"
    period.start = 2026-03-08
    period.start = 2026-03-08T03:30:00-05:00; adjusted: period from effective_date_dttm: skipped by the clock: moved forward
    period.start = 2026-03-08T03:30:00-06:00; adjusted: period from effective_date_dttm: skipped by the clock: moved forward
    period.start = 2026-03-08T02:30:00-07:00
    period.start = 2026-11-01T01:30:00-05:00; adjusted: period from effective_date_dttm: shown twice by the clock: the first is meant
    period.start = 2026-07-04T13:30:00-06:00
    period.start = 2026-03-08; lost: period.start from effective_date_dttm: not a date
    ");
}

#[test]
fn a_stay_s_times_come_first_and_an_end_before_the_start_is_none() {
    let admitted = |admission: &str, discharge: &str, own: &str| {
        let row = Row {
            effective_date_dttm: s("1/15/2026 9:30:00 AM"),
            hosp_dischrg_time: s(own),
            cg_admsn_time: s(admission),
            cg_disch_time: s(discharge),
            ..bare()
        };
        when(row)
    };
    let cases = [
        admitted("1/14/2026 10:00:00 PM", "1/16/2026 8:00:00 AM", "1/17/2026 8:00:00 AM"),
        admitted("later", "1/16/2026 8:00:00 AM", "1/17/2026 8:00:00 AM"),
        admitted("1/14/2026 10:00:00 PM", "later", "1/17/2026 8:00:00 AM"),
        admitted("1/14/2026 10:00:00 PM", "1/13/2026 8:00:00 AM", "1/17/2026 8:00:00 AM"),
    ];
    insta::assert_snapshot!(cases.join("\n"), @"
    period.end = 2026-01-16T08:00:00-06:00; period.start = 2026-01-14T22:00:00-06:00
    period.end = 2026-01-16T08:00:00-06:00; period.start = 2026-01-15T09:30:00-06:00; lost: period.start from pat_enc_hsp.hosp_admsn_time: not a date
    period.end = 2026-01-17T08:00:00-06:00; period.start = 2026-01-14T22:00:00-06:00; lost: period.end from pat_enc_hsp.hosp_disch_time: not a date
    period.start = 2026-01-14T22:00:00-06:00; lost: period from pat_enc_hsp.hosp_disch_time: not a date, or before the start
    ");
}

#[test]
fn words_that_nobody_knows_cost_their_code() {
    let row = Row {
        appt_status_c_name: s("Rescheduled"),
        calculated_enc_stat_c_name: s("Half"),
        cg_class: s("Series"),
        cg_disch_disp: s("Eloped"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, vec![]), @"
    class.code = unknown
    class.display = Unknown
    class.system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    hospitalization.dischargeDisposition.text = Eloped
    identifier[0].system = urn:chartgate:my:pat_enc_csn_id
    identifier[0].value = 720000001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter
    status = unknown
    subject.reference = Patient/my.pt.Z1000001
    type[0].coding[0].code = unknown
    type[0].coding[0].display = Unknown
    type[0].coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    unmapped: encounter_class `Series`
    unmapped: appt_status `Rescheduled`
    unmapped: encounter_status `Half`
    unmapped: discharge_disposition `Eloped`
    ");
}

/// Hold, `cg_visit` and `cg_status` of a contact.
fn selected(cells: &[(&str, &str)]) -> String {
    let derived = (PAT_ENC.derive)(&Cells::of(&PAT_ENC, cells).cells(), &site());
    let value = |column: &str| {
        let at = PAT_ENC.computed.iter().position(|c| *c == column).unwrap();
        shown(&derived.values[at])
    };
    let hold = derived.hold.clone().unwrap_or_else(|| "served".into());
    format!("{hold}, {}, {}", value("cg_visit"), value("cg_status"))
}

#[test]
fn appointments_are_visits_and_complete_contacts_may_be() {
    let of = |appointment: &str, calculated: &str, closed: &str| {
        selected(&[
            ("pat_id", "Z1"),
            ("appt_status_c_name", appointment),
            ("calculated_enc_stat_c_name", calculated),
            ("enc_closed_yn", closed),
        ])
    };
    assert_eq!(of("COMPLETED", "Complete", ""), "served, -, finished");
    assert_eq!(of("No Show", "", ""), "served, -, cancelled");
    assert_eq!(of("Scheduled", "Possible", "N"), "served, -, planned");
    assert_eq!(of("Rescheduled", "Complete", ""), "served, -, finished");
    assert_eq!(of("Rescheduled", "Possible", ""), "served, -, unknown");
    assert_eq!(of("Rescheduled", "Possible", "Y"), "served, -, finished");
    assert_eq!(of("", "Complete", ""), "served, maybe, finished");
    assert_eq!(of("", "Possible", "Y"), "withheld:not a visit, -, finished");
    assert_eq!(of("", "", ""), "withheld:not a visit, -, unknown");
    let nobody = selected(&[
        ("appt_status_c_name", "Arrived"),
        ("calculated_enc_stat_c_name", "Complete"),
    ]);
    assert_eq!(nobody, "rejected:no patient, -, arrived");
}

#[test]
fn the_searched_period_is_the_shown_one() {
    let of = |cells: &[(&str, &str)]| {
        let derived = (PAT_ENC.derive)(&Cells::of(&PAT_ENC, cells).cells(), &site());
        let times = derived.values.iter().rev().take(2).rev();
        times.map(shown).collect::<Vec<_>>().join(" to ")
    };
    let denver = ("department_id", "10503");
    let cases = [
        of(&[("effective_date_dttm", "1/15/2026 9:30:00 AM")]),
        of(&[("effective_date_dttm", "1/15/2026 9:30:00 AM"), denver]),
        of(&[("effective_date_dttm", "3/8/2026 2:30:00 AM")]),
        of(&[("effective_date_dttm", "11/1/2026 1:30:00 AM")]),
        of(&[
            ("contact_date", "11/1/2026 12:00:00 AM"),
            ("hosp_dischrg_time", "11/1/2026 12:00:00 AM"),
        ]),
        of(&[("hosp_dischrg_time", "1/15/2026 9:30:00 AM")]),
        of(&[
            ("contact_date", "1/15/2026 12:00:00 AM"),
            ("hosp_dischrg_time", "1/14/2026 9:30:00 AM"),
        ]),
        of(&[("contact_date", "someday")]),
    ];
    insta::assert_snapshot!(cases.join("\n"), @"
    2026-01-15 15:30:00 to 9999-12-31 23:59:59
    2026-01-15 16:30:00 to 9999-12-31 23:59:59
    2026-03-08 08:30:00 to 9999-12-31 23:59:59
    2026-11-01 06:30:00 to 9999-12-31 23:59:59
    2026-11-01 05:00:00 to 2026-11-02 06:00:00
    0001-01-01 00:00:00 to 2026-01-15 15:30:01
    2026-01-15 06:00:00 to 9999-12-31 23:59:59
    - to -
    ");
}

#[test]
fn a_stay_s_times_are_kept_for_every_clock() {
    let cells = [
        ("pat_enc_csn_id", "7"),
        ("hosp_admsn_time", "7/1/2026 8:00:00 AM"),
        ("hosp_disch_time", "never"),
    ];
    let derived = (PAT_ENC_HSP.derive)(&Cells::of(&PAT_ENC_HSP, &cells).cells(), &site());
    let shown = |row: &Vec<Value>| format!("{row:?}");
    let rows: Vec<String> = derived.exploded.iter().map(shown).collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
    [Text("start"), Text(""), Time(2026-07-01T13:00:00)]
    [Text("start"), Text("America/Denver"), Time(2026-07-01T14:00:00)]
    [Text("start"), Text("America/Phoenix"), Time(2026-07-01T15:00:00)]
    "#);
}
