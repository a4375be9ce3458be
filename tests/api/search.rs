//! Searches: by GET and POST alike, what was not understood is reported, two sources at once.

use actix_web::http::Method;
use serde_json::Value;
use tests::on_both;
use tests::oracle::text;
use tests::support::clinic;
use tests::support::database::Database;
use tests::support::server::{ORIGIN, Setup, ids, link, resources, unversioned};
use tests::support::shared::clinic as loaded;

on_both! {
    async fn the_bundle_as_a_whole(kind) {
        let server = Setup::over(loaded(kind)).start().await;
        let bundle = server.ok("/fhir/Condition?code=http://hl7.org/fhir/sid/icd-10-cm|E11.9&_include=Condition:patient&_total=accurate").await;
        insta::assert_json_snapshot!("bundle", unversioned(bundle));
    }

    async fn post_answers_as_get_does(kind) {
        let server = Setup::over(loaded(kind)).start().await;
        for query in ["family=o%27hara", "name=jos%C3%A9&gender=male", "_id=healthjump.pt.1,healthjump.pt.2&_sort=-birthdate", ""] {
            let get = server.ok(&format!("/fhir/Patient?{query}")).await;
            assert_eq!(server.post("/fhir/Patient/_search", query).await.json(), get, "{query}");
            assert_eq!(server.post(&format!("/fhir/Patient/_search?{query}"), "").await.json(), get, "{query}");
        }
        // Parameters of the address and of the body are one request.
        let both = server.post("/fhir/Patient/_search?gender=male", "name=n").await.json();
        assert_eq!(ids(&both), ["healthjump.pt.1"]);
        // The link of a page is followed by GET.
        let first = server.post("/fhir/Patient/_search", "_count=2&_sort=birthdate").await.json();
        let next = link(&first, "next").unwrap();
        assert!(next.starts_with(&format!("{ORIGIN}/fhir/Patient?")), "{next}");
        assert_eq!(ids(&first).len() + ids(&server.ok(&next).await).len(), 3);
    }

    async fn what_is_not_known_is_left_out_and_reported(kind) {
        let server = Setup::over(loaded(kind)).start().await;
        let bundle = server.ok("/fhir/Patient?famly=x&gender=male&name:text=y&_sort=gender&_include=Patient:link&_contained=true").await;
        assert_eq!(ids(&bundle), ["healthjump.pt.1"]);
        assert_eq!(link(&bundle, "self").unwrap(), format!("{ORIGIN}/fhir/Patient?gender=male"));
        let outcome = resources(&bundle, "outcome");
        let issues: Vec<String> = outcome[0]["issue"].as_array().unwrap().iter().map(told).collect();
        insta::assert_snapshot!("ignored", issues.join("\n"));
        assert_eq!(outcome.len(), 1);
        let entry = bundle["entry"].as_array().unwrap().last().unwrap();
        assert!(text(&entry["fullUrl"]).starts_with("urn:uuid:"));
    }

    async fn a_strict_client_has_it_refused(kind) {
        let server = Setup::over(loaded(kind)).start().await;
        let strict = [("prefer", "handling=strict")];
        let mut said = vec![];
        for query in [
            "famly=x",
            "name:text=y",
            "_sort=gender",
            "_include=Patient:link",
            "_include=Encounter:patient",
            "_contained=true",
            "_has:Condition:code:code=x",
            "_has:Condition:patient:colour=x",
            "general-practitioner.colour=x",
            "_revinclude=Condition:encounter",
            "nothinglikethis=1",
        ] {
            let response = server.ask(Method::GET, &format!("/fhir/Patient?{query}"), &strict).await;
            said.push(format!("{query}\n    {}", response.error()));
            let lenient = server.ask(Method::GET, &format!("/fhir/Patient?{query}"), &[("prefer", "handling=lenient")]).await;
            assert_eq!(lenient.status, 200, "{query}");
        }
        insta::assert_snapshot!("strict", said.join("\n"));
    }

    async fn the_self_link_is_the_search_that_was_done(kind) {
        let server = Setup::over(loaded(kind)).start().await;
        for (asked, done) in [
            ("/fhir/Patient", "/fhir/Patient"),
            ("/fhir/Patient?", "/fhir/Patient"),
            ("/fhir/Patient?_count=100000", "/fhir/Patient?_count=1000"),
            ("/fhir/Patient?birthdate=eq1980-03-05", "/fhir/Patient?birthdate=1980-03-05"),
            ("/fhir/Encounter?subject:Patient=healthjump.pt.1", "/fhir/Encounter?subject=Patient/healthjump.pt.1"),
            ("/healthjump/fhir/Patient?_id=healthjump.pt.1", "/healthjump/fhir/Patient?_id=healthjump.pt.1"),
            ("/fhir/Patient?_format=json&gender=male", "/fhir/Patient?gender=male&_format=json"),
        ] {
            let bundle = server.ok(asked).await;
            let itself = link(&bundle, "self").unwrap();
            assert_eq!(itself, format!("{ORIGIN}{done}"), "{asked}");
            assert_eq!(ids(&server.ok(&itself).await), ids(&bundle), "{asked}");
        }
    }

    async fn only_a_number_is_asked_for(kind) {
        let server = Setup::over(loaded(kind)).start().await;
        let bundle = server.ok("/fhir/Encounter?_count=0").await;
        assert_eq!(bundle["total"], 3);
        assert!(bundle.get("entry").is_none());
        assert!(link(&bundle, "next").is_none());
        assert_eq!(server.ok("/fhir/Encounter?_total=accurate&_count=1").await["total"], 3);
        assert_eq!(server.ok("/fhir/Encounter?_count=1").await.get("total"), None);
        assert_eq!(server.ok("/fhir/Encounter?_total=none").await.get("total"), None);
    }

    /// A text with the characters that separate values is found by its escaped form.
    async fn escapes_are_understood(kind) {
        let db = Database::new(kind);
        let folder = db.folder.path().join("delivery");
        let person = |id: u32, name: &str| {
            serde_json::json!({"demographicid": id, "client_id": "C1", "client_patient_id": name, "last_name": name, "hj_modify_timestamp": "2025-01-01 00:00:00"})
        };
        let people = [person(1, r"Smith, Jr|$\x"), person(2, "Smith"), person(3, "% _"), person(4, "100% sure_")];
        tests::support::delivery::write_pages(&folder, "demographic", &people, 10);
        tests::support::source::load_folder(&db, &tests::support::source::site("healthjump", ""), &folder);
        let server = Setup::over(&db).start().await;
        for (query, found) in [
            (r"family=smith\,%20jr\|\$\\x", "1"),
            (r"family:exact=Smith\,%20Jr\|\$\\x", "1"),
            (r"identifier=urn:chartgate:healthjump:client_patient_id|Smith\,%20Jr\|\$\\x", "1"),
            ("family=smith", "1 2"),
            ("family:exact=Smith", "2"),
            ("family=%25", "3"),
            ("family=%25%20_", "3"),
            ("family=100%25", "4"),
            ("family=_", ""),
            ("family=' OR 1=1 --", ""),
        ] {
            let bundle = server.ok(&format!("/fhir/Patient?{}", query.replace(' ', "%20"))).await;
            let found_ids: Vec<String> = ids(&bundle).iter().map(|id| id.replace("healthjump.pt.", "")).collect();
            assert_eq!(found_ids.join(" "), found, "{query}");
        }
    }

    async fn two_sources_are_answered_as_one(kind) {
        let other = Database::new(kind);
        clinic::load(&other, "second");
        let server = Setup::over(loaded(kind)).and("second", &other).start().await;
        for (query, n) in [("", 3), ("?_sort=birthdate", 3), ("?_sort=-_lastUpdated,family", 3), ("?gender=male", 1)] {
            let all = server.ids(&format!("/fhir/Patient{query}")).await;
            let one = server.ids(&format!("/healthjump/fhir/Patient{query}")).await;
            let two = server.ids(&format!("/second/fhir/Patient{query}")).await;
            assert_eq!((one.len(), two.len(), all.len()), (n, n, 2 * n), "{query}");
            assert!(one.iter().chain(&two).all(|id| all.contains(id)), "{query}");
            let separator = if query.is_empty() { '?' } else { '&' };
            for count in 1..=5 {
                assert_eq!(server.ids(&format!("/fhir/Patient{query}{separator}_count={count}")).await, all, "{query} by {count}");
            }
        }
        let sorted = server.ok("/fhir/Patient?_sort=birthdate").await;
        let births: Vec<&str> = resources(&sorted, "match").iter().map(|r| r["birthDate"].as_str().unwrap_or("-")).collect();
        assert_eq!(births, ["1980-03-05", "1980-03-05", "1999-12-31", "1999-12-31", "-", "-"]);
        assert_eq!(server.ok("/fhir/Patient?_total=accurate&_count=2").await["total"], 6);
        assert_eq!(server.get("/healthjump/fhir/Patient/second.pt.1").await.status, 404);
        assert_eq!(server.get("/fhir/Patient/second.pt.1").await.status, 200);
        // References stay within their source.
        let visits = server.ids("/fhir/Encounter?patient=second.pt.1").await;
        assert!(!visits.is_empty() && visits.iter().all(|id| id.starts_with("second.")), "{visits:?}");
    }

    /// `ap` means a tenth of the distance to now, and the server's now is given here.
    async fn about_is_wider_the_longer_ago(kind) {
        let server = Setup::over(loaded(kind)).start().await;
        // 1999-12-31 is 26 years ago.
        assert_eq!(server.ids("/fhir/Patient?birthdate=ap2001").await, ["healthjump.pt.2"]);
        assert_eq!(server.ids("/fhir/Patient?birthdate=2001").await, [] as [&str; 0]);
        assert_eq!(server.ids("/fhir/Patient?birthdate=ap2004").await, [] as [&str; 0]);
    }
}

fn told(issue: &Value) -> String {
    let text = |name: &str| issue[name].as_str().unwrap().to_owned();
    format!(
        "{} {}: {} at {}",
        text("severity"),
        text("code"),
        text("diagnostics"),
        issue["location"][0].as_str().unwrap()
    )
}
