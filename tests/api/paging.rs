//! Pages: their links survive a restart, belong to one search, and neither lose nor repeat a row.

use serde_json::{Value, json};
use tests::on_both;
use tests::support::clinic;
use tests::support::database::{Database, Kind};
use tests::support::delivery::{write_pages, write_population};
use tests::support::server::{Setup, ids, link, resources, tomorrow};
use tests::support::shared;
use tests::support::source::{SOURCE, load_folder, site};

/// A database of its own with fifty patients.
fn population(kind: Kind) -> Database {
    let db = Database::new(kind);
    let folder = db.folder.path().join("population");
    write_population(&folder, 50, 1);
    load_folder(&db, &site(SOURCE, ""), &folder);
    db
}

on_both! {
    async fn pages_of_any_size_are_the_whole(kind) {
        let server = Setup::all(kind).start().await;
        for search in [
            "Encounter?_sort=date",
            "Encounter?_sort=-date",
            "Encounter?status=finished",
            "Encounter?_sort=-_lastUpdated,date",
            "Condition?_sort=onset-date",
            "Condition?_sort=-abatement-date,recorded-date",
            "Patient?_sort=family,-birthdate",
            "Procedure?_sort=date,-_lastUpdated",
        ] {
            let whole = server.ids(&format!("/fhir/{search}&_count=1000")).await;
            assert!(whole.len() > 15, "{search}: {}", whole.len());
            for count in [1, 3, 10, whole.len() - 1, whole.len(), whole.len() + 1] {
                let pages = server.pages(&format!("/fhir/{search}&_count={count}")).await;
                let found: Vec<String> = pages.iter().flat_map(ids).collect();
                assert_eq!(found, whole, "{search} by {count}");
                assert!(pages.iter().all(|page| ids(page).len() <= count));
                assert_eq!(pages.len(), whole.len().div_ceil(count), "{search} by {count}: an empty last page");
            }
        }
    }

    async fn a_link_is_good_on_another_server_with_the_same_secret(kind) {
        let start = async || Setup::over(shared::clinic(kind)).start().await;
        let bundle = start().await.ok("/fhir/Patient?_count=2&_sort=birthdate").await;
        let next = link(&bundle, "next").unwrap();
        let restarted = start().await;
        assert_eq!(ids(&restarted.ok(&next).await), ["healthjump.pt.3"]);
        let stranger = Setup::over(shared::clinic(kind)).secret(b"another secret").start().await;
        assert_eq!(stranger.get(&next).await.status, 400);
    }

    async fn a_link_that_was_changed_is_refused(kind) {
        let server = Setup::over(shared::clinic(kind)).start().await;
        let bundle = server.ok("/fhir/Patient?_count=2&_sort=birthdate").await;
        let next = link(&bundle, "next").unwrap();
        let (address, cursor) = next.split_once("_cursor=").unwrap();
        let refused = |cursor: String| {
            let (server, address) = (&server, format!("{address}_cursor={cursor}"));
            async move {
                let response = server.get(&address).await;
                assert_eq!(response.error(), "400 error value: the page link is not valid for this search", "{address}");
            }
        };
        for at in (0..cursor.len()).step_by(7) {
            let mut bytes = cursor.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            refused(String::from_utf8(bytes).unwrap()).await;
        }
        for broken in [cursor[1..].to_owned(), format!("{cursor}A"), cursor[..20].to_owned(), "x".to_owned(), "~%21".to_owned()] {
            refused(broken).await;
        }
        assert!(!cursor.contains("healthjump"), "the cursor tells what it holds");
    }

    async fn a_link_of_another_search_is_refused(kind) {
        let server = Setup::over(shared::clinic(kind)).start().await;
        let bundle = server.ok("/fhir/Patient?_count=2&_sort=birthdate").await;
        let next = link(&bundle, "next").unwrap();
        let cursor = next.split_once("_cursor=").unwrap().1;
        for other in [
            "/fhir/Patient?_count=2",
            "/fhir/Patient?_count=2&_sort=-birthdate",
            "/fhir/Patient?_count=2&_sort=birthdate&gender=male",
            "/fhir/Patient?_count=2&_sort=birthdate&_include=Patient:organization",
            "/fhir/Practitioner?_count=2",
            "/healthjump/fhir/Patient?_count=2&_sort=birthdate",
        ] {
            let separator = if other.contains('?') { '&' } else { '?' };
            let response = server.get(&format!("{other}{separator}_cursor={cursor}")).await;
            // Over one source both bases are the same search; then the page must be the same, too.
            if response.status == 200 && other.starts_with("/healthjump") {
                assert_eq!(ids(&response.json()), ["healthjump.pt.3"]);
            } else {
                assert_eq!(response.status, 400, "{other}");
            }
        }
        // Another size of page is the same search.
        let smaller = server.ok(&format!("/fhir/Patient?_count=1&_sort=birthdate&_cursor={cursor}")).await;
        assert_eq!(ids(&smaller), ["healthjump.pt.3"]);
    }

    async fn a_link_of_yesterday_is_refused(kind) {
        let server = Setup::over(shared::clinic(kind)).start().await;
        let next = link(&server.ok("/fhir/Patient?_count=2").await, "next").unwrap();
        let later = Setup::over(shared::clinic(kind)).clock(tomorrow).start().await;
        assert_eq!(later.get(&next).await.status, 400);
    }

    /// Rows come and change between two pages: what was there before is seen once, whatever comes in front or behind.
    async fn a_load_between_two_pages_loses_and_repeats_nothing(kind) {
        for search in ["", "&_sort=birthdate", "&_sort=-birthdate,family", "&_sort=-_lastUpdated"] {
            let db = population(kind);
            let server = Setup::over(&db).start().await;
            let before = server.ids(&format!("/fhir/Patient?_count=1000{search}")).await;
            assert_eq!(before.len(), 50);
            let mut page = server.ok(&format!("/fhir/Patient?_count=10{search}")).await;
            let mut seen = ids(&page);
            let mut loads = 0;
            while let Some(next) = link(&page, "next") {
                if loads < 3 {
                    loads += 1;
                    add(&db, loads);
                }
                page = server.ok(&next).await;
                seen.extend(ids(&page));
            }
            let once: std::collections::BTreeSet<&String> = seen.iter().collect();
            assert_eq!(once.len(), seen.len(), "{search}: a row was repeated");
            assert!(before.iter().all(|id| once.contains(id)), "{search}: a row was lost");
        }
    }

    /// The first page after a load says so, and only that one; so does one of several sources.
    async fn a_page_that_may_have_shifted_says_so(kind) {
        for search in ["", "&_sort=birthdate", "&_sort=-_lastUpdated,family"] {
            let (db, other) = (population(kind), Database::new(kind));
            clinic::load(&other, "second");
            let server = Setup::over(&db).and("second", &other).start().await;
            let noted = |page: &Value| {
                let outcomes = resources(page, "outcome").into_iter();
                outcomes.flat_map(|o| o["issue"].as_array().unwrap()).map(|i| i["diagnostics"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            };
            let mut page = server.ok(&format!("/fhir/Patient?_count=10{search}")).await;
            let mut said = vec![];
            for turn in 1.. {
                said.push(noted(&page));
                let Some(next) = link(&page, "next") else { break };
                if turn == 2 {
                    add(&db, turn);
                }
                page = server.ok(&next).await;
            }
            assert!(said.len() > 4, "{search}: {} pages", said.len());
            for (n, said) in said.iter().enumerate() {
                let expected: &[&str] = if n == 2 {
                    &["rows were loaded into source `healthjump` since the page that led here: what changed may be on both pages or on neither"]
                } else {
                    &[]
                };
                assert_eq!(said, expected, "{search}: page {}", n + 1);
            }
        }
    }

    /// A search may be sent by POST; its pages are linked to by address.
    async fn the_links_of_a_search_by_post_are_addresses(kind) {
        let server = Setup::over(shared::clinic(kind)).start().await;
        let first = server.post("/fhir/Patient/_search?_sort=birthdate", "gender=male,female,other&_count=1").await.json();
        assert_eq!(ids(&first).len(), 1);
        let next = server.ok(&link(&first, "next").unwrap()).await;
        assert_eq!(ids(&next).len(), 1);
        let same = server.ok(&link(&first, "self").unwrap()).await;
        assert_eq!(ids(&same), ids(&first));
        // As long as a body may be, but not an address.
        let long = (0..500).map(|n| format!("healthjump.pt.{n}{}", "0".repeat(80))).collect::<Vec<_>>();
        let long = long.chunks(250).map(|ids| format!("_id:not={}", ids.join(","))).collect::<Vec<_>>().join("&");
        let whole = server.post("/fhir/Patient/_search", &format!("{long}&_count=3")).await;
        assert_eq!(ids(&whole.json()).len(), 3);
        let paged = server.post("/fhir/Patient/_search", &format!("{long}&_count=2")).await.error();
        assert_eq!(paged, "400 error too-costly: The link to the next page would be longer than the 32768 bytes that an address may have; ask for fewer values, or for all in one page by _count");
    }

    async fn a_page_that_is_the_last_has_no_next(kind) {
        let server = Setup::over(shared::clinic(kind)).start().await;
        let exact = server.ok("/fhir/Patient?_count=3").await;
        assert_eq!((ids(&exact).len(), link(&exact, "next")), (3, None));
        let none = server.ok("/fhir/Patient?_count=3&family=nobody").await;
        assert_eq!((ids(&none).len(), link(&none, "next")), (0, None));
        assert!(none.get("entry").is_none());
    }

    /// Names may hold what the server itself uses to keep values apart.
    async fn control_characters_in_what_is_sorted_by(kind) {
        let db = Database::new(kind);
        let folder = db.folder.path().join("delivery");
        let person = |id: u32, name: &str| json!({"demographicid": id, "client_id": "C1", "last_name": name, "hj_modify_timestamp": "2025-01-01 00:00:00"});
        let names = ["a", "a\u{1f}b", "a\u{1e}", "\u{1e}", "\u{1f}", "\u{1f}\u{1e}", "b", "\u{10ffff}", "a\u{7f}", ""];
        let people: Vec<_> = (1..).zip(names).map(|(id, name)| person(id, name)).collect();
        write_pages(&folder, "demographic", &people, 100);
        load_folder(&db, &site(SOURCE, ""), &folder);
        let server = Setup::over(&db).start().await;
        for sort in ["family", "-family", "family,birthdate", "birthdate,-family"] {
            let whole = server.ids(&format!("/fhir/Patient?_sort={sort}")).await;
            assert_eq!(whole.len(), names.len(), "{sort}");
            for count in [1, 2, 3] {
                assert_eq!(server.ids(&format!("/fhir/Patient?_sort={sort}&_count={count}")).await, whole, "{sort} by {count}");
            }
        }
    }

    /// One source in SQLite and one in PostgreSQL, with rows that changed in the same fraction of a second.
    async fn fractions_of_seconds_over_two_kinds_of_databases(kind) {
        let other = if kind == Kind::Sqlite { Kind::Postgres } else { Kind::Sqlite };
        if !other.is_available() {
            return;
        }
        let (one, two) = (Database::new(kind), Database::new(other));
        for (db, source) in [(&one, "healthjump"), (&two, "second")] {
            let folder = db.folder.path().join("delivery");
            let times = ["00", "00.25", "00.250000", "00.2501", "00.5", "01"];
            let person = |(n, time): (usize, &&str)| json!({"demographicid": n, "client_id": "C1", "hj_modify_timestamp": format!("2025-01-01 00:00:{time}")});
            let people: Vec<_> = times.iter().enumerate().map(person).collect();
            write_pages(&folder, "demographic", &people, 100);
            load_folder(db, &site(source, ""), &folder);
        }
        let server = Setup::over(&one).and("second", &two).start().await;
        for sort in ["_lastUpdated", "-_lastUpdated"] {
            let whole = server.ids(&format!("/fhir/Patient?_sort={sort}")).await;
            assert_eq!(whole.len(), 12);
            for count in 1..5 {
                assert_eq!(server.ids(&format!("/fhir/Patient?_sort={sort}&_count={count}")).await, whole, "{sort} by {count}");
            }
        }
    }

    async fn pages_over_two_mappings_and_two_sources(kind) {
        let other = Database::new(kind);
        clinic::load(&other, "second");
        let server = Setup::over(shared::clinic(kind)).and("second", &other).start().await;
        for sort in ["", "&_sort=date", "&_sort=-date", "&_sort=-_lastUpdated"] {
            let whole = server.ids(&format!("/fhir/Encounter?_count=100{sort}")).await;
            assert_eq!(whole.len(), 6);
            for count in 1..=6 {
                assert_eq!(server.ids(&format!("/fhir/Encounter?_count={count}{sort}")).await, whole, "{sort} by {count}");
            }
        }
    }
}

/// Patients before, between and behind those that are there, by key as well as by birth date.
fn add(db: &Database, round: u32) {
    let folder = db.folder.path().join(format!("more-{round}"));
    let person = |id: String, dob: &str| json!({"demographicid": id, "client_id": "C1", "last_name": "Zwischen", "dob": dob, "hj_modify_timestamp": "2024-01-01 00:00:00"});
    let people: Vec<_> = ["0", "2", "5", "9"]
        .iter()
        .zip(["1899-01-01", "1950-01-01", "1970-01-01", ""])
        .map(|(key, dob)| person(format!("{key}{round}0000"), dob))
        .collect();
    write_pages(&folder, "demographic", &people, 10);
    load_folder(db, &site(SOURCE, ""), &folder);
}
