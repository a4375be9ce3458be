//! Deliveries that must be refused: each gives its error, and nothing of it is written.

use serde_json::Value;
use tests::on_both;
use tests::support::database::Database;
use tests::support::dump::rows;
use tests::support::shared::{fixtures, sample_site};
use tests::support::source::{SOURCE, load, load_folder, site};

fn entries() -> Vec<Value> {
    let text = std::fs::read_to_string(fixtures().join("healthjump-bad.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn contains_all(text: &str, parts: &Value) -> bool {
    parts
        .as_array()
        .unwrap()
        .iter()
        .all(|part| text.contains(part.as_str().unwrap()))
}

on_both! {
    /// On top of a database with rows, so that what is written would show.
    async fn a_bad_delivery_is_refused_as_a_whole(kind) {
        let db = Database::new(kind);
        load_folder(&db, &sample_site(), &fixtures().join("healthjump"));
        let before = rows(&db, &[]);
        let mut failures = vec![];
        for entry in entries().iter().filter(|e| e.get("error_contains").is_some()) {
            let folder = entry["folder"].as_str().unwrap();
            match load(&db, &sample_site(), &[fixtures().join("healthjump-bad").join(folder)]) {
                Ok(_) => failures.push(format!("{folder} was loaded")),
                Err(error) if !contains_all(&error.to_string(), &entry["error_contains"]) => failures.push(format!("{folder}: {error}")),
                Err(_) => {}
            }
            if rows(&db, &[]) != before {
                failures.push(format!("{folder} has left rows"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    async fn a_bad_delivery_into_a_fresh_database_leaves_no_table(kind) {
        let db = Database::new(kind);
        assert!(load(&db, &sample_site(), &[fixtures().join("healthjump-bad/good-pages-then-bad")]).is_err());
        let installed = mapper::load::Installed::read(&mut db.connect()).unwrap();
        assert_eq!(installed, None);
    }

    async fn an_incomplete_delivery_is_loaded_with_a_warning(kind) {
        for entry in entries().iter().filter(|e| e.get("warning_contains").is_some()) {
            let db = Database::new(kind);
            let folder = fixtures().join("healthjump-bad").join(entry["folder"].as_str().unwrap());
            let report = load_folder(&db, &site(SOURCE, ""), &folder);
            let warned = report.warnings.iter().any(|w| contains_all(w, &entry["warning_contains"]));
            assert!(warned, "{:?}", report.warnings);
        }
    }
}

#[test]
fn every_bad_folder_has_its_entry() {
    let mut named: Vec<String> = entries()
        .iter()
        .map(|e| e["folder"].as_str().unwrap().to_owned())
        .collect();
    let folders = std::fs::read_dir(fixtures().join("healthjump-bad")).unwrap();
    let mut there: Vec<String> = folders.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    named.sort();
    there.sort();
    assert_eq!(named, there);
}
