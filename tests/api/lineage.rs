//! `$lineage`: where each element comes from.

mod cases;
mod truth;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;
use tests::on_both;
use tests::support::sample::samples;
use tests::support::server::{Server, Setup};
use tests::support::shared::clinic;

/// One `element` or `unused` of an answer: its parts by name.
type Parts = BTreeMap<String, String>;

/// The elements of a lineage, and the cells that gave none.
fn told(answer: &Value) -> (Vec<Parts>, Vec<Parts>) {
    assert_eq!(answer["resourceType"], "Parameters");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |name: &str| -> Vec<Parts> {
        let all = answer["parameter"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["name"] == name);
        all.map(|p| {
            let parts = p["part"].as_array().unwrap();
            parts
                .iter()
                .map(|part| (text(&part["name"]), text(&part["valueString"])))
                .collect()
        })
        .collect()
    };
    (of("element"), of("unused"))
}

/// The leaves of a resource with their paths, as a lineage names them.
fn leaves(path: &str, value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, field)| leaves(&format!("{path}.{name}"), field, found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(n, item)| leaves(&format!("{path}[{n}]"), item, found)),
        Value::String(text) => drop(found.insert((path.to_owned(), text.clone()))),
        Value::Null => {}
        other => drop(found.insert((path.to_owned(), other.to_string()))),
    }
}

/// Some ids of every mapping of every vendor, as `Type/id` under the vendor's base.
async fn some_of_each(server: &Server, each: usize) -> Vec<(String, String)> {
    let mut all = vec![];
    for sample in samples() {
        let base = format!("/{}/fhir", sample.name());
        let served = sample.vendor.served();
        let types: BTreeSet<&str> = served.iter().map(|p| p.target().ty.as_str()).collect();
        for ty in types {
            let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for id in server.ids(&format!("{base}/{ty}?_count=200")).await {
                by_kind
                    .entry(id.split('.').nth(1).unwrap().to_owned())
                    .or_default()
                    .push(id);
            }
            for ids in by_kind.into_values() {
                let step = (ids.len() / each).max(1);
                all.extend(
                    ids.iter()
                        .step_by(step)
                        .take(each)
                        .map(|id| (base.clone(), format!("{ty}/{id}"))),
                );
            }
        }
    }
    all
}

on_both! {
    async fn every_element_is_listed(kind) {
        let server = Setup::all(kind).start().await;
        for (base, name) in some_of_each(&server, 2).await {
            let resource = server.ok(&format!("{base}/{name}")).await;
            let (elements, unused) = told(&server.ok(&format!("{base}/{name}/$lineage")).await);
            let mut wanted = BTreeSet::new();
            leaves(name.split('/').next().unwrap(), &resource, &mut wanted);
            let valued = elements.iter().filter(|e| e.contains_key("value"));
            let found: BTreeSet<(String, String)> = valued.map(|e| (e["path"].clone(), e["value"].clone())).collect();
            assert_eq!(found, wanted, "{name}");
            assert!(elements.iter().any(|e| e.contains_key("column")), "{name}");
            for element in elements.iter().chain(&unused) {
                assert_eq!(element["source"], base[1..].split('/').next().unwrap());
                let all = ["table", "key", "column", "raw"].map(|part| element.contains_key(part));
                assert!(all == [true; 4] || all == [false; 4], "{name}: {element:?}");
                let rule = element.get("rule").or(element.get("why")).unwrap();
                assert!(!rule.is_empty() && !rule.starts_with("not traced"), "{name}: {element:?}");
            }
        }
    }

    /// The cells are those of the database.
    async fn cells_are_as_delivered(kind) {
        let server = Setup::all(kind).start().await;
        for sample in samples() {
            let base = format!("/{}/fhir", sample.name());
            for ty in ["Patient", "Encounter", "Condition"] {
                let id = &server.ids(&format!("{base}/{ty}?_count=1")).await[0];
                let (elements, unused) = told(&server.ok(&format!("{base}/{ty}/{id}/$lineage")).await);
                let mut conn = sample.loaded(kind).connect();
                for cell in elements.iter().chain(&unused).filter(|e| e.contains_key("raw")) {
                    let (table, column, key) = (&cell["table"], &cell["column"], &cell["key"]);
                    let count = diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {table} WHERE key = $1 AND {column} = $2"))
                        .bind::<Text, _>(key)
                        .bind::<Text, _>(&cell["raw"])
                        .get_result::<Count>(&mut conn)
                        .unwrap();
                    assert_eq!(count.n, 1, "{cell:?}");
                }
            }
        }
    }

    async fn it_is_refused_as_a_read_is(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        assert_eq!(server.get("/fhir/Patient/healthjump.pt.404/$lineage").await.status, 404);
        assert_eq!(server.get("/fhir/Patient/nobody/$lineage").await.status, 404);
        assert_eq!(server.get("/fhir/Encounter/healthjump.enc.14/$lineage").await.status, 410);
        assert_eq!(server.get("/fhir/Observation/healthjump.enc.14/$lineage").await.status, 404);
        assert_eq!(server.ask(Method::POST, "/fhir/Patient/healthjump.pt.1/$lineage", &[]).await.status, 405);
        let head = server.ask(Method::HEAD, "/fhir/Patient/healthjump.pt.1/$lineage", &[]).await;
        assert_eq!(head.status, 200);
        let pretty = server.get("/fhir/Patient/healthjump.pt.1/$lineage?_pretty=true").await;
        assert_eq!(pretty.status, 200);
        assert!(pretty.text().starts_with("{\n  \"resourceType\": \"Parameters\""), "{}", pretty.text());
    }
}

/// What `COUNT(*)` says.
#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}
