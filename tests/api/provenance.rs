//! Provenance: every served resource has one, which says where its row comes from.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use serde_json::Value;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::oracle::name;
use tests::support::database::Kind;
use tests::support::sample::{Sample, samples};
use tests::support::server::{Server, Setup, resources};
use tests::support::source::load_time;

/// A row's file, as the database has it.
#[derive(QueryableByName)]
struct Delivered {
    #[diesel(sql_type = Nullable<Text>)]
    path: Option<String>,
    #[diesel(sql_type = BigInt)]
    delivery: i64,
    #[diesel(sql_type = Timestamp)]
    started: chrono::NaiveDateTime,
}

fn delivered(sample: &Sample, kind: Kind, table: &str, key: &str) -> Delivered {
    let statement = format!(
        "SELECT CAST(f.path AS text) AS path, f.delivery AS delivery, d.started AS started FROM {table} AS t \
         JOIN cg_file AS f ON f.id = t.cg_file JOIN cg_delivery AS d ON d.id = f.delivery WHERE t.key = '{key}'"
    );
    let mut rows: Vec<Delivered> = diesel::sql_query(statement)
        .load(&mut sample.loaded(kind).connect())
        .unwrap();
    assert_eq!(rows.len(), 1, "{table} {key}");
    rows.remove(0)
}

/// The table of each kind in ids.
fn tables(sample: &Sample) -> BTreeMap<&'static str, &'static str> {
    let providers = (sample.vendor.providers)();
    providers.iter().map(|p| (p.target().kind, p.table())).collect()
}

/// Every page of every type with the provenance of its resources: pairs of both.
async fn with_provenance(server: &Server, base: &str) -> Vec<(Value, Value)> {
    let mut all = vec![];
    for ty in Claims::read(&server.ok(&format!("{base}/metadata")).await).types() {
        if ty == "Provenance" {
            continue;
        }
        for page in server
            .pages(&format!("{base}/{ty}?_revinclude=Provenance:target&_count=50"))
            .await
        {
            let included = resources(&page, "include");
            let matches = resources(&page, "match");
            assert_eq!(included.len(), matches.len(), "{ty}: one of each");
            for resource in matches {
                let own = name(resource);
                let of: Vec<&&Value> = included
                    .iter()
                    .filter(|p| p["target"][0]["reference"] == own.as_str())
                    .collect();
                assert_eq!(of.len(), 1, "{own}");
                all.push((resource.clone(), (*of[0]).clone()));
            }
        }
    }
    all
}

on_both! {
    async fn every_resource_has_exactly_one(kind) {
        let server = Setup::all(kind).start().await;
        for sample in samples() {
            let tables = tables(sample);
            let base = format!("/{}/fhir", sample.name());
            let all = with_provenance(&server, &base).await;
            assert!(!all.is_empty());
            for (resource, provenance) in &all {
                let (source, own, key) = mapper::id::decode(resource["id"].as_str().unwrap()).unwrap();
                assert_eq!(source, sample.name());
                let table = tables[own];
                let row = delivered(sample, kind, table, &key);
                let about = provenance.to_string();
                assert_eq!(provenance["id"], format!("{source}.p-{}", resource["id"].as_str().unwrap().split_once('.').unwrap().1));
                assert_eq!(provenance["meta"]["lastUpdated"], resource["meta"]["lastUpdated"], "{about}");
                assert_eq!(row.started, load_time(), "{about}");
                assert_eq!(provenance["recorded"], "2026-03-01T12:00:00Z", "{about}");
                let [of_row, of_file] = [0, 1].map(|n| &provenance["entity"][n]);
                assert_eq!(of_row["role"], "source");
                assert_eq!(of_row["what"]["identifier"]["system"], format!("urn:chartgate:{source}:table:{table}"));
                assert_eq!(of_row["what"]["identifier"]["value"], key.as_str(), "{about}");
                match row.path {
                    Some(path) => {
                        assert_eq!(of_file["what"]["identifier"]["value"], path.as_str(), "{about}");
                        assert_eq!(of_file["what"]["display"], format!("{path} of delivery {}", row.delivery));
                        assert!(sample.delivery.parent().unwrap().join(&path).is_file(), "{path} was delivered");
                    }
                    None => assert!(of_file.is_null(), "{about}"),
                }
            }
            let own = Claims::read(&server.ok(&format!("{base}/metadata")).await);
            assert_eq!(own.params("Provenance").collect::<Vec<_>>(), ["_id", "_lastUpdated", "patient", "recorded", "target"]);
            assert_eq!(server.ids(&format!("{base}/Provenance?_count=200")).await.len(), all.len(), "{}: and no others", sample.name());
        }
    }

    /// What US Core wants of every Provenance: who and on whose behalf, as author and as transmitter.
    async fn the_agents_are_those_of_the_profile(kind) {
        let server = Setup::all(kind).start().await;
        for page in server.pages("/fhir/Provenance?_count=200").await {
            for provenance in resources(&page, "match") {
                let about = provenance.to_string();
                assert_eq!(provenance["meta"]["profile"][0], "http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance");
                let codes: Vec<&Value> = provenance["agent"].as_array().unwrap().iter().map(|agent| {
                    for who in [&agent["who"], &agent["onBehalfOf"]] {
                        let identifier = &who["identifier"];
                        let told = |name: &str| identifier[name].as_str().is_some_and(|text| !text.is_empty());
                        assert!(told("system") && told("value") && who["type"].is_string() && who["display"].is_string(), "{about}");
                    }
                    &agent["type"]["coding"][0]
                }).collect();
                assert_eq!(codes.len(), 2, "{about}");
                assert_eq!(codes[0]["system"], "http://terminology.hl7.org/CodeSystem/provenance-participant-type");
                assert_eq!(codes[0]["code"], "author");
                assert_eq!(codes[1]["system"], "http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type");
                assert_eq!(codes[1]["code"], "transmitter");
            }
        }
    }

    async fn it_is_searched_read_and_chained(kind) {
        let server = Setup::all(kind).start().await;
        let patient = &server.ids("/mychart/fhir/Patient?_count=1").await[0];
        let own = patient.replacen(".pt.", ".p-pt.", 1);
        let read = server.ok(&format!("/fhir/Provenance/{own}")).await;
        assert_eq!(read["target"][0]["reference"], format!("Patient/{patient}"));
        for query in [
            format!("target=Patient/{patient}"),
            format!("target={patient}"),
            format!("patient={patient}"),
            format!("target:Patient={patient}"),
            format!("target:Patient._id={patient}"),
            format!("_id={own}&recorded=2026-03-01"),
            format!("_id={own}&recorded=gt2026-02-28&recorded=lt2026-03-02"),
        ] {
            assert_eq!(server.ids(&format!("/fhir/Provenance?{query}")).await, [own.as_str()], "{query}");
        }
        for query in [format!("_id={own}&recorded=lt2026-03-01"), format!("patient=Patient/{own}"), format!("target=Condition/{patient}")] {
            assert!(server.ids(&format!("/fhir/Provenance?{query}")).await.is_empty(), "{query}");
        }
        let bundle = server.ok(&format!("/fhir/Provenance?_id={own}&_include=Provenance:target")).await;
        assert_eq!(resources(&bundle, "include").iter().map(|r| name(r)).collect::<Vec<_>>(), [format!("Patient/{patient}")]);
        let having = server.ids(&format!("/fhir/Patient?_has:Provenance:target:_id={own}")).await;
        assert_eq!(having, [patient.as_str()]);
    }
}

/// An id is at most 64 characters long, whatever the key: a kind may have six.
#[test]
fn kinds_leave_room_for_keys() {
    for sample in samples() {
        for provider in (sample.vendor.providers)() {
            let provenance = provider.provenance().unwrap();
            let kind = provenance.target().kind;
            assert_eq!(kind, format!("p-{}", provider.target().kind));
            let longest = mapper::id::encode(&"s".repeat(16), kind, &"k".repeat(mapper::id::MAX_ESCAPED_KEY));
            assert!(longest.len() <= 64, "{longest}");
            assert!(provenance.provenance().is_none(), "no provenance of a provenance");
        }
    }
}
