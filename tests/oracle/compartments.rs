//! Which resources are in a compartment (<http://hl7.org/fhir/R4/compartmentdefinition.html>), by their elements.

use serde_json::Value;

use super::{Oracle, name, text};

/// By the compartment's type: the types that it may hold, with the elements that put them there.
type Members = &'static [(&'static str, &'static [&'static str])];
const MEMBERS: [(&str, Members); 3] = [
    (
        "Patient",
        &[
            ("Condition", &["subject", "asserter"]),
            ("Encounter", &["subject"]),
            ("Patient", &["link.other"]),
            ("Procedure", &["subject", "performer.actor"]),
            ("Provenance", &["target"]),
        ],
    ),
    (
        "Encounter",
        &[
            ("Condition", &["encounter"]),
            ("Encounter", &[]),
            ("Procedure", &["encounter"]),
        ],
    ),
    (
        "Practitioner",
        &[
            ("Condition", &["asserter"]),
            ("Encounter", &["participant.individual"]),
            ("Patient", &["generalPractitioner"]),
            ("Practitioner", &[]),
            ("Procedure", &["performer.actor"]),
        ],
    ),
];

/// The types that have compartments.
pub fn owners() -> impl Iterator<Item = &'static str> {
    MEMBERS.iter().map(|(owner, _)| *owner)
}

/// The types that a compartment may hold, in alphabetical order.
#[must_use]
pub fn types(owner: &str) -> Vec<&'static str> {
    members(owner).iter().map(|(ty, _)| *ty).collect()
}

fn members(owner: &str) -> &'static [(&'static str, &'static [&'static str])] {
    let found = MEMBERS.iter().find(|(name, _)| *name == owner);
    found.map(|(_, members)| *members).unwrap_or_default()
}

impl Oracle {
    /// The resources of `ty` in the compartment of `owner`, which is `Type/id`.
    #[must_use]
    pub fn within(&self, owner: &str, ty: &str) -> Vec<&Value> {
        let of = owner.split('/').next().unwrap_or_default();
        let elements = members(of).iter().find(|(name, _)| *name == ty);
        let elements = elements.map(|(_, elements)| *elements).unwrap_or_default();
        let refers = |resource: &Value| elements.iter().any(|path| leads(resource, path, owner));
        let all = self.of(ty).iter();
        all.filter(|resource| name(resource) == owner || refers(resource))
            .collect()
    }
}

/// Whether a reference at the path, through lists, leads to `Type/id`.
fn leads(value: &Value, path: &str, to: &str) -> bool {
    if let Value::Array(items) = value {
        return items.iter().any(|item| leads(item, path, to));
    }
    match path.split_once('.') {
        _ if path.is_empty() => text(&value["reference"]) == to,
        None => leads(&value[path], "", to),
        Some((head, rest)) => leads(&value[head], rest, to),
    }
}
