//! The oracle: what FHIR R4 search must answer, slowly and obviously.
//!
//! It knows resources as JSON and nothing of rows, SQL or the crates under test: the query string, the expressions of
//! the search parameters and the meaning of values are written here a second time, from the specification
//! (<http://hl7.org/fhir/R4/search.html>). Where it and the server disagree, one of them is wrong.

pub mod claims;
pub mod compartments;
pub mod dates;
pub mod generate;
pub mod matching;
pub mod params;
pub mod query;
pub mod random;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde_json::Value;

use claims::Claims;
use params::{Kind, Parameter};
use query::{Criterion, Include, Query, Step};

/// All resources of a server, and what it takes to read requests to it.
pub struct Oracle {
    /// What the server says that it can be asked.
    pub claims: Claims,
    /// By source: the zone of its wall clocks, in which values without offset are meant.
    zones: BTreeMap<String, Tz>,
    /// Base URLs under which the server's own resources are referred to.
    pub bases: Vec<String>,
    resources: BTreeMap<String, Vec<Value>>,
    /// Every `Type/id`.
    names: BTreeSet<String>,
    /// The types that reference parameters lead to, by type and parameter.
    targets: BTreeMap<(String, &'static str), Vec<String>>,
}

/// What a search must answer.
pub struct Answer<'a> {
    /// The matches, in no order.
    pub matches: Vec<&'a Value>,
}

impl Oracle {
    #[must_use]
    pub fn new(resources: Vec<Value>, claims: Claims, zones: BTreeMap<String, Tz>, bases: Vec<String>) -> Self {
        let mut by_type: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for resource in resources {
            by_type
                .entry(text(&resource["resourceType"]).to_owned())
                .or_default()
                .push(resource);
        }
        let names = by_type.values().flatten().map(name).collect();
        let mut oracle = Self {
            claims,
            zones,
            bases,
            resources: by_type,
            names,
            targets: BTreeMap::new(),
        };
        oracle.targets = oracle.all_targets();
        oracle
    }

    fn all_targets(&self) -> BTreeMap<(String, &'static str), Vec<String>> {
        let mut all = BTreeMap::new();
        for ty in self.types() {
            for parameter in self.parameters(ty).iter().filter(|p| p.kind == Kind::Reference) {
                let references = self.of(ty).iter().flat_map(|r| references(ty, parameter.name, r));
                let there = references
                    .filter(|r| self.exists(r))
                    .filter_map(|r| r.split('/').next());
                let types: BTreeSet<&str> = there.collect();
                let types = types.into_iter().map(str::to_owned).collect();
                all.insert((ty.to_owned(), parameter.name), types);
            }
        }
        all
    }

    #[must_use]
    pub fn of(&self, ty: &str) -> &[Value] {
        self.resources.get(ty).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().map(String::as_str)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.values().map(Vec::len).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The answer to a search of `ty` that is made at `now` (UTC).
    #[must_use]
    pub fn search(&self, ty: &str, query: &Query, now: NaiveDateTime) -> Answer<'_> {
        let mut matches: Vec<&Value> = self.of(ty).iter().collect();
        for criterion in &query.criteria {
            let holding = self.holding(ty, &criterion.path, criterion, now);
            matches.retain(|resource| holding.contains(&name(resource)));
        }
        Answer { matches }
    }

    /// The names of the resources of `ty` for which a criterion holds, behind the references in `path`.
    fn holding(&self, ty: &str, path: &[Step], criterion: &Criterion, now: NaiveDateTime) -> BTreeSet<String> {
        let named = |resources: Vec<&Value>| resources.into_iter().map(name).collect();
        let Some((step, rest)) = path.split_first() else {
            let fits = |resource: &&Value| self.holds(ty, resource, criterion, now);
            return named(self.of(ty).iter().filter(fits).collect());
        };
        match step {
            Step::To(param, target) => {
                let types = self.targets(ty, param).into_iter();
                let types = types.filter(|of| target.as_ref().is_none_or(|target| target == of));
                let there: BTreeSet<String> = types.flat_map(|of| self.holding(&of, rest, criterion, now)).collect();
                let leads = |resource: &&Value| references(ty, param, resource).iter().any(|r| there.contains(*r));
                named(self.of(ty).iter().filter(leads).collect())
            }
            Step::From(source, param) => {
                let there = self.holding(source, rest, criterion, now);
                let from = self.of(source).iter().filter(|r| there.contains(&name(r)));
                let here: BTreeSet<&str> = from.flat_map(|r| references(source, param, r)).collect();
                named(self.of(ty).iter().filter(|r| here.contains(name(r).as_str())).collect())
            }
        }
    }

    /// The types that a reference parameter leads to.
    #[must_use]
    pub fn targets(&self, ty: &str, param: &str) -> Vec<String> {
        let param = params::find(ty, param).name;
        self.targets.get(&(ty.to_owned(), param)).cloned().unwrap_or_default()
    }

    fn holds(&self, ty: &str, resource: &Value, criterion: &Criterion, now: NaiveDateTime) -> bool {
        let parameter = params::find(ty, &criterion.name);
        let elements = parameter.elements(resource);
        if criterion.modifier.as_deref() == Some("missing") {
            let missing = !elements.iter().any(|e| parameter.has_value(e));
            return missing == (criterion.values[0] == "true");
        }
        let any = criterion.values.iter().any(|value| {
            let asked = matching::Asked {
                value,
                modifier: criterion.modifier.as_deref(),
                now,
                zone: self.zone(resource),
                oracle: self,
            };
            elements.iter().any(|element| asked.matches(&parameter, element))
        });
        // `:not` and `:not-in` turn the whole criterion around, so that resources without the element match.
        any != matches!(criterion.modifier.as_deref(), Some("not" | "not-in"))
    }

    /// What the includes of `query` send along with `matches`, as `Type/id`, without the matches themselves.
    #[must_use]
    pub fn included(&self, query: &Query, matches: &[&Value]) -> BTreeSet<String> {
        let own: BTreeSet<String> = matches.iter().map(|r| name(r)).collect();
        let mut all = BTreeSet::new();
        let mut last = own.clone();
        for round in 0.. {
            let includes = query.includes.iter().filter(|i| round == 0 || i.iterate);
            let found: BTreeSet<String> = includes.flat_map(|include| self.along(include, &last)).collect();
            last = found
                .into_iter()
                .filter(|n| !own.contains(n) && !all.contains(n))
                .collect();
            if last.is_empty() {
                break;
            }
            all.extend(last.iter().cloned());
        }
        all
    }

    /// The other side of an include's references, from or to the resources named.
    fn along(&self, include: &Include, of: &BTreeSet<String>) -> BTreeSet<String> {
        let types: Vec<&str> = match include.source.as_str() {
            "*" => self.types().collect(),
            ty => vec![ty],
        };
        let fits = |reference: &&str| {
            let ty = reference.split('/').next();
            include.target.as_deref().is_none_or(|target| ty == Some(target)) && self.exists(reference)
        };
        let mut found = BTreeSet::new();
        for ty in types {
            let claimed = self.parameters(ty).into_iter().filter(|p| p.kind == Kind::Reference);
            let params = claimed.filter(|p| include.param == "*" || include.param == p.name);
            let params: Vec<&str> = params.map(|p| p.name).collect();
            for resource in self.of(ty) {
                let referred = params
                    .iter()
                    .flat_map(|param| references(ty, param, resource))
                    .filter(fits);
                if include.reverse {
                    if referred.into_iter().any(|r| of.contains(r)) {
                        found.insert(name(resource));
                    }
                } else if of.contains(&name(resource)) {
                    found.extend(referred.map(str::to_owned));
                }
            }
        }
        found
    }

    /// Whether there is a resource with this `Type/id`.
    #[must_use]
    pub fn exists(&self, reference: &str) -> bool {
        self.names.contains(reference)
    }

    /// The value that a resource is sorted by: text that compares as the value does, `None` where it has none.
    #[must_use]
    pub fn sort_value(&self, ty: &str, resource: &Value, key: &str) -> Option<String> {
        let parameter = params::find(ty, key);
        let elements = parameter.elements(resource);
        // Of several names the first is the one that counts, by its family and its first given name.
        let name = |part: &Value| matching::normalised(part.as_str()?).into();
        match key {
            "name" if resource["name"].is_array() => return name(&resource["name"][0]["family"]),
            "family" => return name(&resource["name"][0]["family"]),
            "given" => return name(&resource["name"][0]["given"][0]),
            _ => {}
        }
        match parameter.kind {
            Kind::Date | Kind::Day | Kind::Instant => {
                let element = elements.iter().find(|e| parameter.has_value(e))?;
                let range = dates::element(element, parameter.kind, self.zone(resource));
                Some(range.lo.format("%Y-%m-%d %H:%M:%S%.6f").to_string())
            }
            Kind::Flag => elements.first().map(|flag| flag.to_string()),
            // The first code, but not one that says why there is none.
            Kind::Token | Kind::Code(_) => {
                let codings = elements
                    .iter()
                    .flat_map(|e| e["coding"].as_array().cloned().unwrap_or_else(|| vec![(*e).clone()]));
                let mut real = codings.filter(|c| c["system"] != params::ABSENT);
                real.find_map(|c| Some(c.as_str().or_else(|| c["code"].as_str())?.to_owned()))
            }
            _ => {
                let element = elements.iter().find(|e| parameter.has_value(e))?;
                matching::normalised(element.as_str()?).into()
            }
        }
    }

    /// Says where `found`, in the server's order, is not sorted as `query` asks; `None` when it is.
    #[must_use]
    pub fn misordered(&self, ty: &str, query: &Query, found: &[&Value]) -> Option<String> {
        let keys: Vec<(&str, bool)> = query
            .sort
            .iter()
            .map(|k| k.strip_prefix('-').map_or((k.as_str(), false), |k| (k, true)))
            .collect();
        found.windows(2).find_map(|pair| {
            for (key, descending) in &keys {
                let values = [self.sort_value(ty, pair[0], key), self.sort_value(ty, pair[1], key)];
                let right = match (&values[0], &values[1]) {
                    (a, b) if a == b => continue,
                    (_, None) => true,
                    (None, _) => false,
                    (Some(a), Some(b)) => (a < b) != *descending,
                };
                let wrong = || {
                    format!(
                        "{} ({:?}) before {} ({:?})",
                        name(pair[0]),
                        values[0],
                        name(pair[1]),
                        values[1]
                    )
                };
                return (!right).then(wrong);
            }
            None
        })
    }

    /// The zone of a resource's source. Its name is the first part of the id.
    ///
    /// # Panics
    /// For a resource of an unknown source.
    fn zone(&self, resource: &Value) -> Tz {
        let source = text(&resource["id"]).split('.').next().unwrap_or_default();
        let zone = self.zones.get(source);
        *zone.unwrap_or_else(|| panic!("{} is of no known source", name(resource)))
    }

    /// The parameters of a type that the server claims, for the generator.
    #[must_use]
    pub fn parameters(&self, ty: &str) -> Vec<Parameter> {
        self.claims.params(ty).map(|name| params::find(ty, name)).collect()
    }
}

/// What a resource refers to by a parameter, as `Type/id`.
fn references<'a>(ty: &str, param: &str, resource: &'a Value) -> Vec<&'a str> {
    let elements = params::find(ty, param).elements(resource);
    elements.into_iter().filter_map(|e| e["reference"].as_str()).collect()
}

/// `Type/id` of a resource.
#[must_use]
pub fn name(resource: &Value) -> String {
    format!("{}/{}", text(&resource["resourceType"]), text(&resource["id"]))
}

/// The text of a string, empty for anything else.
#[must_use]
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
