//! `chartgate password` and `chartgate keys rotate`.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use tests::on_both;
use tests::support::clinic;
use tests::support::database::{Database, Kind};
use tests::support::program::{Serving, chartgate, configure_with};
use tests::support::recorded::Recorded;
use tests::support::source::SOURCE;

fn password(input: &[u8]) -> Output {
    let mut command = Command::new(chartgate());
    command
        .arg("password")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_password_becomes_a_hash_that_it_fits() {
    for input in ["correct horse\n", "correct horse", "correct horse\r\n"] {
        let output = password(input.as_bytes());
        assert!(output.status.success());
        let hash = String::from_utf8(output.stdout).unwrap();
        assert!(
            smart::password::verify("correct horse", hash.trim()),
            "{input:?} {hash}"
        );
        assert!(!smart::password::verify("correct horse\n", hash.trim()));
    }
    for input in [&b""[..], b"\n", b"\xff\n"] {
        let output = password(input);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

fn kids(serving: &Serving) -> Vec<String> {
    let answer = serving.exchange("GET /auth/jwks", "");
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let keys: serde_json::Value = serde_json::from_str(body).unwrap();
    let keys = keys["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn keys_are_rotated_and_both_generations_published(kind) {
        let (rows, recorded) = (Database::new(kind), Recorded::new(kind));
        clinic::load(&rows, SOURCE);
        let secret = recorded.db.folder.path().join("secret");
        let settings = format!("[server]\nsecret_file = {secret:?}\n{}", recorded.settings());
        let first = kids(&Serving::start_with(&rows, &settings, &[]));
        assert_eq!(first.len(), 1);
        let rotate = |settings: &str| {
            let config = configure_with(&rows, settings);
            Command::new(chartgate()).args(["keys", "rotate", "--config"]).arg(config).output().unwrap()
        };
        let done = rotate(&settings);
        let said = String::from_utf8(done.stdout).unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let second = kids(&Serving::start_with(&rows, &settings, &[]));
        assert_eq!(second.len(), 2);
        assert!(second.contains(&first[0]));
        let signs = second.iter().find(|kid| **kid != first[0]).unwrap();
        assert_eq!(said, format!("signs: {signs}\nstill published: {}\n", first[0]));
        // With another secret nothing changes.
        let other = rotate(&settings.replace("/secret\"", "/other\""));
        assert_eq!(other.status.code(), Some(1));
        assert_eq!(kids(&Serving::start_with(&rows, &settings, &[])), second);
    }
}

on_both! {
    async fn grants_are_listed_and_ended(kind) {
        use tests::support::recorded::{Who, get};
        use tests::support::server::Setup;
        use tests::support::shared::clinic as shared;
        let (rows, recorded) = (Database::new(kind), Recorded::new(kind));
        clinic::load(&rows, SOURCE);
        let server = recorded.serve(Setup::over(shared(kind))).await;
        let tokens = [recorded.token(&Who::administrator("user/*.rs")).await, recorded.token(&Who::administrator("user/*.rs")).await];
        let run = |args: &[&str]| {
            let config = configure_with(&rows, &recorded.settings());
            let output = Command::new(chartgate()).arg("grants").args(args).arg("--config").arg(config).output().unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let listed = run(&["list", "--user", "administrator"]);
        assert_eq!(listed.lines().filter(|line| line.ends_with("  administrator  app  -  user/*.rs")).count(), 2, "{listed}");
        assert_eq!(run(&["list", "--client", "other"]), "");
        assert_eq!(run(&["end", "--user", "somebody"]), "ended: 0\n");
        assert_eq!(get(&server, "/fhir/Patient", &tokens[0]).await.status, 200);
        assert_eq!(run(&["end", "--user", "administrator"]), format!("{listed}ended: 2\n"));
        for token in &tokens {
            assert_eq!(get(&server, "/fhir/Patient", token).await.status, 401);
        }
        assert_eq!(run(&["list"]), "");
        let after = recorded.token(&Who::administrator("user/AuditEvent.rs")).await;
        let ended = get(&server, "/fhir/AuditEvent?subtype=revoke&_summary=count", &after).await;
        assert_eq!(ended.json()["total"], 2, "{}", ended.text());
    }
}

#[test]
fn without_an_authorization_server_there_are_no_keys() {
    let db = Database::new(Kind::Sqlite);
    let config = configure_with(&db, "");
    for command in [["keys", "rotate"], ["audit", "verify"], ["grants", "list"]] {
        let output = Command::new(chartgate())
            .args(command)
            .arg("--config")
            .arg(&config)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains("[smart]"));
    }
}
