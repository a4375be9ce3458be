//! ETags of searches: a page that a client has already is not sent again.

use actix_web::http::Method;
use chrono::{NaiveDateTime, TimeDelta};
use serde_json::json;
use tests::on_both;
use tests::support::clinic;
use tests::support::database::Database;
use tests::support::delivery::write_pages;
use tests::support::server::{Response, Server, Setup, now, tomorrow};
use tests::support::shared;
use tests::support::source::{SOURCE, load_folder, site};

/// Searches, each with a page of its own.
const SEARCHES: [&str; 10] = [
    "Patient",
    "Patient?_count=1",
    "Patient?_count=2",
    "Patient?_elements=name",
    "Patient?_summary=count",
    "Patient?_total=accurate",
    "Patient?_sort=birthdate",
    "Patient?_pretty=true",
    "Patient?family=nobody",
    "Encounter?_include=Encounter:patient",
];

async fn with(server: &Server, method: Method, address: &str, tag: &str) -> Response {
    server.ask(method, address, &[("if-none-match", tag)]).await
}

fn a_minute_later() -> NaiveDateTime {
    now() + TimeDelta::minutes(1)
}

on_both! {
    async fn a_page_that_the_client_has_is_not_sent(kind) {
        let server = Setup::over(shared::clinic(kind)).start().await;
        let mut tags = vec![];
        for search in SEARCHES {
            let address = format!("/fhir/{search}");
            let tag = server.get(&address).await.header("etag").to_owned();
            assert!(tag.starts_with("W/\"") && tag.ends_with('"'), "{search}: {tag}");
            for method in [Method::GET, Method::HEAD] {
                for said in [tag.clone(), format!("\"other\", {tag}"), "*".to_owned()] {
                    let same = with(&server, method.clone(), &address, &said).await;
                    assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, tag.as_str()), "{method} {search}");
                }
                let other = with(&server, method.clone(), &address, "W/\"0123456789abcdef\"").await;
                assert_eq!((other.status, other.header("etag")), (200, tag.as_str()), "{method} {search}");
            }
            tags.push(tag);
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), SEARCHES.len(), "two pages have the same tag");
    }

    async fn the_answer_to_a_post_has_none(kind) {
        let server = Setup::over(shared::clinic(kind)).start().await;
        let answer = server.post("/fhir/Patient/_search", "gender=male").await;
        assert_eq!((answer.status, answer.header("etag")), (200, ""));
    }

    /// A tag stays as long as nothing changes, on any server; but the link to a next page does not stay good for ever.
    async fn time_alone_changes_no_tag_before_links_grow_old(kind) {
        let at = async |clock| Setup::over(shared::clinic(kind)).clock(clock).start().await;
        let (today, soon, later) = (at(now).await, at(a_minute_later).await, at(tomorrow).await);
        for search in SEARCHES {
            let address = format!("/fhir/{search}");
            let first = today.get(&address).await;
            let tag = first.header("etag").to_owned();
            assert_eq!(with(&soon, Method::GET, &address, &tag).await.status, 304, "{search}");
            let has_next = first.text().contains("_cursor=");
            let wanted = if has_next { 200 } else { 304 };
            assert_eq!(with(&later, Method::GET, &address, &tag).await.status, wanted, "{search}");
        }
    }

    /// What changes a page changes its tag: a row of it, a row that it includes, its number of matches.
    async fn a_load_changes_the_tags_of_what_it_changed(kind) {
        let db = Database::new(kind);
        clinic::load(&db, SOURCE);
        let server = Setup::over(&db).start().await;
        let searches = ["Patient?_id=healthjump.pt.1", "Encounter?_include=Encounter:patient", "Patient?gender=male&_summary=count", "Practitioner", "Patient?_id=healthjump.pt.2"];
        let tags = async || {
            let mut tags = vec![];
            for search in searches {
                tags.push(server.get(&format!("/fhir/{search}")).await.header("etag").to_owned());
            }
            tags
        };
        let before = tags().await;
        let folder = db.folder.path().join("changes");
        let person = |id: u32| json!({"demographicid": id, "client_id": "C1", "first_name": "Jo", "last_name": "Changed", "gender": "M", "hj_modify_timestamp": "2025-03-01 00:00:00"});
        write_pages(&folder, "demographic", &[person(1), person(9)], 10);
        load_folder(&db, &site(SOURCE, ""), &folder);
        let after = tags().await;
        let changed: Vec<bool> = before.iter().zip(&after).map(|(a, b)| a != b).collect();
        assert_eq!(changed, [true, true, true, false, false]);
    }
}
