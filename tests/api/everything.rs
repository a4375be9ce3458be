//! `Patient/{id}/$everything`: a patient's compartment, what it refers to, and where all of it comes from.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use serde_json::{Value, json};
use tests::on_both;
use tests::oracle::{Oracle, compartments, name};
use tests::support::sample::samples;
use tests::support::server::{Server, Setup, link, request, resources};
use tests::support::shared::clinic;

use crate::explain::steps;
use crate::oracle::everything;

/// The types of a patient's compartment whose resources are the patient's own.
fn own() -> Vec<&'static str> {
    let types = compartments::types("Patient").into_iter();
    types.filter(|ty| *ty != "Provenance").collect()
}

/// What the operation must give, by walking through the resources: `Type/id`.
fn about(oracle: &Oracle, patient: &str) -> BTreeSet<String> {
    let by_name: BTreeMap<String, &Value> = oracle
        .types()
        .flat_map(|ty| oracle.of(ty))
        .map(|resource| (name(resource), resource))
        .collect();
    let own = own();
    let mut all: BTreeSet<String> = own.iter().flat_map(|ty| oracle.within(patient, ty)).map(name).collect();
    let mut last = all.clone();
    while !last.is_empty() {
        let mut referred = vec![];
        last.iter().for_each(|name| references(by_name[name], &mut referred));
        let there = referred
            .into_iter()
            .filter(|name| oracle.exists(name) && !own.iter().any(|ty| name.starts_with(&format!("{ty}/"))));
        last = there.filter(|name| !all.contains(name)).collect();
        all.extend(last.iter().cloned());
    }
    let told = oracle.of("Provenance").iter().filter(|provenance| {
        let targets = provenance["target"].as_array().unwrap();
        targets
            .iter()
            .any(|target| all.contains(target["reference"].as_str().unwrap()))
    });
    let told: Vec<String> = told.map(name).collect();
    all.extend(told);
    all
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("reference").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn entries(page: &Value) -> Vec<&Value> {
    let all = page["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .filter(|entry| entry["search"]["mode"] != "outcome")
        .collect()
}

async fn all(server: &Server, address: &str) -> Vec<String> {
    let pages = server.pages(address).await;
    pages
        .iter()
        .flat_map(entries)
        .map(|entry| name(&entry["resource"]))
        .collect()
}

/// The patient of a source with the most conditions.
async fn busiest(server: &Server, base: &str) -> (Oracle, String) {
    let oracle = everything(server, base).await;
    let busy = oracle
        .of("Patient")
        .iter()
        .max_by_key(|p| oracle.within(&name(p), "Condition").len());
    let busy = name(busy.unwrap());
    (oracle, busy)
}

fn bases() -> impl Iterator<Item = String> {
    samples().iter().map(|sample| format!("/{}/fhir", sample.name()))
}

on_both! {
    /// Of every patient of every source: no more and no less, each once, the patient first.
    async fn all_that_there_is_about_a_patient(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases().chain(["/fhir".to_owned()]) {
            let oracle = everything(&server, &base).await;
            let (step, mut largest) = (if base == "/fhir" { 5 } else { 1 }, 0);
            for patient in oracle.of("Patient").iter().map(name).step_by(step) {
                let found = all(&server, &format!("{base}/{patient}/$everything?_count=50")).await;
                let set: BTreeSet<String> = found.iter().cloned().collect();
                assert_eq!(set, about(&oracle, &patient), "{base}/{patient}");
                assert_eq!((set.len(), &found[0]), (found.len(), &patient), "{base}/{patient}");
                largest = largest.max(found.len());
            }
            assert!(largest > 15, "{base}: {largest}");
        }
    }

    /// Whatever a page's size, pages together are the same; what belongs to the patient is a match, and the rest is included.
    async fn pages_of_any_size(kind) {
        let server = Setup::all(kind).with("[limits]\ndefault_count = 7\nmax_count = 40\n").start().await;
        for base in bases() {
            let (_, patient) = busiest(&server, &base).await;
            let address = format!("{base}/{patient}/$everything");
            let whole = all(&server, &format!("{address}?_count=40")).await;
            for count in [1, 3, whole.len() - 1, whole.len()] {
                assert_eq!(all(&server, &format!("{address}?_count={count}")).await, whole, "{address} by {count}");
            }
            let pages = server.pages(&address).await;
            assert_eq!(pages.len(), whole.len().div_ceil(7));
            // More than may be in a page is asked for: the link says what was done, and how it goes on.
            let first = server.ok(&format!("{address}?_count=100000")).await;
            assert!(link(&first, "self").unwrap().ends_with("_count=40"));
            for entry in pages.iter().flat_map(entries) {
                let ty = entry["resource"]["resourceType"].as_str().unwrap();
                let mode = if own().contains(&ty) { "match" } else { "include" };
                assert_eq!(entry["search"]["mode"], mode, "{ty}");
            }
            let start = format!("http://localhost:8080{address}?");
            assert!(pages.iter().all(|page| link(page, "next").is_none_or(|next| next.starts_with(&start))));
        }
    }

    async fn some_types_and_what_has_changed(kind) {
        let server = Setup::all(kind).start().await;
        for base in bases() {
            let (_, patient) = busiest(&server, &base).await;
            let address = format!("{base}/{patient}/$everything");
            let pages = server.pages(&format!("{address}?_count=100")).await;
            let every: Vec<&Value> = pages.iter().flat_map(entries).map(|entry| &entry["resource"]).collect();
            for types in [&["Condition", "Practitioner"][..], &["Patient"], &["Organization"]] {
                let wanted = every.iter().filter(|r| types.contains(&r["resourceType"].as_str().unwrap()));
                let wanted: Vec<String> = wanted.map(|r| name(r)).collect();
                let (list, twice) = (types.join(","), types.join("&_type="));
                assert_eq!(all(&server, &format!("{address}?_type={list}&_count=2")).await, wanted, "{list}");
                assert_eq!(all(&server, &format!("{address}?_type={twice}")).await, wanted, "{twice}");
            }
            let changed = |resource: &Value| resource["meta"]["lastUpdated"].as_str().unwrap().to_owned();
            let mut times: Vec<String> = every.iter().map(|r| changed(r)).collect();
            times.sort();
            for since in [&times[0], &times[times.len() / 2], &times[times.len() - 1]] {
                let wanted = every.iter().filter(|r| changed(r) >= *since);
                let wanted: Vec<String> = wanted.map(|r| name(r)).collect();
                assert_eq!(all(&server, &format!("{address}?_since={since}&_count=4")).await, wanted, "since {since}");
            }
            assert!(all(&server, &format!("{address}?_since=2100-01-01T00:00:00Z")).await.is_empty());
        }
    }

    /// Care within a time is what overlaps it; what has no date is never left out.
    async fn care_within_a_time(kind) {
        let server = Setup::all(kind).start().await;
        let mut left_out = 0;
        for base in bases() {
            let (_, patient) = busiest(&server, &base).await;
            let address = format!("{base}/{patient}/$everything");
            let whole: BTreeSet<String> = all(&server, &address).await.into_iter().collect();
            for (query, end, date) in [("start=2024-01-01", false, "ge2024-01-01"), ("end=2023-12-31", true, "le2023-12-31")] {
                let found: BTreeSet<String> = all(&server, &format!("{address}?{query}")).await.into_iter().collect();
                assert!(found.is_subset(&whole));
                for ty in ["Encounter", "Procedure"] {
                    let mut wanted = all(&server, &format!("{base}/{ty}?patient={patient}&date={date}")).await;
                    wanted.extend(all(&server, &format!("{base}/{ty}?patient={patient}&date:missing=true")).await);
                    let wanted: BTreeSet<String> = wanted.into_iter().collect();
                    let got: BTreeSet<String> = found.iter().filter(|n| n.starts_with(ty)).cloned().collect();
                    assert_eq!(got, wanted, "{address} {query} {ty}");
                }
                let conditions = if end {
                    vec![format!("onset-date={date}"), format!("onset-date:missing=true&recorded-date={date}"), "onset-date:missing=true&recorded-date:missing=true".to_owned()]
                } else {
                    vec![format!("abatement-date={date}"), "abatement-date:missing=true".to_owned()]
                };
                let mut wanted = BTreeSet::new();
                for query in conditions {
                    wanted.extend(all(&server, &format!("{base}/Condition?patient={patient}&{query}")).await);
                }
                let got: BTreeSet<String> = found.iter().filter(|n| n.starts_with("Condition")).cloned().collect();
                assert_eq!(got, wanted, "{address} {query}");
                left_out += whole.len() - found.len();
            }
        }
        assert!(left_out > 10, "{left_out}");
    }

    /// Parameters in a body say the same as in the address, and links of the answer are good for GET.
    async fn by_post(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let address = "/fhir/Patient/healthjump.pt.1/$everything";
        let got = server.ok(&format!("{address}?_type=Encounter,Practitioner&_count=1&_since=2020-01-01T00:00:00Z")).await;
        let body = json!({"resourceType": "Parameters", "parameter": [
            {"name": "_type", "valueCode": "Encounter"}, {"name": "_type", "valueCode": "Practitioner"},
            {"name": "_count", "valueInteger": 1}, {"name": "_since", "valueInstant": "2020-01-01T00:00:00Z"},
        ]});
        let xml = r#"<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="_type"/><valueCode value="Encounter"/></parameter>
            <parameter><name value="_type"/><valueCode value="Practitioner"/></parameter><parameter><name value="_count"/><valueInteger value="1"/></parameter>
            <parameter><name value="_since"/><valueInstant value="2020-01-01T00:00:00Z"/></parameter></Parameters>"#;
        for (kind, body) in [("application/fhir+json", body.to_string()), ("application/json; charset=UTF-8", body.to_string()), ("application/fhir+xml", xml.to_owned())] {
            let asked = request(Method::POST, address, &[("content-type", kind)]).set_payload(body);
            let posted = server.send(asked).await;
            assert_eq!((posted.status, posted.header("etag")), (200, ""), "{}", posted.text());
            let posted = posted.json();
            assert_eq!((&posted["entry"], link(&posted, "self")), (&got["entry"], link(&got, "self")), "{kind}");
            let next = link(&posted, "next").unwrap();
            assert_eq!(server.ok(&next).await["entry"], server.ok(&link(&got, "next").unwrap()).await["entry"]);
        }
        let empty = server.send(request(Method::POST, address, &[])).await;
        assert_eq!(empty.json()["entry"], server.ok(address).await["entry"]);
        for (kind, body, said) in [
            ("text/plain", "{}", 415),
            ("application/fhir+json; charset=latin1", "{}", 415),
            ("application/fhir+json; fhirVersion=5.0", "{}", 415),
            ("application/fhir+json", "{", 400),
            ("application/fhir+json", r#"{"resourceType":"Patient"}"#, 400),
            ("application/fhir+json", r#"{"resourceType":"Parameters","parameter":{}}"#, 400),
            ("application/fhir+json", r#"{"resourceType":"Parameters","parameter":[{"name":"_count"}]}"#, 400),
            ("application/fhir+json", r#"{"resourceType":"Parameters","parameter":[{"name":"_count","valueInteger":"x"}]}"#, 400),
            ("application/fhir+xml", "<Parameters", 400),
        ] {
            let asked = request(Method::POST, address, &[("content-type", kind)]).set_payload(body);
            let refused = server.send(asked).await;
            assert!(refused.error().starts_with(&said.to_string()), "{body}: {}", refused.error());
        }
    }

    async fn refusals(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for (address, said) in [
            ("Patient/healthjump.pt.999/$everything", "404 error not-found: There is no such resource"),
            ("Patient/other.pt.1/$everything", "404 error not-found: There is no such resource"),
            ("Patient/a_b/$everything", "404 error not-found: There is no such resource"),
            ("Patient/healthjump.enc.11/$everything", "404 error not-found: There is no such resource"),
            ("Encounter/healthjump.enc.11/$everything", "404 error not-supported: This server has no such interaction; its CapabilityStatement lists those it has"),
            ("Patient/healthjump.pt.1/$everything?_type=Observation", "400 error not-supported: A value of _type is not a type that can be found here at http._type"),
            ("Patient/healthjump.pt.1/$everything?_since=soon", "400 error value: _since must be one date or time at http._since"),
            ("Patient/healthjump.pt.1/$everything?_since=2020,2021", "400 error value: _since must be one date or time at http._since"),
            ("Patient/healthjump.pt.1/$everything?_since=2020&_since=2021", "400 error value: _since may be given once at http._since"),
            ("Patient/healthjump.pt.1/$everything?start=x", "400 error value: start must be one date or time at http.start"),
            ("Patient/healthjump.pt.1/$everything?_count=x", "400 error value: A value of _count is not valid: it must be a number at http._count"),
        ] {
            let refused = server.get(&format!("/fhir/{address}")).await.error();
            // How a number is asked for is the searches' matter.
            let (start, _) = said.split_once(": it must").unwrap_or((said, ""));
            assert!(refused.starts_with(start), "{address}: {refused}");
        }
        let address = "/fhir/Patient/healthjump.pt.1/$everything?code=x&_count=2";
        let page = server.ok(address).await;
        let warning = &resources(&page, "outcome")[0]["issue"][0];
        assert_eq!(warning["diagnostics"], "$everything does not take code");
        assert!(!link(&page, "self").unwrap().contains("code"));
        let strict = server.ask(Method::GET, address, &[("prefer", "handling=strict")]).await;
        assert_eq!(strict.error(), "400 error not-supported: $everything does not take code at http.code");
        let written = server.ask(Method::PUT, "/fhir/Patient/healthjump.pt.1/$everything", &[]).await;
        assert_eq!((written.status, written.header("allow")), (405, "GET, HEAD, POST"));
        // A link of one patient's pages does not open another's.
        let next = link(&page, "next").unwrap();
        let other = next.replace("healthjump.pt.1", "healthjump.pt.2");
        assert_eq!(server.get(&other).await.error(), "400 error value: the page link is not valid for this search");
    }

    async fn head_and_etags(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let address = "/fhir/Patient/healthjump.pt.1/$everything?_count=2";
        let tag = server.get(address).await.header("etag").to_owned();
        let head = server.ask(Method::HEAD, address, &[]).await;
        assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, tag.as_str()));
        assert_eq!(server.ask(Method::GET, address, &[("if-none-match", tag.as_str())]).await.status, 304);
        let statement = server.ok("/fhir/metadata").await;
        let types = statement["rest"][0]["resource"].as_array().unwrap().iter();
        let declared: Vec<&Value> = types.filter(|ty| ty["operation"].as_array().is_some_and(|all| all.iter().any(|o| o["name"] == "everything"))).collect();
        assert_eq!(declared.len(), 1);
        assert_eq!(declared[0]["type"], "Patient");
    }

    /// However much there is of a patient, a page takes few statements: about one for each mapping, one for each table of names and codes.
    async fn statements_of_a_page(kind) {
        let server = Setup::all(kind).start().await;
        for sample in samples() {
            let (_, patient) = busiest(&server, &format!("/{}/fhir", sample.name())).await;
            let most = 3 * (sample.vendor.providers)().len();
            for count in [1, 5, 200] {
                for page in server.pages(&format!("/fhir/{patient}/$everything?_explain=true&_count={count}")).await {
                    let asked = steps(&page).iter().filter(|step| step["step"] == "statement").count();
                    assert!((1..=most).contains(&asked), "{patient} by {count}: {asked} of {most}");
                }
            }
        }
    }
}
