//! The oracle: what FHIR R4 search must answer, slowly and obviously.
//!
//! It knows resources as JSON and nothing of rows, SQL or the crates under test: the query string, the expressions of
//! the search parameters and the meaning of values are written here a second time, from the specification
//! (<http://hl7.org/fhir/R4/search.html>). Where it and the server disagree, one of them is wrong.

pub mod claims;
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
use query::{Criterion, Query};

/// All resources of a server, and what it takes to read requests to it.
pub struct Oracle {
    /// What the server says that it can be asked.
    pub claims: Claims,
    /// By source: the zone of its wall clocks, in which values without offset are meant.
    zones: BTreeMap<String, Tz>,
    /// Base URLs under which the server's own resources are referred to.
    pub bases: Vec<String>,
    resources: BTreeMap<String, Vec<Value>>,
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
        Self {
            claims,
            zones,
            bases,
            resources: by_type,
        }
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
        let fits = |resource: &&Value| query.criteria.iter().all(|c| self.holds(ty, resource, c, now));
        Answer {
            matches: self.of(ty).iter().filter(fits).collect(),
        }
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
        // `:not` turns the whole criterion around, so that resources without the element match.
        any != (criterion.modifier.as_deref() == Some("not"))
    }

    /// The resources that `matches` point at through the includes of `query`, as `Type/id`, without the matches themselves.
    #[must_use]
    pub fn included(&self, ty: &str, query: &Query, matches: &[&Value]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for include in &query.includes {
            let parts: Vec<&str> = include.split(':').collect();
            if parts[0] != ty {
                continue;
            }
            let parameter = params::find(ty, parts[1]);
            let references = matches.iter().flat_map(|r| parameter.elements(r));
            for reference in references.filter_map(|e| e["reference"].as_str()) {
                let of_type = reference.split('/').next();
                if parts.get(2).is_none_or(|ty| of_type == Some(ty)) && self.exists(reference) {
                    found.insert(reference.to_owned());
                }
            }
        }
        for own in matches {
            found.remove(&name(own));
        }
        found
    }

    /// Whether there is a resource with this `Type/id`.
    #[must_use]
    pub fn exists(&self, reference: &str) -> bool {
        reference
            .split_once('/')
            .is_some_and(|(ty, id)| self.of(ty).iter().any(|r| r["id"] == id))
    }

    /// The value that a resource is sorted by: text that compares as the value does, `None` where it has none.
    #[must_use]
    pub fn sort_value(&self, ty: &str, resource: &Value, key: &str) -> Option<String> {
        let parameter = params::find(ty, key);
        let elements = parameter.elements(resource);
        let element = elements.iter().find(|e| parameter.has_value(e))?;
        if key == "family" {
            // Of several names the first is the one that counts.
            return matching::normalised(resource["name"][0]["family"].as_str()?).into();
        }
        match parameter.kind {
            Kind::Date | Kind::Day | Kind::Instant => {
                let range = dates::element(element, parameter.kind, self.zone(resource));
                Some(range.lo.format("%Y-%m-%d %H:%M:%S%.6f").to_string())
            }
            _ => matching::normalised(element.as_str()?).into(),
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

/// `Type/id` of a resource.
#[must_use]
pub fn name(resource: &Value) -> String {
    format!("{}/{}", text(&resource["resourceType"]), text(&resource["id"]))
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
