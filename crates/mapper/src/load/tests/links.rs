//! References between rows, and rows made of references.

use super::*;

const LINKS: &str =
    "SELECT key || '>' || COALESCE(cg_person, '-') || '>' || COALESCE(cg_place, '-') FROM visit ORDER BY key";

#[test]
fn references_resolve_when_their_target_arrives() {
    on_each(|db| {
        db.load(&Files::of(
            "visit.json",
            r#"[{"id":1,"person_id":10},{"id":2,"person_id":"C-3"},{"id":3}]"#,
        ))
        .unwrap();
        assert_eq!(db.texts(LINKS), ["1>->-", "2>->-", "3>->-"]);
        db.load(&Files::of(
            "person.json",
            r#"[{"person_id":10},{"person_id":11,"chart":"C-3"}]"#,
        ))
        .unwrap();
        assert_eq!(db.texts(LINKS), ["1>10>-", "2>11>-", "3>->-"]);
        // An ambiguous number is no reference, but what was found stays.
        let files = Files::of("person.json", r#"[{"person_id":12,"chart":"C-3"}]"#)
            .with("visit.json", r#"[{"id":4,"person_id":"C-3"}]"#);
        db.load(&files).unwrap();
        assert_eq!(db.texts(LINKS), ["1>10>-", "2>11>-", "3>->-", "4>->-"]);
    });
}

#[test]
fn a_target_that_is_not_served_is_no_target() {
    on_each(|db| {
        let visits = r#"[{"id":1,"person_id":5},{"id":2,"person_id":5}]"#;
        let remarks = r#"[{"person_id":5,"visit":1,"body":"a"},{"person_id":5,"visit":2,"body":"b"}]"#;
        let files = Files::of("visit.json", visits)
            .with("remark.json", remarks)
            .with("person.json", r#"[{"id":5}]"#);
        db.load(&files).unwrap();
        let links = "SELECT COALESCE(cg_visit, '-') FROM remark ORDER BY body";
        assert_eq!(db.texts(links), ["1", "2"]);
        db.load(&Files::of(
            "visit.json",
            r#"[{"id":2,"person_id":5,"status":"deleted"}]"#,
        ))
        .unwrap();
        assert_eq!(db.texts(links), ["1", "-"]);
        db.load(&Files::of("visit.json", visits)).unwrap();
        assert_eq!(db.texts(links), ["1", "2"]);
    });
}

#[test]
fn source_ids_are_told_apart_by_what_must_agree() {
    on_each(|db| {
        let people = r#"[{"id":1},{"id":2}]"#;
        let visits = r#"[{"id":71,"source_visit_id":"S","person_id":1},{"id":72,"source_visit_id":"S","person_id":2}]"#;
        let remarks = r#"[{"person_id":1,"visit":"S","body":"a"},{"person_id":2,"visit":"S","body":"b"},
                          {"visit":"S","body":"c"},{"person_id":2,"visit":71,"body":"d"}]"#;
        let files = Files::of("person.json", people)
            .with("visit.json", visits)
            .with("remark.json", remarks);
        db.load(&files).unwrap();
        let links = db.texts("SELECT COALESCE(cg_visit, '-') FROM remark ORDER BY body");
        assert_eq!(links, ["71", "72", "-", "-"]);
    });
}

#[test]
fn places_are_made_once_with_their_names_and_the_profiles_own() {
    on_each(|db| {
        let site = vendor::site("client_id = \"SBX01\"\n[names.location]\n\"12\" = \"Main Street\"\n");
        let mut load = |content: &str| {
            let files = Files::of("visit.json", content);
            load(
                &mut db.conn,
                &vendor::SCHEMA,
                &site,
                &[files.path()],
                time("2026-02-01 00:00:00"),
                &mut (),
            )
            .unwrap()
        };
        let report = load(
            r#"[{"id":1,"place_id":12},{"id":2,"place_id":"13","practice":"P"},{"id":3,"place_id":12,"practice":"Q"}]"#,
        );
        assert_eq!(report.entities["place"].new, 3);
        let report = load(r#"[{"id":4,"place_id":12,"practice":"Z"}]"#);
        assert!(report.entities["place"].new == 0);
        let places =
            "SELECT key || ' ' || COALESCE(practice, '-') || ' ' || COALESCE(name, '-') FROM place ORDER BY key";
        assert_eq!(db.texts(places), ["12 Q Main Street", "13 P -", "SBX01 - -"]);
        assert_eq!(db.texts(LINKS), ["1>->12", "2>->13", "3>->12", "4>->12"]);
    });
}

#[test]
fn many_references_are_made_and_resolved() {
    on_each(|db| {
        let rows: Vec<_> = (0..5000)
            .map(|i| format!(r#"{{"id":{i},"place_id":"p{}"}}"#, i % 2500))
            .collect();
        db.load(&Files::of("visit.json", format!("[{}]", rows.join(","))))
            .unwrap();
        assert_eq!(db.count("place"), 2500);
        assert_eq!(db.count("visit WHERE cg_place IS NULL"), 0);
    });
}
