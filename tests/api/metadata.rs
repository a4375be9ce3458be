//! The CapabilityStatement claims exactly what is served.

use fhir::definitions;
use serde_json::Value;
use tests::on_both;
use tests::oracle::params;
use tests::support::sample::samples;
use tests::support::server::{ORIGIN, Server, Setup};
use tests::support::shared::clinic;

on_both! {
    async fn the_statement_as_a_whole(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let response = server.get("/fhir/metadata").await;
        assert_eq!(response.header("content-type"), "application/fhir+json; charset=utf-8");
        insta::assert_json_snapshot!("metadata", response.json());
        let one = server.ok("/healthjump/fhir/metadata").await;
        assert_eq!(one["implementation"]["url"], format!("{ORIGIN}/healthjump/fhir"));
    }

    /// Every parameter, include and modifier that is claimed is taken by a strict request, by each source and by all together;
    /// the oracle knows each of them.
    async fn what_is_claimed_works(kind) {
        let server = Setup::all(kind).start().await;
        let alone = samples().iter().map(|sample| format!("/{}/fhir", sample.name()));
        for base in alone.chain(["/fhir".to_owned()]) {
            let statement = server.ok(&format!("{base}/metadata")).await;
            for resource in list(&statement["rest"][0]["resource"]) {
                claims_work(&server, &base, resource).await;
            }
        }
    }

    async fn the_statement_needs_no_database(kind) {
        let missing = tests::support::database::Database::new(kind);
        let server = Setup::over(&missing).start().await;
        assert_eq!(server.get("/fhir/metadata").await.status, 200);
    }
}

async fn claims_work(server: &Server, base: &str, resource: &Value) {
    let ty = resource["type"].as_str().unwrap();
    let known: Vec<&str> = params::of(ty).iter().map(|p| p.name).collect();
    for param in list(&resource["searchParam"]) {
        let name = param["name"].as_str().unwrap();
        let value = match param["type"].as_str().unwrap() {
            "date" => "2020",
            _ => "x",
        };
        accepted(server, &format!("{base}/{ty}?{name}={value}")).await;
        accepted(server, &format!("{base}/{ty}?{name}:missing=true")).await;
        assert!(known.contains(&name), "{ty} {name}: the oracle does not test it");
        let defined = definitions::find(ty.parse().unwrap(), name).unwrap();
        let told = (param["definition"].as_str(), param["type"].as_str());
        assert_eq!(told, (Some(defined.url().as_str()), Some(defined.ty.code())));
    }
    for include in list(&resource["searchInclude"]) {
        accepted(server, &format!("{base}/{ty}?_include={}", include.as_str().unwrap())).await;
    }
    let interactions: Vec<&str> = list(&resource["interaction"])
        .iter()
        .map(|i| i["code"].as_str().unwrap())
        .collect();
    for basic in ["read", "search-type"] {
        assert!(interactions.contains(&basic), "{ty}: {interactions:?}");
    }
}

/// By a client that has refused whatever would be ignored.
async fn accepted(server: &Server, address: &str) {
    let strict = [("prefer", "handling=strict")];
    let response = server.ask(actix_web::http::Method::GET, address, &strict).await;
    assert_eq!(response.status, 200, "{address}: {}", response.text());
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
