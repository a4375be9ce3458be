//! Every trap of every sample delivery: what `fixtures/V-traps.json` says must come out of it.
//! `fixtures/healthjump.md` explains the members of its entries. Two of `held` are for tables without a mapping, whose rows
//! have no kind: `table` in place of it (or beside it, for another table than the kind's), and `where`, columns with their
//! cells (null: an absent one), in place of `key`.

mod balance;
mod expect;

use std::collections::BTreeSet;
use std::fmt::Write;

use balance::balance;
use expect::expect;
use mapper::Provider;
use mapper::check::account;
use serde_json::Value;
use tests::on_both;
use tests::oracle::generate::encode;
use tests::support::database::Kind;
use tests::support::dump::texts;
use tests::support::sample::{Sample, samples};
use tests::support::server::{Server, Setup, ids, resources};

on_both! {
    async fn every_trap_comes_out_as_its_entry_says(kind) {
        let mut failures = String::new();
        for sample in samples() {
            let traps = sample.traps();
            let server = Setup::sample(kind, sample).start().await;
            let account = account(&mut sample.loaded(kind).connect(), sample.vendor, &sample.site).unwrap();
            for trap in &traps {
                let outcome = if trap.get("search").is_some() {
                    search(&server, trap).await
                } else if let Some(check) = trap.get("check") {
                    balance(check, &account, sample.report(kind))
                } else {
                    row(&server, sample, kind, trap).await
                };
                if let Err(why) = outcome {
                    let mut about = trap.clone();
                    about.as_object_mut().unwrap().remove("expect");
                    writeln!(failures, "{}: {about}\n    {why}", sample.vendor.name).unwrap();
                }
            }
            let (entries, named) = (traps.len(), names(&traps).len());
            tests::support::say(&format!("{}: {entries} entries of {named} traps on {kind:?}", sample.vendor.name));
        }
        assert!(failures.is_empty(), "{failures}");
    }
}

/// The traps that people read of are those that are tested.
#[test]
fn the_explanation_has_the_same_traps() {
    for sample in samples() {
        let traps = sample.traps();
        let text = sample.explanation();
        let cell = |line: &str| line.strip_prefix("| ")?.split(' ').next().map(str::to_owned);
        let is_name = |cell: &String| {
            cell.starts_with(|c: char| c.is_ascii_uppercase()) && cell.ends_with(|c: char| c.is_ascii_digit())
        };
        let told: BTreeSet<String> = text.lines().filter_map(cell).filter(is_name).collect();
        let tested: BTreeSet<String> = names(&traps).into_iter().map(str::to_owned).collect();
        assert_eq!(told, tested, "{}", sample.vendor.name);
        assert!(
            tested.len() >= 20,
            "{}: only {} traps",
            sample.vendor.name,
            tested.len()
        );
    }
}

fn names(traps: &[Value]) -> BTreeSet<&str> {
    traps.iter().map(|t| t["trap"].as_str().unwrap()).collect()
}

/// A logical id, after the rule in the README.
fn id(source: &str, kind: &str, key: &str) -> String {
    let mut id = format!("{source}.{kind}.");
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            id.push(char::from(byte));
        } else {
            write!(id, ".{byte:02x}").unwrap();
        }
    }
    id
}

/// The mapping whose resources have this kind in their ids.
fn mapping(sample: &Sample, kind: &str) -> Box<dyn Provider> {
    let mut all = (sample.vendor.providers)();
    let found = all.iter().position(|p| p.target().kind == kind);
    all.swap_remove(found.unwrap_or_else(|| panic!("{} has no kind {kind}", sample.vendor.name)))
}

async fn row(server: &Server, sample: &Sample, kind: Kind, trap: &Value) -> Result<(), String> {
    let held = trap["held"].as_str();
    if let Some(held) = held {
        held_for(sample, kind, trap, held)?;
    }
    let (Some(of), Some(key)) = (trap["kind"].as_str(), trap["key"].as_str()) else {
        return held.map(|_| ()).ok_or_else(|| "this names no resource".to_owned());
    };
    let ty = mapping(sample, of).target().ty;
    let response = server.get(&format!("/fhir/{ty}/{}", id(sample.name(), of, key))).await;
    let wanted = match held {
        Some(held) if held.starts_with("withheld:deleted") => 410,
        Some(_) => 404,
        None if trap.get("missing").is_some() => 404,
        None => 200,
    };
    if response.status != wanted {
        return Err(format!("{} for {wanted}: {}", response.status, response.text()));
    }
    if wanted == 200 {
        return expect(&response.json(), trap);
    }
    Ok(())
}

/// Whether the rows that the entry means are there and all held for this reason.
fn held_for(sample: &Sample, kind: Kind, trap: &Value, held: &str) -> Result<(), String> {
    let table = match (trap["table"].as_str(), trap["kind"].as_str()) {
        (Some(table), _) => table,
        (None, of) => mapping(
            sample,
            of.unwrap_or_else(|| panic!("{trap} names neither kind nor table")),
        )
        .table(),
    };
    let is = |(column, cell): (&str, &Value)| match cell.as_str() {
        Some(text) => format!("\"{column}\" = '{}'", text.replace('\'', "''")),
        None => format!("\"{column}\" IS NULL"),
    };
    let rows: Vec<String> = match trap["where"].as_object() {
        Some(cells) => cells.iter().map(|(column, cell)| is((column, cell))).collect(),
        None => vec![is(("key", &trap["key"]))],
    };
    let rows = rows.join(" AND ");
    let sql = format!("SELECT COALESCE(cg_hold, '') AS line FROM \"{table}\" WHERE {rows}");
    let reasons = texts(sample.loaded(kind), &sql);
    if reasons.is_empty() || !reasons.iter().all(|reason| reason.starts_with(held)) {
        return Err(format!("held for {reasons:?}"));
    }
    Ok(())
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
    let separator = if search.contains('?') { '&' } else { '?' };
    let response = server.get(&format!("/fhir/{address}{separator}_count=200")).await;
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
