use super::{Row, translate::procedure};
use crate::testing::{outcome, s};

fn told(row: &Row) -> String {
    outcome(|site, trace| procedure(row, site, trace))
}

fn bare() -> Row {
    Row { key: "520001".into(), procedureid: s("520001"), patient_id: s("700123"), cg_patient: s("700123"), ..Row::default() }
}

#[test]
fn a_full_row() {
    let row = Row {
        procedure_id: s("P-1"),
        encounter_id: s("800456"),
        procedure_code: s("97110-59-GP"),
        description: s("Therapeutic exercises"),
        procedure_date: s("20260115"),
        procedure_time: s("09:45:00"),
        status: s("Completed"),
        provider_id: s("3001"),
        cg_encounter: s("800456"),
        cg_provider: s("3001"),
        cg_system: s("cpt"),
        cg_code: s("97110"),
        cg_modifiers: s("59,GP"),
        ..bare()
    };
    insta::assert_snapshot!(told(&row), @"");
}

#[test]
fn a_bare_row_says_what_is_not_known() {
    insta::assert_snapshot!(told(&bare()), @"");
}

#[test]
fn junk_is_text_and_a_bad_date_is_lost() {
    let row = Row { procedure_code: s("ABC"), procedure_date: s("20250231"), status: s("Vanished"), ..bare() };
    insta::assert_snapshot!(told(&row), @"");
}
