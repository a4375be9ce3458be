//! The program that serves: what it says, what it refuses, how it stops, and that its log holds nothing of anybody.

use tests::on_both;
use tests::support::database::Database;
use tests::support::program::{Serving, run};
use tests::support::recorded::{Recorded, Who};
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

    async fn the_log_holds_no_secret(kind) {
        let (db, recorded) = (Database::new(kind), Recorded::new(kind));
        clinic::load(&db, SOURCE);
        let who = Who { patient: Some("healthjump.pt.1".to_owned()), ..Who::administrator("openid offline_access user/*.rs") };
        let mut serving = Serving::start_with(&db, &recorded.settings(), &["--log-level", "trace", "--log-format", "json"]);
        // Tokens that are good, from before and from now, and whatever else somebody may send where secrets belong.
        let (access, refresh) = recorded.tokens_since(&who, server::clock::now().and_utc().timestamp()).await;
        let bearer = format!("Bearer {access}");
        let read = serving.exchange_with("GET /fhir/Patient/healthjump.pt.1", &[("Authorization", &bearer)], "");
        assert!(read.starts_with("HTTP/1.1 200"), "{read}");
        let given = serving.exchange("POST /auth/token", &format!("grant_type=refresh_token&refresh_token={refresh}&client_id=app"));
        assert!(given.starts_with("HTTP/1.1 200"), "{given}");
        let body: serde_json::Value = serde_json::from_str(given.split_once("\r\n\r\n").unwrap().1).unwrap();
        let mut secrets = vec![access.as_str(), refresh.as_str(), MARK];
        secrets.extend(["access_token", "refresh_token", "id_token"].map(|name| body[name].as_str().unwrap()));
        let authorize = format!("response_type=code&client_id=app&redirect_uri={MARK}&state={MARK}&code_challenge={MARK}&scope={MARK}&nonce={MARK}");
        let login = serving.exchange("GET /auth/login", "");
        let cookie = login.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().split(';').next().unwrap().to_owned();
        let token = login.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        secrets.extend([cookie.split_once('=').unwrap().1, &token]);
        let signed_in = serving.exchange_with("POST /auth/login", &[("Cookie", &cookie)], &format!("token={token}&login=ada&password=correct+horse"));
        assert!(signed_in.starts_with("HTTP/1.1 303"), "{signed_in}");
        let session: Vec<&str> = signed_in.lines().filter_map(|line| line.strip_prefix("set-cookie: ")?.split_once('=')?.1.split(';').next()).collect();
        assert!(session.iter().any(|value| value.len() > 20), "{signed_in}");
        secrets.extend(session.into_iter().filter(|value| !value.is_empty()));
        secrets.push("correct horse");
        let basic = ("Authorization", format!("Basic {}", data_encoding::BASE64.encode(format!("app:{MARK}").as_bytes())));
        for (head, header, body) in [
            (format!("GET /auth/authorize?{authorize}"), None, String::new()),
            ("POST /auth/authorize".to_owned(), None, authorize.clone()),
            ("POST /auth/token".to_owned(), None, format!("grant_type=authorization_code&code={MARK}&code_verifier={MARK}&client_id=app")),
            ("POST /auth/token".to_owned(), Some((basic.0, basic.1.as_str())), format!("grant_type=client_credentials&client_assertion={MARK}")),
            ("POST /auth/introspect".to_owned(), Some(("Authorization", bearer.as_str())), format!("token={refresh}")),
            ("POST /auth/revoke".to_owned(), None, format!("token={access}&client_id=app")),
            ("POST /auth/login".to_owned(), None, format!("login={MARK}&password={MARK}&token={MARK}")),
            (format!("GET /auth/callback?code={MARK}&state={MARK}"), None, String::new()),
            (format!("GET /fhir/Patient?access_token={MARK}"), Some(("Authorization", "Bearer Zzyzx")), String::new()),
            ("GET /auth/userinfo".to_owned(), Some(("Authorization", bearer.as_str())), String::new()),
        ] {
            let answer = serving.exchange_with(&head, header.as_slice(), &body);
            assert!(answer.starts_with("HTTP/1.1 "), "{head}: {answer}");
        }
        assert!(serving.stop().success());
        let log = serving.log();
        assert!(log.lines().filter(|line| line.contains("\"request\"")).count() >= 10, "{log}");
        for secret in secrets {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
        assert!(!log.contains(&basic.1["Basic ".len()..]), "{log}");
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
