//! Which rows are stored.

use super::*;
use crate::load::Counts;

fn counts(report: &Report, entity: &str) -> [u64; 5] {
    let Counts {
        read,
        new,
        updated,
        unchanged,
        superseded,
        ..
    } = report.entities[entity].clone();
    [read, new, updated, unchanged, superseded]
}

#[test]
fn a_delivery_in_all_formats_is_stored_and_a_repeat_changes_nothing() {
    on_each(|db| {
        let page = r#"{"current_page":1,"data":[
            {"id":800456,"person_id":"1","place_id":12,"day":"20260115","changed":"2026-01-15 10:00:00"},
            {"VISIT_ID":"E-9/7","person_id":2.0,"practice":" SBX01 ","place_id":12,"status":null,"day":true,
             "more":{"a":[1,1e3]}}],"last_page":1,"total":2}"#;
        let files = Files::of("visit/page-0001.json", page)
            .with(
                "a/b/people.psv.gz",
                gz(b"1|Ada|900-00-0001|19800215\r\n2| Jos\xc3\xa9 ||02/15/1980\r\n"),
            )
            .with(
                "remarks.json.gz",
                gz(br#"[{"person_id":1,"text":"x\u00e9\ty"},{"person_id":1,"text":"x\u00e9\ty"}]"#),
            );
        let report = db.load(&files).unwrap();
        assert_eq!(counts(&report, "visit"), [2, 2, 0, 0, 0]);
        assert_eq!(counts(&report, "person"), [2, 2, 0, 0, 0]);
        assert_eq!(counts(&report, "remark"), [2, 2, 0, 0, 0]);
        assert_eq!(counts(&report, "place"), [1, 1, 0, 0, 0]);
        assert_eq!(report.entities["visit"].columns_not_read["more"], 1);
        assert_eq!(report.entities["person"].columns_not_read["ssn"], 1);
        assert_eq!(report.warnings, Vec::<String>::new());
        assert_eq!(
            db.texts("SELECT key || ' ' || name || ' ' || cg_name FROM person ORDER BY key"),
            ["1 Ada ada", "2 José jose"]
        );
        assert_eq!(db.texts("SELECT person_id FROM visit ORDER BY key"), ["1", "2.0"]);
        assert_eq!(db.texts("SELECT day FROM visit ORDER BY key"), ["20260115", "true"]);
        assert_eq!(db.texts("SELECT practice FROM place"), ["SBX01"]);
        let keys = db.texts("SELECT key FROM remark ORDER BY key");
        assert_eq!(keys[1], format!("{}-2", keys[0]));
        assert_eq!(
            db.texts("SELECT path FROM cg_file WHERE path IS NOT NULL ORDER BY id")
                .len(),
            3
        );

        let before = db.dump();
        let report = db.load_at(&files, "2026-03-01 00:00:00").unwrap();
        assert_eq!(report.delivery, 2);
        for entity in ["visit", "person", "remark"] {
            assert_eq!(counts(&report, entity), [2, 0, 0, 2, 0], "{entity}");
        }
        assert_eq!(db.dump(), before);
    });
}

#[test]
fn the_newest_row_wins_in_any_order_and_over_deliveries() {
    on_each(|db| {
        let row = |changed: &str, name: &str| format!(r#"{{"person_id":"7","name":"{name}","changed":"{changed}"}}"#);
        let (old, mid, new) = ("2026-01-01 00:00:00", "2026-01-02 00:00:00", "2026-01-03 00:00:00");
        let all = format!("[{},{},{}]", row(mid, "Mid"), row(new, "New"), row(old, "Old"));
        let report = db.load(&Files::of("person.json", all)).unwrap();
        assert_eq!(counts(&report, "person"), [3, 1, 1, 0, 1]);
        assert_eq!(db.texts("SELECT name FROM person"), ["New"]);
        let report = db
            .load(&Files::of("person.json", format!("[{}]", row(mid, "Late"))))
            .unwrap();
        assert_eq!(counts(&report, "person"), [1, 0, 0, 0, 1]);
        assert_eq!(db.texts("SELECT name FROM person"), ["New"]);
        // Equal or missing times: what is delivered later.
        db.load(&Files::of("person.json", format!("[{}]", row(new, "Again"))))
            .unwrap();
        assert_eq!(db.texts("SELECT name FROM person"), ["Again"]);
        // The fourth load at the same time, and so three seconds after the first.
        db.load(&Files::of("person.json", r#"[{"person_id":7,"name":"Bare"}]"#))
            .unwrap();
        assert_eq!(
            db.texts("SELECT name || ' ' || CAST(cg_updated AS text) FROM person"),
            ["Bare 2026-02-01 00:00:03"]
        );
        assert_eq!(db.texts("SELECT CAST(cg_modified AS text) FROM person"), ["-"]);
    });
}

#[test]
fn keyless_rows_are_numbered_over_all_batches_of_a_delivery() {
    on_each(|db| {
        let rows = "5|same|\n".repeat(3000) + "5|other|2026-01-01\n";
        let files = Files::of("remark.psv", &rows);
        db.load(&files).unwrap();
        assert_eq!(db.count("remark"), 3001);
        assert_eq!(db.texts("SELECT key FROM remark WHERE key LIKE '%-3000'").len(), 1);
        assert_eq!(
            db.texts("SELECT CAST(cg_day AS text) FROM remark WHERE body = 'other'"),
            ["2026-01-01"]
        );
        let before = db.dump();
        let report = db.load(&files).unwrap();
        assert_eq!(counts(&report, "remark"), [3001, 0, 0, 3001, 0]);
        assert_eq!(db.dump(), before);
    });
}

#[test]
fn two_contents_for_one_key_leave_the_row_as_it_was() {
    on_each(|db| {
        // Far enough apart to be in different batches, and without any time.
        let filler: String = (10..3000).map(|i| format!(r#"{{"person_id":{i}}},"#)).collect();
        let all = format!(r#"[{{"person_id":1,"name":"A"}},{filler}{{"person_id":1,"name":"B"}}]"#);
        let files = Files::of("person.json", all);
        db.load_at(&files, "2026-02-01 00:00:00").unwrap();
        db.load_at(&files, "2026-03-01 00:00:00").unwrap();
        let row = "SELECT name || ' ' || CAST(cg_updated AS text) FROM person WHERE key = '1'";
        assert_eq!(db.texts(row), ["B 2026-02-01 00:00:00"]);
    });
}

#[test]
fn held_rows_are_stored_and_counted_by_reason() {
    on_each(|db| {
        let files = Files::of(
            "visit.json",
            r#"[{"id":1,"status":"deleted"},{"id":2,"status":"broken"},{"id":3}]"#,
        );
        let report = db.load(&files).unwrap();
        let visit = &report.entities["visit"];
        assert_eq!((visit.withheld(), visit.rejected()), (1, 1));
        assert_eq!(
            db.texts("SELECT cg_hold FROM visit ORDER BY key"),
            ["withheld:deleted", "rejected:no day", "-"]
        );
        let text = report.to_string();
        assert!(text.contains("visit: 1 rows withheld:deleted"), "{text}");
    });
}

#[test]
fn long_keys_and_empty_files_do_no_harm() {
    on_each(|db| {
        let long = "k".repeat(4000);
        let files = Files::of("visit.json", format!(r#"[{{"id":"{long}"}}]"#))
            .with("person.psv", "")
            .with("remark.json", "[]");
        let report = db.load(&files).unwrap();
        assert_eq!(counts(&report, "person"), [0; 5]);
        let keys = db.texts("SELECT key FROM visit");
        assert!(keys[0].starts_with('~') && keys[0].len() == 33, "{keys:?}");
        assert_eq!(db.texts("SELECT visit_id FROM visit"), [long]);
    });
}
