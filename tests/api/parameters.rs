//! Every search parameter of R4 and US Core for the served types is declared by every vendor, or `parameters.json` says why not; and
//! what US Core wants to be usable together is.
//!
//! `parameters.json` has, by type and parameter, vendors (between blanks, or `*` for every one) with the reason.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use fhir::definitions::{self, COMMON};
use fhir::r4::ResourceType;
use fhir::us_core::combinations;
use serde_json::Value;
use tests::on_both;
use tests::oracle::generate::Generator;
use tests::oracle::query::Query;
use tests::oracle::random::Random;
use tests::oracle::{name, text};
use tests::support::sample::{Sample, samples};
use tests::support::server::{Setup, now, resources};

use crate::must_support::packages;

/// Where people read of it; made by the test below under `INSTA_UPDATE=always`.
const DOCUMENT: &str = "../docs/parameters.md";

/// By type and parameter: vendors with the reason.
type Undeclared = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

fn undeclared() -> Undeclared {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("api/parameters.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The types that some vendor has.
fn types() -> Vec<ResourceType> {
    let mut all: Vec<ResourceType> = vec![];
    for provider in samples().iter().flat_map(|s| (s.vendor.providers)()) {
        let ty = provider.target().ty;
        if !all.contains(&ty) {
            all.push(ty);
        }
    }
    all
}

#[test]
fn every_parameter_is_declared_or_it_is_said_why_not() {
    let reasons = undeclared();
    let mut wrong = vec![];
    for ty in types() {
        let named = reasons.get(ty.as_str()).cloned().unwrap_or_default();
        let all: Vec<&str> = definitions::of(ty).iter().chain(COMMON).map(|d| d.name).collect();
        for name in named.keys().filter(|name| !all.contains(&name.as_str())) {
            wrong.push(format!("{ty} has no parameter {name}"));
        }
        for sample in samples() {
            let vendor = sample.vendor.name;
            let providers = (sample.vendor.providers)().into_iter().filter(|p| p.target().ty == ty);
            let declared: Vec<Vec<&str>> = providers
                .map(|p| p.declared().iter().map(|d| d.name).collect())
                .collect();
            for name in &all {
                let by = declared.iter().filter(|names| names.contains(name)).count();
                let listed = named.get(*name).is_some_and(|vendors| {
                    let named = |key: &&String| *key == "*" || key.split(' ').any(|each| each == vendor);
                    vendors.keys().filter(named).count() == 1
                });
                match (by, listed) {
                    (0, false) => wrong.push(format!("{vendor}: {ty} {name} is neither declared nor listed")),
                    (0, true) => {}
                    (_, true) => wrong.push(format!("{vendor}: {ty} {name} is declared, and listed")),
                    (n, false) if n < declared.len() => wrong.push(format!(
                        "{vendor}: {ty} {name} is declared by {n} of {} mappings, so that nobody can ask for it",
                        declared.len()
                    )),
                    (_, false) => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_documentation_lists_them() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let table = document();
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&file, &table).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == table,
        "docs/parameters.md is not what is declared; write it anew with INSTA_UPDATE=always"
    );
}

/// What every vendor declares, and why not.
fn document() -> String {
    let names: Vec<&str> = samples().iter().map(|s| s.vendor.name).collect();
    let reasons = undeclared();
    let mut text = "# Search parameters, by vendor\n\nEvery parameter of R4 and US Core for the types that are served: ● where a vendor's rows can \
        answer it, and else why not.\nA source's CapabilityStatement (`/{source}/fhir/metadata`) says the same; `/fhir` takes what all of its sources can answer. \
        [Searching](search.md) says\nhow values, modifiers and orders work. This page is made by a test from what is declared.\n"
        .to_owned();
    for ty in types() {
        let (bars, line) = (names.join(" | "), "---|".repeat(names.len() + 2));
        write!(text, "\n## {ty}\n\n| parameter | {bars} | where not |\n|{line}\n").unwrap();
        let mut all: Vec<&str> = definitions::of(ty).iter().chain(COMMON).map(|d| d.name).collect();
        all.sort_unstable();
        for parameter in all {
            let why = reasons.get(ty.as_str()).and_then(|all| all.get(parameter));
            let cells: Vec<&str> = samples()
                .iter()
                .map(|sample| if declares(sample, ty, parameter) { "●" } else { "" })
                .collect();
            let why: Vec<&str> = why.into_iter().flat_map(BTreeMap::values).map(String::as_str).collect();
            writeln!(text, "| `{parameter}` | {} | {} |", cells.join(" | "), why.join("; ")).unwrap();
        }
    }
    text
}

fn declares(sample: &Sample, ty: ResourceType, parameter: &str) -> bool {
    let of = (sample.vendor.providers)().into_iter().filter(|p| p.target().ty == ty);
    let mut of = of.peekable();
    of.peek().is_some() && of.all(|p| p.declared().iter().any(|d| d.name == parameter))
}

on_both! {
    /// Every combination of US Core finds what a resource of each source has, as the oracle says.
    async fn combinations_of_us_core(kind) {
        let server = Setup::all(kind).start().await;
        let (mut asked, mut without) = (0, vec![]);
        for sample in samples() {
            let base = format!("/{}/fhir", sample.name());
            let oracle = crate::oracle::everything(&server, &base).await;
            let generator = Generator::new(&oracle, Random::new(7));
            for ty in types() {
                for (_, names) in combinations(ty) {
                    let values = |resource: &Value| -> Option<Vec<(String, String)>> {
                        names.iter().map(|name| Some(((*name).to_owned(), generator.exactly(ty.as_str(), name, resource)?))).collect()
                    };
                    let found = oracle.of(ty.as_str()).iter().find_map(values);
                    let Some(pairs) = found else {
                        without.push(format!("{base} {ty}: {}", names.join(" + ")));
                        continue;
                    };
                    let query = tests::oracle::generate::Case { ty: ty.to_string(), pairs }.query();
                    let mut wanted: Vec<String> =
                        oracle.search(ty.as_str(), &Query::parse(&query), now()).matches.into_iter().map(name).collect();
                    let page = server.ok(&format!("{base}/{ty}?{query}&_count=1000")).await;
                    let mut got: Vec<String> = resources(&page, "match").into_iter().map(name).collect();
                    wanted.sort();
                    got.sort();
                    assert_eq!(got, wanted, "{base}/{ty}?{query}");
                    assert!(!got.is_empty());
                    asked += 1;
                }
            }
        }
        tests::support::say(&format!("combinations on {kind:?}: {asked} asked; no resource has what these ask for: {}", without.join(", ")));
        assert!(asked > 60, "{asked}");
    }
}

/// What we know of US Core's parameters and combinations is what its packages say.
#[test]
fn the_facts_are_those_of_us_core() {
    let Some(packages) = packages::all("the parameters and combinations") else {
        return;
    };
    for (version, package) in packages {
        let statement = package.json("CapabilityStatement-us-core-server.json");
        let mut known = 0;
        for resource in statement["rest"][0]["resource"].as_array().unwrap() {
            let Some(ty) = types().into_iter().find(|ty| ty.as_str() == resource["type"]) else {
                continue;
            };
            for param in resource["searchParam"].as_array().into_iter().flatten() {
                let name = text(&param["name"]);
                assert!(definitions::find(ty, name).is_some(), "{version}: {ty} {name}");
                known += 1;
            }
            for extension in resource["extension"].as_array().into_iter().flatten() {
                if !text(&extension["url"]).ends_with("search-parameter-combination") {
                    continue;
                }
                let parts = || extension["extension"].as_array().unwrap().iter();
                let expected = parts().find_map(|p| p["valueCode"].as_str()).unwrap();
                let mut names: Vec<&str> = parts().filter_map(|p| p["valueString"].as_str()).collect();
                names.sort_unstable();
                let ours = combinations(ty).iter().any(|(expectation, own)| {
                    let mut own = own.to_vec();
                    own.sort_unstable();
                    own == names && expectation.code() == expected
                });
                assert!(ours, "{version}: {ty} {expected} {names:?}");
            }
        }
        assert!(known > 30, "{version}: {known}");
        // Value sets that the packages enumerate.
        for set in fhir::terminology::value_sets() {
            let Some(id) = set.url.strip_prefix("http://hl7.org/fhir/us/core/ValueSet/") else {
                continue;
            };
            let definition = package.json(&format!("ValueSet-{id}.json"));
            let include = definition["compose"]["include"].as_array().unwrap();
            // What others enumerate is not in the package.
            if include.iter().any(|part| part["concept"].is_null()) {
                continue;
            }
            for part in include {
                let codes: Vec<&str> = part["concept"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| text(&c["code"]))
                    .collect();
                let (_, ours) = set.codes.iter().find(|(system, _)| *system == part["system"]).unwrap();
                assert_eq!(*ours, codes.as_slice(), "{version} {id}");
            }
        }
    }
}
