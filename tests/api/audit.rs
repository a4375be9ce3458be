//! The record of accesses: what is disclosed is in it, nothing gets lost or goes unnoticed, and who may look at it.

mod commands;
mod events;
mod lasting;

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};
use tests::on_both;
use tests::oracle::name;
use tests::support::recorded::{self, Recorded, Who, entities, event, events, headers, queries, request_id};
use tests::support::sample::bases;
use tests::support::server::{Response, Server, Setup, request};
use tests::support::shared::clinic;

const PATIENT: &str = "healthjump.pt.1";
const ALL: &str = "user/*.rs user/AuditEvent.rs";

/// Every resource in an answer: `Type/id`.
fn disclosed(value: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    match value["resourceType"].as_str() {
        Some("Bundle") => {
            let entries = value["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
            entries
                .iter()
                .for_each(|entry| all.extend(disclosed(&entry["resource"])));
        }
        Some("OperationOutcome" | "Parameters") | None => {}
        Some(ty) => {
            all.insert(format!("{ty}/{}", value["id"].as_str().unwrap()));
        }
    }
    all
}

/// The patients that the resources of an answer are, or are about.
fn patients(value: &Value) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = disclosed(value)
        .into_iter()
        .filter(|name| name.starts_with("Patient/"))
        .collect();
    let entries = value["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    for resource in entries.iter().map(|entry| &entry["resource"]).chain([value]) {
        all.extend(resource["subject"]["reference"].as_str().map(str::to_owned));
        if resource["resourceType"] == "Bundle" && resource != value {
            all.extend(patients(resource));
        }
    }
    all
}

/// Addresses that disclose something.
const READS: [&str; 15] = [
    "/fhir/Patient/healthjump.pt.1",
    "/fhir/Patient",
    "/healthjump/fhir/Condition?_include=Condition:patient&_include=Condition:encounter",
    "/fhir/Condition?patient=healthjump.pt.1&_revinclude=Provenance:target",
    "/fhir/Encounter?subject=Patient/healthjump.pt.1&_count=1",
    "/fhir?_type=Patient,Condition",
    "/fhir/Patient/healthjump.pt.1/Condition",
    "/fhir/Patient/healthjump.pt.1/*",
    "/fhir/Patient/healthjump.pt.1/$everything",
    "/fhir/Patient/healthjump.pt.1/_history",
    "/fhir/Patient/healthjump.pt.1?_format=xml",
    "/fhir/Patient?_id=healthjump.pt.2&_elements=name",
    "/fhir/Patient?_summary=count",
    "/fhir/Patient/healthjump.pt.99",
    "/fhir/Procedure?patient=healthjump.pt.99",
];

async fn ask(
    server: &Server,
    method: Method,
    address: &str,
    token: &str,
    id: &str,
    body: Option<(&str, String)>,
) -> Response {
    let bearer = format!("Bearer {token}");
    let with: &[_] = if token.is_empty() {
        &[("x-request-id", id)]
    } else {
        &headers(&bearer, id)
    };
    let mut asked = request(method, address, with);
    if let Some((kind, body)) = body {
        asked = asked.insert_header(("content-type", kind)).set_payload(body);
    }
    server.send(asked).await
}

on_both! {
    async fn what_is_disclosed_is_in_the_record_and_nothing_else(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let mut answers = vec![];
        for (n, address) in READS.iter().enumerate() {
            let response = ask(&server, Method::GET, address, &token, &format!("read-{n}"), None).await;
            answers.push((format!("read-{n}"), (*address).to_owned(), response));
        }
        let form = Some(("application/x-www-form-urlencoded", "patient=healthjump.pt.1".to_owned()));
        let posted = ask(&server, Method::POST, "/fhir/Condition/_search", &token, "post", form).await;
        answers.push(("post".to_owned(), "/fhir/Condition/_search?patient=healthjump.pt.1".to_owned(), posted));
        let get = |url: &str| json!({ "request": { "method": "GET", "url": url } });
        let entries = [get("Condition?patient=healthjump.pt.1"), get("Patient/healthjump.pt.2"), get("Nothing/1")];
        let batch = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
        let batch = Some(("application/fhir+json", batch.to_string()));
        let answer = ask(&server, Method::POST, "/fhir", &token, "batch", batch).await;
        answers.push(("batch".to_owned(), "/fhir".to_owned(), answer));

        let events = events(&server, &token).await;
        let mut disclosures = 0;
        for (id, address, response) in &answers {
            let event = event(&events, id);
            if !address.contains("xml") {
                let body = response.json();
                assert_eq!(entities(event, "4"), disclosed(&body), "{address}");
                let told = entities(event, "1");
                assert!(told.is_superset(&patients(&body)), "{address}: {told:?}");
                disclosures += disclosed(&body).len();
            } else {
                assert_eq!(entities(event, "4").len(), 1, "{address}");
            }
            assert_eq!(&queries(event)[0], address);
            let outcome = if response.status < 400 { "0" } else { "4" };
            assert_eq!(event["outcome"], outcome, "{address}");
            let user = &event["agent"][2];
            assert_eq!((&user["altId"], &event["agent"][0]["altId"]), (&"administrator".into(), &"app".into()));
        }
        assert!(disclosures > 40, "{disclosures}");
        // What is not found is an access to a patient's record, too.
        for id in ["read-13", "read-14"] {
            assert_eq!(entities(event(&events, id), "1"), BTreeSet::from(["Patient/healthjump.pt.99".to_owned()]));
        }
        let batch = queries(event(&events, "batch"));
        assert_eq!(batch, ["/fhir", "/fhir/Condition?patient=healthjump.pt.1", "/fhir/Patient/healthjump.pt.2", "/fhir/Nothing/1"]);
        // One record each, and none for what tells nothing of anybody.
        let before = events.len();
        for address in ["/fhir/metadata", "/", "/health", "/fhir/.well-known/smart-configuration"] {
            assert_eq!(server.get(address).await.status, 200, "{address}");
        }
        // One for each page of events that was read meanwhile.
        let after = recorded::events(&server, &token).await;
        let others = after[before..].iter().filter(|event| !queries(event)[0].starts_with("/fhir/AuditEvent"));
        assert_eq!(others.count(), 0);
    }

    async fn lineage_and_versions_are_accesses_to_the_patient(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let found = ask(&server, Method::GET, "/fhir/Condition?patient=healthjump.pt.1", &token, "find", None).await.json();
        let (id, version) = (&found["entry"][0]["resource"]["id"], &found["entry"][0]["resource"]["meta"]["versionId"]);
        let (id, version) = (id.as_str().unwrap(), version.as_str().unwrap());
        for (n, (address, kind)) in [
            (format!("/fhir/Condition/{id}/$lineage"), "operation"),
            (format!("/fhir/Condition/{id}/_history/{version}"), "vread"),
            (format!("/fhir/Condition/{id}/_history"), "history-instance"),
            (format!("/fhir/Condition/{id}"), "read"),
        ].into_iter().enumerate() {
            let response = ask(&server, Method::GET, &address, &token, &format!("r{n}"), None).await;
            assert_eq!(response.status, 200, "{address}");
            let events = events(&server, &token).await;
            let event = event(&events, &format!("r{n}"));
            assert_eq!(event["subtype"][0]["code"], kind);
            assert_eq!(entities(event, "4"), BTreeSet::from([format!("Condition/{id}")]), "{address}");
            assert_eq!(entities(event, "1"), BTreeSet::from([format!("Patient/{PATIENT}")]), "{address}");
        }
    }

    async fn what_is_refused_is_recorded(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let few = recorded.token(&Who::administrator("user/Encounter.rs")).await;
        let address = format!("/fhir/Patient/{PATIENT}");
        let anonymous = request(Method::GET, &address, &[("x-request-id", "nobody")]);
        assert_eq!(server.send(anonymous).await.status, 401);
        for (id, token, status) in [("bad", "no token", 401), ("few", few.as_str(), 403)] {
            assert_eq!(ask(&server, Method::GET, &address, token, id, None).await.status, status, "{id}");
        }
        let events = events(&server, &token).await;
        for (id, status, user) in [("nobody", "HTTP 401", false), ("bad", "HTTP 401", false), ("few", "HTTP 403", true)] {
            let event = event(&events, id);
            assert_eq!((&event["outcome"], &event["outcomeDesc"]), (&"4".into(), &status.into()), "{id}");
            assert!(entities(event, "4").is_empty());
            assert_eq!(event["agent"].as_array().unwrap().len() == 3, user, "{id}");
        }
    }

    async fn nothing_is_disclosed_when_it_cannot_be_recorded(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let address = format!("/fhir/Patient/{PATIENT}");
        assert_eq!(recorded::get(&server, &address, &token).await.status, 200);
        recorded.db.execute("ALTER TABLE sm_audit RENAME TO sm_away");
        let refused = recorded::get(&server, &address, &token).await;
        assert_eq!(refused.error(), "503 error transient: Accesses cannot be recorded at the moment, so nothing is answered");
        assert_eq!(refused.header("retry-after"), "5");
        assert!(refused.header("etag").is_empty() && !refused.text().contains(PATIENT), "{}", refused.text());
        // Nor is anybody signed in, or a token given.
        let pairs = "grant_type=refresh_token&refresh_token=x&client_id=app";
        assert_eq!(server.post("/auth/token", pairs).await.status, 503);
        recorded.db.execute("ALTER TABLE sm_away RENAME TO sm_audit");
        assert_eq!(recorded::get(&server, &address, &token).await.status, 200);
    }

    async fn the_provenance_of_a_row_is_recorded_as_about_its_patient(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::all(kind)).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let mut asked = vec![];
        for base in bases() {
            for ty in ["Patient", "Encounter", "Condition", "Procedure", "Practitioner"] {
                let address = format!("{base}/{ty}?_count=20");
                let found = ask(&server, Method::GET, &address, &token, "", None).await.json();
                let names: Vec<String> = disclosed(&found).into_iter().collect();
                let id = format!("of{}-{ty}", base.replace('/', "-"));
                let address = format!("{base}/Provenance?target={}", names.join(","));
                let told = ask(&server, Method::GET, &address, &token, &id, None).await.json();
                assert_eq!(disclosed(&told).len(), names.len(), "{address}");
                asked.push((id, patients(&found)));
                let Some(one) = told["entry"].get(0).map(|entry| &entry["resource"]) else { continue };
                let of = one["target"][0]["reference"].as_str().unwrap();
                let own = found["entry"].as_array().unwrap().iter().find(|entry| of == name(&entry["resource"])).unwrap();
                let id = format!("one{}-{ty}", base.replace('/', "-"));
                ask(&server, Method::GET, &format!("{base}/{}", name(one)), &token, &id, None).await;
                asked.push((id, patients(&own["resource"])));
            }
        }
        let events = events(&server, &token).await;
        for (id, patients) in &asked {
            assert_eq!(&entities(event(&events, id), "1"), patients, "{id}");
        }
        assert!(asked.iter().filter(|(_, patients)| !patients.is_empty()).count() > 20);
    }

    async fn without_authentication_accesses_are_recorded_where_it_is_configured(kind) {
        let recorded = Recorded::new(kind);
        let settings = format!("[audit]\ndatabase = {:?}\n", recorded.db.url());
        let server = Setup::over(clinic(kind)).with(&settings).start().await;
        let asked = request(Method::GET, "/fhir/Patient/healthjump.pt.1", &[("x-request-id", "open")]);
        assert_eq!(server.send(asked).await.status, 200);
        // Whoever may see everything is nobody in particular, and so no administrator.
        assert_eq!(server.get("/fhir/AuditEvent").await.status, 404);
        assert_eq!(server.ok("/fhir/metadata").await["rest"][0]["resource"].as_array().unwrap().iter()
            .filter(|resource| resource["type"] == "AuditEvent").count(), 0);
        drop(server);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let events = events(&server, &token).await;
        assert_eq!(entities(event(&events, "open"), "4"), BTreeSet::from(["Patient/healthjump.pt.1".to_owned()]));
    }

    async fn steps_towards_access_are_recorded(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let who = Who { patient: Some(PATIENT.to_owned()), ..Who::administrator("offline_access patient/*.rs user/AuditEvent.rs") };
        let (token, refresh) = recorded.tokens(&who).await;
        let form = |pairs: String| Some(("application/x-www-form-urlencoded", pairs));
        let post = |address: &'static str, id: &'static str, pairs: String| ask(&server, Method::POST, address, "", id, form(pairs));
        let refreshed = post("/auth/token", "refresh", format!("grant_type=refresh_token&refresh_token={refresh}&client_id=app")).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.text());
        let refused = post("/auth/token", "bad", "grant_type=authorization_code&code=BAD&client_id=app".to_owned()).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        let given = refreshed.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(post("/auth/revoke", "revoke", format!("token={given}&client_id=app")).await.status, 200);
        let login = server.get("/auth/login").await;
        let cookie = login.header("set-cookie").split(';').next().unwrap().to_owned();
        let page = login.text();
        let secret = page.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        for (id, password, status) in [("guess", "wrong", 200), ("login", "correct+horse", 303)] {
            let pairs = format!("token={secret}&login=ada&password={password}");
            let headers = [("cookie", cookie.as_str()), ("x-request-id", id), ("content-type", "application/x-www-form-urlencoded")];
            let answer = server.send(request(Method::POST, "/auth/login", &headers).set_payload(pairs)).await;
            assert_eq!(answer.status, status, "{}", answer.text());
        }
        let events = events(&server, &token).await;
        let told = |id: &str| {
            let event = event(&events, id);
            let agent = |n: usize| event["agent"][n]["altId"].as_str().unwrap_or("-").to_owned();
            let patients: Vec<String> = entities(event, "1").into_iter().collect();
            let code = event["subtype"][0]["code"].as_str().unwrap();
            format!("{code} {} client {} user {} {}", event["outcome"].as_str().unwrap(), agent(0), agent(2), patients.join(" "))
        };
        assert_eq!(told("refresh"), format!("refresh 0 client app user administrator Patient/{PATIENT}"));
        assert_eq!(told("bad"), "token 4 client app user - ");
        assert_eq!(told("revoke"), "revoke 0 client app user - ");
        assert_eq!(told("guess"), "110122 4 client - user - ");
        assert_eq!(told("login"), "110122 0 client - user account:ada ");
        // Secrets are in no record.
        let text = serde_json::to_string(&events).unwrap();
        for secret in [&token, &refresh, &given, &secret, "correct", "BAD"] {
            assert!(!text.contains(secret), "{secret}");
        }
        assert!(events.iter().all(|event| !request_id(event).is_empty()));
    }

    async fn records_of_accesses_are_in_the_descriptions_where_they_are_served(kind) {
        let recorded = Recorded::new(kind);
        let with = recorded.serve(Setup::over(clinic(kind))).await;
        let without = Setup::over(clinic(kind)).start().await;
        for (server, base, there) in [(&with, "/fhir", true), (&with, "/healthjump/fhir", false), (&without, "/fhir", false)] {
            let document = server.ok(&format!("{base}/openapi.json")).await;
            let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().filter(|path| path.starts_with("/AuditEvent")).collect();
            let expected: &[&str] = if there { &["/AuditEvent", "/AuditEvent/_search", "/AuditEvent/{id}"] } else { &[] };
            assert_eq!(paths, expected, "{base}");
            let statement = server.ok(&format!("{base}/metadata")).await;
            let claimed = statement["rest"][0]["resource"].as_array().unwrap().iter().find(|resource| resource["type"] == "AuditEvent");
            assert_eq!(claimed.is_some(), there, "{base}");
            let described = document.pointer("/paths/~1AuditEvent/get/parameters").and_then(Value::as_array);
            for param in claimed.iter().flat_map(|claimed| claimed["searchParam"].as_array().unwrap()) {
                assert!(described.unwrap().iter().any(|known| known["name"] == param["name"]), "{param}");
            }
        }
        let needed = with.ok("/openapi.json").await["components"]["securitySchemes"]["smart"]["openIdConnectUrl"].clone();
        assert!(needed.as_str().unwrap().ends_with("/.well-known/openid-configuration"), "{needed}");
    }

    async fn what_is_told_about_tokens_and_users_is_recorded(kind) {
        let recorded = Recorded::new(kind);
        let settings = recorded.settings().replace("[smart]\n", "[smart]\nopen_introspection = true\n");
        let server = Setup::over(clinic(kind)).with(&settings).start().await;
        let who = Who { patient: Some(PATIENT.to_owned()), ..Who::administrator("openid user/AuditEvent.rs") };
        let token = recorded.token(&who).await;
        let form = Some(("application/x-www-form-urlencoded", format!("token={token}")));
        let told = ask(&server, Method::POST, "/auth/introspect", "", "introspected", form).await;
        assert_eq!((told.status, told.json()["active"].as_bool()), (200, Some(true)), "{}", told.text());
        assert_eq!(ask(&server, Method::GET, "/auth/userinfo", &token, "asked", None).await.status, 200);
        assert_eq!(ask(&server, Method::GET, "/auth/userinfo", "no token", "guessed", None).await.status, 401);
        let events = events(&server, &token).await;
        let step = |id: &str| {
            let event = event(&events, id);
            let code = event["subtype"][0]["code"].as_str().unwrap().to_owned();
            let patients: Vec<String> = entities(event, "1").into_iter().collect();
            (code, event["outcome"].as_str().unwrap().to_owned(), patients.join(" "))
        };
        let patient = format!("Patient/{PATIENT}");
        assert_eq!(step("introspected"), ("introspect".into(), "0".into(), patient.clone()));
        assert_eq!(step("asked"), ("user-info".into(), "0".into(), patient));
        assert_eq!(step("guessed"), ("user-info".into(), "4".into(), String::new()));
    }

    async fn addresses_of_clients_are_those_that_declared_proxies_tell(kind) {
        let recorded = Recorded::new(kind);
        let settings = format!("[server]\nbehind_proxy = true\nproxies = [\"10.1.0.0/16\"]\n{}", recorded.settings());
        let server = Setup::over(clinic(kind)).with(&settings).start().await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let bearer = format!("Bearer {token}");
        for (id, peer, client) in [("proxy", [10, 1, 0, 9], "203.0.113.7"), ("other", [10, 2, 0, 9], "10.2.0.9")] {
            let asked = request(Method::GET, "/fhir/Patient", &headers(&bearer, id));
            let asked = asked.insert_header(("x-forwarded-for", "198.51.100.1, 203.0.113.7")).peer_addr((peer, 4000).into());
            assert_eq!(server.send(asked).await.status, 200);
            let events = events(&server, &token).await;
            assert_eq!(event(&events, id)["agent"][0]["network"]["address"], client);
        }
    }
}
