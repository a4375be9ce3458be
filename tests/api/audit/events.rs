//! `/fhir/AuditEvent`: who may look, and what can be searched for.

use actix_web::http::Method;
use serde_json::Value;
use smart::authority::Role;
use tests::on_both;
use tests::support::recorded::{Recorded, Who, entities, events, get, headers};
use tests::support::server::{Server, Setup, ids, link, request, resources};
use tests::support::shared::clinic;

use super::{ALL, PATIENT};

fn who(role: Option<Role>, client: &'static str, scopes: &'static str) -> Who {
    Who {
        role,
        client,
        scopes,
        patient: None,
    }
}

/// Some accesses by an administrator and by a clinician; the clinician's token.
async fn accesses(recorded: &Recorded, server: &Server) -> String {
    let ada = recorded.token(&Who::administrator(ALL)).await;
    let sam = recorded.token(&who(Some(Role::Practitioner), "app", "user/*.rs")).await;
    for (token, address) in [
        (&ada, "/fhir/Patient/healthjump.pt.1"),
        (&sam, "/fhir/Patient/healthjump.pt.1"),
        (&sam, "/fhir/Patient/healthjump.pt.2"),
        (&sam, "/fhir/Condition?patient=healthjump.pt.1"),
        (&sam, "/fhir/Patient/healthjump.pt.9"),
    ] {
        get(server, address, token).await;
    }
    sam
}

/// What must be there for a search, by number.
async fn found(server: &Server, token: &str, query: &str) -> Vec<String> {
    let response = get(server, &format!("/fhir/AuditEvent?{query}"), token).await;
    assert_eq!(response.status, 200, "{query}: {}", response.text());
    ids(&response.json())
}

on_both! {
    async fn administrators_may_look_and_nobody_else(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let administrator = Some(Role::Administrator);
        for (who, status) in [
            (Who::administrator("user/AuditEvent.rs"), 200),
            (Who::administrator("user/*.rs"), 403),
            (Who::administrator("user/AuditEvent.rs?date=2020"), 403),
            (who(Some(Role::Practitioner), "app", "user/AuditEvent.rs"), 403),
            (who(Some(Role::Patient), "app", "user/AuditEvent.rs patient/*.rs"), 403),
            (who(administrator, "app", "patient/AuditEvent.rs"), 403),
            (who(None, "reporter", "system/AuditEvent.rs"), 200),
            (who(None, "service", "system/AuditEvent.rs"), 403),
            (who(None, "service", "system/*.rs"), 403),
        ] {
            let token = recorded.token(&who).await;
            let read = Who { scopes: "user/Patient.rs", ..Who::administrator("") };
            get(&server, "/fhir/Patient", &recorded.token(&read).await).await;
            for address in ["/fhir/AuditEvent", "/fhir/AuditEvent/1"] {
                assert_eq!(get(&server, address, &token).await.status, status, "{who:?} {address}");
            }
        }
        assert_eq!(server.get("/fhir/AuditEvent").await.status, 401);
        // Reading and searching are two permissions.
        let searcher = recorded.token(&Who::administrator("user/AuditEvent.s")).await;
        assert_eq!(get(&server, "/fhir/AuditEvent/1", &searcher).await.status, 403);
        assert_eq!(get(&server, "/fhir/AuditEvent", &searcher).await.status, 200);
    }

    async fn the_statement_of_all_sources_declares_it(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let declared = |statement: &Value| {
            let resources = statement["rest"][0]["resource"].as_array().unwrap();
            resources.iter().find(|resource| resource["type"] == "AuditEvent").cloned()
        };
        let all = declared(&server.ok("/fhir/metadata").await).unwrap();
        let names: Vec<&str> = all["searchParam"].as_array().unwrap().iter().map(|param| param["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["_id", "action", "agent", "date", "entity", "outcome", "patient", "subtype", "type"]);
        assert!(declared(&server.ok("/healthjump/fhir/metadata").await).is_none());
        let token = recorded.token(&Who::administrator(ALL)).await;
        assert_eq!(get(&server, "/healthjump/fhir/AuditEvent", &token).await.status, 404);
    }

    async fn each_parameter_finds_what_it_says(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        accesses(&recorded, &server).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        // The numbers of the five accesses; later ones are of this test's own searches.
        for (query, expected) in [
            ("_id=1,3", "3 1"),
            ("patient=healthjump.pt.1&_cursor=6", "4 2 1"),
            ("patient=Patient/healthjump.pt.1&agent=practitioner", "4 2"),
            ("patient=healthjump.pt.2,healthjump.pt.9&subtype=read", "5 3"),
            ("entity=Patient/healthjump.pt.2&subtype=read", "3"),
            ("entity=http://localhost:8080/fhir/Patient/healthjump.pt.2&subtype=read", "3"),
            ("entity=http://elsewhere/fhir/Patient/healthjump.pt.2", ""),
            ("agent=Practitioner/practitioner&subtype=read", "5 3 2"),
            ("agent=practitioner&outcome=4", "5"),
            ("agent=practitioner&outcome=http://hl7.org/fhir/audit-event-outcome|0", "4 3 2"),
            ("agent=practitioner&action=E", "4"),
            ("agent=practitioner&action=R&type=rest", "5 3 2"),
            ("agent=practitioner&type=110114", ""),
            ("agent=practitioner&date=2026-03-02", "5 4 3 2"),
            ("agent=practitioner&date=ge2026-03-02T09:00:00Z&date=lt2026-03-02T09:00:01Z", "5 4 3 2"),
            ("agent=practitioner&date=gt2026-03-02", ""),
            ("agent=practitioner&date=ne2026-03-01", "5 4 3 2"),
            ("agent=practitioner&date=eb2026-03-02", ""),
            ("agent=practitioner&_count=2", "5 4"),
            ("agent=practitioner&_cursor=4", "3 2"),
            ("_id=abc", ""),
            ("agent=nobody", ""),
        ] {
            assert_eq!(found(&server, &token, query).await.join(" "), expected, "{query}");
        }
        let posted = request(Method::POST, "/fhir/AuditEvent/_search", &headers(&format!("Bearer {token}"), "post"))
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .set_payload("entity=Patient/healthjump.pt.2&subtype=read");
        assert_eq!(ids(&server.send(posted).await.json()), ["3"]);
        let counted = get(&server, "/fhir/AuditEvent?agent=practitioner&_summary=count", &token).await.json();
        assert_eq!((&counted["total"], counted["entry"].as_array()), (&4.into(), None));
        let total = get(&server, "/fhir/AuditEvent?agent=practitioner&_count=1&_total=accurate", &token).await.json();
        assert_eq!(total["total"], 4);
    }

    async fn pages_lead_through_all(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        accesses(&recorded, &server).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let mut address = "/fhir/AuditEvent?agent=practitioner&_count=3".to_owned();
        let mut numbers = vec![];
        loop {
            let page = get(&server, &address, &token).await.json();
            numbers.extend(ids(&page));
            match link(&page, "next") {
                Some(next) => address = next,
                None => break,
            }
        }
        assert_eq!(numbers, ["5", "4", "3", "2"]);
    }

    async fn wrong_requests_are_told_so(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let bearer = format!("Bearer {token}");
        let strict = [("authorization", bearer.as_str()), ("prefer", "handling=strict")];
        for (query, lenient, strictly) in [
            ("nothing=1", 200, 400),
            ("patient:missing=true", 200, 400),
            ("_include=AuditEvent:patient", 200, 400),
            ("_sort=date", 200, 400),
            ("_summary=true", 200, 400),
            ("date=yesterday", 400, 400),
            ("_cursor=x", 400, 400),
            ("_cursor=-1", 400, 400),
        ] {
            let address = format!("/fhir/AuditEvent?{query}");
            assert_eq!(get(&server, &address, &token).await.status, lenient, "{query}");
            assert_eq!(server.ask(Method::GET, &address, &strict).await.status, strictly, "{query}");
        }
        let ignored = get(&server, "/fhir/AuditEvent?nothing=1&_count=1", &token).await.json();
        assert_eq!(resources(&ignored, "outcome").len(), 1);
        assert!(!link(&ignored, "self").unwrap().contains("nothing"));
        for address in ["/fhir/AuditEvent/999999", "/fhir/AuditEvent/0", "/fhir/AuditEvent/x", "/fhir/AuditEvent/1/_history"] {
            assert_eq!(get(&server, address, &token).await.status, 404, "{address}");
        }
        let put = server.ask(Method::DELETE, "/fhir/AuditEvent/1", &[("authorization", bearer.as_str())]).await;
        assert_eq!(put.status, 405);
    }

    async fn an_event_is_what_the_patterns_say(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        accesses(&recorded, &server).await;
        let token = recorded.token(&Who::administrator(ALL)).await;
        let event = get(&server, "/fhir/AuditEvent/4", &token).await.json();
        assert_eq!(event["meta"]["profile"][0], "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery");
        assert_eq!((&event["recorded"], &event["type"]["code"]), (&"2026-03-02T09:00:00Z".into(), &"rest".into()));
        let roles: Vec<&str> = event["agent"].as_array().unwrap().iter().map(|agent| agent["type"]["coding"][0]["code"].as_str().unwrap()).collect();
        assert_eq!(roles, ["110153", "110152", "IRCP"]);
        let read = get(&server, "/fhir/AuditEvent/1", &token).await.json();
        assert!(read["meta"]["profile"][0].as_str().unwrap().ends_with("PatientRead"));
        // The same in XML, which keeps the order of the specification.
        let text = get(&server, "/fhir/AuditEvent/4?_format=xml", &token).await.text();
        roxmltree::Document::parse(&text).unwrap();
        assert!(text.contains("<AuditEvent") && text.contains("<recorded value=\"2026-03-02T09:00:00Z\"/>"), "{text}");
        // Who looks is recorded, with what they saw.
        let all = events(&server, &token).await;
        assert!(all.iter().any(|event| entities(event, "4").contains("AuditEvent/4")));
    }

    /// Patients may know who looked at their records, and nothing of anybody else.
    async fn patients_see_who_looked_at_their_own_records(kind) {
        let recorded = Recorded::new(kind);
        let server = recorded.serve(Setup::over(clinic(kind))).await;
        let sam = accesses(&recorded, &server).await;
        get(&server, "/fhir/Patient", &sam).await;
        let patient = Who { patient: Some(PATIENT.to_owned()), ..who(Some(Role::Patient), "app", "patient/AuditEvent.rs") };
        let token = recorded.token(&patient).await;
        let page = get(&server, "/fhir/AuditEvent", &token).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(ids(&page.json()), ["6", "4", "2", "1"]);
        assert_eq!(found(&server, &token, &format!("patient={PATIENT}&agent=practitioner")).await, ["6", "4", "2"]);
        for secret in ["healthjump.pt.2", "Condition/", "\"query\"", "network"] {
            assert!(!page.text().contains(secret), "{secret}: {}", page.text());
        }
        for event in resources(&page.json(), "match") {
            assert_eq!(entities(event, "1").len(), 1);
        }
        // Nor can it be found out by asking.
        for query in ["entity=Patient/healthjump.pt.2", "patient=healthjump.pt.2", &format!("patient={PATIENT},healthjump.pt.2")] {
            assert_eq!(get(&server, &format!("/fhir/AuditEvent?{query}"), &token).await.status, 403, "{query}");
        }
        assert_eq!(get(&server, "/fhir/AuditEvent/2", &token).await.status, 200);
        assert_eq!(get(&server, "/fhir/AuditEvent/3", &token).await.status, 404);
    }
}
