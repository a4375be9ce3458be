//! Reads: the resource, its version, and answers to clients that have it already.

use actix_web::http::Method;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::support::server::{ORIGIN, Setup, resources, unversioned};
use tests::support::shared::clinic;

on_both! {
    async fn a_read_gives_the_resource_with_its_version(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let response = server.get("/fhir/Patient/healthjump.pt.1").await;
        assert_eq!(response.status, 200);
        assert_eq!(response.header("content-type"), "application/fhir+json; charset=utf-8");
        assert_eq!(response.header("last-modified"), "Sat, 01 Feb 2025 09:05:06 GMT");
        let resource = response.json();
        let version = resource["meta"]["versionId"].as_str().unwrap();
        assert_eq!(response.header("etag"), format!("W/\"{version}\""));
        insta::assert_json_snapshot!("patient", unversioned(resource));
    }

    async fn every_type_reads_as_its_search_shows_it(kind) {
        let server = Setup::all(kind).start().await;
        for ty in Claims::read(&server.ok("/fhir/metadata").await).types() {
            for bundle in server.pages(&format!("/fhir/{ty}?_count=100")).await {
                for entry in bundle["entry"].as_array().unwrap() {
                    let url = entry["fullUrl"].as_str().unwrap();
                    assert_eq!(url, format!("{ORIGIN}/fhir/{ty}/{}", entry["resource"]["id"].as_str().unwrap()));
                    assert_eq!(server.ok(url).await, entry["resource"]);
                }
            }
        }
    }

    /// Every reference of every resource can be read.
    async fn no_reference_dangles(kind) {
        let server = Setup::all(kind).start().await;
        let mut references = std::collections::BTreeSet::new();
        for ty in Claims::read(&server.ok("/fhir/metadata").await).types() {
            for bundle in server.pages(&format!("/fhir/{ty}?_count=100")).await {
                for resource in resources(&bundle, "match") {
                    collect(resource, &mut references);
                }
            }
        }
        assert!(references.len() > 50, "{references:?}");
        for reference in &references {
            server.ok(&format!("/fhir/{reference}")).await;
        }
    }

    async fn a_client_that_has_the_version_gets_304(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let address = "/fhir/Patient/healthjump.pt.1";
        let first = server.get(address).await;
        let (tag, modified) = (first.header("etag").to_owned(), first.header("last-modified").to_owned());
        let strong = tag.trim_start_matches("W/").to_owned();
        let several = format!("\"other\", {tag}");
        for (name, value, status) in [
            ("if-none-match", tag.as_str(), 304),
            ("if-none-match", strong.as_str(), 304),
            ("if-none-match", several.as_str(), 304),
            ("if-none-match", "*", 304),
            ("if-none-match", "W/\"other\"", 200),
            ("if-modified-since", modified.as_str(), 304),
            ("if-modified-since", "Sat, 01 Feb 2025 09:05:05 GMT", 200),
        ] {
            let response = server.ask(Method::GET, address, &[(name, value)]).await;
            assert_eq!(response.status, status, "{name}: {value}");
            assert_eq!(response.header("etag"), tag);
            assert_eq!(response.body.is_empty(), status == 304);
        }
    }

    async fn head_has_the_headers_and_no_body(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for address in ["/fhir/Patient/healthjump.pt.1", "/fhir/Patient?_count=1", "/fhir/metadata", "/fhir/Patient/none"] {
            let (get, head) = (server.get(address).await, server.ask(Method::HEAD, address, &[]).await);
            assert_eq!(head.status, get.status);
            assert!(head.body.is_empty(), "{address}");
            for name in ["content-type", "etag", "last-modified"] {
                assert_eq!(head.header(name), get.header(name), "{address} {name}");
            }
        }
    }

    async fn one_source_is_read_under_its_own_base_too(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let all = server.ok("/fhir/Patient/healthjump.pt.1").await;
        assert_eq!(server.ok("/healthjump/fhir/Patient/healthjump.pt.1").await, all);
    }
}

fn collect(value: &serde_json::Value, references: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            if let Some(reference) = fields.get("reference").and_then(serde_json::Value::as_str) {
                references.insert(reference.to_owned());
            }
            fields.values().for_each(|v| collect(v, references));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| collect(v, references)),
        _ => {}
    }
}
