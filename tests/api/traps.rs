//! Every trap of the sample delivery: what `fixtures/healthjump-traps.json` says must come out of it.
//! `fixtures/healthjump.md` explains the members of its entries.

use std::fmt::Write;

use mapper::check::{Account, account};
use mapper::load::Report;
use mapper_healthjump::VENDOR;
use serde_json::Value;
use tests::on_both;
use tests::oracle::generate::encode;
use tests::support::database::Database;
use tests::support::dump::texts;
use tests::support::server::{Server, Setup, ids, resources};
use tests::support::shared::{fixtures, sample, sample_site};
use tests::support::source::{SOURCE, load_folder};

on_both! {
    async fn every_trap_comes_out_as_its_entry_says(kind) {
        let text = std::fs::read_to_string(fixtures().join("healthjump-traps.json")).unwrap();
        let traps: Vec<Value> = serde_json::from_str(&text).unwrap();
        let server = Setup::sample(kind).start().await;
        let fresh = Database::new(kind);
        let report = load_folder(&fresh, &sample_site(), &fixtures().join("healthjump"));
        let account = account(&mut fresh.connect(), &VENDOR, &sample_site()).unwrap();
        let mut failures = String::new();
        for trap in &traps {
            let outcome = if trap.get("search").is_some() {
                search(&server, trap).await
            } else if let Some(check) = trap.get("check") {
                balance(check, &account, &report)
            } else {
                row(&server, sample(kind), trap).await
            };
            if let Err(why) = outcome {
                let mut about = trap.clone();
                about.as_object_mut().unwrap().remove("expect");
                writeln!(failures, "{about}\n    {why}").unwrap();
            }
        }
        let names: std::collections::BTreeSet<&str> = traps.iter().map(|t| t["trap"].as_str().unwrap()).collect();
        assert!(names.len() >= 60, "only {} traps", names.len());
        tests::support::say(&format!("{} entries of {} traps on {kind:?}", traps.len(), names.len()));
        assert!(failures.is_empty(), "{failures}");
    }
}

const KINDS: [(&str, &str, &str); 8] = [
    ("pt", "Patient", "demographic"),
    ("enc", "Encounter", "encounter"),
    ("appt", "Encounter", "appointment"),
    ("dx", "Condition", "diagnosis"),
    ("px", "Procedure", "procedure"),
    ("prov", "Practitioner", "provider"),
    ("loc", "Location", "location"),
    ("org", "Organization", "client_ids"),
];

/// A logical id, after the rule in the README.
fn id(kind: &str, key: &str) -> String {
    let mut id = format!("{SOURCE}.{kind}.");
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            id.push(char::from(byte));
        } else {
            write!(id, ".{byte:02x}").unwrap();
        }
    }
    id
}

async fn row(server: &Server, db: &Database, trap: &Value) -> Result<(), String> {
    let (kind, key) = (trap["kind"].as_str().unwrap(), trap["key"].as_str().unwrap());
    let (_, ty, table) = KINDS.iter().find(|(k, ..)| *k == kind).unwrap();
    let response = server.get(&format!("/fhir/{ty}/{}", id(kind, key))).await;
    let status = |wanted: u16| {
        if response.status == wanted {
            Ok(())
        } else {
            Err(format!("{} for {wanted}: {}", response.status, response.text()))
        }
    };
    if trap.get("missing").is_some() {
        status(404)
    } else if let Some(held) = trap["held"].as_str() {
        let quoted = key.replace('\'', "''");
        let reasons = texts(
            db,
            &format!("SELECT COALESCE(cg_hold, '') AS line FROM {table} WHERE key = '{quoted}'"),
        );
        if !reasons.first().is_some_and(|reason| reason.starts_with(held)) {
            return Err(format!("held for {reasons:?}"));
        }
        status(if held.starts_with("withheld:deleted") { 410 } else { 404 })
    } else {
        status(200)?;
        expect(&response.json(), trap)
    }
}

async fn search(server: &Server, trap: &Value) -> Result<(), String> {
    let search = trap["search"].as_str().unwrap();
    // The file's searches are written for people: what a URL cannot hold is encoded here.
    let plain = |c: char| c.is_ascii_graphic() && !"|'\"<>^`{}".contains(c);
    let address: String = search
        .chars()
        .map(|c| {
            if plain(c) {
                c.to_string()
            } else {
                encode(&c.to_string())
            }
        })
        .collect();
    let response = server.get(&format!("/fhir/{address}&_count=200")).await;
    if response.status != 200 {
        return Err(response.text());
    }
    let bundle = response.json();
    let mut found = ids(&bundle);
    if let Some(wanted) = trap["ids"].as_array() {
        let mut wanted: Vec<&str> = wanted.iter().map(|id| id.as_str().unwrap()).collect();
        wanted.sort_unstable();
        found.sort_unstable();
        if found != wanted {
            return Err(format!("found {found:?}"));
        }
    }
    if let Some(count) = trap["count"].as_u64()
        && found.len() as u64 != count
    {
        return Err(format!("found {} for {count}", found.len()));
    }
    if trap.get("expect").is_some() {
        if found.is_empty() {
            return Err("found nothing".to_owned());
        }
        return resources(&bundle, "match")
            .into_iter()
            .try_for_each(|resource| expect(resource, trap));
    }
    Ok(())
}

fn expect(resource: &Value, trap: &Value) -> Result<(), String> {
    for wanted in trap["expect"].as_array().unwrap() {
        let found = resource.pointer(wanted["path"].as_str().unwrap());
        let (how, value) = wanted
            .as_object()
            .unwrap()
            .iter()
            .find(|(name, _)| *name != "path")
            .unwrap();
        let elements = || found.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let text = || found.and_then(Value::as_str);
        let holds = match how.as_str() {
            "equals" => found == Some(value),
            "absent" => found.is_none(),
            "has" => elements().iter().any(|e| contains(e, value)),
            "lacks" => !elements().iter().any(|e| contains(e, value)),
            "starts" => text().is_some_and(|t| t.starts_with(value.as_str().unwrap())),
            "excludes" => text().is_some_and(|t| !t.contains(value.as_str().unwrap())),
            "differs" => found != Some(value),
            other => panic!("unknown member {other}"),
        };
        if !holds {
            return Err(format!("{wanted}, but it is {}", found.unwrap_or(&Value::Null)));
        }
    }
    Ok(())
}

/// All members given, arrays element by element.
fn contains(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|f| contains(f, value))),
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| contains(f, w))
        }
        _ => found == wanted,
    }
}

/// What the account of the database, or the report of its load, says.
fn balance(check: &Value, account: &Account, report: &Report) -> Result<(), String> {
    let same = |what: &str, found: u64| match check[what].as_u64() {
        Some(wanted) if wanted != found => Err(format!("{what}: {found} for {wanted}")),
        _ => Ok(()),
    };
    if let Some(not_read) = check["not_read"].as_array() {
        let mut found: Vec<String> = report.not_read.iter().map(|f| f.path.display().to_string()).collect();
        found.sort();
        let all = found.len() == not_read.len();
        let each = found
            .iter()
            .zip(not_read)
            .all(|(f, wanted)| f.ends_with(wanted.as_str().unwrap()));
        return if all && each {
            Ok(())
        } else {
            Err(format!("not read: {found:?}"))
        };
    }
    if let Some(file) = check["file"].as_str() {
        let read = report.files.iter().find(|f| f.path.ends_with(file)).ok_or("not read")?;
        return same("rows", read.rows);
    }
    if let Some(entity) = check["entity"].as_str() {
        let counts = &report.entities[entity];
        let found = serde_json::to_value(&counts.columns_not_read).unwrap();
        return if contains(&found, &check["columns_not_read"]) {
            Ok(())
        } else {
            Err(format!("columns not read: {found}"))
        };
    }
    let name = check["table"].as_str().unwrap();
    let table = account.tables.iter().find(|t| t.table == name).ok_or("no such table")?;
    if let Some(held) = check["held"].as_str() {
        let (which, reason) = held.split_once(':').unwrap();
        let reasons = if which == "withheld" {
            &table.withheld
        } else {
            &table.rejected
        };
        return same(
            "rows",
            reasons
                .iter()
                .filter(|(r, _)| r.starts_with(reason))
                .map(|(_, n)| n)
                .sum(),
        );
    }
    same("rows", table.rows)?;
    same("served", table.served)?;
    same("withheld", table.withheld())?;
    same("rejected", table.rejected())
}
