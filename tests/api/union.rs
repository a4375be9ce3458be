//! All sources as one: what `/fhir` answers against what each source answers alone. Beside every vendor's sample there is a
//! source with the same keys as the first, in another zone.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::oracle::{name, params};
use tests::support::database::Kind;
use tests::support::sample::{samples, twin};
use tests::support::server::{Server, Setup, ids, link, resources};

use crate::oracle::everything;

async fn server(kind: Kind) -> Server {
    Setup::all(kind).and_sample(kind, twin()).start().await
}

/// The sources, in the order of their configuration.
fn sources() -> impl Iterator<Item = &'static str> {
    samples().iter().chain([twin()]).map(|sample| sample.name())
}

/// The source of a resource, from its id.
fn source(id: &str) -> &str {
    id.split('.').next().unwrap()
}

/// Sizes of pages that are tried.
const SIZES: std::ops::RangeInclusive<usize> = 1..=7;

/// The whole of a search by pages of these sizes is always the same; by larger ones where there is much, such as provenances.
async fn by_pages(server: &Server, search: &str, whole: &[String], sizes: impl Iterator<Item = usize>) {
    let separator = if search.contains('?') { '&' } else { '?' };
    for count in sizes.map(|size| size * (1 + whole.len() / 400)) {
        let pages = server.pages(&format!("/fhir/{search}{separator}_count={count}")).await;
        assert!(pages.iter().all(|page| ids(page).len() <= count), "{search} by {count}");
        let found: Vec<String> = pages.iter().flat_map(ids).collect();
        assert_eq!(found, whole, "{search} by {count}");
        assert_eq!(
            pages.len(),
            whole.len().div_ceil(count),
            "{search} by {count}: an empty last page"
        );
    }
}

on_both! {
    /// One source after the other, each as it answers alone.
    async fn without_sort_the_sources_follow_one_another(kind) {
        let server = server(kind).await;
        for ty in Claims::read(&server.ok("/fhir/metadata").await).types() {
            let mut wanted = vec![];
            for source in sources() {
                wanted.extend(server.ids(&format!("/{source}/fhir/{ty}?_count=1000")).await);
            }
            let whole = server.ids(&format!("/fhir/{ty}?_count=1000")).await;
            assert_eq!(whole, wanted, "{ty}");
            by_pages(&server, ty, &whole, SIZES).await;
        }
    }

    /// By everything that a type can be sorted by: every resource of every source once, each source in its own order, and all
    /// of them in the order that R4 says.
    async fn with_sort_they_are_mixed(kind) {
        let server = server(kind).await;
        let oracle = everything(&server, "/fhir").await;
        for ty in oracle.claims.types() {
            for (n, key) in oracle.claims.sortable(ty).into_iter().enumerate() {
                let sort = format!("_sort={}{key}", ["-", ""][n % 2]);
                let pages = server.pages(&format!("/fhir/{ty}?{sort}&_count=1000")).await;
                let found: Vec<&Value> = pages.iter().flat_map(|page| resources(page, "match")).collect();
                let wrong = oracle.misordered(ty, &tests::oracle::query::Query::parse(&sort), &found);
                assert_eq!(wrong, None, "{ty}?{sort}");
                let whole: Vec<String> = pages.iter().flat_map(ids).collect();
                for of in sources() {
                    let alone = server.ids(&format!("/{of}/fhir/{ty}?{sort}&_count=1000")).await;
                    let share: Vec<&String> = whole.iter().filter(|id| source(id) == of).collect();
                    assert_eq!(share, alone.iter().collect::<Vec<_>>(), "{of}: {ty}?{sort}");
                }
                assert_eq!(whole.len(), oracle.of(ty).len(), "{ty}?{sort}");
                // Every size for the first order of a type, one for each of the others.
                let sizes = SIZES.filter(|size| n == 0 || *size == 2 + n);
                by_pages(&server, &format!("{ty}?{sort}"), &whole, sizes).await;
            }
        }
    }

    async fn the_total_is_the_sum_of_the_sources(kind) {
        let server = server(kind).await;
        for search in ["Patient", "Patient?gender=female", "Encounter?status=finished", "Condition", "Condition?onset-date=ge2024", "Procedure?code:missing=true", "Practitioner", "Location", "Organization?name=m"] {
            let separator = if search.contains('?') { '&' } else { '?' };
            let total = async |base: &str| {
                let bundle = server.ok(&format!("{base}/{search}{separator}_total=accurate&_count=3")).await;
                bundle["total"].as_u64().unwrap_or_else(|| panic!("{base}/{search} has no total"))
            };
            let mut sum = 0;
            for source in sources() {
                sum += total(&format!("/{source}/fhir")).await;
            }
            assert_eq!(total("/fhir").await, sum, "{search}");
            assert_eq!(server.ids(&format!("/fhir/{search}")).await.len() as u64, sum, "{search}");
        }
    }

    /// The twin has the same keys as the first source, so what is brought by key alone would be brought twice.
    async fn an_include_brings_what_is_of_the_same_source(kind) {
        let server = server(kind).await;
        let statement = server.ok("/fhir/metadata").await;
        for resource in statement["rest"][0]["resource"].as_array().unwrap() {
            let ty = resource["type"].as_str().unwrap();
            for include in resource["searchInclude"].as_array().map(Vec::as_slice).unwrap_or_default() {
                let include = include.as_str().unwrap();
                let parameter = params::find(ty, include.split(':').nth(1).unwrap());
                for order in ["", "&_sort=-_lastUpdated"] {
                    for page in server.pages(&format!("/fhir/{ty}?_include={include}{order}&_count=7")).await {
                        let matches = resources(&page, "match");
                        let referred = matches.iter().flat_map(|r| {
                            let own = source(r["id"].as_str().unwrap()).to_owned();
                            let to = parameter.elements(r).into_iter().filter_map(|e| e["reference"].as_str());
                            to.inspect(move |to| assert_eq!(source(to.split_once('/').unwrap().1), own, "{ty} {to}"))
                        });
                        let own: BTreeSet<String> = matches.iter().map(|r| name(r)).collect();
                        let wanted: BTreeSet<String> = referred.map(str::to_owned).filter(|r| !own.contains(r)).collect();
                        let included: Vec<String> = resources(&page, "include").iter().map(|r| name(r)).collect();
                        assert_eq!(included.len(), wanted.len(), "{include}{order}");
                        assert_eq!(included.into_iter().collect::<BTreeSet<_>>(), wanted, "{include}{order}");
                    }
                }
            }
        }
    }

    /// A resource is read in its own source and in all together, and nowhere else.
    async fn a_read_knows_the_source(kind) {
        let server = server(kind).await;
        for own in sources() {
            let first = &server.ok(&format!("/{own}/fhir/Patient?_count=1")).await;
            let id = &ids(first)[0];
            for base in sources().map(|s| format!("/{s}/fhir")).chain(["/fhir".to_owned()]) {
                let status = server.get(&format!("{base}/Patient/{id}")).await.status;
                let wanted = if base == "/fhir" || base == format!("/{own}/fhir") { 200 } else { 404 };
                assert_eq!(status, wanted, "{base}: {id}");
            }
        }
    }

    /// A page link belongs to the sources that it was made over.
    async fn a_page_link_of_other_sources_is_refused(kind) {
        let server = server(kind).await;
        let bases: Vec<String> = sources().map(|s| format!("/{s}/fhir")).chain(["/fhir".to_owned()]).collect();
        for search in ["Patient?_count=1", "Patient?_sort=-_lastUpdated&_count=1"] {
            for from in &bases {
                let first = server.ok(&format!("{from}/{search}")).await;
                let next = link(&first, "next").unwrap_or_else(|| panic!("{from} has one patient"));
                let cursor = next.split_once("_cursor=").unwrap().1;
                for to in &bases {
                    let response = server.get(&format!("{to}/{search}&_cursor={cursor}")).await;
                    if from == to {
                        assert_eq!(response.status, 200, "{from} to {to}: {}", response.text());
                    } else {
                        let refused = "400 error value: the page link is not valid for this search";
                        assert_eq!(response.error(), refused, "{from} to {to}");
                    }
                }
            }
        }
    }
}
