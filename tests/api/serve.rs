//! The program that serves: what it says, what it refuses, how it stops, and that its log holds nothing of anybody.

use tests::on_both;
use tests::support::database::Database;
use tests::support::program::{Serving, run};
use tests::support::source::SOURCE;
use tests::support::{clinic, delivery};

/// A word that stands in rows and in requests, and nowhere else.
const MARK: &str = "Zzyzx";

fn marked(db: &Database) {
    let folder = db.folder.path().join("marked");
    let text = |n: u32| format!("{MARK}{n}");
    let changed = "2025-01-01 00:00:00";
    let person = serde_json::json!({
        "demographicid": text(1), "client_id": text(2), "client_patient_id": text(3), "first_name": text(4), "last_name": text(5),
        "dob": text(6), "gender": text(7), "race": text(8), "primary_language": text(9), "phone_type": text(10),
        "death_date": text(11), "death_indication": text(12), "hj_modify_timestamp": changed,
    });
    delivery::write_pages(&folder, "demographic", &[person], 1);
    let visit = serde_json::json!({
        "encounterid": text(20), "client_id": text(2), "patient_id": text(1), "encounter_date": text(21), "encounter_type": text(22),
        "status": text(23), "provider_id": text(24), "location_id": text(25), "reason": text(26), "hj_modify_timestamp": changed,
    });
    delivery::write_pages(&folder, "encounter", &[visit], 1);
    tests::support::source::load_folder(db, &tests::support::source::site(SOURCE, ""), &folder);
}

on_both! {
    async fn the_log_holds_no_value_and_no_row(kind) {
        let db = Database::new(kind);
        marked(&db);
        let mut serving = Serving::start(&db, &["--log-level", "trace", "--log-format", "json"]);
        let id = format!("healthjump.pt.{MARK}1");
        for (head, body) in [
            (format!("GET /fhir/Patient/{id}"), String::new()),
            (format!("GET /fhir/Patient?family={MARK}&_total=accurate"), String::new()),
            (format!("GET /fhir/Patient?{MARK}={MARK}"), String::new()),
            (format!("GET /fhir/Patient?birthdate={MARK}"), String::new()),
            (format!("GET /fhir/Encounter?patient=Patient/{id}&_include=Encounter:patient"), String::new()),
            (format!("GET /fhir/Patient/{MARK}"), String::new()),
            (format!("GET /fhir/{MARK}"), String::new()),
            (format!("GET /{MARK}/fhir/Patient"), String::new()),
            (format!("GET /fhir/Patient?_cursor={MARK}"), String::new()),
            (format!("GET /fhir/Patient?name={MARK}%ff"), String::new()),
            (format!("PUT /fhir/Patient/{MARK}"), format!("{{\"name\":\"{MARK}\"}}")),
            (format!("{MARK} /fhir/Patient"), String::new()),
            (format!("GET /fhir/Patient?x=\"{MARK}"), String::new()),
            ("POST /fhir/Patient/_search".to_owned(), format!("family={MARK}&given:exact={MARK}")),
            ("POST /fhir/Patient/_search".to_owned(), format!("family=%{MARK}")),
        ] {
            let answer = serving.exchange(&head, &body);
            assert!(answer.starts_with("HTTP/1.1 "), "{head}: {answer}");
        }
        // Broken tables make statements fail, whose texts and values databases like to repeat.
        db.execute("ALTER TABLE demographic RENAME COLUMN last_name TO surname");
        assert!(serving.exchange(&format!("GET /fhir/Patient?family:exact={MARK}"), "").starts_with("HTTP/1.1 500"));
        assert!(serving.exchange(&format!("GET /fhir/Patient/{id}"), "").starts_with("HTTP/1.1 500"));
        assert!(serving.stop().success());
        let log = serving.log();
        assert!(log.lines().filter(|line| line.contains("\"request\"")).count() >= 12, "{log}");
        assert!(log.contains("a statement failed"), "{log}");
        assert!(!log.to_lowercase().contains(&MARK.to_lowercase()), "{log}");
    }

    async fn a_line_of_the_log_tells_the_request(kind) {
        let db = Database::new(kind);
        clinic::load(&db, SOURCE);
        let mut serving = Serving::start(&db, &["--log-format", "json"]);
        let answer = serving.exchange("GET /fhir/Encounter?patient=healthjump.pt.1", "");
        let id = answer.lines().find_map(|l| l.strip_prefix("x-request-id: ")).unwrap().to_owned();
        assert!(serving.stop().success());
        let log = serving.log();
        let line: serde_json::Value = log
            .lines()
            .filter_map(|l| serde_json::from_str(l).ok())
            .find(|l: &serde_json::Value| l["request_id"] == id.as_str())
            .unwrap_or_else(|| panic!("{log}"));
        assert_eq!((&line["type"], &line["source"], &line["rows"]), (&"Encounter".into(), &"all".into(), &2.into()), "{line}");
        assert!(line["ms"].is_number());
    }

    async fn it_listens_to_this_machine_only(kind) {
        let db = Database::new(kind);
        clinic::load(&db, SOURCE);
        let refused = run(&db, &["serve", "--listen", "0.0.0.0:0"]);
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("--insecure-no-auth"), "{said}");
    }

    async fn rows_of_other_rules_are_not_served(kind) {
        let db = Database::new(kind);
        clinic::load(&db, SOURCE);
        db.execute("UPDATE cg_source SET zone = 'Europe/Berlin'");
        let refused = run(&db, &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("Europe/Berlin"), "{said}");
    }
}

#[test]
fn the_program_explains_itself() {
    let db = Database::new(tests::support::database::Kind::Sqlite);
    for command in [
        "load", "check", "serve", "config", "selftest", "audit", "keys", "password",
    ] {
        let help = std::process::Command::new(tests::support::program::chartgate())
            .args([command, "--help"])
            .output()
            .unwrap();
        assert!(help.status.success());
        assert!(
            String::from_utf8(help.stdout).unwrap().contains("Usage: chartgate"),
            "{command}"
        );
    }
    let printed = std::process::Command::new(tests::support::program::chartgate())
        .arg("config")
        .current_dir(db.folder.path())
        .output()
        .unwrap();
    // What it prints is a configuration.
    let text = String::from_utf8(printed.stdout).unwrap();
    server::config::Config::parse(&text, std::path::Path::new("chartgate.toml")).unwrap_or_else(|e| panic!("{e}"));
}
