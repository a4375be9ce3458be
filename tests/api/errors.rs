//! Every refusal: its status, its OperationOutcome, and that neither repeats a value.

use actix_web::http::Method;
use tests::on_both;
use tests::support::server::{Server, Setup, request};
use tests::support::shared::clinic;

/// What each address is answered with, one line each.
async fn answers(server: &Server, addresses: &[&str]) -> String {
    let mut said = vec![];
    for address in addresses {
        let response = server.get(address).await;
        said.push(format!("{address}\n    {}", response.error()));
    }
    said.join("\n")
}

on_both! {
    async fn wrong_values(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let said = answers(&server, &[
            "/fhir/Patient?birthdate=05/03/1980",
            "/fhir/Patient?birthdate=1980-13",
            "/fhir/Patient?birthdate=1980-02-30",
            "/fhir/Patient?birthdate=xx1980",
            "/fhir/Patient?birthdate=",
            "/fhir/Encounter?date=2024-05-05T10",
            "/fhir/Encounter?date=2024-05-05T10:00:00%2B15:00",
            "/fhir/Encounter?date=ge2024-05-05,le",
            "/fhir/Encounter?patient=",
            "/fhir/Encounter?patient=Patient/a/b",
            "/fhir/Encounter?patient=Nothing/1",
            "/fhir/Encounter?subject:Patient=Practitioner/1",
            "/fhir/Condition?code=a|b|c",
            "/fhir/Condition?code=|",
            "/fhir/Condition?code:missing=maybe",
            "/fhir/Patient?name=a\\b",
            "/fhir/Patient?name=a,,b",
            "/fhir/Patient?name=%00",
            "/fhir/Patient?name=%ff",
            "/fhir/Patient?name=%4",
            "/fhir/Patient?_count=ten",
            "/fhir/Patient?_count=-1",
            "/fhir/Patient?_count=1&_count=2",
            "/fhir/Patient?_total=yes",
            "/fhir/Patient?_include=Patient",
            "/fhir/Patient?_cursor=",
            "/fhir/Patient?_cursor=AAAA",
        ]).await;
        insta::assert_snapshot!("values", said);
    }

    async fn what_there_is_not(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let said = answers(&server, &[
            "/fhir/Patient/healthjump.pt.999",
            "/fhir/Patient/healthjump.enc.11",
            "/fhir/Encounter/healthjump.pt.1",
            "/fhir/Patient/other.pt.1",
            "/fhir/Patient/1",
            "/fhir/Patient/a_b",
            "/fhir/Patient/healthjump.pt..31",
            "/fhir/Patient/$everything",
            "/fhir/Patient/healthjump.pt.1/_lineage",
            "/fhir/Observation",
            "/fhir/Observation/1",
            "/fhir/patient",
            "/fhir/Patients?name=x",
            "/fhir/Patient/healthjump.pt.1/Condition/x",
            "/other/fhir/Patient",
            "/nothing",
            // A row without patient is not told from one that is not there.
            "/fhir/Condition/healthjump.dx.23",
            "/fhir/Encounter/healthjump.enc.14",
        ]).await;
        insta::assert_snapshot!("unknown", said);
    }

    /// The row is there and no search finds it.
    async fn what_the_vendor_deleted_is_gone(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        assert_eq!(server.get("/fhir/Encounter/healthjump.enc.14").await.status, 410);
        for search in ["Encounter?_id=healthjump.enc.14", "Encounter?date=2024-06-05", "Encounter?status:not=finished", "Encounter?status:missing=true"] {
            assert!(server.ids(&format!("/fhir/{search}")).await.is_empty(), "{search}");
        }
    }

    async fn methods_that_an_address_does_not_take(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let mut said = vec![];
        for (method, address) in [
            (Method::POST, "/fhir/Patient"),
            (Method::PUT, "/fhir/Patient/healthjump.pt.1"),
            (Method::DELETE, "/fhir/Patient/healthjump.pt.1"),
            (Method::PATCH, "/fhir/Patient/healthjump.pt.1"),
            (Method::DELETE, "/fhir/Patient?family=x"),
            (Method::GET, "/fhir/Patient/_search"),
            (Method::POST, "/fhir/metadata"),
            (Method::PUT, "/fhir"),
            (Method::PUT, "/fhir/Observation/1"),
            (Method::POST, "/health"),
        ] {
            let response = server.ask(method.clone(), address, &[]).await;
            said.push(format!("{method} {address}\n    {} (Allow: {})", response.error(), response.header("allow")));
        }
        insta::assert_snapshot!("methods", said.join("\n"));
    }

    async fn formats_that_are_not_written(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for address in ["/fhir/Patient/healthjump.pt.1", "/fhir/Patient", "/fhir/metadata"] {
            for accept in ["text/html", "application/fhir+json;fhirVersion=3.0", "application/json;q=0", "text/turtle, application/xhtml+xml"] {
                let response = server.ask(Method::GET, address, &[("accept", accept)]).await;
                let said = "406 error not-supported: This server answers in JSON and XML: application/fhir+json and application/fhir+xml, of FHIR version 4.0";
                assert_eq!(response.error(), said, "{address} {accept}");
            }
            for format in ["html", "ttl", "application/fhir%2Bturtle"] {
                assert_eq!(server.get(&format!("{address}?_format={format}")).await.status, 406, "{address} {format}");
            }
        }
    }

    async fn requests_that_are_too_long(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let long = "x".repeat(70_000);
        let response = server.post("/fhir/Patient/_search", &format!("name={long}")).await;
        assert_eq!(response.error(), "413 error too-long: The body of a request may have 65536 bytes");
        let response = server.get(&format!("/fhir/Patient?name={}", &long[..33_000])).await;
        assert_eq!(response.error(), "414 error too-long: An address may have 32768 bytes; a search can be sent by POST to _search instead");
        let response = server.get(&format!("/fhir/Patient?name={}", &long[..2000])).await;
        assert_eq!(response.error(), "400 error too-costly: A value of name may have 1024 bytes at http.name");
        let many = vec!["x"; 300].join(",");
        let response = server.get(&format!("/fhir/Patient?name={many}")).await;
        assert_eq!(response.error(), "400 error too-costly: name may have 256 values at http.name");
        let many = vec!["name=x"; 65].join("&");
        let response = server.get(&format!("/fhir/Patient?{many}")).await;
        assert_eq!(response.error(), "400 error too-costly: A request may have 64 parameters");
        // As much as is allowed is answered.
        let most = (0..256).map(|n| format!("healthjump.pt.{n}")).collect::<Vec<_>>().join(",");
        assert_eq!(server.post("/fhir/Patient/_search", &format!("_id={most}")).await.status, 200);
    }

    async fn bodies_that_are_no_form(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let said = "415 error not-supported: A search by POST has a body of type application/x-www-form-urlencoded, without content encoding";
        for (name, value, body) in [
            ("content-type", "application/json", "{}"),
            ("content-type", "application/fhir+json", "{}"),
            ("content-type", "text/plain", "name=x"),
            ("content-type", "multipart/form-data", "name=x"),
            ("content-type", "application/x-www-form-urlencoded; charset=iso-8859-1", "name=x"),
            ("x-nothing", "x", "name=x"),
        ] {
            let asked = request(Method::POST, "/fhir/Patient/_search", &[(name, value)]).set_payload(body.to_owned());
            assert_eq!(server.send(asked).await.error(), said, "{value}");
        }
        for value in ["application/x-www-form-urlencoded; charset=UTF-8", "APPLICATION/X-WWW-FORM-URLENCODED"] {
            let asked = request(Method::POST, "/fhir/Patient/_search", &[("content-type", value)]).set_payload("gender=male");
            assert_eq!(server.send(asked).await.status, 200, "{value}");
        }
        let broken = server.post("/fhir/Patient/_search", "name=%ff").await;
        assert_eq!(broken.error(), "400 error invalid: The query is not UTF-8 at http.name");
    }

    /// Whatever is wrong, the answer says what and where, and repeats no value: it may be somebody's name.
    async fn no_answer_repeats_a_value(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for address in [
            "/fhir/Patient?birthdate=Zzyzx",
            "/fhir/Patient?Zzyzx%20Smith=1",
            "/fhir/Patient?_sort=Zzyzx",
            "/fhir/Patient?_include=Zzyzx:Zzyzx",
            "/fhir/Patient?_total=Zzyzx",
            "/fhir/Encounter?patient=Zzyzx/1/2/3",
            "/fhir/Encounter?date=Zzyzx",
            "/fhir/Condition?code=Zzyzx|Zzyzx|Zzyzx",
            "/fhir/Patient/Zzyzx",
            "/fhir/Zzyzx",
            "/Zzyzx",
            "/fhir/Patient?_cursor=Zzyzx",
            "/fhir/Patient?name=Zzyzx%ff",
            "/fhir/Patient?_format=Zzyzx",
        ] {
            for prefer in ["handling=strict", "handling=lenient"] {
                let response = server.ask(Method::GET, address, &[("prefer", prefer)]).await;
                assert!(!response.text().contains("Zzyzx"), "{address}: {}", response.text());
            }
        }
    }
}
