//! What holds without any row: the database of these tests is away.

use std::path::Path;

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode, header};
use actix_web::test::{TestRequest, init_service, read_body};
use serde_json::Value;

use super::*;

const CONFIG: &str = "[server]\ncors_origin = \"*\"\n[limits]\nconnect_seconds = 1\nthreads = 1\n[[source]]\nname = \"hj\"\nvendor = \"healthjump\"\n\
                      url = \"sqlite://no/such/folder/hj.db\"\nzone = \"UTC\"\n";

fn state() -> web::Data<State> {
    let config = Config::parse(CONFIG, Path::new("chartgate.toml")).unwrap();
    web::Data::new(State::new(&config, "http://test", &[7; 32], crate::clock::now, None).unwrap())
}

async fn send(request: TestRequest) -> ServiceResponse<impl MessageBody> {
    let app = init_service(app(state())).await;
    actix_web::test::call_service(&app, request.to_request()).await
}

/// Status, media type and body.
async fn told(request: TestRequest) -> (u16, String, Value) {
    let response = send(request).await;
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .map(|k| k.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = read_body(response).await;
    (
        status,
        kind.unwrap_or_default(),
        serde_json::from_slice(&body).unwrap_or_default(),
    )
}

fn ask(method: Method, path: &str) -> TestRequest {
    TestRequest::with_uri(path).method(method)
}

#[actix_web::test]
async fn every_refusal_is_an_operation_outcome() {
    let form = |text: &'static str| {
        let kind = (header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        ask(Method::POST, "/fhir/Patient/_search")
            .insert_header(kind)
            .set_payload(text)
    };
    let long = format!("/fhir/Patient?name={}", "a".repeat(40_000));
    let json = (header::CONTENT_TYPE, "application/json");
    let accept = |value: &'static str| ask(Method::GET, "/fhir/metadata").insert_header((header::ACCEPT, value));
    let strict = ("Prefer", "handling=strict");
    for (request, status, code) in [
        (ask(Method::GET, "/nowhere"), 404, "not-found"),
        (ask(Method::GET, "/other/fhir/Patient"), 404, "not-found"),
        (ask(Method::GET, "/fhir"), 503, "transient"),
        (ask(Method::GET, "/hj/fhir/Device/1"), 404, "not-supported"),
        (ask(Method::GET, "/fhir/patient"), 404, "not-supported"),
        (ask(Method::GET, "/fhir/Patient/1/_lineage"), 404, "not-supported"),
        (ask(Method::GET, "/fhir/Patient/hj_pt"), 404, "not-found"),
        (ask(Method::GET, "/fhir/Patient/other.pt.1"), 404, "not-found"),
        (ask(Method::POST, "/fhir/Patient"), 405, "not-supported"),
        (ask(Method::DELETE, "/fhir/Patient/hj.pt.1"), 405, "not-supported"),
        (ask(Method::PATCH, "/fhir/Device/1"), 404, "not-supported"),
        (ask(Method::GET, "/fhir/Patient/_search"), 405, "not-supported"),
        (accept("text/turtle"), 406, "not-supported"),
        (ask(Method::GET, "/fhir/metadata?_format=ttl"), 406, "not-supported"),
        (
            accept("*/*").insert_header((header::ACCEPT_ENCODING, "identity;q=0")),
            406,
            "not-supported",
        ),
        (form("birthdate=x"), 400, "value"),
        (form("name=%zz"), 400, "invalid"),
        (
            ask(Method::GET, "/fhir/Patient?nam=x").insert_header(strict),
            400,
            "not-supported",
        ),
        (
            ask(Method::GET, "/fhir/Patient/hj.pt.1?_sort=birthdate").insert_header(strict),
            400,
            "not-supported",
        ),
        (
            ask(Method::POST, "/fhir/Patient/_search")
                .insert_header(json)
                .set_payload("{}"),
            415,
            "not-supported",
        ),
        (
            ask(Method::POST, "/fhir/Patient/_search").set_payload("a=b"),
            415,
            "not-supported",
        ),
        (form("a=b").set_payload("a".repeat(70_000)), 413, "too-long"),
        (ask(Method::GET, &long), 414, "too-long"),
        (ask(Method::GET, "/fhir/Patient/hj.pt.1"), 503, "transient"),
        (ask(Method::GET, "/fhir/Patient?name=x"), 503, "transient"),
    ] {
        let (got, kind, body) = told(request).await;
        assert_eq!((got, body["issue"][0]["code"].as_str()), (status, Some(code)), "{body}");
        assert_eq!(kind, "application/fhir+json; charset=utf-8", "{body}");
        assert_eq!(body["resourceType"], "OperationOutcome");
    }
}

#[actix_web::test]
async fn methods_that_are_taken_are_told() {
    for (path, method, allow) in [
        ("/fhir/Patient/1", Method::PUT, "GET, HEAD"),
        ("/fhir/Patient", Method::POST, "GET, HEAD"),
        ("/fhir/Patient/_search", Method::GET, "POST"),
        ("/fhir/metadata", Method::POST, "GET, HEAD"),
        ("/health", Method::POST, "GET, HEAD"),
    ] {
        let response = send(ask(method, path)).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(response.headers().get(header::ALLOW).unwrap(), allow, "{path}");
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_told_with_when_to_come_back() {
    let response = send(ask(Method::GET, "/hj/fhir/Patient/hj.pt.1")).await;
    assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "5");
    let (status, kind, body) = told(ask(Method::GET, "/health")).await;
    assert_eq!((status, kind.as_str()), (503, "application/json"));
    assert_eq!(
        body,
        serde_json::json!({ "status": "unavailable", "sources": { "hj": "unavailable" } })
    );
}

#[actix_web::test]
async fn each_base_has_its_own_statement_of_the_declarations() {
    for (path, base) in [
        ("/fhir/metadata", "http://test/fhir"),
        ("/hj/fhir/metadata", "http://test/hj/fhir"),
    ] {
        let (status, kind, body) = told(ask(Method::GET, path)).await;
        assert_eq!((status, kind.as_str()), (200, "application/fhir+json; charset=utf-8"));
        assert_eq!(body["implementation"]["url"], base);
        assert_eq!(body["fhirVersion"], "4.0.1");
        let resources = body["rest"][0]["resource"].as_array().unwrap();
        let types: Vec<&str> = resources.iter().filter_map(|r| r["type"].as_str()).collect();
        let expected = [
            "Condition",
            "Encounter",
            "Location",
            "Organization",
            "Patient",
            "Practitioner",
            "Procedure",
            "Provenance",
        ];
        assert_eq!(types, expected);
        for resource in resources {
            for param in resource["searchParam"].as_array().unwrap() {
                assert!(
                    param["definition"]
                        .as_str()
                        .unwrap()
                        .starts_with("http://hl7.org/fhir/"),
                    "{param}"
                );
            }
        }
    }
}

#[actix_web::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let full = send(ask(Method::GET, "/fhir/metadata")).await;
    let head = send(ask(Method::HEAD, "/fhir/metadata")).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(
        head.headers().get(header::CONTENT_TYPE),
        full.headers().get(header::CONTENT_TYPE)
    );
    assert_eq!(head.response().body().size(), full.response().body().size());
    assert!(read_body(head).await.is_empty());
}

#[actix_web::test]
async fn common_headers_are_everywhere() {
    for path in ["/", "/health", "/fhir/metadata", "/nowhere", "/fhir/Patient/hj.pt.1"] {
        let response = send(ask(Method::GET, path).insert_header(("X-Request-Id", "abc-1"))).await;
        let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap());
        assert_eq!(header("X-Request-Id"), Some("abc-1"), "{path}");
        assert_eq!(header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        assert_eq!(header("Cache-Control"), Some("private, no-cache"), "{path}");
        assert_eq!(header("Access-Control-Allow-Origin"), Some("*"), "{path}");
        assert_eq!(header("Content-Encoding"), None, "{path}");
    }
}

#[actix_web::test]
async fn browsers_may_ask_before_they_ask() {
    let question = ask(Method::OPTIONS, "/fhir/Patient")
        .insert_header(("Origin", "https://app.example.org"))
        .insert_header(("Access-Control-Request-Method", "GET"));
    let response = send(question).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let methods = response.headers().get(header::ACCESS_CONTROL_ALLOW_METHODS).unwrap();
    assert_eq!(methods, "GET, HEAD, POST, OPTIONS");
}

#[actix_web::test]
async fn only_what_is_worth_it_is_compressed() {
    let gzip = (header::ACCEPT_ENCODING, "gzip");
    for (path, encoding) in [("/fhir/metadata", Some("gzip")), ("/nowhere", None)] {
        let response = send(ask(Method::GET, path).insert_header(gzip.clone())).await;
        let got = response
            .headers()
            .get(header::CONTENT_ENCODING)
            .map(|v| v.to_str().unwrap());
        assert_eq!(got, encoding, "{path}");
    }
}

#[actix_web::test]
async fn pretty_answers_are_indented() {
    let response = send(ask(Method::GET, "/fhir/metadata?_pretty=true")).await;
    let body = read_body(response).await;
    assert!(body.starts_with(b"{\n  \"resourceType\": \"CapabilityStatement\",\n"));
}

#[actix_web::test]
async fn a_database_that_is_away_does_not_keep_the_server_from_starting() {
    assert_eq!(state().verify(), Ok(vec!["hj".to_owned()]));
}
