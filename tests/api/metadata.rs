//! The CapabilityStatement claims exactly what is served.

use fhir::definitions;
use serde_json::Value;
use tests::on_both;
use tests::oracle::params;
use tests::support::server::{ORIGIN, Setup};
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

    /// Every parameter, include and modifier that is claimed is taken by a strict request; the oracle knows each of them.
    async fn what_is_claimed_works(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let statement = server.ok("/fhir/metadata").await;
        let strict = [("prefer", "handling=strict")];
        for resource in list(&statement["rest"][0]["resource"]) {
            let ty = resource["type"].as_str().unwrap();
            let mut known: Vec<&str> = params::of(ty).iter().map(|p| p.name).collect();
            let mut claimed = vec![];
            for param in list(&resource["searchParam"]) {
                let name = param["name"].as_str().unwrap();
                claimed.push(name);
                let value = match param["type"].as_str().unwrap() {
                    "date" => "2020",
                    _ => "x",
                };
                for query in [format!("{name}={value}"), format!("{name}:missing=true")] {
                    let response = server.ask(actix_web::http::Method::GET, &format!("/fhir/{ty}?{query}"), &strict).await;
                    assert_eq!(response.status, 200, "{ty}?{query}: {}", response.text());
                }
                let defined = definitions::find(ty.parse().unwrap(), name).unwrap();
                assert_eq!((param["definition"].as_str(), param["type"].as_str()), (Some(defined.url().as_str()), Some(defined.ty.code())));
            }
            known.sort_unstable();
            claimed.sort_unstable();
            assert_eq!(claimed, known, "{ty}: what is claimed and what the oracle tests");
            for include in list(&resource["searchInclude"]) {
                let query = format!("/fhir/{ty}?_include={}", include.as_str().unwrap());
                assert_eq!(server.ask(actix_web::http::Method::GET, &query, &strict).await.status, 200, "{query}");
            }
            let interactions: Vec<&str> = list(&resource["interaction"]).iter().map(|i| i["code"].as_str().unwrap()).collect();
            assert_eq!(interactions, ["read", "search-type"]);
        }
    }

    async fn the_statement_needs_no_database(kind) {
        let missing = tests::support::database::Database::new(kind);
        let server = Setup::over(&missing).start().await;
        assert_eq!(server.get("/fhir/metadata").await.status, 200);
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
