//! `chartgate selftest`: it passes against the server as it is, fails against one that lies, and makes the README's table.

use std::process::{Command, Output};

use actix_web::http::header;
use serde_json::Value;
use tests::on_both;
use tests::support::database::Kind;
use tests::support::listen::{Lie, Listening};
use tests::support::program::chartgate;
use tests::support::sample::samples;
use tests::support::setup::Setup;

fn selftest(base: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(chartgate());
    command.arg("selftest").args(arguments).arg(base).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

on_both! {
    /// All that is said to work does, by all sources together and by each alone.
    async fn the_server_does_what_it_says(kind) {
        let server = Listening::start(Setup::all(kind), Lie::None);
        let alone = samples().iter().map(|sample| server.base.replace("/fhir", &format!("/{}/fhir", sample.name())));
        for base in std::iter::once(server.base.clone()).chain(alone) {
            let output = selftest(&base, &[]);
            assert!(output.status.success(), "{base}\n{}{}", text(&output), String::from_utf8_lossy(&output.stderr));
        }
    }

    /// The README says what the self-test finds, in its words.
    async fn the_readme_has_the_tables_of_the_self_test(kind) {
        let server = Listening::start(Setup::all(kind), Lie::None);
        let found = text(&selftest(&server.base, &["--markdown"]));
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
        let (_, rest) = readme.split_once("<!-- made by `make features`, do not edit -->\n").unwrap();
        let (table, _) = rest.split_once("<!-- end of what `make features` makes -->").unwrap();
        assert_eq!(table.trim(), found.trim(), "`make features` renews the README");
    }
}

/// A server that leaves something out is found out, at the place where it does.
#[test]
fn a_server_that_lies_is_found_out() {
    for (lie, area, name) in [
        (Lie::Blind("gender"), "parameter", "gender"),
        (Lie::Blind("birthdate"), "prefix", "birthdate"),
        (Lie::Blind("_cursor"), "control", "_count"),
        (Lie::Blind("_sort"), "sort", "birthdate"),
        (Lie::Blind("_include"), "include", "Condition:encounter"),
        (Lie::Blind("_revinclude"), "revinclude", "Condition:patient"),
        (Lie::Blind("_summary"), "control", "_summary"),
        (Lie::Deaf(header::IF_NONE_MATCH), "control", "if-none-match"),
        (Lie::Deaf(header::ACCEPT), "format", "application/fhir+xml"),
    ] {
        let server = Listening::start(Setup::all(Kind::Sqlite), lie.clone());
        let output = selftest(&server.base, &["--json"]);
        assert_eq!(output.status.code(), Some(1), "{lie:?}");
        let checks: Vec<Value> = serde_json::from_str(&text(&output)).unwrap();
        let failed = |check: &&Value| check["result"] == "failed" && check["area"] == area && check["name"] == name;
        assert!(checks.iter().any(|check| failed(&check)), "{lie:?}");
    }
}

#[test]
fn a_server_that_is_away_is_told() {
    let output = selftest("http://127.0.0.1:9/fhir", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no answer"));
}

/// What failed is told without values, unless they are asked for.
#[test]
fn values_are_shown_only_when_asked_for() {
    let server = Listening::start(Setup::all(Kind::Sqlite), Lie::Blind("gender"));
    let quiet = text(&selftest(&server.base, &[]));
    let line = quiet
        .lines()
        .find(|line| line.starts_with("FAILED Patient gender"))
        .unwrap();
    assert!(line.contains("gender=…"), "{line}");
    let loud = text(&selftest(&server.base, &["--verbose"]));
    assert!(loud.contains("gender=") && !loud.contains("gender=…"), "{loud}");
}
