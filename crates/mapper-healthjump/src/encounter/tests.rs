use super::{Row, translate::encounter};
use crate::testing::{outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| encounter(row, site, trace))
}

fn bare() -> Row {
    Row { key: "800456".into(), encounterid: s("800456"), patient_id: s("700123"), cg_patient: s("700123"), ..Row::default() }
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
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(&bare()), @"");
}

#[test]
fn a_row_without_patient_is_rejected() {
    insta::assert_snapshot!(told(&Row { patient_id: None, cg_patient: None, ..bare() }), @"");
}

#[test]
fn references_to_rows_that_are_not_there_name_the_vendors_ids() {
    let row = Row { cg_patient: None, provider_id: s("9"), location_id: s("4"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn a_time_that_the_clock_skipped_moves_forward_and_is_noted() {
    let row = Row { encounter_date: s("20240310"), encounter_time: s("02:30:00"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn a_time_that_the_clock_showed_twice_is_the_first_and_is_noted() {
    let row = Row { encounter_date: s("20241103"), encounter_time: s("01:30:00"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn an_end_before_the_start_is_lost() {
    let row = Row { encounter_date: s("20260115"), end_date: s("20260114"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn bad_times_cost_the_time_and_bad_dates_the_period() {
    let bad_time = Row { encounter_date: s("20260115"), encounter_time: s("25:99"), ..bare() };
    insta::assert_snapshot!(told(&bad_time), @"");
    let bad_date = Row { encounter_date: s("13/45/2020"), encounter_time: s("09:30:00"), end_date: s("20200101"), ..bare() };
    insta::assert_snapshot!(told(&bad_date), @"");
}

#[test]
fn unknown_words_stay_as_text_and_are_noted() {
    let row = Row { encounter_type: s("Aura  Reading"), cg_type: s("Aura Reading"), status: s("Levitating"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}
