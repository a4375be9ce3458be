//! Deliveries that must be refused: each gives its error, and nothing of it is written.

use serde_json::Value;
use tests::on_both;
use tests::support::database::Database;
use tests::support::dump::rows;
use tests::support::sample::{Sample, samples};

/// The folders of a sample whose entry has this member, with what the texts must contain.
fn entries(sample: &Sample, member: &str) -> Vec<(String, Value)> {
    let folder = |entry: &Value| entry["folder"].as_str().unwrap().to_owned();
    let all = sample.bad();
    all.iter()
        .filter_map(|e| Some((folder(e), e.get(member)?.clone())))
        .collect()
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
        let mut failures = vec![];
        for sample in samples() {
            let db = Database::new(kind);
            sample.load_into(&db);
            let before = rows(&db, &[]);
            for (folder, texts) in entries(sample, "error_contains") {
                let folder = sample.bad_folder().join(folder);
                let name = folder.display();
                match sample.load(&db, std::slice::from_ref(&folder)) {
                    Ok(_) => failures.push(format!("{name} was loaded")),
                    Err(error) if !contains_all(&error.to_string(), &texts) => failures.push(format!("{name}: {error}")),
                    Err(_) => {}
                }
                if rows(&db, &[]) != before {
                    failures.push(format!("{name} has left rows"));
                }
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    async fn a_bad_delivery_into_a_fresh_database_leaves_no_table(kind) {
        for sample in samples() {
            let db = Database::new(kind);
            for (folder, _) in entries(sample, "error_contains") {
                let folder = sample.bad_folder().join(folder);
                assert!(sample.load(&db, std::slice::from_ref(&folder)).is_err(), "{}", folder.display());
                let installed = mapper::load::Installed::read(&mut db.connect()).unwrap();
                assert_eq!(installed, None, "{}", folder.display());
            }
        }
    }

    async fn an_incomplete_delivery_is_loaded_with_a_warning(kind) {
        for sample in samples() {
            for (folder, texts) in entries(sample, "warning_contains") {
                let db = Database::new(kind);
                let report = sample.load(&db, &[sample.bad_folder().join(&folder)]).unwrap();
                let warned = report.warnings.iter().any(|w| contains_all(w, &texts));
                assert!(warned, "{folder}: {:?}", report.warnings);
            }
        }
    }
}

#[test]
fn every_bad_folder_has_its_entry() {
    for sample in samples() {
        let mut named: Vec<String> = sample
            .bad()
            .iter()
            .map(|e| e["folder"].as_str().unwrap().to_owned())
            .collect();
        let folders = std::fs::read_dir(sample.bad_folder()).unwrap();
        let mut there: Vec<String> = folders.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        named.sort();
        there.sort();
        assert_eq!(named, there, "{}", sample.vendor.name);
        assert!(!named.is_empty(), "{} has no bad deliveries", sample.vendor.name);
        let told = |e: &Value| e.get("error_contains").or_else(|| e.get("warning_contains")).is_some();
        assert!(sample.bad().iter().all(told), "{}", sample.vendor.name);
    }
}
