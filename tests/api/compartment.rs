//! Searches within a patient's, a visit's and a clinician's compartment.

use std::collections::BTreeSet;

use actix_web::http::Method;
use tests::on_both;
use tests::oracle::{compartments, name};
use tests::support::sample::{bases, samples};
use tests::support::server::{Server, Setup, ids, link, resources};
use tests::support::shared::clinic;

use crate::oracle::everything;

async fn names(server: &Server, address: &str) -> Vec<String> {
    let pages = server.pages(address).await;
    pages
        .iter()
        .flat_map(|page| resources(page, "match"))
        .map(name)
        .collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

on_both! {
    /// Every compartment of every source holds, of each type and of all, what the definition says.
    async fn what_is_in_a_compartment(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases() {
            let oracle = everything(&server, &base).await;
            let mut found = 0;
            for owner in compartments::owners() {
                // All of a source alone, and some of all together.
                let step = if base == "/fhir" { 7 } else { 1 };
                for resource in oracle.of(owner).iter().step_by(step) {
                    let own = name(resource);
                    let mut all = vec![];
                    let served: Vec<&str> = oracle.claims.types().collect();
                    for ty in compartments::types(owner).into_iter().filter(|ty| served.contains(ty)) {
                        let wanted: Vec<String> = oracle.within(&own, ty).into_iter().map(name).collect();
                        let got = names(&server, &format!("{base}/{own}/{ty}?_count=4")).await;
                        assert_eq!(sorted(got.clone()), sorted(wanted), "{base}/{own}/{ty}");
                        all.extend(got);
                    }
                    assert_eq!(names(&server, &format!("{base}/{own}/*?_count=5")).await, all, "{base}/{own}/*");
                    found += all.len();
                }
            }
            assert!(found > 50, "{base}: {found}");
        }
    }

    /// It is a search like the one by reference, with all that searches have.
    async fn it_goes_with_everything_that_searches_have(kind) {
        let server = Setup::all(kind).start().await;
        let mut busiest = vec![];
        for sample in samples() {
            let base = format!("/{}/fhir", sample.name());
            let oracle = everything(&server, &base).await;
            let busy = oracle.of("Patient").iter().max_by_key(|p| oracle.within(&name(p), "Condition").len());
            busiest.push(busy.unwrap()["id"].as_str().unwrap().to_owned());
        }
        for id in busiest {
            for query in [
                "_sort=-onset-date,_lastUpdated&_count=2",
                "clinical-status=active&_include=Condition:encounter&_include:iterate=Encounter:location&_count=3",
                "_revinclude=Condition:encounter&code:missing=false&_total=accurate&_count=2",
                "encounter.date=ge2000&_elements=code&_count=4",
                "_summary=count",
                "_count=0",
            ] {
                let (within, by) = (format!("/fhir/Patient/{id}/Condition?{query}"), format!("/fhir/Condition?patient={id}&{query}"));
                let (within_pages, by_pages) = (server.pages(&within).await, server.pages(&by).await);
                assert_eq!(within_pages.len(), by_pages.len(), "{within}");
                for (page, other) in within_pages.iter().zip(&by_pages) {
                    assert_eq!((&page["entry"], &page["total"]), (&other["entry"], &other["total"]), "{within}");
                    for relation in ["self", "next"] {
                        let told = link(page, relation);
                        let start = format!("http://localhost:8080/fhir/Patient/{id}/Condition?");
                        assert!(told.is_none_or(|url| url.starts_with(&start)), "{within}: {relation}");
                    }
                }
            }
            let form = "clinical-status=active&_count=1";
            let post = server.post(&format!("/fhir/Patient/{id}/Condition/_search"), form).await.json();
            let get = server.ok(&format!("/fhir/Patient/{id}/Condition?{form}")).await;
            assert_eq!((&post["entry"], link(&post, "self")), (&get["entry"], link(&get, "self")));
            if let Some(next) = link(&post, "next") {
                assert_eq!(server.ok(&next).await["entry"], server.ok(&link(&get, "next").unwrap()).await["entry"]);
            }
            let all = server.post(&format!("/fhir/Patient/{id}/*/_search"), "_count=200").await.json();
            let got = server.ok(&format!("/fhir/Patient/{id}/*?_count=200")).await;
            assert_eq!(all["entry"], got["entry"]);
            let types: BTreeSet<&str> = resources(&all, "match").iter().map(|r| r["resourceType"].as_str().unwrap()).collect();
            assert!(types.contains("Patient") && types.contains("Condition"), "{id}: {types:?}");
        }
    }

    async fn what_is_not_there_and_what_is_no_compartment(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for nobody in ["healthjump.pt.999", "other.pt.1", "1", "healthjump.enc.11"] {
            let empty = server.ok(&format!("/fhir/Patient/{nobody}/Condition?_total=accurate")).await;
            assert_eq!((ids(&empty).len(), empty["total"].as_u64()), (0, Some(0)), "{nobody}");
            assert!(ids(&server.ok(&format!("/fhir/Patient/{nobody}/*")).await).is_empty(), "{nobody}");
        }
        for (address, said) in [
            ("Patient/a_b/Condition", "404 error not-found: There is no such resource"),
            ("Location/healthjump.loc.4/Encounter", "404 error not-supported: This server has no such interaction; its CapabilityStatement lists those it has"),
            ("Patient/healthjump.pt.1/Location", "404 error not-supported: Resources of this type are not in such a compartment"),
            ("Patient/healthjump.pt.1/Observation", "404 error not-supported: This server has no resources of this type; its CapabilityStatement lists those it has"),
            ("Nothing/1/Condition", "404 error not-supported: This server has no resources of this type; its CapabilityStatement lists those it has"),
            ("Patient/healthjump.pt.1/*?_type=Location", "400 error not-supported: A value of _type is not a type that can be found here at http._type"),
        ] {
            assert_eq!(server.get(&format!("/fhir/{address}")).await.error(), said, "{address}");
        }
        let written = server.ask(Method::PUT, "/fhir/Patient/healthjump.pt.1/Condition", &[]).await;
        assert_eq!((written.status, written.header("allow")), (405, "GET, HEAD"));
    }

    /// A link of one compartment does not open another.
    async fn a_page_link_belongs_to_its_compartment(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let first = server.ok("/fhir/Patient/healthjump.pt.1/Encounter?_count=1").await;
        let cursor = link(&first, "next").unwrap().split_once("_cursor=").unwrap().1.to_owned();
        let open = async |address: &str| server.get(&format!("/fhir/{address}?_count=1&_cursor={cursor}")).await;
        let own = open("Patient/healthjump.pt.1/Encounter").await;
        assert_eq!(ids(&own.json()).len(), 1);
        for other in ["Patient/healthjump.pt.2/Encounter", "Encounter", "Patient/healthjump.pt.1/*", "Practitioner/healthjump.prov.7/Encounter"] {
            assert_eq!(open(other).await.error(), "400 error value: the page link is not valid for this search", "{other}");
        }
    }

    async fn head_and_etags(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for address in ["/fhir/Patient/healthjump.pt.1/Encounter", "/fhir/Patient/healthjump.pt.1/*", "/fhir?_type=Patient,Encounter"] {
            let tag = server.get(address).await.header("etag").to_owned();
            for method in [Method::GET, Method::HEAD] {
                assert_eq!(server.ask(method.clone(), address, &[("if-none-match", tag.as_str())]).await.status, 304);
                let whole = server.ask(method.clone(), address, &[]).await;
                assert_eq!((whole.status, whole.body.is_empty()), (200, method == Method::HEAD), "{address}");
            }
        }
    }
}

#[test]
fn the_types_of_a_compartment_are_in_the_order_of_the_answer() {
    for owner in compartments::owners() {
        assert!(compartments::types(owner).is_sorted());
    }
}
