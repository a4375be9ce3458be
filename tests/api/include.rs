//! `_include`: what the matches of a page point at, each once, and nothing else.

use std::collections::BTreeSet;

use mapper::MAX_INCLUDED;
use tests::on_both;
use tests::oracle::name;
use tests::support::sample::samples;
use tests::support::server::{Setup, resources};
use tests::support::shared::clinic;

on_both! {
    async fn the_referenced_resources_come_along(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for (query, wanted) in [
            ("Encounter?_include=Encounter:patient", "Patient/healthjump.pt.1 Patient/healthjump.pt.2"),
            ("Encounter?_id=healthjump.enc.13&_include=Encounter:subject", "Patient/healthjump.pt.2"),
            ("Encounter?_include=Encounter:subject:Patient&_count=1", "Patient/healthjump.pt.1"),
            (
                "Encounter?_id=healthjump.enc.11&_include=Encounter:location&_include=Encounter:participant&_include=Encounter:service-provider",
                "Location/healthjump.loc.C1.2f4 Organization/healthjump.org.C1 Practitioner/healthjump.prov.7",
            ),
            ("Condition?_include=Condition:encounter", "Encounter/healthjump.enc.11"),
            (
                "Procedure?_include=Procedure:encounter&_include=Procedure:performer&_include=Procedure:patient",
                "Encounter/healthjump.enc.11 Patient/healthjump.pt.1 Practitioner/healthjump.prov.7",
            ),
            ("Patient?_include=Patient:organization", "Organization/healthjump.org.C1"),
            ("Location?_include=Location:organization", "Organization/healthjump.org.C1"),
            ("Patient?_id=healthjump.pt.1&_include=Patient:general-practitioner", ""),
        ] {
            let bundle = server.ok(&format!("/fhir/{query}")).await;
            let mut found: Vec<String> = resources(&bundle, "include").iter().map(|r| name(r)).collect();
            found.sort();
            assert_eq!(found.join(" "), wanted, "{query}");
        }
    }

    async fn every_page_brings_its_own(kind) {
        let server = Setup::all(kind).start().await;
        for page in server.pages("/fhir/Condition?_include=Condition:encounter&_include=Condition:patient&_count=7").await {
            let included: Vec<String> = resources(&page, "include").iter().map(|r| name(r)).collect();
            let matches = resources(&page, "match");
            let mut wanted: Vec<&str> = matches
                .iter()
                .flat_map(|r| [&r["encounter"]["reference"], &r["subject"]["reference"]])
                .filter_map(|r| r.as_str())
                .collect();
            wanted.sort_unstable();
            wanted.dedup();
            let mut found: Vec<&str> = included.iter().map(String::as_str).collect();
            found.sort_unstable();
            assert_eq!(found, wanted);
            assert!(matches.len() <= 7);
        }
    }

    /// No page is as long as its includes happen to be, and it says so.
    async fn more_than_are_sent_along_are_told(kind) {
        let server = Setup::multiplied(kind, &samples()[0], &[]).start().await;
        let all = "/fhir/Patient?_revinclude=Encounter:patient&_revinclude=Condition:patient&_revinclude=Provenance:target";
        let page = server.ok(&format!("{all}&_count=1000")).await;
        let included: BTreeSet<String> = resources(&page, "include").iter().map(|r| name(r)).collect();
        assert_eq!((resources(&page, "match").len(), included.len()), (1000, MAX_INCLUDED));
        let outcomes = resources(&page, "outcome");
        let told = "there are more than 1000 resources to include; ask for a smaller _count";
        assert!(outcomes.iter().any(|o| o["issue"][0]["diagnostics"] == told), "{outcomes:?}");

        let page = server.ok(&format!("{all}&_count=5")).await;
        assert!(resources(&page, "include").len() > 5);
        assert!(resources(&page, "outcome").is_empty());
    }

    /// `_total` and `_count` are about matches.
    async fn included_resources_do_not_count(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let bundle = server.ok("/fhir/Encounter?_include=Encounter:patient&_total=accurate&_count=3").await;
        assert_eq!(bundle["total"], 3);
        assert_eq!(resources(&bundle, "match").len(), 3);
        assert_eq!(resources(&bundle, "include").len(), 2);
    }
}
