use super::{Row, translate::condition};
use crate::testing::{outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| condition(row, site, trace))
}

fn bare() -> Row {
    Row { key: "610001".into(), diagnosisid: s("610001"), patient_id: s("700123"), cg_patient: s("700123"), ..Row::default() }
}

#[test]
fn a_visit_diagnosis_with_everything() {
    let row = Row {
        diagnosis_id: s("D-77"),
        source_diagnosis_id: s("D-77-S"),
        encounterid: s("800456"),
        encounter_id: s("E-99-77"),
        diagnosis_code: s("E119"),
        description: s("Type 2 diabetes"),
        diagnosis_date: s("20240301"),
        onset_date: s("2023-12-24 08:30:00.000000"),
        resolved_date: s("03/05/2024"),
        status: s("Resolved"),
        provider_id: s("3001"),
        cg_encounter: s("800456"),
        cg_provider: s("3001"),
        cg_system: s("icd10cm"),
        cg_code: s("E11.9"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn a_bare_row_is_a_problem_without_code() {
    insta::assert_snapshot!(told(&bare()), @"");
}

#[test]
fn a_code_of_uncertain_system_goes_out_as_text() {
    let row = Row { diagnosis_code: s("V70.0"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn an_end_makes_an_active_condition_resolved() {
    let row = Row { status: s("Active"), resolved_date: s("20240501"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn a_status_may_tell_how_sure_it_is() {
    insta::assert_snapshot!(told(&Row { status: s("Ruled Out"), ..bare() }), @"");
    insta::assert_snapshot!(told(&Row { status: s("Simmering"), ..bare() }), @"");
}

#[test]
fn a_visit_that_is_not_there_still_makes_a_visit_diagnosis() {
    insta::assert_snapshot!(told(&Row { encounter_id: s("E-404"), ..bare() }), @"");
}

#[test]
fn a_midnight_is_a_day_and_a_bad_date_is_lost() {
    let row = Row { onset_date: s("2024-05-05 00:00:00.000000"), diagnosis_date: s("00000000"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}
