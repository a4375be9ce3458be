use super::{Contact, Demographic, Person, translate::patient};
use crate::testing::{outcome, s};

fn told(row: Demographic, clinicians: &[&str]) -> String {
    let clinicians = clinicians.iter().map(|c| (*c).to_owned()).collect();
    outcome(|site, trace| patient(Person { row, clinicians }, site, trace))
}

fn bare() -> Demographic {
    Demographic { key: "700123".into(), demographicid: s("700123"), ..Demographic::default() }
}

#[test]
fn a_full_row() {
    let row = Demographic {
        key: "700123".into(),
        demographicid: s("700123"),
        client_patient_id: s("322"),
        other_id: s("A-77"),
        account_id: s("5512"),
        ssn: s("900-00-0001"),
        first_name: s("Ada"),
        middle_name: s("B"),
        last_name: s("Example"),
        prefix: s("Ms"),
        suffix: s("Jr"),
        dob: s("19800215"),
        gender: s("F"),
        birth_sex: s("F"),
        race: s("White"),
        ethnicity: s("Not Hispanic"),
        primary_language: s("English"),
        death_indication: s("N"),
        cg_client: s("SBX01"),
        contact: Contact {
            phone_number: s("5550100001"),
            phone_ext: s("12"),
            phone_type: s("H"),
            second_number: s("5550100002"),
            second_type: s("C"),
            first_email: s("ada@example.com"),
            address_type: s("H"),
            address_line_1: s("1 Sample St"),
            address_line_2: s("Apt 2"),
            city: s("Sampletown"),
            state: s("VA"),
            zip: s("20001"),
            ..Contact::default()
        },
        ..Demographic::default()
    };
    insta::assert_snapshot!(told(row, &["3001"]), @"");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), &[]), @"");
}

#[test]
fn a_row_without_any_number_is_identified_by_its_key() {
    let row = Demographic { key: "~0f".into(), first_name: s("Ada"), ..Demographic::default() };
    insta::assert_snapshot!(told(row, &[]), @"");
}

#[test]
fn several_races_unknown_words_and_a_refusal() {
    let row = Demographic {
        race: s("White; Martian/Declined"),
        ethnicity: s("Klingon"),
        gender: s("ambiguous"),
        primary_language: s("Esperanto"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, &[]), @"");
}

#[test]
fn impossible_dates_cost_their_element() {
    let row = Demographic { dob: s("19800231"), death_date: s("someday"), death_indication: s("perhaps"), ..bare() };
    insta::assert_snapshot!(told(row, &[]), @"");
}

#[test]
fn a_date_of_death_wins_over_the_flag() {
    let row = Demographic { death_date: s("03/04/2024"), death_indication: s("N"), ..bare() };
    insta::assert_snapshot!(told(row, &[]), @"");
}
