//! A batch: several requests in one, each answered as it would be alone.

use actix_web::http::Method;
use serde_json::{Value, json};
use tests::on_both;
use tests::support::sample::samples;
use tests::support::server::{ORIGIN, Response, Server, Setup, request};
use tests::support::shared::clinic;
use tests::support::xml;

fn batch(entries: &[Value]) -> Value {
    json!({"resourceType": "Bundle", "type": "batch", "entry": entries})
}

fn get(url: &str) -> Value {
    json!({"request": {"method": "GET", "url": url}})
}

async fn post(server: &Server, base: &str, bundle: &Value, headers: &[(&str, &str)]) -> Response {
    let asked = request(Method::POST, base, headers).insert_header(("content-type", "application/fhir+json"));
    server.send(asked.set_payload(bundle.to_string())).await
}

/// The entries of the answer to a batch.
async fn answers(server: &Server, base: &str, entries: &[Value], headers: &[(&str, &str)]) -> Vec<Value> {
    let response = post(server, base, &batch(entries), headers).await;
    assert_eq!(response.status, 200, "{}", response.text());
    let bundle = response.json();
    assert_eq!(
        (&bundle["resourceType"], &bundle["type"]),
        (&"Bundle".into(), &"batch-response".into())
    );
    let answers = bundle["entry"].as_array().cloned().unwrap_or_default();
    assert_eq!(answers.len(), entries.len());
    answers
}

/// Without what is another one each time: the tokens in the links to next pages.
fn without_links(mut resource: Value) -> Value {
    if resource["resourceType"] == "Bundle" {
        resource["link"].take();
    }
    resource
}

/// Status, code and text of an entry that failed.
fn failed(answer: &Value) -> String {
    assert!(answer["resource"].is_null(), "{answer}");
    let issue = &answer["response"]["outcome"]["issue"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!(
        "{}: {}: {}",
        text(&answer["response"]["status"]),
        text(&issue["code"]),
        text(&issue["diagnostics"])
    )
}

on_both! {
    /// Under every base, by relative and by absolute addresses: what a GET of its own gives, good or bad.
    async fn each_entry_is_answered_as_it_would_be_alone(kind) {
        let server = Setup::all(kind).start().await;
        let alone = samples().iter().map(|sample| format!("/{}/fhir", sample.name()));
        for base in alone.chain(["/fhir".to_owned()]) {
            let patients = server.ok(&format!("{base}/Patient?_count=3")).await;
            let id = patients["entry"][2]["resource"]["id"].as_str().unwrap();
            let urls = [
                "metadata".to_owned(),
                format!("Patient/{id}"),
                format!("/Patient/{id}"),
                format!("Patient/{id}?_elements=name"),
                format!("{ORIGIN}{base}/Patient/{id}"),
                format!("Patient/{id}/Condition?_count=2"),
                format!("Patient/{id}/$everything?_count=5"),
                "Patient?_count=2&_sort=-birthdate".to_owned(),
                "Condition?_include=Condition:patient&_count=3&code:missing=false".to_owned(),
                "?_type=Patient,Organization&_count=2".to_owned(),
                "Patient?name=d e \"f\"".to_owned(),
                "Patient?name=é".to_owned(),
                "Patient?birthdate=x".to_owned(),
                "Patient?nothing=x".to_owned(),
                "Patient/none".to_owned(),
                "Nothing/1".to_owned(),
                "Patient/_search".to_owned(),
                "a/b/c/d/e".to_owned(),
            ];
            let entries: Vec<Value> = urls.iter().map(|url| get(url)).collect();
            for (url, answer) in urls.iter().zip(answers(&server, &base, &entries, &[]).await) {
                let path = url.strip_prefix(ORIGIN).map_or_else(
                    || if url.starts_with(['/', '?']) { format!("{base}{url}") } else { format!("{base}/{url}") },
                    str::to_owned,
                );
                let path = path.replace(' ', "%20").replace('"', "%22").replace('é', "%C3%A9");
                let own = server.get(&path).await;
                let response = &answer["response"];
                assert!(response["status"].as_str().unwrap().starts_with(&own.status.to_string()), "{path}: {response}");
                let body = own.json();
                if own.status == 200 {
                    assert_eq!(without_links(answer["resource"].clone()), without_links(body), "{path}");
                    assert_eq!(response["etag"].as_str().unwrap_or_default(), own.header("etag"), "{path}");
                    assert_eq!(response["lastModified"].is_string(), !own.header("last-modified").is_empty(), "{path}");
                } else {
                    assert_eq!((&response["outcome"], &answer["resource"]), (&body, &Value::Null), "{path}");
                }
            }
            let with_slash = answers(&server, &format!("{base}/"), &entries[1..2], &[]).await;
            assert_eq!(with_slash[0]["resource"]["id"], id);
        }
    }

    /// An entry may be of any base of the server, and of no other server.
    async fn absolute_addresses(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let own = [
            format!("{ORIGIN}/healthjump/fhir/Patient/healthjump.pt.1"),
            format!("{ORIGIN}/fhir/Patient/healthjump.pt.1"),
            format!("{ORIGIN}/fhir?_type=Patient"),
        ];
        let entries: Vec<Value> = own.iter().map(|url| get(url)).collect();
        for answer in answers(&server, "/fhir", &entries, &[]).await {
            assert_eq!(answer["response"]["status"], "200 OK");
        }
        let foreign = ["http://other.example.org/fhir/Patient/1", "//other/fhir/Patient", "https://localhost:8080/fhir/Patient/1", "urn:uuid:5"];
        let entries: Vec<Value> = foreign.iter().map(|url| get(url)).collect();
        for (url, answer) in foreign.iter().zip(answers(&server, "/fhir", &entries, &[]).await) {
            assert!(failed(&answer).starts_with("40"), "{url}: {answer}");
        }
        let answer = &answers(&server, "/fhir", &entries[..1], &[]).await[0];
        assert_eq!(failed(answer), "400 Bad Request: value: The url of an entry is relative to this server's base, or begins with it");
    }

    async fn conditions_and_head(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let url = "Patient/healthjump.pt.1";
        let alone = server.get(&format!("/fhir/{url}")).await;
        let tag = alone.header("etag").to_owned();
        let asked = |method: &str, condition: &str, value: &str| {
            let mut entry = json!({"request": {"method": method, "url": url}});
            if !condition.is_empty() {
                entry["request"][condition] = value.into();
            }
            entry
        };
        let entries = [
            asked("GET", "ifNoneMatch", &tag),
            asked("GET", "ifNoneMatch", "W/\"other\""),
            asked("HEAD", "", ""),
            asked("HEAD", "ifNoneMatch", &tag),
            asked("GET", "ifModifiedSince", "1990-01-01T00:00:00Z"),
            asked("GET", "ifModifiedSince", "yesterday"),
            asked("GET", "ifNoneMatch", "a\nb"),
        ];
        let answers = answers(&server, "/fhir", &entries, &[]).await;
        let told: Vec<(&str, bool)> = answers.iter().map(|a| (a["response"]["status"].as_str().unwrap(), a["resource"].is_object())).collect();
        assert_eq!(told, [
            ("304 Not Modified", false), ("200 OK", true), ("200 OK", false), ("304 Not Modified", false), ("200 OK", true),
            ("400 Bad Request", false), ("400 Bad Request", false),
        ]);
        for answer in &answers[..5] {
            assert_eq!(answer["response"]["etag"], tag);
        }
        // What the client has by date it has, too, by the time of the last change itself.
        let changed = alone.json()["meta"]["lastUpdated"].as_str().unwrap().to_owned();
        let headers = [("if-modified-since", alone.header("last-modified"))];
        let by_date = server.ask(Method::GET, &format!("/fhir/{url}"), &headers).await;
        let entry = asked("GET", "ifModifiedSince", &changed);
        let answer = &self::answers(&server, "/fhir", &[entry], &[]).await[0];
        assert!(answer["response"]["status"].as_str().unwrap().starts_with(&by_date.status.to_string()));
    }

    /// The server is read-only, and batches hold no batches.
    async fn other_methods(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let entries: Vec<Value> = ["POST", "PUT", "DELETE", "PATCH", "get", ""]
            .iter()
            .map(|method| json!({"request": {"method": method, "url": "Patient/healthjump.pt.1"}, "resource": {"resourceType": "Patient"}}))
            .collect();
        for answer in answers(&server, "/fhir", &entries, &[]).await {
            assert_eq!(failed(&answer), "405 Method Not Allowed: not-supported: This address takes GET, HEAD only; the server is read-only");
        }
        let inner = json!({"request": {"method": "POST", "url": ""}, "resource": batch(&[get("Patient")])});
        let odd = [inner, json!({}), json!({"request": {"method": "GET"}}), get(""), json!("x"), get("Patient"), get("Patient?_format=xml")];
        let answers = answers(&server, "/fhir", &odd, &[]).await;
        let told: Vec<String> = answers.iter().map(|a| a["response"]["status"].as_str().unwrap()[..3].to_owned()).collect();
        assert_eq!(told, ["405", "400", "400", "400", "400", "200", "406"]);
    }

    async fn prefer_goes_for_each_entry(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let entries = [get("Patient?nothing=x"), get("Patient?gender=male")];
        let status = |answers: &[Value]| answers.iter().map(|a| a["response"]["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(status(&answers(&server, "/fhir", &entries, &[]).await), ["200 OK", "200 OK"]);
        let strict = answers(&server, "/fhir", &entries, &[("prefer", "handling=strict")]).await;
        assert_eq!(status(&strict), ["400 Bad Request", "200 OK"]);
    }

    async fn in_xml(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let body = r#"<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/>
            <entry><request><method value="GET"/><url value="Patient?gender=male&amp;_count=1"/></request></entry>
            <entry><request><method value="GET"/><url value="Patient/none"/></request></entry></Bundle>"#;
        let entries = [get("Patient?gender=male&_count=1"), get("Patient/none")];
        let json = post(&server, "/fhir", &batch(&entries), &[]).await;
        for (accept, address) in [("application/fhir+xml", "/fhir"), ("*/*", "/fhir?_format=xml"), ("application/json", "/fhir")] {
            let asked = request(Method::POST, address, &[("content-type", "application/fhir+xml; charset=utf-8"), ("accept", accept)]);
            let response = server.send(asked.set_payload(body)).await;
            assert_eq!(response.status, 200);
            if accept == "application/json" {
                assert_eq!(response.json(), json.json());
            } else {
                assert!(response.header("content-type").starts_with("application/fhir+xml"));
                xml::same(&json.text(), &response.text()).unwrap();
            }
        }
    }

    async fn what_is_no_batch(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let of = |ty: &str| json!({"resourceType": "Bundle", "type": ty, "entry": [get("Patient")]});
        for (bundle, said) in [
            (of("transaction"), "400 error not-supported: This server is read-only and takes no transactions; send a Bundle of type batch"),
            (of("collection"), "400 error invalid: What is sent here is a Bundle of type batch"),
            (json!({"resourceType": "Bundle"}), "400 error invalid: What is sent here is a Bundle of type batch"),
            (json!({"resourceType": "Patient"}), "400 error structure: The body is not a readable Bundle"),
            (json!([]), "400 error structure: The body is not a readable Bundle"),
            (json!({"resourceType": "Bundle", "type": "batch", "entry": {}}), "400 error structure: The body is not a readable Bundle"),
            (batch(&vec![get("Patient/1"); 101]), "413 error too-costly: A batch may have 100 entries; send several"),
        ] {
            assert_eq!(post(&server, "/fhir", &bundle, &[]).await.error(), said);
        }
        let whole = answers(&server, "/fhir", &vec![get("Patient/healthjump.pt.1"); 100], &[]).await;
        assert!(whole.iter().all(|answer| answer["resource"]["id"] == "healthjump.pt.1"));
        assert!(answers(&server, "/fhir", &[], &[]).await.is_empty());
        let text = "415 error not-supported: The body is a Bundle of type application/fhir+json or application/fhir+xml, of FHIR version 4.0, in UTF-8, without content encoding";
        for headers in [&[("content-type", "text/plain")][..], &[("content-type", "application/x-www-form-urlencoded")], &[], &[("content-type", "application/fhir+json"), ("content-encoding", "gzip")]] {
            let asked = request(Method::POST, "/fhir", headers).set_payload(batch(&[]).to_string());
            assert_eq!(server.send(asked).await.error(), text, "{headers:?}");
        }
        let long = post(&server, "/fhir", &json!({"x": "x".repeat(70_000)}), &[]).await;
        assert_eq!(long.error(), "413 error too-long: The body of a request may have 65536 bytes");
        let refused = server.ask(Method::PUT, "/fhir", &[]).await;
        assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD, POST"));
        let statement = server.ok("/fhir/metadata").await;
        assert!(statement["rest"][0]["interaction"].as_array().unwrap().iter().any(|i| i["code"] == "batch"));
    }

    /// What would not fit into the memory is not put together; each entry says so for itself.
    async fn very_long_answers(kind) {
        let server = Setup::all(kind).start().await;
        let entries = vec![get("?_count=1000"); 40];
        let answers = answers(&server, "/fhir", &entries, &[]).await;
        assert_eq!(answers[0]["response"]["status"], "200 OK");
        let last = failed(&answers[39]);
        assert!(last.starts_with("413 Payload Too Large: too-costly: The answers before this one have"), "{last}");
    }
}
