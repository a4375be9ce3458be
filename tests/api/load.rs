//! Loading: the same twice changes nothing, the newest row wins, other rules are refused.

use serde_json::{Value, json};
use tests::on_both;
use tests::support::database::{Database, Kind};
use tests::support::delivery::{write_pages, write_population};
use tests::support::dump::{number, rows};
use tests::support::sample::{Sample, samples};
use tests::support::server::Setup;
use tests::support::source::{SOURCE, load, load_folder, load_of, load_time, site};

on_both! {
    async fn a_second_load_of_the_same_changes_nothing(kind) {
        for sample in samples() {
            let db = Database::new(kind);
            let first = sample.load_into(&db);
            let before = rows(&db, &[]);
            let (later, delivery) = (load_time() + chrono::TimeDelta::days(1), std::slice::from_ref(&sample.delivery));
            let again = load_of(sample.vendor, later, &db, &sample.site, delivery).unwrap();
            same_rows(sample, &before, &rows(&db, &[]));
            let (first, again) = (first.totals(), again.totals());
            assert!(first.new > 0, "{}: nothing was loaded", sample.vendor.name);
            // A row that is sent twice without a time of change replaces itself twice, and ends as it began.
            assert_eq!(again.new, 0, "{}", sample.vendor.name);
            assert_eq!(first.read, first.new + first.updated + first.unchanged + first.superseded);
            assert_eq!(again.read, again.updated + again.unchanged + again.superseded);
        }
    }

    async fn both_databases_hold_the_same_rows(kind) {
        for sample in samples() {
            let db = Database::new(kind);
            sample.load_into(&db);
            let whole = |db| rows(db, &[]).iter().map(|r| whole(r)).collect::<Vec<_>>();
            same_rows(sample, &whole(sample.loaded(Kind::Sqlite)), &whole(&db));
        }
    }

    async fn the_order_of_files_does_not_matter_where_rows_say_when_they_changed(kind) {
        let (one, other) = (Database::new(kind), Database::new(kind));
        let write = |db: &Database, names: [&str; 2]| {
            for (name, round) in names.iter().zip([1, 2]) {
                write_population(&db.folder.path().join(name), 20, round);
            }
            let mut folders: Vec<_> = names.iter().map(|n| db.folder.path().join(n)).collect();
            folders.sort();
            for folder in folders {
                load_folder(db, &site(SOURCE, ""), &folder);
            }
        };
        write(&one, ["a", "b"]);
        write(&other, ["b", "a"]);
        // A later load gives what it changes its own time.
        let without = ["cg_file", "cg_load", "cg_updated"];
        assert_eq!(rows(&one, &without), rows(&other, &without));
    }

    async fn the_newest_row_wins(kind) {
        let db = Database::new(kind);
        let deliver = |name: &str, city: &str, changed: Option<&str>| {
            let folder = db.folder.path().join(name);
            let row = json!({"demographicid": 1, "client_id": "C1", "last_name": "Muster", "city": city, "hj_modify_timestamp": changed});
            write_pages(&folder, "demographic", &[row], 1);
            load_folder(&db, &site(SOURCE, ""), &folder)
        };
        let server = Setup::over(&db).start().await;
        let city = async || server.ok("/fhir/Patient/healthjump.pt.1").await["address"][0]["city"].clone();
        deliver("one", "First", Some("2024-05-05 10:00:00"));
        assert_eq!(city().await, "First");
        let report = deliver("older", "Older", Some("2024-05-05 09:59:59"));
        assert_eq!(report.totals().superseded, 1);
        assert_eq!(city().await, "First");
        deliver("newer", "Newer", Some("2024-05-05 10:00:01"));
        assert_eq!(city().await, "Newer");
    }

    async fn links_are_found_whichever_delivery_came_first(kind) {
        let db = Database::new(kind);
        let folder = |name: &str| db.folder.path().join(name);
        let changed = "2025-01-01 00:00:00";
        let visit = json!({"encounterid": 5, "client_id": "C1", "patient_id": 1, "encounter_date": "2024-05-05", "hj_modify_timestamp": changed});
        write_pages(&folder("visits"), "encounter", &[visit], 1);
        load_folder(&db, &site(SOURCE, ""), &folder("visits"));
        let server = Setup::over(&db).start().await;
        let subject = async || server.ok("/fhir/Encounter/healthjump.enc.5").await["subject"].clone();
        let before = subject().await;
        assert_eq!(before.get("reference"), None, "{before}");
        assert_eq!(before["identifier"]["value"], "1");
        assert!(server.ids("/fhir/Encounter?patient=healthjump.pt.1").await.is_empty());
        let person = json!({"demographicid": 1, "client_id": "C1", "last_name": "Muster", "hj_modify_timestamp": changed});
        write_pages(&folder("people"), "demographic", &[person], 1);
        load_folder(&db, &site(SOURCE, ""), &folder("people"));
        assert_eq!(subject().await["reference"], "Patient/healthjump.pt.1");
        assert_eq!(server.ids("/fhir/Encounter?patient=healthjump.pt.1").await, ["healthjump.enc.5"]);
    }

    async fn rows_of_other_rules_are_refused(kind) {
        let db = Database::new(kind);
        let folder = db.folder.path().join("population");
        write_population(&folder, 3, 1);
        load_folder(&db, &site(SOURCE, "ssn = true"), &folder);
        let before = rows(&db, &[]);
        let error = load(&db, &site(SOURCE, ""), std::slice::from_ref(&folder)).unwrap_err();
        assert!(error.to_string().contains("another profile"), "{error}");
        assert_eq!(rows(&db, &[]), before);
        // Nor are they served.
        let server = Setup::over(&db).start().await;
        let response = server.get("/fhir/Patient").await;
        assert_eq!(response.status, 500, "{}", response.text());
        assert!(!response.text().contains("profile"), "{}", response.text());
    }

    /// Two programs that load at the same time: one waits, and the rows are those of both.
    async fn loads_at_the_same_time_wait_for_each_other(kind) {
        let db = Database::new(kind);
        let folders: Vec<_> = (1..=3).map(|round| (round, db.folder.path().join(format!("d{round}")))).collect();
        for (round, folder) in &folders {
            write_population(folder, 100, *round);
        }
        std::thread::scope(|scope| {
            for (_, folder) in &folders {
                scope.spawn(|| load_folder(&db, &site(SOURCE, ""), folder));
            }
        });
        assert_eq!(number(&db, "SELECT COUNT(*) FROM cg_delivery"), 3);
        assert_eq!(number(&db, "SELECT COUNT(*) FROM demographic"), 100);
        assert_eq!(number(&db, "SELECT COUNT(*) FROM demographic WHERE city = 'Town 3'"), 50);
    }

    async fn a_delivery_removes_nothing(kind) {
        let db = Database::new(kind);
        let folder = db.folder.path().join("all");
        write_population(&folder, 10, 1);
        load_folder(&db, &site(SOURCE, ""), &folder);
        let rest = db.folder.path().join("rest");
        let rows: Vec<Value> = vec![json!({"demographicid": 0, "client_id": "C1", "last_name": "Other", "hj_modify_timestamp": "2026-01-01 00:00:00"})];
        write_pages(&rest, "demographic", &rows, 1);
        load_folder(&db, &site(SOURCE, ""), &rest);
        assert_eq!(number(&db, "SELECT COUNT(*) FROM demographic"), 10);
        assert_eq!(number(&db, "SELECT COUNT(*) FROM demographic WHERE last_name = 'Other'"), 1);
    }
}

/// The same lines, each as often; all that differ are told.
fn same_rows(sample: &Sample, wanted: &[String], found: &[String]) {
    let differ: Vec<_> = wanted.iter().zip(found).filter(|(a, b)| a != b).collect();
    assert!(differ.is_empty(), "{}: {differ:#?}", sample.vendor.name);
    assert_eq!(wanted.len(), found.len(), "{}", sample.vendor.name);
}

/// A row with the fractions of its times written alike: the databases differ in how many zeros they show.
fn whole(row: &str) -> String {
    let time = |word: &str| {
        word.len() > 8 && word.as_bytes()[2] == b':' && word.as_bytes()[5] == b':' && word.as_bytes()[8] == b'.'
    };
    let words = row
        .split(' ')
        .map(|word| if time(word) { word.trim_end_matches('0') } else { word });
    words.collect::<Vec<_>>().join(" ")
}
