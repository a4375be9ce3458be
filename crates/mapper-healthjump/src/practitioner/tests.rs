use super::{Practitioners, Row};
use crate::testing::{outcome, s};
use mapper::Mapping;

fn told(row: Row) -> String {
    outcome(|site, trace| Practitioners::translate(row, site, trace))
}

#[test]
fn a_full_row() {
    let row = Row {
        key: "3001".into(),
        provider_id: s("3001"),
        npi: s("1234567893"),
        first_name: s("Sam"),
        last_name: s("Placeholder"),
        suffix: s("MD"),
        phone: s("5550100100"),
        email: s("sam@example.com"),
        cg_npi: s("1234567893"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row), @"");
}

#[test]
fn an_npi_with_a_wrong_check_digit_is_lost() {
    let row = Row { key: "3002".into(), provider_id: s("3002"), npi: s("1234567890"), ..Row::default() };
    insta::assert_snapshot!(told(row), @"");
}
