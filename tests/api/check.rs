//! `chartgate check`: balanced on the samples, status 1 where a row is not accounted for.

use std::collections::BTreeSet;

use mapper::check::account;
use serde_json::Value;
use tests::on_both;
use tests::support::clinic;
use tests::support::database::{Database, Kind};
use tests::support::dump::{number, row_tables};
use tests::support::program::run;
use tests::support::sample::samples;
use tests::support::source::SOURCE;

fn clinic_of_our_own(kind: Kind) -> Database {
    let db = Database::new(kind);
    clinic::load(&db, SOURCE);
    db
}

on_both! {
    async fn the_samples_balance(kind) {
        for sample in samples() {
            let db = sample.loaded(kind);
            let account = account(&mut db.connect(), sample.vendor, &sample.site).unwrap();
            for table in &account.tables {
                assert!(table.balances(), "{}: {table:?}", sample.vendor.name);
                let rows = number(db, &format!("SELECT COUNT(*) FROM \"{}\"", table.table));
                assert_eq!(table.rows, u64::try_from(rows).unwrap(), "{}: {}", sample.vendor.name, table.table);
            }
            assert!(account.balances(), "{}", sample.vendor.name);
            let covered: BTreeSet<String> = account.tables.iter().map(|t| t.table.to_owned()).collect();
            assert_eq!(covered, row_tables(db), "{}", sample.vendor.name);
        }
    }

    async fn the_program_says_so(kind) {
        let db = clinic_of_our_own(kind);
        let done = run(&db, &["check"]);
        assert!(done.status.success());
        let text = String::from_utf8(done.stdout).unwrap();
        insta::assert_snapshot!("check", text);
        let json = run(&db, &["check", "--source", SOURCE, "--json"]);
        assert!(json.status.success());
        let account: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(account["balanced"], true);
        let tables = account["sources"][0]["tables"].as_array().unwrap();
        let visits = tables.iter().find(|t| t["table"] == "encounter").unwrap();
        assert_eq!((&visits["rows"], &visits["served"]), (&Value::from(4), &Value::from(3)));
        assert_eq!(visits["withheld"], serde_json::json!({"deleted": 1}));
    }

    /// A row held for a reason of no known kind is neither served nor withheld nor rejected.
    async fn a_row_that_is_not_accounted_for_makes_status_1(kind) {
        let db = clinic_of_our_own(kind);
        db.execute("UPDATE encounter SET cg_hold = 'lost' WHERE key = '11'");
        let done = run(&db, &["check"]);
        assert_eq!(done.status.code(), Some(1));
        let text = String::from_utf8(done.stdout).unwrap();
        assert!(text.contains("DOES NOT BALANCE"), "{text}");
        let json = run(&db, &["check", "--json"]);
        assert_eq!(json.status.code(), Some(1));
        assert_eq!(serde_json::from_slice::<Value>(&json.stdout).unwrap()["balanced"], false);
    }

    /// Between the load and the check a row may become one that no resource can be made of.
    async fn a_row_that_cannot_be_translated_is_rejected_and_counted(kind) {
        let db = clinic_of_our_own(kind);
        db.execute("UPDATE encounter SET patient_id = NULL, cg_patient = NULL WHERE key = '11'");
        let json = run(&db, &["check", "--json"]);
        assert_eq!(json.status.code(), Some(0));
        let account: Value = serde_json::from_slice(&json.stdout).unwrap();
        let tables = account["sources"][0]["tables"].as_array().unwrap();
        let visits = tables.iter().find(|t| t["table"] == "encounter").unwrap();
        assert_eq!(visits["rejected"], serde_json::json!({"no patient": 1}));
    }

    async fn a_delivery_that_does_not_add_up_makes_status_1(kind) {
        let db = clinic_of_our_own(kind);
        db.execute("UPDATE cg_delivery SET read_rows = read_rows + 1");
        assert_eq!(run(&db, &["check"]).status.code(), Some(1));
    }

    async fn references_that_lead_nowhere_are_told(kind) {
        let db = clinic_of_our_own(kind);
        db.execute("UPDATE diagnosis SET encounterid = '999', cg_encounter = NULL WHERE key = '21'");
        let done = run(&db, &["check"]);
        let text = String::from_utf8(done.stdout).unwrap();
        assert!(text.contains("diagnosis: 1 of 1 references by encounterid or encounter_id to encounter do not resolve"), "{text}");
    }

    async fn an_empty_or_missing_database_is_no_balanced_one(kind) {
        let db = Database::new(kind);
        let done = run(&db, &["check"]);
        assert_eq!(done.status.code(), Some(1));
        assert!(done.stdout.is_empty());
    }
}
