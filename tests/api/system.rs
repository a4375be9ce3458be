//! Searches of several types at once.

use actix_web::http::Method;
use serde_json::Value;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::oracle::name;
use tests::support::sample::bases;
use tests::support::server::{Server, Setup, link, resources};
use tests::support::shared::clinic;

async fn names(server: &Server, address: &str) -> Vec<String> {
    let pages = server.pages(address).await;
    pages
        .iter()
        .flat_map(|page| resources(page, "match"))
        .map(name)
        .collect()
}

on_both! {
    /// Type by type, each as it is found alone, whatever the size of a page.
    async fn the_types_follow_one_another(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases() {
            let all = Claims::read(&server.ok(&format!("{base}/metadata")).await);
            let all: Vec<&str> = all.types().collect();
            for (types, query) in [
                (vec!["Patient", "Organization"], "_lastUpdated=gt1990"),
                (vec!["Procedure", "Condition", "Encounter"], "patient:missing=false"),
                (vec!["Encounter", "Procedure"], "status=finished,completed&date=ge2000"),
                (vec!["Location"], "name:missing=false"),
                (all.clone(), "_lastUpdated=gt1990"),
            ] {
                let mut wanted = vec![];
                for ty in &types {
                    wanted.extend(names(&server, &format!("{base}/{ty}?{query}&_count=500")).await);
                }
                let asked = format!("{base}?_type={}&{query}", types.join(","));
                assert_eq!(names(&server, &format!("{asked}&_count=1000")).await, wanted, "{asked}");
                for count in [3, 7, wanted.len() - 1, wanted.len()].map(|count| count.min(1000)) {
                    let pages = server.pages(&format!("{asked}&_count={count}")).await;
                    let found: Vec<String> = pages.iter().flat_map(|p| resources(p, "match")).map(name).collect();
                    assert_eq!(found, wanted, "{asked} by {count}");
                    assert_eq!(pages.len(), wanted.len().div_ceil(count), "{asked} by {count}");
                }
                let counted = server.ok(&format!("{asked}&_total=accurate&_count=1")).await;
                assert_eq!(counted["total"].as_u64(), Some(wanted.len() as u64), "{asked}");
                let only = server.ok(&format!("{asked}&_summary=count")).await;
                assert_eq!((only["total"].as_u64(), only.get("entry")), (Some(wanted.len() as u64), None), "{asked}");
            }
            let without = names(&server, &format!("{base}?_count=300")).await;
            assert_eq!(without, names(&server, &format!("{base}?_type={}&_count=300", all.join(","))).await);
            assert_eq!(names(&server, &format!("{base}/?_count=300")).await, without);
        }
    }

    /// By what all can be sorted by, they are mixed, and no page size changes that.
    async fn sorted_they_are_mixed(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases() {
            for (sort, of) in [("_lastUpdated", "Patient,Condition,Location"), ("-_lastUpdated", "Encounter,Practitioner"), ("-date", "Procedure,Encounter")] {
                let asked = format!("{base}?_type={of}&_sort={sort}");
                let pages = server.pages(&format!("{asked}&_count=1000")).await;
                let found: Vec<&Value> = pages.iter().flat_map(|page| resources(page, "match")).collect();
                if sort.ends_with("_lastUpdated") {
                    let time = |r: &Value| r["meta"]["lastUpdated"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
                    let mut times: Vec<_> = found.iter().map(|r| time(r)).collect();
                    if sort.starts_with('-') {
                        times.reverse();
                    }
                    assert!(times.is_sorted(), "{asked}");
                }
                let whole: Vec<String> = found.into_iter().map(name).collect();
                for ty in of.split(',') {
                    let alone = names(&server, &format!("{base}/{ty}?_sort={sort}&_count=500")).await;
                    let part: Vec<String> = whole.iter().filter(|n| n.starts_with(&format!("{ty}/"))).cloned().collect();
                    assert_eq!(part, alone, "{asked}: {ty}");
                }
                for count in [5, 40] {
                    assert_eq!(names(&server, &format!("{asked}&_count={count}")).await, whole, "{asked} by {count}");
                }
            }
        }
    }

    /// What one type includes is there once, and not when it matches itself.
    async fn what_is_included_is_there_once(kind) {
        let server = Setup::all(kind).start().await;
        for sort in ["", "&_sort=-_lastUpdated"] {
            let asked = format!("/fhir?_type=Encounter,Procedure,Patient&_include=Encounter:patient&_include=Procedure:encounter&_include=Procedure:performer{sort}&_count=60");
            let pages = server.pages(&asked).await;
            let mut brought = 0;
            for page in &pages {
                let mut all: Vec<String> = ["match", "include"].iter().flat_map(|mode| resources(page, mode)).map(name).collect();
                let count = all.len();
                all.sort();
                all.dedup();
                assert_eq!(all.len(), count, "a resource is there twice");
                brought += resources(page, "include").len();
                let own = link(page, "self").unwrap();
                assert!(own.contains("_include=Procedure:performer") && own.contains("_include=Encounter:patient"), "{own}");
            }
            assert!(brought > 20, "{brought}");
        }
    }

    async fn by_post_it_is_the_same(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let form = "_type=Patient,Encounter&_lastUpdated=gt2000&_count=2";
        let (post, get) = (server.post("/fhir/_search", form).await.json(), server.ok(&format!("/fhir?{form}")).await);
        assert_eq!((&post["entry"], link(&post, "self")), (&get["entry"], link(&get, "self")));
        assert_eq!(link(&get, "self").unwrap(), format!("http://localhost:8080/fhir?{form}"));
        let next = link(&post, "next").unwrap();
        assert!(next.starts_with("http://localhost:8080/fhir?_type=Patient,Encounter&"), "{next}");
        assert_eq!(resources(&server.ok(&next).await, "match").len(), 2);
    }

    /// What only some of the types have cannot be asked of all.
    async fn what_is_not_common(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let ignored = server.ok("/fhir?_type=Patient,Encounter&status=finished&birthdate=1980&_sort=date&_lastUpdated=gt1990").await;
        assert_eq!(link(&ignored, "self").unwrap(), "http://localhost:8080/fhir?_type=Patient,Encounter&_lastUpdated=gt1990");
        let outcome = resources(&ignored, "outcome");
        let told: Vec<&str> = outcome[0]["issue"].as_array().unwrap().iter().map(|i| i["location"][0].as_str().unwrap()).collect();
        assert_eq!(told, ["http.status", "http.birthdate", "http._sort"]);
        let strict = [("prefer", "handling=strict")];
        for (address, said) in [
            ("/fhir?_type=Patient,Encounter&status=finished", "400 error not-supported: Patient cannot be searched by status"),
            ("/fhir?_type=Encounter,Patient&_sort=date", "400 error not-supported: A key of _sort is not one that Patient can be sorted by at http._sort"),
            ("/fhir?name=x", "400 error not-supported: Condition cannot be searched by name"),
            ("/fhir?_include=Nothing:x", "400 error not-supported: An _include is not one that"),
            ("/fhir?_type=Patient,Observation", "400 error not-supported: A value of _type is not a type that can be found here at http._type"),
            ("/fhir?_type=", "400 error not-supported: A value of _type is not a type that can be found here at http._type"),
            ("/fhir?_lastUpdated=yesterday", "400 error value: A value of _lastUpdated is not valid"),
            ("/fhir?_count=1&_count=2", "400 error invalid: _count may be given once at http._count"),
            ("/fhir?_cursor=AAAA", "400 error value: the page link is not valid for this search"),
            // Of one type, the type is in the address.
            ("/fhir/Patient?_type=Encounter", "400 error not-supported: _type is not supported at http._type"),
        ] {
            let response = server.ask(Method::GET, address, &strict).await;
            assert!(response.error().starts_with(said), "{address}: {}", response.error());
        }
        let many = format!("/fhir?{}", vec!["_id=x"; 65].join("&"));
        assert_eq!(server.get(&many).await.error(), "400 error too-costly: A request may have 64 parameters");
    }
}
