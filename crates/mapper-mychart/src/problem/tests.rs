use mapper::load::Row as Cells;

use super::{PROBLEM_LIST, Row, translate::problem};
use crate::dictionary::Coded;
use crate::dictionary::testing::named;
use crate::testing::{outcome, s, site};

fn told(row: Row) -> String {
    let terms = vec![named("dx_id", "9001", "Type 2 diabetes mellitus (HCC)")];
    let terms = if row.dx_id.is_some() { terms } else { vec![] };
    outcome(|site, trace| problem(&Coded { row, terms }, site, trace))
}

fn bare() -> Row {
    Row {
        key: "5501".into(),
        problem_list_id: s("5501"),
        cg_pat_id: s("Z1000001"),
        cg_patient: s("Z1000001"),
        ..Row::default()
    }
}

#[test]
fn a_full_row() {
    let row = Row {
        dx_id: s("9001"),
        description: s("Diabetes since pregnancy"),
        noted_date: s("3/1/2024 12:00:00 AM"),
        resolved_date: s("5/5/2025 12:00:00 AM"),
        entry_user_id: s("U77"),
        problem_status_c_name: s("Resolved"),
        problem_cmt: s("diet only"),
        cg_recorder: s("U77"),
        cg_recorded: s("3/2/2024 12:00:00 AM"),
        ..bare()
    };
    insta::assert_snapshot!(told(row), @"
    abatementDateTime = 2025-05-05
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    clinicalStatus.coding[0].code = resolved
    clinicalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/condition-clinical
    code.coding[0].code = 9001
    code.coding[0].display = Type 2 diabetes mellitus (HCC)
    code.coding[0].system = urn:chartgate:my:dx_id
    code.text = Diabetes since pregnancy
    identifier[0].system = urn:chartgate:my:problem_list_id
    identifier[0].value = 5501
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    note[0].text = diet only
    onsetDateTime = 2024-03-01
    recordedDate = 2024-03-02
    recorder.reference = Practitioner/my.emp.U77
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare()), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = unknown
    code.coding[0].display = Unknown
    code.coding[0].system = http://terminology.hl7.org/CodeSystem/data-absent-reason
    identifier[0].system = urn:chartgate:my:problem_list_id
    identifier[0].value = 5501
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    subject.reference = Patient/my.pt.Z1000001
    ");
}

#[test]
fn the_dictionary_s_name_stands_where_nothing_else_was_written() {
    let row = Row {
        dx_id: s("9001"),
        dx_name: s("Type 2 diabetes (HC"),
        entry_user_id: s("U404"),
        ..bare()
    };
    insta::assert_snapshot!(told(row), @"
    category[0].coding[0].code = problem-list-item
    category[0].coding[0].system = http://terminology.hl7.org/CodeSystem/condition-category
    code.coding[0].code = 9001
    code.coding[0].display = Type 2 diabetes mellitus (HCC)
    code.coding[0].system = urn:chartgate:my:dx_id
    code.text = Type 2 diabetes mellitus (HCC)
    identifier[0].system = urn:chartgate:my:problem_list_id
    identifier[0].value = 5501
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
    recorder.identifier.system = urn:chartgate:my:entry_user_id
    recorder.identifier.value = U404
    recorder.type = Practitioner
    subject.reference = Patient/my.pt.Z1000001
    ");
}

/// Onset, status and end, and what is noted of them.
fn course(noted: [&str; 2], resolved: &str, status: &str) -> String {
    let cell = |text: &str| s(text).filter(|t| !t.is_empty());
    let [noted, end] = noted;
    let row = Row {
        noted_date: cell(noted),
        noted_end_date: cell(end),
        resolved_date: cell(resolved),
        problem_status_c_name: cell(status),
        ..bare()
    };
    let told = told(row);
    let about = |line: &&str| {
        let words = [
            "onset",
            "abatement",
            "clinicalStatus.coding[0].code",
            "clinical_status",
            "adjusted",
        ];
        words.iter().any(|word| line.contains(word))
    };
    told.lines().filter(about).collect::<Vec<_>>().join("; ")
}

#[test]
fn ranges_ends_and_words() {
    let cases = [
        course(["3/1/2024", "3/31/2024"], "", "Active"),
        course(["3/1/2024", "3/1/2024"], "", "ACTIVE"),
        course(["3/1/2024", "2/1/2024"], "", "Waiting"),
        course(["", "3/31/2024"], "", ""),
        course(["March", ""], "2/30/2024", "Resolved"),
        course(["", ""], "5/5/2025 12:00:00 AM", "Active"),
    ];
    insta::assert_snapshot!(cases.join("\n"), @"
    clinicalStatus.coding[0].code = active; onsetPeriod.end = 2024-03-31; onsetPeriod.start = 2024-03-01
    clinicalStatus.coding[0].code = active; onsetDateTime = 2024-03-01
    onsetDateTime = 2024-03-01; lost: onset[x] from noted_end_date: not a date, or before the start; unmapped: clinical_status `Waiting`
    onsetPeriod.end = 2024-03-31
    clinicalStatus.coding[0].code = resolved; lost: abatement[x] from resolved_date: not a date; lost: onset[x] from noted_date: not a date
    abatementDateTime = 2025-05-05; clinicalStatus.coding[0].code = resolved; adjusted: clinicalStatus from problem_status_c_name: a condition with an end is resolved
    ");
}

#[test]
fn deleted_problems_are_held_and_the_last_edit_is_the_change() {
    let of = |cells: &[(&str, &str)]| (PROBLEM_LIST.derive)(&Cells::of(&PROBLEM_LIST, cells).cells(), &site());
    let deleted = of(&[("problem_list_id", "5501"), ("problem_status_c_name", "deleted")]);
    assert_eq!(deleted.hold.as_deref(), Some("withheld:deleted"));
    let edited = of(&[("problem_list_id", "5501"), ("date_of_entry", "3/2/2024 12:00:00 AM")]);
    assert_eq!(edited.updated.unwrap().to_string(), "2024-03-02 06:00:00");
    assert_eq!(edited.modified, edited.updated);
}
