//! The proof that an index carries every search, over databases of 100,000 rows.
//!
//! The rule, for every statement of a search with `_count=10`: of a table with more than [`BIG`] rows it reads at most [`ENOUGH`]
//! rows beside three for each entry of the page, or as many as match, whatever its plan looks like. So a search for something rare
//! has to go through an index. One for something frequent, such as a gender, may instead walk along the keys until the page is
//! full, or put what an index gives in order. A chain may read what matches at its end.
//!
//! SQLite tells how many rows it read only of the table that is searched; there, sub-queries must not scan.
//!
//! PostgreSQL plans by cost, and some tables of the copies are so small that it is right to read them whole. A search that it
//! answers so is asked once more, on connections that are told to avoid that ([`FRUGAL`]): what then still reads too much has no index.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tests::on_both;
use tests::oracle::text;
use tests::support::database::{Database, Kind};
use tests::support::dump;
use tests::support::multiplied::multiplied;
use tests::support::sample::samples;
use tests::support::server::{Server, Setup, link};

use super::values::{Known, Search, chains, includes, modifiers, of_patients, orders, parameters};
use super::{of, steps};

/// Tables with more rows have to be protected.
const BIG: i64 = 1_000;
/// Rows that a statement may read for a page of ten.
const ENOUGH: u64 = 1_000;
/// Settings of PostgreSQL under which it takes an index where there is one, also for a small table.
const FRUGAL: [&str; 4] = [
    "enable_seqscan=off",
    "enable_hashjoin=off",
    "enable_mergejoin=off",
    "random_page_cost=1.1",
];

/// Parts of searches that no index carries, and why that is so. A part that every search does without has no place here.
const EXCEPTIONS: [(&str, &str); 11] = [
    (
        ":contains=",
        "inside of a text no order helps; the databases' own answers to that are extensions",
    ),
    (
        ":missing=",
        "of several columns and tables that could have a value, none has one",
    ),
    (
        ":not-in=",
        "whatever is not in a list: the databases have no order of what is not",
    ),
    ("=ne", ONE_SIDED),
    ("=gt", ONE_SIDED),
    ("=lt", ONE_SIDED),
    ("=ge", ONE_SIDED),
    ("=le", ONE_SIDED),
    ("=sa", ONE_SIDED),
    ("=eb", ONE_SIDED),
    ("=ap", ONE_SIDED),
];
const ONE_SIDED: &str =
    "half of a table on average: databases weigh an order of many rows against a walk along the keys";

on_both! {
    async fn every_parameter_has_an_index(kind) {
        prove(kind, parameters).await;
    }

    async fn every_modifier_and_prefix_has_an_index_or_an_excuse(kind) {
        let excused = prove(kind, modifiers).await;
        let needless: Vec<&str> = EXCEPTIONS.iter().map(|(part, _)| *part).filter(|part| !excused.contains(part)).collect();
        // PostgreSQL needs fewer of them, and which ones depends on the rows that it drew for its statistics.
        assert!(kind == Kind::Postgres || needless.is_empty(), "an index carries these, so that they need no excuse: {needless:?}");
    }

    async fn chains_and_their_reverse_have_indexes(kind) {
        prove(kind, chains).await;
    }

    async fn every_order_has_an_index_and_so_has_its_next_page(kind) {
        prove(kind, orders).await;
    }

    async fn what_is_of_a_patient_has_indexes(kind) {
        prove(kind, of_patients).await;
    }

    async fn every_include_has_an_index(kind) {
        prove(kind, includes).await;
    }
}

/// Asks all searches of every vendor, and fails with those that read too much. The excuses that were needed.
async fn prove(kind: Kind, searches: fn(&Known) -> Vec<Search>) -> BTreeSet<&'static str> {
    let (mut failures, mut excused) = (BTreeSet::new(), BTreeSet::new());
    for sample in samples() {
        let db = multiplied(kind, sample);
        let known = Known::of(kind, sample).await;
        let proof = Proof {
            server: Setup::multiplied(kind, sample, &[]).start().await,
            frugal: match kind {
                Kind::Sqlite => None,
                Kind::Postgres => Some(Setup::multiplied(kind, sample, &FRUGAL).start().await),
            },
            sizes: sizes(db),
            kind,
        };
        let (all, mut whole) = (searches(&known), 0);
        for search in &all {
            let mut wrong = proof.explained(&proof.server, search).await;
            if let Some(frugal) = proof.frugal.as_ref().filter(|_| !wrong.is_empty()) {
                whole += 1;
                wrong = proof.explained(frugal, search).await;
            }
            let excuse = EXCEPTIONS.iter().find(|(part, _)| search.query.contains(part));
            match excuse {
                Some((part, _)) if !wrong.is_empty() => _ = excused.insert(*part),
                _ => failures.extend(wrong),
            }
        }
        tests::support::say(&format!(
            "indexes on {kind:?}: {} searches of {}, {whole} of them asked to be frugal",
            all.len(),
            sample.name()
        ));
    }
    let told: Vec<String> = failures.into_iter().collect();
    assert!(
        told.is_empty(),
        "{} statements read too much:\n{}",
        told.len(),
        told.join("\n")
    );
    excused
}

fn sizes(db: &Database) -> BTreeMap<String, i64> {
    let count = |table: &String| dump::number(db, &format!("SELECT COUNT(*) FROM \"{table}\""));
    dump::tables_of(db)
        .iter()
        .map(|table| (table.clone(), count(table)))
        .collect()
}

struct Proof {
    server: Server,
    frugal: Option<Server>,
    sizes: BTreeMap<String, i64>,
    kind: Kind,
}

impl Proof {
    /// What is wrong with the statements of a search, and of its next page.
    async fn explained(&self, server: &Server, search: &Search) -> Vec<String> {
        let page = server
            .ok(&format!("/fhir/{}&_count=10&_explain=true", search.query))
            .await;
        let mut told = steps(&page);
        let entries = page["entry"].as_array().map_or(0, Vec::len) as u64;
        if let Some(next) = link(&page, "next") {
            told.extend(steps(&server.ok(&next).await));
        }
        let mut wrong: Vec<(u64, String)> = of(&told, "statement")
            .into_iter()
            .filter_map(|statement| self.wrong(&search.query, statement, entries))
            .collect();
        if !wrong.is_empty() && selects(&search.query) {
            let matching = self.matching(search).await;
            wrong.retain(|(read, _)| *read > matching);
        }
        wrong.into_iter().map(|(_, why)| why).collect()
    }

    /// How many resources a search finds, or the one that it leads to.
    async fn matching(&self, search: &Search) -> u64 {
        let mut most = 0;
        for query in [Some(&search.query), search.inner.as_ref()].into_iter().flatten() {
            let counted = self.server.ok(&format!("/fhir/{query}&_summary=count")).await;
            most = most.max(counted["total"].as_u64().unwrap());
        }
        most
    }

    /// The most rows that a statement reads of one large table.
    fn read(&self, statement: &Value) -> u64 {
        let plan = statement["plan"].as_array().unwrap();
        let large = plan.iter().filter(|a| self.is_big(a));
        let told = large.filter_map(|a| a["rows"].as_u64()).max();
        told.unwrap_or_else(|| statement["read"].as_u64().unwrap_or(0))
    }

    fn is_big(&self, access: &Value) -> bool {
        self.sizes.get(text(&access["table"])).is_some_and(|rows| *rows > BIG)
    }

    /// How many rows a statement reads, when those are too many, and what it does.
    fn wrong(&self, search: &str, statement: &Value, entries: u64) -> Option<(u64, String)> {
        let plan = statement["plan"].as_array().unwrap();
        let mut scans: Vec<&str> = plan
            .iter()
            .filter(|a| a["how"] == "scan" && self.is_big(a))
            .map(|a| text(&a["table"]))
            .collect();
        // What is read of the table that is searched, SQLite tells.
        let searched = text(&statement["sql"])
            .split_once(" FROM ")
            .unwrap()
            .1
            .split(['`', '"'])
            .nth(1)
            .unwrap();
        if let Some(at) = scans.iter().position(|table| *table == searched) {
            scans.remove(at);
        }
        let read = self.read(statement);
        let within = self.kind == Kind::Sqlite && !scans.is_empty();
        if read <= ENOUGH + 3 * entries && !within {
            return None;
        }
        let told: Vec<String> = plan.iter().map(Value::to_string).collect();
        let condition = text(&statement["sql"]).split_once(" WHERE ").unwrap_or_default().1;
        let why = format!(
            "{search}: {} {} {} read\n    {}\n    {condition}",
            text(&statement["purpose"]),
            text(&statement["mapping"]),
            statement["read"],
            told.join(" "),
        );
        Some((if within { u64::MAX } else { read }, why))
    }
}

/// Whether a search has a condition, so that reading all matches is not reading all rows.
fn selects(search: &str) -> bool {
    !["?_sort=", "?_include=", "?_revinclude=", "/$everything?"]
        .iter()
        .any(|all| search.contains(all))
}
