//! Searches for what a sample's resources hold.

use std::collections::{BTreeMap, BTreeSet};

use fhir::terminology;
use serde_json::Value;
use tests::oracle::claims::Claims;
use tests::oracle::generate::{encode, escape};
use tests::oracle::params::{self, Kind as ParamKind, Parameter};
use tests::oracle::text;
use tests::support::database::Kind;
use tests::support::sample::Sample;
use tests::support::server::{Setup, resources};

/// A search.
pub struct Search {
    /// `Type?name=value`.
    pub query: String,
    /// The search that its condition leads to, by a chain or its reverse.
    pub inner: Option<String>,
}

impl From<String> for Search {
    fn from(query: String) -> Self {
        Self { query, inner: None }
    }
}

/// What a sample's resources can be searched by.
pub struct Known {
    resources: BTreeMap<String, Vec<Value>>,
    claims: Claims,
}

impl Known {
    pub async fn of(kind: Kind, sample: &'static Sample) -> Self {
        let server = Setup::sample(kind, sample).start().await;
        let claims = Claims::read(&server.ok("/fhir/metadata").await);
        let mut all = BTreeMap::new();
        for ty in claims.types() {
            let pages = server.pages(&format!("/fhir/{ty}?_count=200")).await;
            let own: Vec<Value> = pages.iter().flat_map(|p| resources(p, "match")).cloned().collect();
            all.insert(ty.to_owned(), own);
        }
        Self { resources: all, claims }
    }

    fn parameters(&self, ty: &str) -> Vec<Parameter> {
        self.claims.params(ty).map(|name| params::find(ty, name)).collect()
    }

    /// What `of` makes of the first element that it makes something of: of every mapping one, as the searched tables differ.
    fn elements(&self, ty: &str, parameter: &Parameter, of: impl Fn(&Value) -> Option<String>) -> Vec<String> {
        let mut of_kind: BTreeMap<&str, String> = BTreeMap::new();
        for resource in &self.resources[ty] {
            let mapping = text(&resource["id"]).split('.').nth(1).unwrap();
            let mut elements = parameter
                .elements(resource)
                .into_iter()
                .filter(|e| parameter.has_value(e));
            if !of_kind.contains_key(mapping)
                && let Some(value) = elements.find_map(&of)
            {
                of_kind.insert(mapping, value);
            }
        }
        let unique: BTreeSet<String> = of_kind.into_values().collect();
        unique.into_iter().collect()
    }

    fn values(&self, ty: &str, parameter: &Parameter) -> Vec<String> {
        self.elements(ty, parameter, |element| value(parameter, element))
    }

    /// A value of each of some parameters, encoded.
    fn values_of(&self, ty: &str, names: &[&'static str]) -> Vec<(&'static str, String)> {
        let claimed = names.iter().filter(|name| self.claims.params(ty).any(|p| p == **name));
        let first = |name: &&'static str| {
            let values = self.values(ty, &params::find(ty, name));
            Some((*name, encode(values.first()?)))
        };
        claimed.filter_map(first).collect()
    }

    /// The types that a reference leads to.
    fn targets(&self, ty: &str, reference: &Parameter) -> BTreeSet<String> {
        let elements = self.resources[ty].iter().flat_map(|r| reference.elements(r));
        let types = elements.filter_map(|e| e["reference"].as_str()?.split_once('/').map(|(ty, _)| ty.to_owned()));
        types.collect()
    }
}

/// A value that an element matches.
fn value(parameter: &Parameter, element: &Value) -> Option<String> {
    match parameter.kind {
        ParamKind::Id | ParamKind::Text | ParamKind::Code(_) | ParamKind::Uri => some(element).map(|t| escape(&t)),
        ParamKind::Flag => Some(element.as_bool()?.to_string()),
        ParamKind::Token => {
            let coding = coding(element);
            some(&coding["code"])
                .or_else(|| some(&coding["value"]))
                .map(|t| escape(&t))
        }
        ParamKind::Reference => some(&element["reference"]),
        ParamKind::Date | ParamKind::Day | ParamKind::Instant => {
            let at = some(element)
                .or_else(|| some(&element["start"]))
                .or_else(|| some(&element["end"]))?;
            // A year matches whatever lies within it, and reads what begins in it.
            at.get(..10).map(str::to_owned)
        }
    }
}

/// A value that an element matches, or not, under a modifier.
fn modified(parameter: &Parameter, modifier: &str, element: &Value) -> Option<String> {
    let coding = coding(element);
    match modifier {
        "contains" => some(element)?.get(1..).filter(|t| !t.is_empty()).map(escape),
        "text" => some(&element["text"])
            .or_else(|| some(&coding["display"]))
            .map(|t| escape(&t)),
        "identifier" => some(&element["identifier"]["value"]),
        "in" | "not-in" => {
            let system = coding["system"].as_str()?;
            let mut sets = terminology::value_sets();
            let of_system =
                sets.find(|set| set.codes.iter().any(|(of, _)| *of == system) || set.systems.contains(&system));
            of_system.map(|set| set.url.to_owned())
        }
        "of-type" => {
            let kind = &element["type"]["coding"][0];
            let parts = [some(&kind["system"])?, some(&kind["code"])?, some(&element["value"])?];
            Some(parts.map(|part| escape(&part)).join("|"))
        }
        "below" | "above" if !parameter.is_uri() => {
            let (system, code) = (some(&coding["system"])?, some(&coding["code"])?);
            system
                .starts_with("http://hl7.org/fhir/sid/icd-")
                .then(|| format!("{system}|{}", escape(&code)))
        }
        _ => value(parameter, element),
    }
}

fn coding(element: &Value) -> &Value {
    element["coding"].get(0).unwrap_or(element)
}

fn some(value: &Value) -> Option<String> {
    Some(text(value).to_owned()).filter(|t| !t.is_empty())
}

/// `Type?parameter=value` for every parameter of every type.
pub fn parameters(known: &Known) -> Vec<Search> {
    let mut all = vec![];
    for ty in known.claims.types() {
        for parameter in known.parameters(ty) {
            let values = known.values(ty, &parameter).into_iter();
            all.extend(values.map(|value| format!("{ty}?{}={}", parameter.name, encode(&value)).into()));
        }
    }
    all
}

/// Everything of a patient, whose resources there are of every type, and each type of the compartment.
pub fn of_patients(known: &Known) -> Vec<Search> {
    let about = |patient: &&Value| {
        let reference = format!("Patient/{}", text(&patient["id"]));
        let about = |ty: &str| {
            known.resources[ty]
                .iter()
                .any(|r| r["subject"]["reference"] == reference)
        };
        ["Encounter", "Condition", "Procedure"].into_iter().all(about)
    };
    let patient = known.resources["Patient"]
        .iter()
        .find(about)
        .expect("a patient with something of everything");
    let patient = format!("Patient/{}", text(&patient["id"]));
    let types = known
        .claims
        .types()
        .filter(|ty| ["Encounter", "Condition", "Procedure"].contains(ty));
    let compartment = types.map(|ty| format!("{patient}/{ty}?_pretty=false").into());
    compartment
        .chain([format!("{patient}/$everything?_pretty=false").into()])
        .collect()
}

/// `Type?parameter:modifier=value` for every modifier of every parameter, and dates with every prefix.
pub fn modifiers(known: &Known) -> Vec<Search> {
    let mut all = vec![];
    for ty in known.claims.types() {
        for parameter in known.parameters(ty) {
            let mut tried: Vec<(String, Vec<String>)> = vec![];
            for modifier in known.claims.modifiers(ty, parameter.name) {
                match modifier.as_str() {
                    "" => {}
                    "missing" => tried.push((modifier.clone(), vec!["true".into(), "false".into()])),
                    "[type]" => {
                        for target in known.values(ty, &parameter) {
                            let (of, id) = target.split_once('/').unwrap();
                            tried.push((of.to_owned(), vec![id.to_owned()]));
                        }
                    }
                    other => tried.push((
                        modifier.clone(),
                        known.elements(ty, &parameter, |element| modified(&parameter, other, element)),
                    )),
                }
            }
            for (modifier, values) in tried {
                let each = values
                    .iter()
                    .map(|value| format!("{ty}?{}:{modifier}={}", parameter.name, encode(value)).into());
                all.extend(each);
            }
            if let ParamKind::Date | ParamKind::Day | ParamKind::Instant = parameter.kind {
                for value in known.values(ty, &parameter) {
                    let each = PREFIXES
                        .iter()
                        .map(|prefix| format!("{ty}?{}={prefix}{value}", parameter.name).into());
                    all.extend(each);
                }
            }
        }
    }
    all
}

/// All but `eq`, which is what a date without a prefix means.
const PREFIXES: [&str; 8] = ["ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

/// `Type?reference.parameter=value` and `Target?_has:Type:reference:parameter=value` for every reference.
pub fn chains(known: &Known) -> Vec<Search> {
    let mut all = vec![];
    for ty in known.claims.types() {
        let own = known.values_of(ty, &["identifier", "code", "date"]);
        for reference in known.parameters(ty).iter().filter(|p| p.kind == ParamKind::Reference) {
            for target in known.targets(ty, reference) {
                for (name, value) in known.values_of(&target, &["identifier", "name", "family", "birthdate"]) {
                    all.push(Search {
                        query: format!("{ty}?{}:{target}.{name}={value}", reference.name),
                        inner: Some(format!("{target}?{name}={value}")),
                    });
                }
                for (name, value) in &own {
                    all.push(Search {
                        query: format!("{target}?_has:{ty}:{}:{name}={value}", reference.name),
                        inner: Some(format!("{ty}?{name}={value}")),
                    });
                }
            }
        }
    }
    all
}

/// `Type?_sort=parameter`, in both directions.
pub fn orders(known: &Known) -> Vec<Search> {
    let mut all = vec![];
    for ty in known.claims.types() {
        for key in known.claims.sortable(ty) {
            all.extend([format!("{ty}?_sort={key}").into(), format!("{ty}?_sort=-{key}").into()]);
        }
    }
    all
}

/// Everything that a page refers to, and everything that refers to it.
pub fn includes(known: &Known) -> Vec<Search> {
    let all = known.claims.types().filter(|ty| !known.resources[*ty].is_empty());
    all.flat_map(|ty| {
        let forward = known.parameters(ty).iter().any(|p| p.kind == ParamKind::Reference);
        let forward = forward.then(|| format!("{ty}?_include=*").into());
        forward.into_iter().chain([format!("{ty}?_revinclude=*").into()])
    })
    .collect()
}
