//! Answers over all sources while the database of one is away.

use serde_json::Value;
use tests::on_both;
use tests::support::database::Kind;
use tests::support::server::{Server, Setup, ids, resources};
use tests::support::shared::clinic as loaded;

const PARTIAL: &str = "[server]\npartial_answers = true\n[limits]\nconnect_seconds = 1\n";
const WHOLE: &str = "[limits]\nconnect_seconds = 1\n";

/// Where no database is.
fn nowhere(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "sqlite:///no/such/folder/rows.db",
        // Nobody listens on the first port.
        Kind::Postgres => "postgres://nobody@127.0.0.1:1/nothing",
    }
}

async fn with_one_away(kind: Kind, settings: &str) -> Server {
    let setup = Setup::over(loaded(kind)).and_at("second", nowhere(kind));
    setup.with(settings).start().await
}

/// The warnings of a page.
fn warnings(page: &Value) -> Vec<String> {
    let outcomes = resources(page, "outcome").into_iter();
    let issues = outcomes.flat_map(|o| o["issue"].as_array().unwrap().clone());
    issues
        .map(|i| {
            format!(
                "{} {}: {}",
                i["severity"].as_str().unwrap(),
                i["code"].as_str().unwrap(),
                i["diagnostics"].as_str().unwrap()
            )
        })
        .collect()
}

const AWAY: &str =
    "warning incomplete: source `second` is away: what it holds is missing from this answer, and from its total";

on_both! {
    async fn the_others_answer_where_that_is_configured(kind) {
        let server = with_one_away(kind, PARTIAL).await;
        for query in ["", "_sort=birthdate&", "_sort=-family&_include=Patient:organization&"] {
            let mut found = vec![];
            for page in server.pages(&format!("/fhir/Patient?{query}_total=accurate&_count=2")).await {
                assert_eq!(page["total"], 3, "{query}");
                assert_eq!(warnings(&page), [AWAY], "{query}");
                found.extend(ids(&page));
            }
            found.sort();
            assert_eq!(found, ["healthjump.pt.1", "healthjump.pt.2", "healthjump.pt.3"], "{query}");
        }
        let counted = server.ok("/fhir/Patient?_count=0").await;
        assert_eq!((&counted["total"], warnings(&counted)), (&Value::from(3), vec![AWAY.to_owned()]));
        // Alone it has nothing to be partial with.
        assert_eq!(server.get("/second/fhir/Patient").await.status, 503);
        assert_eq!(server.get("/fhir/Patient/second.pt.1").await.status, 503);
        assert!(warnings(&server.ok("/healthjump/fhir/Patient").await).is_empty());
    }

    async fn otherwise_nobody_answers(kind) {
        let server = with_one_away(kind, WHOLE).await;
        for query in ["", "?_sort=birthdate", "?_count=0"] {
            let response = server.get(&format!("/fhir/Patient{query}")).await;
            assert_eq!(response.error(), "503 error transient: the database of source `second` is not available", "{query}");
        }
    }

    async fn with_all_of_them_away_there_is_no_answer(kind) {
        let setup = Setup::at(nowhere(kind)).and_at("second", nowhere(kind));
        let server = setup.with(PARTIAL).start().await;
        assert_eq!(server.get("/fhir/Patient").await.status, 503);
        assert_eq!(server.get("/fhir/Patient?_count=0").await.status, 503);
    }
}
