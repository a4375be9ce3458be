//! What was served before: every version can be read again, and times of change tell every change.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use chrono::{NaiveDateTime, TimeDelta};
use mapper::load::LoadError;
use serde_json::{Value, json};
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::oracle::random::Random;
use tests::support::changes::{self, Rate};
use tests::support::database::Database;
use tests::support::delivery::write_pages;
use tests::support::dump::number;
use tests::support::sample::{Sample, samples};
use tests::support::server::{Server, Setup, link, resources};
use tests::support::source::{SOURCE, load_of, load_time, site, vendor};

/// The time of the load with this number, from 0.
fn time_of(load: i64) -> NaiveDateTime {
    load_time() + TimeDelta::days(load)
}

fn instant(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Loads a later delivery of a sample.
fn load(db: &Database, sample: &Sample, number: i64, folder: std::path::PathBuf) {
    load_of(sample.vendor, time_of(number), db, &sample.site, &[folder])
        .unwrap_or_else(|e| panic!("{}: {e}", sample.vendor.name));
}

/// Every resource that a server shows, by its address below the base.
type Shown = BTreeMap<String, Value>;

async fn shown(server: &Server) -> Shown {
    let mut all = Shown::new();
    for ty in Claims::read(&server.ok("/fhir/metadata").await).types() {
        for bundle in server.pages(&format!("/fhir/{ty}?_count=200")).await {
            for resource in resources(&bundle, "match") {
                all.insert(format!("{ty}/{}", resource["id"].as_str().unwrap()), resource.clone());
            }
        }
    }
    all
}

/// What a resource says, without what is said of it.
fn said(resource: &Value) -> Value {
    let mut resource = resource.clone();
    for name in ["versionId", "lastUpdated"] {
        resource["meta"].as_object_mut().unwrap().remove(name);
    }
    resource
}

fn updated(resource: &Value) -> NaiveDateTime {
    let text = resource["meta"]["lastUpdated"].as_str().unwrap();
    text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().naive_utc()
}

/// After the load with this number: whatever changed has its time, and a client that asks for what has changed since the load
/// before gets it.
async fn times_are_true(server: &Server, before: &Shown, after: &Shown, load: i64) -> usize {
    let mut changed = 0;
    for (address, resource) in after {
        let old = before.get(address);
        if old.is_none_or(|old| said(old) != said(resource)) {
            assert_eq!(updated(resource), time_of(load), "{address}: {old:?} became {resource}");
            changed += 1;
        }
        if let Some(old) = old.filter(|old| updated(old) == updated(resource)) {
            assert_eq!(old, resource);
        }
    }
    let since = instant(time_of(load - 1));
    let types: BTreeSet<&str> = after.keys().map(|a| a.split('/').next().unwrap()).collect();
    for ty in types {
        let found = server
            .ids(&format!("/fhir/{ty}?_lastUpdated=gt{since}&_count=200"))
            .await;
        let found: BTreeSet<String> = found.into_iter().map(|id| format!("{ty}/{id}")).collect();
        let expected = after
            .iter()
            .filter(|(a, r)| a.starts_with(&format!("{ty}/")) && updated(r) > time_of(load - 1));
        assert_eq!(found, expected.map(|(a, _)| a.clone()).collect());
    }
    changed
}

/// Whether the newest load changed rows of a table, or brought some.
fn has_changed(db: &Database, sample: &Sample, table: &str) -> bool {
    let newest = "(SELECT MAX(id) FROM cg_delivery)";
    let exploded = sample.vendor.schema.exploded.iter().any(|e| e.table == table);
    let brought = if exploded {
        format!("cg_load = {newest}")
    } else {
        format!("cg_file >= (SELECT MIN(id) FROM cg_file WHERE delivery = {newest})")
    };
    let rows = |sql: &str| number(db, &format!("SELECT COUNT(*) FROM {sql}"));
    rows(&format!("{table} WHERE {brought}")) + rows(&format!("cg_was_{table} WHERE cg_until = {newest}")) > 0
}

/// The bytes of every resource.
async fn bytes(server: &Server, shown: &Shown) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for address in shown.keys() {
        all.insert(address.clone(), server.get(&format!("/fhir/{address}")).await.body);
    }
    all
}

/// The versions of a resource, oldest first: its bytes after each load that changed it, `None` for a deletion.
fn versions(served: &[BTreeMap<String, Vec<u8>>], address: &str) -> Vec<(i64, Option<Vec<u8>>)> {
    let mut all: Vec<(i64, Option<Vec<u8>>)> = vec![];
    for (load, resources) in (0..).zip(served) {
        let now = resources.get(address).cloned();
        match all.last() {
            None if now.is_none() => {}
            Some((_, last)) if *last == now => {}
            _ => all.push((load, now)),
        }
    }
    all
}

/// A resource's history says what was served after each load, and each version can be read.
async fn history_is_what_was_served(server: &Server, address: &str, expected: &[(i64, Option<Vec<u8>>)]) {
    let history = format!("/fhir/{address}/_history");
    let bundle = server.ok(&format!("{history}?_count=200")).await;
    assert_eq!(bundle["type"], "history");
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries.len(), expected.len(), "{address}: {bundle}");
    assert_eq!(bundle["total"], expected.len(), "{address}");
    for (at, (entry, (load, body))) in entries.iter().rev().zip(expected).enumerate() {
        assert!(
            entry["fullUrl"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/fhir/{address}"))
        );
        let tag = entry["response"]["etag"].as_str().unwrap();
        let version = tag.trim_start_matches("W/").trim_matches('"');
        let read = server.get(&format!("{history}/{version}")).await;
        let method = &entry["request"]["method"];
        let Some(body) = body else {
            assert_eq!((method, entry.get("resource")), (&json!("DELETE"), None));
            assert_eq!(entry["response"]["lastModified"], instant(time_of(*load)));
            assert_eq!(
                read.error(),
                "410 error deleted: The resource was deleted at its source"
            );
            continue;
        };
        assert_eq!(method, if at == 0 { "POST" } else { "PUT" });
        assert_eq!(entry["resource"], serde_json::from_slice::<Value>(body).unwrap());
        assert_eq!(
            entry["response"]["lastModified"],
            entry["resource"]["meta"]["lastUpdated"]
        );
        assert_eq!(read.status, 200, "{address}: {}", read.text());
        assert_eq!(
            String::from_utf8_lossy(&read.body),
            String::from_utf8_lossy(body),
            "{address}"
        );
        assert_eq!(read.header("etag"), tag);
    }
}

/// The patient of the deliveries below.
const PATIENT: &str = "Patient/healthjump.pt.1";

/// Loads a later delivery with this patient's city.
fn deliver(db: &Database, number: i64, city: &str) {
    let folder = db.folder.path().join(format!("delivery-{number}"));
    let row = json!({"demographicid": 1, "client_id": "C1", "last_name": "Muster", "city": city});
    write_pages(&folder, "demographic", &[row], 1);
    load_of(vendor(), time_of(number), db, &site(SOURCE, ""), &[folder]).unwrap();
}

/// The cities that a page of this patient's history tells.
fn cities(page: &Value) -> Vec<String> {
    let entries = page["entry"].as_array().into_iter().flatten();
    let city = |entry: &Value| entry["resource"]["address"][0]["city"].as_str().unwrap().to_owned();
    entries.map(city).collect()
}

on_both! {
    /// Random later deliveries of every vendor's sample, each of some rows with some other cells.
    async fn every_version_that_was_served_can_be_read_again(kind) {
        for (seed, sample) in (1..).zip(samples()) {
            let mut random = Random::new(seed);
            let db = Database::new(kind);
            load(&db, sample, 0, sample.delivery.clone());
            let server = Setup::sample_at(sample, &db.url()).start().await;
            let mut before = shown(&server).await;
            let mut served = vec![bytes(&server, &before).await];
            let files = changes::files(&sample.delivery);
            let mut changed = 0;
            for number in 1..4 {
                let folder = db.folder.path().join(format!("later-{number}"));
                let rate = Rate { left_out: 3, rows: 2, cells: 4 };
                changes::write(&sample.delivery, &files, &folder, &mut random, rate);
                load(&db, sample, number, folder);
                let after = shown(&server).await;
                changed += times_are_true(&server, &before, &after, number).await;
                served.push(bytes(&server, &after).await);
                before = after;
            }
            assert!(changed > 50, "{}: only {changed}", sample.vendor.name);
            let ever: BTreeSet<&String> = served.iter().flat_map(BTreeMap::keys).collect();
            let mut deleted = 0;
            for address in ever {
                let expected = versions(&served, address);
                deleted += expected.iter().filter(|(_, body)| body.is_none()).count();
                history_is_what_was_served(&server, address, &expected).await;
            }
            assert!(deleted > 0, "{}: nothing was ever withdrawn", sample.vendor.name);
        }
    }

    /// What resources are made of is declared in full: whichever file of a delivery changes, everything that then reads
    /// differently says so.
    async fn a_resource_has_changed_when_a_row_that_it_is_made_of_has(kind) {
        for (seed, sample) in (11..).zip(samples()) {
            let mut random = Random::new(seed);
            let db = Database::new(kind);
            load(&db, sample, 0, sample.delivery.clone());
            let server = Setup::sample_at(sample, &db.url()).start().await;
            let mut before = shown(&server).await;
            let mut moved: BTreeSet<&str> = BTreeSet::new();
            for (number, file) in (1..).zip(changes::files(&sample.delivery)) {
                let folder = db.folder.path().join(format!("later-{number}"));
                let rate = Rate { left_out: 10, rows: 1, cells: 2 };
                changes::write(&sample.delivery, &[file], &folder, &mut random, rate);
                let delivered = load_of(sample.vendor, time_of(number), &db, &sample.site, &[folder]);
                if matches!(delivered, Err(LoadError::Nothing(_))) {
                    continue;
                }
                delivered.unwrap_or_else(|e| panic!("{}: {e}", sample.vendor.name));
                let after = shown(&server).await;
                times_are_true(&server, &before, &after, number).await;
                before = after;
                moved.extend(sample.vendor.schema.parts.iter().map(|p| p.table).filter(|t| has_changed(&db, sample, t)));
            }
            let parts: BTreeSet<&str> = sample.vendor.schema.parts.iter().map(|p| p.table).collect();
            assert_eq!(moved, parts, "{}: parts that never changed", sample.vendor.name);
        }
    }

    async fn a_history_is_read_in_parts(kind) {
        let db = Database::new(kind);
        for (number, city) in (0..).zip(["A", "B", "C", "D", "E"]) {
            deliver(&db, number, city);
        }
        let server = Setup::over(&db).start().await;
        let history = format!("/fhir/{PATIENT}/_history");
        let first = server.ok(&format!("{history}?_count=2")).await;
        assert_eq!((cities(&first), &first["total"]), (vec!["E".to_owned(), "D".to_owned()], &json!(5)));
        assert!(link(&first, "self").unwrap().ends_with(&format!("{PATIENT}/_history?_count=2")));
        // Pages lead on through the same versions, whatever is loaded in between.
        let next = link(&first, "next").unwrap();
        deliver(&db, 5, "F");
        let mut rest = vec![];
        for page in server.pages(&next).await {
            assert!(link(&page, "first").unwrap().ends_with("/_history?_count=2"));
            rest.extend(cities(&page));
        }
        assert_eq!(rest, ["C", "B", "A"]);
        let since = format!("{history}?_since={}", instant(time_of(3)));
        let found = server.ok(&since).await;
        assert_eq!((cities(&found).join(""), &found["total"]), ("FED".to_owned(), &json!(3)));
        assert!(link(&found, "self").unwrap().ends_with(&since));
        assert_eq!(cities(&server.ok(&format!("{history}?_since={}", instant(time_of(6)))).await), Vec::<String>::new());
        let none = server.ok(&format!("{history}?_count=0")).await;
        assert_eq!((&none["total"], none.get("entry"), link(&none, "next")), (&json!(6), None, None));
        let cut = server.ok(&format!("{history}?_elements=gender&_count=1")).await;
        let cut = &cut["entry"][0]["resource"];
        assert_eq!((cut.get("address"), &cut["meta"]["tag"][0]["code"]), (None, &json!("SUBSETTED")));
        let xml = server.get(&format!("{history}?_format=xml&_count=1")).await.text();
        for part in ["<type value=\"history\"/>", "<city value=\"F\"/>", "<method value=\"PUT\"/>"] {
            assert!(xml.contains(part), "{part}: {xml}");
        }
        let head = server.ask(Method::HEAD, &history, &[]).await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        // A page link is of one history.
        let query = next.split_once('?').unwrap().1;
        for other in [format!("{query}&_since=2026-01-01T00:00:00Z"), query.replace("_cursor=", "_cursor=A")] {
            let refused = server.get(&format!("{history}?{other}")).await;
            assert_eq!(refused.status, 400, "{other}: {}", refused.text());
        }
    }

    async fn requests_for_versions_are_refused_with_a_reason(kind) {
        let db = Database::new(kind);
        deliver(&db, 0, "A");
        deliver(&db, 1, "B");
        assert_eq!(number(&db, "SELECT SUM(kept_rows) FROM cg_delivery"), 1);
        let server = Setup::over(&db).start().await;
        let history = format!("/fhir/{PATIENT}/_history");
        let never = "404 error not-found: The resource never had this version; all since its source was first loaded, \
                     2026-03-01T12:00:00Z, are known";
        for (address, expected) in [
            (format!("{history}/0123456789abcdef"), never),
            (format!("{history}/a%20b"), never),
            ("/fhir/Patient/healthjump.pt.2/_history".to_owned(), "404 error not-found: There is no such resource"),
            ("/fhir/Patient/healthjump.pt.2/_history/1".to_owned(), "404 error not-found: There is no such resource"),
            ("/fhir/Patient/healthjump.enc.1/_history".to_owned(), "404 error not-found: There is no such resource"),
            (format!("{history}?_since=yesterday"), "400 error value: _since takes one instant such as 2026-01-31T10:00:00Z at http._since"),
            (format!("{history}?_at=2026"), "400 error not-supported: This does not support _at at http._at"),
            (format!("{history}?family=Muster"), "400 error not-supported: This does not support family at http.family"),
        ] {
            assert_eq!(server.get(&address).await.error(), expected, "{address}");
        }
        assert_eq!(server.get(&format!("{history}?_count=-1")).await.status, 400);
        assert_eq!(server.get(&format!("{history}?_count=1&_cursor=AAAA")).await.status, 400);
        let posted = server.ask(Method::POST, &history, &[]).await;
        assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
        // Versions do not change, and caches may ask so.
        let bundle = server.ok(&history).await;
        let tag = bundle["entry"][1]["response"]["etag"].as_str().unwrap();
        let old = format!("{history}/{}", tag.trim_start_matches("W/").trim_matches('"'));
        assert_eq!(server.ask(Method::GET, &old, &[("if-none-match", tag)]).await.status, 304);
        assert_eq!(server.ok(&old).await["address"][0]["city"], "A");
    }

    async fn the_same_delivery_again_leaves_no_trace(kind) {
        for sample in samples() {
            let db = Database::new(kind);
            for number in 0..3 {
                load(&db, sample, number, sample.delivery.clone());
            }
            let kept = "SELECT COALESCE(SUM(kept_rows), 0) FROM cg_delivery";
            assert_eq!(number(&db, kept), 0, "{}", sample.vendor.name);
            for table in tests::support::dump::row_tables(&db) {
                let old = if table.starts_with("cg_was_") { table } else { format!("cg_was_{table}") };
                assert_eq!(number(&db, &format!("SELECT COUNT(*) FROM {old}")), 0, "{old}");
            }
        }
    }
}
