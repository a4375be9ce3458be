//! No record gets lost, and none goes unnoticed: power cuts, several servers, and hands in the database.

use std::collections::BTreeSet;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::Duration;

use tests::on_both;
use tests::support::clinic;
use tests::support::database::{Database, Kind};
use tests::support::program::{Serving, chartgate, configure_with};
use tests::support::source::SOURCE;

/// Settings of servers that share a record in this database.
fn settings(trail: &Database) -> String {
    let secret = trail.folder.path().join("secret");
    format!(
        "[server]\nsecret_file = {secret:?}\n[audit]\ndatabase = {:?}\n",
        trail.url()
    )
}

fn rows(kind: Kind) -> Database {
    let db = Database::new(kind);
    clinic::load(&db, SOURCE);
    db
}

/// The ids of requests in the record.
fn recorded(trail: &Database) -> BTreeSet<String> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        records: String,
    }
    let rows: Vec<Row> = diesel::sql_query("SELECT records FROM sm_audit")
        .load(&mut trail.connect())
        .unwrap();
    let id = |line: &str| {
        let (_hash, record) = line.split_once(' ').unwrap();
        let record: serde_json::Value = serde_json::from_str(record).unwrap();
        record["request"].as_str().unwrap().to_owned()
    };
    rows.iter().flat_map(|row| row.records.lines()).map(id).collect()
}

fn verify(rows: &Database, settings: &str, more: &[&str]) -> Output {
    let config = configure_with(rows, settings);
    let mut command = Command::new(chartgate());
    command
        .args(["audit", "verify", "--config"])
        .arg(config)
        .args(more)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn ok(rows: &Database, settings: &str, more: &[&str]) -> String {
    let output = verify(rows, settings, more);
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

/// Has several clients ask at the same time; the ids of their answers.
fn asked_by_many(servings: &[&Serving], each: usize) -> Vec<String> {
    let ids = Mutex::new(vec![]);
    std::thread::scope(|scope| {
        for n in 0..8 {
            let (serving, ids) = (servings[n % servings.len()], &ids);
            scope.spawn(move || {
                for _ in 0..each {
                    let id = ask(serving.address());
                    ids.lock().unwrap().extend(id);
                }
            });
        }
    });
    ids.into_inner().unwrap()
}

on_both! {
    async fn what_was_answered_before_a_power_cut_is_recorded(kind) {
        let (rows, trail) = (rows(kind), Database::new(kind));
        let settings = settings(&trail);
        let mut serving = Serving::start_with(&rows, &settings, &[]);
        let address = serving.address().to_owned();
        let ids = Mutex::new(vec![]);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    while let Some(id) = ask(&address) {
                        ids.lock().unwrap().push(id);
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(1500));
            serving.kill();
        });
        let (ids, recorded) = (ids.into_inner().unwrap(), recorded(&trail));
        assert!(ids.len() > 50, "{} answers before the end", ids.len());
        let lost: Vec<&String> = ids.iter().filter(|id| !recorded.contains(*id)).collect();
        assert!(lost.is_empty(), "{} of {} answers are not recorded", lost.len(), ids.len());
        let whole = ok(&rows, &settings, &[]);
        assert!(whole.starts_with(&format!("whole: {} records; head ", recorded.len())), "{whole}");
        tests::support::say(&format!("{kind:?}: {} answers, {} records when it was killed", ids.len(), recorded.len()));
    }

    async fn two_servers_write_one_chain(kind) {
        let (first, second, trail) = (rows(kind), rows(kind), Database::new(kind));
        let settings = settings(&trail);
        let one = Serving::start_with(&first, &settings, &[]);
        let two = Serving::start_with(&second, &settings, &[]);
        let ids = asked_by_many(&[&one, &two], 25);
        assert_eq!(ids.len(), 200);
        assert!(recorded(&trail).is_superset(&ids.into_iter().collect()));
        #[cfg(unix)]
        if kind == Kind::Sqlite {
            use std::os::unix::fs::PermissionsExt;
            let file = trail.url().replace("sqlite://", "");
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o77, 0);
        }
        let whole = ok(&first, &settings, &[]);
        assert!(whole.starts_with("whole: 200 records; head 200:"), "{whole}");
    }

    async fn what_was_removed_or_altered_is_named(kind) {
        let (rows, trail) = (rows(kind), Database::new(kind));
        let settings = settings(&trail);
        let nothing = verify(&rows, &settings, &[]);
        if kind == Kind::Sqlite {
            assert!(said(&nothing).contains("nothing has been recorded yet"), "{}", said(&nothing));
        }
        let serving = Serving::start_with(&rows, &settings, &[]);
        // One after the other, so that each has a row of its own.
        for _ in 0..16 {
            ask(serving.address()).unwrap();
        }
        drop(serving);
        let whole = ok(&rows, &settings, &[]);
        let head = whole.trim().rsplit(' ').next().unwrap().to_owned();
        ok(&rows, &settings, &["--expect", &head]);
        trail.execute("CREATE TABLE kept AS SELECT * FROM sm_audit");
        let number = |from: i64, to: i64| format!("UPDATE sm_audit SET first_seq = {to}, last_seq = {to} WHERE first_seq = {from}");
        let swapped = [number(3, -1), number(4, 3), number(-1, 4)].join("; ");
        let altered = |seq: i64, from: &str, to: &str| format!("UPDATE sm_audit SET records = replace(records, '{from}', '{to}') WHERE first_seq = {seq}");
        for (hand, expected) in [
            ("DELETE FROM sm_audit WHERE first_seq = 5".to_owned(), "record 5 is missing"),
            ("DELETE FROM sm_audit WHERE first_seq <= 5".to_owned(), "record 1 is missing"),
            ("UPDATE sm_audit SET records = '' WHERE first_seq = 8".to_owned(), "record 8 is missing"),
            (altered(7, "pt.1", "pt.3"), "record 7 is not as it was written"),
            (altered(16, "\"status\":200", "\"status\":404"), "record 16 is not as it was written"),
            ("UPDATE sm_audit SET latest = latest + 60 WHERE first_seq = 9".to_owned(), "record 9 is not as it was written"),
            (swapped, "record 3 is not as it was written"),
            ("UPDATE sm_audit SET records = (SELECT records FROM kept WHERE first_seq = 1) WHERE first_seq = 16".to_owned(), "record 16 is not"),
            ("INSERT INTO sm_audit_run VALUES (16)".to_owned(), "what searches find them by was altered"),
        ] {
            trail.execute(&hand);
            let broken = verify(&rows, &settings, &[]);
            assert_eq!(broken.status.code(), Some(1), "{hand}");
            assert!(said(&broken).contains(expected), "{hand}: {}", said(&broken));
            trail.execute("DELETE FROM sm_audit; DELETE FROM sm_audit_run; INSERT INTO sm_audit SELECT * FROM kept");
        }
        // The end can be cut off unnoticed, unless the head is known.
        trail.execute("DELETE FROM sm_audit WHERE first_seq > 10");
        ok(&rows, &settings, &[]);
        let cut = verify(&rows, &settings, &["--expect", &head]);
        assert!(!cut.status.success() && said(&cut).contains("cut off"), "{}", said(&cut));
        // Another secret cannot make records that fit.
        let other = settings.replace("/secret\"", "/other\"");
        assert!(said(&verify(&rows, &other, &[])).contains("record 1 is not as it was written"));
    }
}

/// Asks a server that may go away; the id that it gave the request, once the answer is there to its end.
fn ask(address: &str) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    let request =
        format!("GET /fhir/Condition?patient=healthjump.pt.1 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let id = head.lines().find_map(|line| line.strip_prefix("x-request-id: "))?;
    (length.parse() == Ok(body.len()) && head.starts_with("HTTP/1.1 200")).then(|| id.to_owned())
}
