//! Parts of resources: `_summary` and `_elements`.

use serde_json::Value;
use tests::on_both;
use tests::support::server::{ORIGIN, Setup, ids, link, resources};

fn names(resource: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = resource.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

on_both! {
    /// In searches, of matches and of what they include; each says that it is not whole, and keeps its version.
    async fn a_search_gives_the_parts_that_are_asked_for(kind) {
        let server = Setup::all(kind).start().await;
        let whole = server.ok("/fhir/Encounter?_count=200&_include=Encounter:patient").await;
        let cut = server.ok("/fhir/Encounter?_count=200&_include=Encounter:patient&_summary=true").await;
        assert_eq!(ids(&whole), ids(&cut));
        assert!(link(&cut, "self").unwrap().contains("_summary=true"));
        let both = |bundle: &Value, mode| resources(bundle, mode).into_iter().cloned().collect::<Vec<_>>();
        let pairs = |mode| both(&whole, mode).into_iter().zip(both(&cut, mode));
        for (whole, cut) in pairs("match").chain(pairs("include")) {
            assert_eq!(whole["meta"]["versionId"], cut["meta"]["versionId"]);
            assert_eq!(cut["meta"]["tag"][0]["code"], "SUBSETTED", "{cut}");
            assert!(cut.get("period").is_none() && cut.get("communication").is_none());
            for name in names(&cut).into_iter().filter(|n| !["meta", "participant"].contains(n)) {
                assert_eq!(whole[name], cut[name], "{name}");
            }
        }
    }

    async fn named_elements_come_with_what_must_be_there(kind) {
        let server = Setup::all(kind).start().await;
        let bundle = server.ok("/fhir/Condition?_elements=onset&_count=200").await;
        for resource in resources(&bundle, "match") {
            for name in names(resource) {
                let there = ["id", "meta", "resourceType", "clinicalStatus", "verificationStatus", "subject"];
                assert!(there.contains(&name) || name.starts_with("onset"), "{name}");
            }
        }
        let id = &ids(&bundle)[0];
        let read = server.ok(&format!("/fhir/Condition/{id}?_elements=onset")).await;
        assert_eq!(&read, resources(&bundle, "match")[0]);
    }

    async fn a_count_has_no_entries(kind) {
        let server = Setup::all(kind).start().await;
        let counted = server.ok("/fhir/Patient?_summary=count").await;
        let accurate = server.ok("/fhir/Patient?_total=accurate&_count=1").await;
        assert_eq!(counted["total"], accurate["total"]);
        assert!(counted.get("entry").is_none());
        assert_eq!(link(&counted, "self").unwrap(), format!("{ORIGIN}/fhir/Patient?_summary=count"));
        let patient = &ids(&accurate)[0];
        assert_eq!(server.get(&format!("/fhir/Patient/{patient}?_summary=count")).await.status, 400);
    }

    /// The cut form of a resource has the resource's own version: a client that has it need not get it again.
    async fn the_next_page_is_cut_too(kind) {
        let server = Setup::all(kind).start().await;
        let mut pages = 0;
        for page in server.pages("/fhir/Procedure?_summary=true&_count=30").await {
            pages += 1;
            for resource in resources(&page, "match") {
                assert_eq!(resource["meta"]["tag"][0]["code"], "SUBSETTED");
            }
        }
        assert!(pages > 2);
    }
}
