//! `/openapi.json` says what the CapabilityStatement says, and what it says works.

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::Value;
use tests::on_both;
use tests::support::sample::bases;
use tests::support::server::{ORIGIN, Server, Setup, request};

on_both! {
    async fn every_address_answers(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases() {
            let document = server.ok(&format!("{base}/openapi.json")).await;
            for (path, methods) in document["paths"].as_object().unwrap() {
                let path = filled(&server, &base, path).await;
                for method in methods.as_object().unwrap().keys() {
                    let response = match method.as_str() {
                        "get" => server.get(&path).await,
                        "post" if path.ends_with("_search") => {
                            server.post(&path, "_count=1").await
                        }
                        "post" => server.send(json(&path)).await,
                        other => panic!("{path}: {other}"),
                    };
                    assert_eq!(response.status, 200, "{method} {path}: {}", response.text());
                }
            }
        }
    }

    async fn it_says_what_the_capability_statement_says(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases() {
            let document = server.ok(&format!("{base}/openapi.json")).await;
            assert_eq!(document["openapi"], "3.1.0");
            let statement = server.ok(&format!("{base}/metadata")).await;
            let mut claimed = BTreeSet::new();
            for resource in statement["rest"][0]["resource"].as_array().unwrap() {
                let ty = resource["type"].as_str().unwrap();
                for param in resource["searchParam"].as_array().unwrap() {
                    claimed.insert((ty.to_owned(), param["name"].as_str().unwrap().to_owned()));
                }
            }
            assert_eq!(described(&document), claimed, "{base}");
        }
    }

    async fn every_reference_leads_somewhere(kind) {
        let server = Setup::all(kind).start().await;
        let document = server.ok("/openapi.json").await;
        assert_eq!(document, server.ok("/fhir/openapi.json").await);
        let mut references = BTreeSet::new();
        collect(&document, &mut references);
        assert!(references.len() > 50);
        for reference in references {
            assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
        }
    }
}

/// A batch without entries for the base itself, parameters without values for an operation.
fn json(path: &str) -> TestRequest {
    let body = if path.contains('$') {
        r#"{"resourceType":"Parameters"}"#
    } else {
        r#"{"resourceType":"Bundle","type":"batch"}"#
    };
    request(Method::POST, path, &[("content-type", "application/fhir+json")]).set_payload(body)
}

/// The path with ids that are there.
async fn filled(server: &Server, base: &str, path: &str) -> String {
    let mut path = format!("{base}{path}");
    if path.contains("{id}") {
        let ty = path.trim_start_matches(base).split('/').nth(1).unwrap().to_owned();
        let page = server.ok(&format!("{base}/{ty}?_count=1")).await;
        let resource = &page["entry"][0]["resource"];
        path = path
            .replace("{id}", resource["id"].as_str().unwrap())
            .replace("{vid}", resource["meta"]["versionId"].as_str().unwrap());
    }
    if path.contains("{name}") {
        let statement = server.ok(&format!("{base}/metadata")).await;
        let mut urls = BTreeSet::new();
        definitions(&statement, &mut urls);
        let start = format!("{ORIGIN}{base}/OperationDefinition/");
        let own = urls.iter().find_map(|url| url.strip_prefix(&start));
        path = own.map_or(format!("{base}/metadata"), |name| path.replace("{name}", name));
    }
    path
}

/// The types' search parameters by the operations of their addresses.
fn described(document: &Value) -> BTreeSet<(String, String)> {
    let components = &document["components"]["parameters"];
    let mut all = BTreeSet::new();
    for tag in document["tags"].as_array().unwrap() {
        let ty = tag["name"].as_str().unwrap();
        for reference in document["paths"][format!("/{ty}")]["get"]["parameters"]
            .as_array()
            .unwrap()
        {
            let key = reference["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
            if key.starts_with(&format!("{ty}.")) {
                all.insert((ty.to_owned(), components[key]["name"].as_str().unwrap().to_owned()));
            }
        }
    }
    all
}

fn collect<'a>(value: &'a Value, references: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

/// The canonical URLs of operations.
fn definitions(value: &Value, urls: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(url) = fields.get("definition").and_then(Value::as_str) {
                urls.insert(url.to_owned());
            }
            fields.values().for_each(|value| definitions(value, urls));
        }
        Value::Array(values) => values.iter().for_each(|value| definitions(value, urls)),
        _ => {}
    }
}
