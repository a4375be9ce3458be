//! HTTP around FHIR: formats, compression, request ids, other origins.

use std::io::Read;

use actix_web::http::Method;
use serde_json::Value;
use tests::on_both;
use tests::support::sample::samples;
use tests::support::server::{Setup, link};
use tests::support::shared::clinic;

on_both! {
    async fn json_in_every_name_that_clients_have_for_it(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let plain = server.get("/fhir/Patient/healthjump.pt.1").await;
        for accept in [
            "application/fhir+json",
            "application/json",
            "text/json",
            "*/*",
            "application/*",
            "text/html, application/fhir+json;q=0.9",
            "application/fhir+json; fhirVersion=4.0",
            "APPLICATION/JSON",
            "application/json+fhir",
        ] {
            let response = server.ask(Method::GET, "/fhir/Patient/healthjump.pt.1", &[("accept", accept)]).await;
            assert_eq!((response.status, &response.body), (200, &plain.body), "{accept}");
            assert_eq!(response.header("content-type"), "application/fhir+json; charset=utf-8");
        }
        for format in ["json", "application/json", "application/fhir%2Bjson", "application/fhir+json", "text/json"] {
            // `_format` goes before what the client's library puts into `Accept`.
            let address = format!("/fhir/Patient/healthjump.pt.1?_format={format}");
            assert_eq!(server.ask(Method::GET, &address, &[("accept", "application/xml")]).await.status, 200, "{format}");
        }
    }

    async fn pretty_means_the_same(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for address in ["/fhir/Patient/healthjump.pt.1", "/fhir/metadata"] {
            let (flat, pretty) = (server.get(address).await, server.get(&format!("{address}?_pretty=true")).await);
            assert!(pretty.text().lines().count() > 10);
            assert_eq!(flat.text().lines().count(), 1);
            assert_eq!(pretty.json(), flat.json());
            assert_eq!(server.get(&format!("{address}?_pretty=false")).await.body, flat.body);
        }
        let search = server.get("/fhir/Patient?_pretty=true&_count=1").await;
        assert!(search.text().lines().count() > 10);
        let next = link(&search.json(), "next").unwrap();
        assert!(server.get(&next).await.text().lines().count() > 10, "{next}");
    }

    async fn long_answers_are_compressed_for_who_can_read_it(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let plain = server.get("/fhir/Patient").await;
        assert_eq!(plain.header("content-encoding"), "");
        let packed = server.ask(Method::GET, "/fhir/Patient", &[("accept-encoding", "gzip")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert!(packed.body.len() < plain.body.len());
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), plain.json());
        assert!(packed.headers.get_all("vary").any(|v| v == "accept-encoding"), "{:?}", packed.headers);
        let short = server.ask(Method::GET, "/fhir/Patient/none", &[("accept-encoding", "gzip")]).await;
        assert_eq!(short.header("content-encoding"), "");
    }

    async fn a_request_has_an_id(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let own = server.ask(Method::GET, "/fhir/Patient", &[("x-request-id", "client-1.2_3")]).await;
        assert_eq!(own.header("x-request-id"), "client-1.2_3");
        let (one, two) = (server.get("/fhir/Patient").await, server.get("/nothing").await);
        assert!(!one.header("x-request-id").is_empty());
        assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
        let strange = server.ask(Method::GET, "/fhir/Patient", &[("x-request-id", "a b\"c")]).await;
        assert_ne!(strange.header("x-request-id"), "a b\"c");
    }

    async fn answers_are_kept_from_caches_that_others_use(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for address in ["/fhir/Patient", "/fhir/Patient/healthjump.pt.1", "/fhir/Patient/none"] {
            let response = server.get(address).await;
            assert!(response.header("cache-control").contains("private"), "{address}");
            assert_eq!(response.header("x-content-type-options"), "nosniff");
        }
    }

    async fn web_pages_may_ask_where_that_is_configured(kind) {
        let server = Setup::over(clinic(kind)).with("[server]\ncors_origin = \"*\"\n").start().await;
        let headers = [("origin", "https://app.example.org"), ("access-control-request-method", "GET")];
        let asked = server.ask(Method::OPTIONS, "/fhir/Patient", &headers).await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, "*"));
        assert!(asked.header("access-control-allow-headers").contains("Prefer"));
        assert!(asked.header("access-control-allow-headers").contains("If-Modified-Since"));
        assert!(asked.header("access-control-allow-methods").contains("HEAD"));
        let closed = Setup::over(clinic(kind)).start().await;
        assert_eq!(closed.get("/fhir/Patient").await.header("access-control-allow-origin"), "");
    }

    /// Wherever GET is answered, HEAD is, with the same headers and no body; so are refusals.
    async fn head_wherever_there_is_get(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for address in [
            "/", "/health", "/fhir", "/fhir/", "/fhir/metadata", "/fhir/Patient", "/fhir/Patient/", "/fhir/Patient/healthjump.pt.1",
            "/fhir/Patient/healthjump.pt.1/Encounter", "/fhir/Patient/healthjump.pt.1/*", "/fhir/Patient/healthjump.pt.1/$everything",
            "/fhir?_type=Patient", "/fhir/Patient?_format=xml", "/fhir/Patient?birthdate=x", "/fhir/Patient/none", "/fhir/Nothing",
            "/fhir/Encounter/healthjump.enc.14", "/fhir/Patient?_format=html", "/nothing",
        ] {
            let (get, head) = (server.get(address).await, server.ask(Method::HEAD, address, &[]).await);
            assert_eq!((head.status, head.body.len()), (get.status, 0), "{address}");
            assert!(!get.body.is_empty(), "{address}");
            for name in ["content-type", "etag", "last-modified", "vary", "cache-control", "retry-after"] {
                assert_eq!(head.header(name), get.header(name), "{address} {name}");
            }
        }
    }

    /// OPTIONS of an address says which methods it takes.
    async fn options_of_an_address(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for (address, status, allow) in [
            ("/fhir/Patient/healthjump.pt.1", 204, "GET, HEAD, OPTIONS"),
            ("/fhir/Patient", 204, "GET, HEAD, OPTIONS"),
            ("/fhir/Patient/_search", 204, "POST, OPTIONS"),
            ("/fhir", 204, "GET, HEAD, POST, OPTIONS"),
            ("/fhir/Nothing", 404, ""),
            ("/nothing", 404, ""),
        ] {
            let asked = server.ask(Method::OPTIONS, address, &[]).await;
            assert_eq!((asked.status, asked.header("allow")), (status, allow), "{address}");
        }
    }

    /// What is found by POST goes on by GET, and ends as the search by GET does.
    async fn next_links_of_a_search_by_post(kind) {
        let server = Setup::all(kind).start().await;
        let alone = samples().iter().map(|sample| format!("/{}/fhir", sample.name()));
        for base in alone.chain(["/fhir".to_owned()]) {
            for (ty, form) in [("Condition", "_sort=-recorded-date&_count=9&_include=Condition:patient"), ("Patient", "_count=3&_pretty=true"), ("Encounter", "_count=20&_elements=status")] {
                let first = server.post(&format!("{base}/{ty}/_search"), form).await.json();
                let mut pages = vec![first];
                while let Some(next) = link(&pages[pages.len() - 1], "next") {
                    pages.push(server.ok(&next).await);
                }
                assert!(pages.len() > 1, "{base}/{ty}");
                let wanted = server.pages(&format!("{base}/{ty}?{form}")).await;
                let entries = |pages: &[Value]| pages.iter().map(|page| page["entry"].clone()).collect::<Vec<_>>();
                assert_eq!(entries(&pages), entries(&wanted), "{base}/{ty}");
            }
        }
    }

    async fn health_and_the_front_page(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let health = server.get("/health").await;
        assert_eq!(health.status, 200);
        assert_eq!(health.json(), serde_json::json!({"status": "ok", "sources": {"healthjump": "ok"}}));
        assert_eq!(server.get("/").await.json()["start"], "http://localhost:8080/fhir/metadata");
    }
}
