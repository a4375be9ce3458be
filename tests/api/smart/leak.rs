//! Nothing leaks: whatever is asked, on every route and by every parameter, only what a token allows appears, and is counted.
//!
//! What a token allows is found here by a rule of its own, from all that the server without tokens shows: see [`Allowed`].

mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{Arc, Mutex};

use actix_web::http::Method;
use chrono_tz::Tz;
use serde_json::{Value, json};
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::oracle::{Oracle, name};
use tests::support::database::Kind;
use tests::support::listen::{Lie, Listening};
use tests::support::program::chartgate;
use tests::support::sample::{bases, samples};
use tests::support::server::{ORIGIN, Response, Server, Setup, request, resources};
use tests::support::smart::browser::Browser;
use tests::support::smart::flow::{Ask, Tokens};
use tests::support::smart::{CHILDREN, PATIENT, STRANGER, Site, patient_site};

use crate::oracle::{Asked, setting};
use watch::Watch;

const ENCOUNTER_DIAGNOSES: &str =
    "category=http://terminology.hl7.org/CodeSystem/condition-category|encounter-diagnosis";

/// A token, and what it allows.
struct Token {
    what: &'static str,
    tokens: Tokens,
    allowed: Allowed,
}

/// The independent rule: of the types that the scopes name, what belongs to nobody and what belongs to one of these patients.
struct Allowed {
    patients: BTreeSet<String>,
    /// Only conditions with this code among their categories.
    category: Option<&'static str>,
    types: Option<&'static [&'static str]>,
}

impl Allowed {
    fn of<'a>(patients: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            patients: patients.into_iter().map(|id| format!("Patient/{id}")).collect(),
            category: None,
            types: None,
        }
    }

    fn allows(&self, resource: &Value, all: &BTreeMap<String, Value>) -> bool {
        let ty = resource["resourceType"].as_str().unwrap();
        if self.types.is_some_and(|types| !types.contains(&ty)) {
            return false;
        }
        let is_theirs = |reference: &Value| reference.as_str().is_some_and(|text| self.patients.contains(text));
        match ty {
            "Patient" => self.patients.contains(&name(resource)),
            "Encounter" | "Procedure" => is_theirs(&resource["subject"]["reference"]),
            "Condition" => {
                let has = |code: &str| resource["category"].to_string().contains(&format!("\"{code}\""));
                is_theirs(&resource["subject"]["reference"]) && self.category.is_none_or(has)
            }
            "Practitioner" | "Location" | "Organization" => true,
            "Provenance" => {
                let targets = resource["target"].as_array().unwrap();
                targets
                    .iter()
                    .any(|target| self.allows(&all[target["reference"].as_str().unwrap()], all))
            }
            other => panic!("who sees {other}?"),
        }
    }
}

/// One token of each kind.
async fn tokens(site: &Site, all: &BTreeMap<String, Value>) -> Vec<Token> {
    let of_sam = all.values().filter(|r| {
        r["resourceType"] == "Encounter"
            && r["participant"]
                .to_string()
                .contains("\"Practitioner/healthjump.prov.3001\"")
    });
    let of_sam: BTreeSet<String> = of_sam
        .filter_map(|r| Some(r["subject"]["reference"].as_str()?.split_once('/')?.1.to_owned()))
        .collect();
    assert!((5..20).contains(&of_sam.len()), "{of_sam:?}");
    let granular = format!(
        "patient/Condition.rs?{ENCOUNTER_DIAGNOSES} patient/Patient.rs patient/Encounter.rs patient/Procedure.rs patient/Practitioner.rs \
         patient/Location.rs patient/Organization.rs patient/Provenance.rs"
    );
    let launched = async |login: &str, scope: &str, patient: Option<&str>| {
        Browser::new(site).launch(&Ask::of("app", scope), login, patient).await
    };
    let ward = [
        "practicefusion.pt.7d3e0c5a-1111-4222-8333-000000000001",
        "mychart.pt.Z1000002",
    ];
    vec![
        Token {
            what: "one of two children, version 2",
            tokens: launched("mother", "launch/patient patient/*.rs", Some(CHILDREN[1])).await,
            allowed: Allowed::of([CHILDREN[1]]),
        },
        Token {
            what: "a patient, version 1",
            tokens: launched("pat", "launch/patient patient/*.read patient/AuditEvent.read", None).await,
            allowed: Allowed::of([PATIENT]),
        },
        Token {
            what: "a patient, conditions of one category",
            tokens: launched("pat", &granular, None).await,
            allowed: Allowed {
                category: Some("encounter-diagnosis"),
                ..Allowed::of([PATIENT])
            },
        },
        Token {
            what: "a clinician's patients",
            tokens: launched("sam", "user/*.rs", None).await,
            allowed: Allowed::of(of_sam.iter().map(String::as_str)),
        },
        Token {
            what: "a patient whom a clinician picked",
            tokens: launched("sam", "launch/patient patient/*.rs", Some(PATIENT)).await,
            allowed: Allowed::of([PATIENT]),
        },
        Token {
            what: "a parent's two children",
            tokens: launched("mother", "user/*.rs", None).await,
            allowed: Allowed::of(CHILDREN),
        },
        Token {
            what: "a service for two patients",
            tokens: site.service("ward", "system/*.rs").await,
            allowed: Allowed::of(ward),
        },
        Token {
            what: "two types, one of them only to be read",
            tokens: launched("pat", "launch/patient patient/Condition.rs patient/Patient.r", None).await,
            allowed: Allowed {
                types: Some(&["Condition", "Patient"]),
                ..Allowed::of([PATIENT])
            },
        },
    ]
}

/// Everything that a server without tokens shows, by `Type/id`.
async fn everything(open: &Server) -> BTreeMap<String, Value> {
    let claims = Claims::read(&open.ok("/fhir/metadata").await);
    let mut all = BTreeMap::new();
    for ty in claims.types() {
        for page in open.pages(&format!("/fhir/{ty}?_count=200")).await {
            all.extend(
                resources(&page, "match")
                    .into_iter()
                    .map(|resource| (name(resource), resource.clone())),
            );
        }
    }
    all
}

fn oracle(resources: Vec<Value>, claims: Claims) -> Oracle {
    let zones: BTreeMap<String, Tz> = samples().iter().map(|s| (s.name().to_owned(), s.site.zone())).collect();
    Oracle::new(
        resources,
        claims,
        zones,
        bases().iter().map(|base| format!("{ORIGIN}{base}")).collect(),
    )
}

/// How many requests are made of the data, per token.
const CASES: usize = 400;

on_both! {
    /// Searches with a token are answered as by a server that has nothing but what the token allows: matches, order, includes,
    /// totals, chains and `_has` that would lead through hidden rows. The requests are made of all the data there is.
    async fn a_token_makes_a_server_of_what_it_allows(kind) {
        let (site, open) = (patient_site(kind).await, Setup::all(kind).start().await);
        let all = everything(&open).await;
        let claims = async || Claims::read(&open.ok("/fhir/metadata").await);
        let values = oracle(all.values().cloned().collect(), claims().await);
        let mut failures = vec![];
        for (seed, token) in (7_u64..).zip(tokens(&site, &all).await) {
            if token.allowed.types.is_some() {
                continue;
            }
            let seen: Vec<Value> = all.values().filter(|resource| token.allowed.allows(resource, &all)).cloned().collect();
            assert!(seen.len() > 10, "{}", token.what);
            let allowed = oracle(seen, claims().await);
            let server = site.by(&token.tokens);
            let asked = Asked { server: &server, base: "/fhir", values: &values, oracle: &allowed };
            let wrong = asked.compare(kind, CASES, seed).await;
            failures.extend(wrong.into_iter().map(|why| format!("{}: {why}", token.what)));
        }
        assert!(failures.is_empty(), "{} requests are answered wrongly:\n{}", failures.len(), failures.join("\n"));
    }

    /// Everything that the self-test asks a server without tokens, made of everybody's data, and what a thief would ask.
    async fn no_route_shows_what_a_token_does_not_allow(kind) {
        let (site, open) = (patient_site(kind).await, Setup::all(kind).start().await);
        let all = everything(&open).await;
        let requests = requests(kind, &all);
        // Each token is asked a share of them, another one each; `CHARTGATE_LEAK_SHARE=1` asks each all.
        let share = setting("CHARTGATE_LEAK_SHARE", if kind == Kind::Sqlite { 4 } else { 8 });
        let mut failures = vec![];
        for (turn, token) in tokens(&site, &all).await.into_iter().enumerate() {
            let watch = Watch::new(&token, &all);
            let server = site.by(&token.tokens);
            // Each is asked in one of three ways, by another token in another.
            let (mut batch, mut asked) = (vec![], 0);
            for (at, address) in requests.iter().enumerate().skip(turn % share).step_by(share) {
                asked += 1;
                match ((at / share + turn) % 3, posted(address)) {
                    (0, Some((path, query))) => failures.extend(watch.look(address, &server.post(&path, &query).await)),
                    (1, _) if address.starts_with("/fhir") => batch.push(address.as_str()),
                    _ => failures.extend(watch.look(address, &server.get(address).await)),
                }
            }
            for part in batch.chunks(50) {
                failures.extend(watch.look(&part.join(" "), &send_batch(&server, part).await));
            }
            let (seen, refused) = (watch.seen.take(), watch.refused.take());
            tests::support::say(&format!("{kind:?}, {}: {asked} of {} requests, {seen} resources, {refused} refused", token.what, requests.len()));
            assert!(seen > 20, "{}: it sees nothing", token.what);
        }
        assert!(failures.is_empty(), "{} leaks:\n{}", failures.len(), failures.into_iter().take(20).collect::<Vec<_>>().join("\n"));
    }

    /// Numbers alone tell as little.
    async fn only_what_is_allowed_is_counted(kind) {
        let (site, open) = (patient_site(kind).await, Setup::all(kind).start().await);
        let all = everything(&open).await;
        for token in tokens(&site, &all).await {
            let server = site.by(&token.tokens);
            for ty in ["Patient", "Encounter", "Condition", "Procedure", "Practitioner", "Location", "Organization", "Provenance"] {
                let counted = all.values().filter(|r| r["resourceType"] == ty && token.allowed.allows(r, &all)).count();
                for query in ["_summary=count", "_count=0", "_total=accurate&_count=1", "_total=estimate&_count=1"] {
                    let response = server.get(&format!("/fhir/{ty}?{query}")).await;
                    let may = token.allowed.types.is_none_or(|types| types.contains(&ty) && ty != "Patient");
                    if may {
                        assert_eq!(response.json()["total"], json!(counted), "{}: {ty}?{query}", token.what);
                    } else {
                        assert_eq!(response.status, 403, "{}: {ty}?{query}", token.what);
                    }
                }
            }
        }
    }
}

/// What the self-test asks, each once, with a share of it on PostgreSQL; and probes for what is hidden.
fn requests(kind: Kind, all: &BTreeMap<String, Value>) -> Vec<String> {
    let noted = Arc::new(Mutex::new(vec![]));
    let listening = Listening::start(Setup::all(kind), Lie::Noting(Arc::clone(&noted)));
    let output = Command::new(chartgate())
        .args(["selftest", &listening.base])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let origin = listening.base.trim_end_matches("/fhir").to_owned();
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let ours = |address: &String| {
        address
            .replace(&origin, ORIGIN)
            .replace(&encoded(&origin), &encoded(ORIGIN))
    };
    let mut requests: BTreeSet<String> = noted.lock().unwrap().iter().map(ours).collect();
    assert!(requests.len() > 1000, "{}", requests.len());
    requests.extend(probes(all));
    requests.into_iter().collect()
}

/// One of each type and source, asked for in every way that names it.
fn probes(all: &BTreeMap<String, Value>) -> Vec<String> {
    let mut first: BTreeMap<(String, String), &Value> = BTreeMap::new();
    for resource in all.values() {
        let id = resource["id"].as_str().unwrap();
        let key = (
            resource["resourceType"].as_str().unwrap().to_owned(),
            id.split('.').next().unwrap().to_owned(),
        );
        first.entry(key).or_insert(resource);
    }
    let mut probes = vec![];
    for ((ty, _), resource) in first {
        let (id, version) = (
            resource["id"].as_str().unwrap(),
            resource["meta"]["versionId"].as_str().unwrap(),
        );
        for rest in [
            "",
            "/_history",
            &format!("/_history/{version}"),
            "/$lineage",
            "/$everything",
            "?_elements=id",
            "/*",
            "/Condition",
            "/Encounter",
            "/Procedure",
            "/Provenance",
            "/Patient",
            "/Practitioner",
        ] {
            probes.push(format!("/fhir/{ty}/{id}{rest}"));
        }
        for query in [
            format!("_id={id}"),
            format!("_id={id}&_explain=true"),
            format!("_id={id}&_include=*&_revinclude=*"),
            format!("_id={id}&_include:iterate=*&_revinclude:iterate=*"),
            format!("_id={id}&_total=accurate&_summary=count"),
        ] {
            probes.push(format!("/fhir/{ty}?{query}"));
        }
        probes.push(format!("/fhir?_type={ty}&_id={id}"));
        probes.push(format!("/fhir?_id={id}"));
        probes.push(format!("/fhir/Provenance?target={ty}/{id}"));
        probes.push(format!(
            "/fhir/Provenance?target:{ty}._id={id}&_include=Provenance:target"
        ));
        probes.push(format!(
            "/fhir/{ty}?_has:Provenance:target:_id={}",
            id.replace('.', "-")
        ));
        probes.push(format!("/fhir/Practitioner?_has:Encounter:practitioner:patient={id}"));
        probes.push(format!(
            "/fhir/Practitioner?_has:Encounter:practitioner:patient._id={id}&_revinclude=Encounter:practitioner"
        ));
        probes.push(format!(
            "/fhir/Location?_has:Encounter:location:patient:Patient._id={id}"
        ));
        probes.push(format!(
            "/fhir/Organization?_has:Patient:organization:_id={id}&_revinclude=Patient:organization"
        ));
        probes.push(format!(
            "/fhir/Encounter?patient={id}&_include=Encounter:patient&_revinclude=Condition:encounter"
        ));
        probes.push(format!("/fhir/Encounter?patient._id={id}&_include=*"));
        probes.push(format!("/fhir/Condition?encounter.patient._id={id}"));
        probes.push(format!("/fhir/Patient?_has:Condition:patient:_id={id}"));
        probes.push(format!("/fhir/Procedure?subject:Patient={id}"));
    }
    for ty in ["Practitioner", "Location", "Organization", "Patient"] {
        probes.push(format!("/fhir/{ty}?_revinclude=*&_revinclude:iterate=*&_count=1000"));
    }
    // The record of accesses tells of the same patients only.
    probes.push("/fhir/AuditEvent?_count=1000".to_owned());
    for id in [PATIENT, CHILDREN[0], STRANGER] {
        probes.push(format!("/fhir/AuditEvent?patient={id}"));
        probes.push(format!("/fhir/AuditEvent?entity=Patient/{id}"));
    }
    probes.push("/fhir?_count=1000".to_owned());
    probes.push("/fhir?_count=1000&_include=*&_revinclude=*&_summary=count".to_owned());
    probes
}

/// A search by GET as one by POST.
fn posted(address: &str) -> Option<(String, String)> {
    let (path, query) = address.split_once('?')?;
    let parts = path.split('/').count();
    (parts == 3 && !query.contains("_format")).then(|| (format!("{path}/_search"), query.to_owned()))
}

async fn send_batch(server: &Server, addresses: &[&str]) -> Response {
    let entry = |address: &&str| json!({ "request": { "method": "GET", "url": address.trim_start_matches("/fhir").trim_start_matches('/') } });
    let entries: Vec<Value> = addresses.iter().map(entry).collect();
    let body = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
    let asked = request(Method::POST, "/fhir", &[("content-type", "application/fhir+json")]);
    server.send(asked.set_payload(body.to_string())).await
}
