//! What US Core 6.1.0 and 7.0.0 want supported is shown by some resource of some sample, or no source can carry it.
//!
//! `must_support.json` has two lists. `elements`: the elements that the profiles flag, by their ids in the profile's snapshot;
//! `versions` that flag them; `shown`, a path into a resource, which shows the element when there is a value:
//!
//! * steps between dots, alternatives between `|`
//! * `step[member=value]` takes only what has this member
//! * what only says that there is no value (data-absent-reason) is none
//!
//! `no_source`: those that no sample shows, each with the `reason`.

pub mod packages;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::support::server::{Setup, resources};

/// Where the canonical URLs of the profiles begin.
const BASE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/";
/// The system of codes that say why there is no value.
const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

/// A profile and an element of it, for a message and for comparing.
type Place = (String, String);

/// The file's two lists.
struct Facts {
    elements: Vec<Value>,
    no_source: BTreeSet<Place>,
}

impl Facts {
    fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("api/must_support.json");
        let all: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let list = |name: &str| all[name].as_array().unwrap().clone();
        let named = list("no_source");
        assert!(
            named.iter().all(|e| !text(&e["reason"]).is_empty()),
            "a reason is missing"
        );
        let no_source: BTreeSet<Place> = named.iter().map(place).collect();
        assert_eq!(no_source.len(), named.len(), "an element is listed twice");
        let elements = list("elements");
        let known: BTreeSet<Place> = elements.iter().map(place).collect();
        let unknown: Vec<&Place> = no_source.difference(&known).collect();
        assert!(unknown.is_empty(), "no such elements: {unknown:?}");
        Self { elements, no_source }
    }
}

fn place(entry: &Value) -> Place {
    (text(&entry["profile"]).to_owned(), text(&entry["element"]).to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

on_both! {
    async fn every_element_is_shown_or_cannot_be(kind) {
        let facts = Facts::read();
        let by_profile = of_profiles(&Setup::all(kind).start().await).await;
        let (mut failures, mut shown) = (vec![], 0);
        for entry in &facts.elements {
            let (profile, element) = place(entry);
            let resources = by_profile.get(&profile).map(Vec::as_slice).unwrap_or_default();
            assert!(!resources.is_empty(), "no resource of {profile}");
            let is_shown = resources.iter().any(|r| shows(r, text(&entry["shown"])));
            shown += usize::from(is_shown);
            match (is_shown, facts.no_source.contains(&place(entry))) {
                (true, true) => failures.push(format!("{profile} {element} is shown, but listed as what no source has")),
                (false, false) => failures.push(format!("{profile} {element} is shown by no resource")),
                _ => {}
            }
        }
        tests::support::say(&format!("must support on {kind:?}: {shown} of {} elements are shown", facts.elements.len()));
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

/// All resources by the profiles that they say they follow.
async fn of_profiles(server: &tests::support::server::Server) -> BTreeMap<String, Vec<Value>> {
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for ty in Claims::read(&server.ok("/fhir/metadata").await).types() {
        for page in server.pages(&format!("/fhir/{ty}?_count=200")).await {
            for resource in resources(&page, "match") {
                let profiles = resource["meta"]["profile"].as_array().into_iter().flatten();
                for profile in profiles.filter_map(|p| text(p).strip_prefix(BASE)) {
                    let name = profile.split('|').next().unwrap().to_owned();
                    all.entry(name).or_default().push(resource.clone());
                }
            }
        }
    }
    all
}

/// Whether a resource has a value at one of the paths.
fn shows(resource: &Value, paths: &str) -> bool {
    outside_brackets(paths, '|')
        .iter()
        .any(|path| at(resource, path).into_iter().any(says_something))
}

fn at<'a>(resource: &'a Value, path: &str) -> Vec<&'a Value> {
    outside_brackets(path, '.').iter().fold(vec![resource], |here, step| {
        let (name, wanted) = match step.trim_end_matches(']').split_once('[') {
            Some((name, condition)) => (name, Some(condition.split_once('=').unwrap())),
            None => (*step, None),
        };
        let children = here.into_iter().filter_map(|e| e.get(name)).flat_map(each);
        children
            .filter(|e| wanted.is_none_or(|(member, value)| e[member] == value))
            .collect()
    })
}

fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// The parts between separators, but for those within brackets.
fn outside_brackets(text: &str, separator: char) -> Vec<&str> {
    let mut inside = false;
    text.split(|c: char| {
        inside = c == '[' || (inside && c != ']');
        c == separator && !inside
    })
    .collect()
}

/// More than a statement that there is nothing.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) if fields.get("system").is_some_and(|s| s == ABSENT) => false,
        Value::Object(fields) => fields
            .iter()
            .any(|(name, field)| name != "id" && name != "extension" && says_something(field)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

#[test]
fn paths_find_what_they_name() {
    let resource = serde_json::json!({
        "identifier": [{"system": "http://a.b/c", "value": "1"}, {"system": "urn:d"}],
        "type": [{"coding": [{"system": ABSENT, "code": "unknown"}]}],
        "extension": [{"url": "http://x.y/z", "valueDateTime": "2024"}],
        "_birthDate": {"extension": [{"url": "u", "valueCode": "unknown"}]},
        "active": false,
    });
    for path in [
        "active",
        "identifier.value",
        "identifier[system=http://a.b/c].value",
        "none|active",
        "extension[url=http://x.y/z]",
    ] {
        assert!(shows(&resource, path), "{path}");
    }
    for path in [
        "type",
        "type.coding",
        "birthDate",
        "_birthDate",
        "identifier[system=urn:d].value",
        "extension[url=http://x]",
    ] {
        assert!(!shows(&resource, path), "{path}");
    }
}
