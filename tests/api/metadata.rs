//! The CapabilityStatement claims exactly what is served.

use std::collections::BTreeSet;

use fhir::{definitions, us_core};
use serde_json::Value;
use tests::on_both;
use tests::oracle::params;
use tests::support::sample::bases;
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
        for base in bases() {
            let statement = server.ok(&format!("{base}/metadata")).await;
            for resource in list(&statement["rest"][0]["resource"]) {
                claims_work(&server, &base, resource).await;
            }
        }
    }

    /// What conformance harnesses look for, of each base.
    async fn the_statement_has_what_harnesses_look_for(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases() {
            well_formed(&server, &base, &server.ok(&format!("{base}/metadata")).await).await;
        }
    }

    /// All together say what all can; a source alone may say more.
    async fn the_statement_of_all_is_what_all_have(kind) {
        let server = Setup::all(kind).start().await;
        let all = params(&server.ok("/fhir/metadata").await);
        let mut more = 0;
        for base in bases().into_iter().skip(1) {
            let one = params(&server.ok(&format!("{base}/metadata")).await);
            let types: BTreeSet<&str> = one.iter().map(|(ty, _)| ty.as_str()).collect();
            let missing: Vec<_> = all.iter().filter(|p| types.contains(p.0.as_str()) && !one.contains(p)).collect();
            assert!(missing.is_empty(), "{base}: {missing:?}");
            more += one.difference(&all).count();
        }
        assert!(more > 0);
    }

    async fn parts_of_the_statement(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let summary = server.ok("/fhir/metadata?_summary=true").await;
        assert_eq!(summary["meta"]["tag"][0]["code"], "SUBSETTED");
        assert_eq!((&summary["fhirVersion"], &summary["kind"]), (&"4.0.1".into(), &"instance".into()));
        assert_eq!(summary["rest"][0]["mode"], "server");
        assert!(summary["rest"][0]["documentation"].is_null());
        let elements = server.ok("/fhir/metadata?_elements=software").await;
        assert!(elements["software"].is_object() && elements["rest"].is_null() && elements["format"].is_array());
        assert_eq!(server.get("/fhir/metadata?_summary=count").await.status, 400);
        assert_eq!(server.get("/fhir/metadata?_summary=x").await.status, 400);
        assert_eq!(server.get("/fhir/OperationDefinition/nothing").await.status, 404);
    }

    async fn the_statement_needs_no_database(kind) {
        let missing = tests::support::database::Database::new(kind);
        let server = Setup::over(&missing).start().await;
        assert_eq!(server.get("/fhir/metadata").await.status, 200);
    }
}

/// All together, and each alone.
fn params(statement: &Value) -> BTreeSet<(String, String)> {
    let of = |resource: &Value| {
        let ty = resource["type"].as_str().unwrap().to_owned();
        let names: Vec<&str> = list(&resource["searchParam"])
            .iter()
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        names
            .into_iter()
            .map(|name| (ty.clone(), name.to_owned()))
            .collect::<Vec<_>>()
    };
    list(&statement["rest"][0]["resource"]).iter().flat_map(of).collect()
}

async fn well_formed(server: &Server, base: &str, statement: &Value) {
    assert_eq!(statement["kind"], "instance");
    assert_eq!(statement["implementation"]["url"], format!("{ORIGIN}{base}"));
    assert!(statement["software"]["version"].is_string() && statement["date"].is_string());
    assert!(statement["fhirVersion"].as_str().unwrap().starts_with("4.0"));
    for format in ["json", "application/fhir+json", "xml", "application/fhir+xml"] {
        assert!(list(&statement["format"]).contains(&format.into()), "{format}");
    }
    for (element, canonical) in [
        ("instantiates", us_core::SERVER),
        ("implementationGuide", us_core::GUIDE),
    ] {
        for version in us_core::VERSIONS {
            assert!(
                list(&statement[element]).contains(&format!("{canonical}|{version}").into()),
                "{element}"
            );
        }
    }
    // The test kit of US Core compares without a version.
    assert!(list(&statement["instantiates"]).contains(&us_core::SERVER.into()));
    let rest = list(&statement["rest"]);
    assert_eq!((rest.len(), &rest[0]["mode"]), (1, &"server".into()));
    assert!(rest[0]["security"]["description"].is_string());
    let mut types = BTreeSet::new();
    let mut profiles = BTreeSet::new();
    for resource in list(&rest[0]["resource"]) {
        let ty = resource["type"].as_str().unwrap();
        assert!(types.insert(ty), "{ty} twice");
        profiles.extend(list(&resource["supportedProfile"]).iter().map(|p| p.as_str().unwrap()));
        let names: Vec<&str> = list(&resource["searchParam"])
            .iter()
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{ty}");
        for combination in list(&resource["extension"]) {
            let parts = list(&combination["extension"]);
            assert!(["SHALL", "SHOULD"].contains(&parts[0]["valueCode"].as_str().unwrap()));
            let required: Vec<&str> = parts[1..].iter().map(|p| p["valueString"].as_str().unwrap()).collect();
            assert!(
                required.len() > 1 && required.iter().all(|name| names.contains(name)),
                "{ty} {required:?}"
            );
        }
        operations(server, resource).await;
    }
    operations(server, &rest[0]).await;
    assert!(
        profiles.contains(us_core::PATIENT) && profiles.len() > 1,
        "{profiles:?}"
    );
}

/// A definition of our own is where the statement says that it is.
async fn operations(server: &Server, of: &Value) {
    for operation in list(&of["operation"]) {
        let definition = operation["definition"].as_str().unwrap();
        if definition.starts_with(ORIGIN) {
            let defined = server.ok(definition).await;
            assert_eq!(
                (&defined["code"], &defined["url"]),
                (&operation["name"], &operation["definition"])
            );
        }
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
