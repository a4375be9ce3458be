use super::ENTITY;
use crate::testing::{computed, derived};

fn kind(cells: &[(&str, &str)]) -> String {
    computed(&ENTITY, cells, "cg_kind")
}

#[test]
fn the_type_says_who_somebody_is() {
    assert_eq!(kind(&[("usertype", "3")]), "patient");
    for clinician in ["1", "2", "5"] {
        assert_eq!(kind(&[("usertype", clinician)]), "practitioner");
    }
    for neither in [&[("usertype", "9")][..], &[]] {
        assert_eq!(kind(neither), "");
    }
}

#[test]
fn numbers_are_those_of_the_kind_only() {
    let patient = [("uid", "5001"), ("usertype", "3")];
    assert_eq!(computed(&ENTITY, &patient, "cg_patient"), "5001");
    assert_eq!(computed(&ENTITY, &patient, "cg_clinician"), "");
    let clinician = [("uid", "3001"), ("usertype", "1")];
    assert_eq!(computed(&ENTITY, &clinician, "cg_patient"), "");
    assert_eq!(computed(&ENTITY, &clinician, "cg_clinician"), "3001");
}

#[test]
fn deleted_people_and_rooms_are_not_served() {
    let hold = |cells: &[(&str, &str)]| derived(&ENTITY, cells).hold;
    assert_eq!(
        hold(&[("delflag", "1"), ("isresource", "1")]).as_deref(),
        Some("withheld:deleted")
    );
    assert_eq!(
        hold(&[("isresource", "1")]).as_deref(),
        Some("withheld:a room or device")
    );
    assert_eq!(hold(&[("delflag", "0"), ("isresource", "0")]), None);
    assert_eq!(hold(&[]), None);
}

#[test]
fn the_date_time_of_birth_comes_first() {
    let born = |cells: &[(&str, &str)]| computed(&ENTITY, cells, "cg_birth_lo");
    let day = "1948-11-03 00:00:00";
    assert_eq!(
        born(&[("ptdob", "1948-11-03 00:00:00.000"), ("dob", "11/04/1948")]),
        day
    );
    assert_eq!(born(&[("ptdob", "0000-00-00 00:00:00"), ("dob", "11/03/1948")]), day);
    assert_eq!(born(&[("dob", "1948-11-03 00:00:00.000")]), day);
    assert_eq!(born(&[("dob", "13/13/1977")]), "");
}

#[test]
fn of_two_rows_the_one_changed_last_stands() {
    let row = derived(
        &ENTITY,
        &[
            ("cdate", "2020-01-02 03:04:05.000"),
            ("mdate", "2026-01-15 10:00:00.000"),
        ],
    );
    assert_eq!(
        row.updated.map(|t| t.to_string()).as_deref(),
        Some("2026-01-15 15:00:00")
    );
    let row = derived(&ENTITY, &[("cdate", "2020-01-02 03:04:05")]);
    assert_eq!(
        row.modified.map(|t| t.to_string()).as_deref(),
        Some("2020-01-02 08:04:05")
    );
}
