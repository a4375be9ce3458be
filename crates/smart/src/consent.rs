//! What the user is asked, and what follows from the answers: the scopes that an app asks for, one by one, each to be left out; those of
//! a type with categories also to be narrowed to some of them.
//!
//! Leaving everything as it is grants exactly what was asked for, in the words in which it was asked for.

use fhir::r4::ResourceType;

use crate::scope::{ResourceScope, Scope, Scopes, Types};

/// A category by which records of a type can be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Category {
    /// The type.
    pub ty: ResourceType,
    /// What people are shown.
    pub label: &'static str,
    /// The search that finds it, `category=system|code`.
    pub query: &'static str,
}

/// The categories of conditions that US Core 7.0.0 has servers share by (SMART granular scopes).
pub const CATEGORIES: [Category; 3] = [
    Category {
        ty: ResourceType::Condition,
        label: "Diagnoses of visits",
        query: "category=http://terminology.hl7.org/CodeSystem/condition-category|encounter-diagnosis",
    },
    Category {
        ty: ResourceType::Condition,
        label: "Problem list",
        query: "category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item",
    },
    Category {
        ty: ResourceType::Condition,
        label: "Health concerns",
        query: "category=http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern",
    },
];

/// Something that can be allowed or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The scope: the value of the box to tick.
    pub scope: Scope,
    /// Narrower scopes, to be ticked instead of it.
    pub parts: Vec<(&'static str, Scope)>,
}

/// What the user can choose of what was asked for. `*` is shown as the types that the server has.
#[must_use]
pub fn choices(asked: &Scopes, served: &[ResourceType]) -> Vec<Choice> {
    let single = |scope: &Scope| match scope.resource() {
        Some(resource) => by_type(resource, served),
        None => vec![scope.clone()],
    };
    let all: Scopes = asked.iter().flat_map(single).collect();
    let choice = |scope: &Scope| Choice {
        scope: scope.clone(),
        parts: parts(scope),
    };
    all.iter().map(choice).collect()
}

fn by_type(resource: &ResourceScope, served: &[ResourceType]) -> Vec<Scope> {
    match resource.types {
        Types::One(_) => vec![Scope::Resource(resource.clone())],
        Types::All => {
            let one = |ty: &ResourceType| Scope::Resource(resource.of(*ty));
            served.iter().map(one).collect()
        }
    }
}

/// The categories of a scope that has none yet and is not in the words of version 1, which cannot say them.
fn parts(scope: &Scope) -> Vec<(&'static str, Scope)> {
    let Some(resource) = scope.resource().filter(|r| !r.is_granular()) else {
        return vec![];
    };
    let of_type = CATEGORIES.iter().filter(|c| resource.types == Types::One(c.ty));
    of_type
        .filter_map(|c| Some((c.label, Scope::Resource(resource.only(c.query)?))))
        .collect()
}

/// What the user allows: the boxes that were ticked, as far as they were offered. A part beside its whole says nothing; all types of
/// a `*` are the `*`.
#[must_use]
pub fn allowed(asked: &Scopes, served: &[ResourceType], ticked: &[String]) -> Scopes {
    let ticked: Vec<Scope> = ticked.iter().filter_map(|text| Scope::parse(text)).collect();
    let has = |scope: &Scope| ticked.contains(scope);
    let mut allowed = vec![];
    for scope in asked.iter() {
        let singles: Vec<Scope> = match scope.resource() {
            Some(resource) => by_type(resource, served),
            None => vec![scope.clone()],
        };
        if !singles.is_empty() && singles.iter().all(has) {
            allowed.push(scope.clone());
            continue;
        }
        for single in singles {
            if has(&single) {
                allowed.push(single);
            } else {
                allowed.extend(parts(&single).into_iter().map(|(_, part)| part).filter(&has));
            }
        }
    }
    allowed.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVED: [ResourceType; 2] = [ResourceType::Condition, ResourceType::Patient];
    const PROBLEMS: &str =
        "patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item";

    fn texts(choices: &[Choice]) -> Vec<String> {
        choices.iter().map(|c| c.scope.to_string()).collect()
    }

    fn result(asked: &str, ticked: &[&str]) -> String {
        let ticked: Vec<String> = ticked.iter().map(|t| (*t).to_owned()).collect();
        allowed(&Scopes::parse(asked), &SERVED, &ticked).to_string()
    }

    #[test]
    fn each_scope_is_a_choice_and_a_star_one_per_type() {
        let asked = Scopes::parse("openid patient/*.rs patient/Patient.rs user/Condition.read");
        let offered = choices(&asked, &SERVED);
        let expected = [
            "openid",
            "patient/Condition.rs",
            "patient/Patient.rs",
            "user/Condition.read",
        ];
        assert_eq!(texts(&offered), expected);
        assert_eq!(offered[1].parts.len(), 3);
        assert_eq!(offered[1].parts[1].1.to_string(), PROBLEMS);
        // Version 1 has no words for a part.
        assert_eq!(offered[3].parts, []);
    }

    #[test]
    fn leaving_all_as_it_is_grants_what_was_asked_for() {
        for asked in [
            "openid patient/*.rs offline_access",
            "patient/*.read",
            "patient/Condition.rs patient/Patient.r",
        ] {
            let offered = choices(&Scopes::parse(asked), &SERVED);
            let ticked: Vec<String> = texts(&offered);
            let ticked: Vec<&str> = ticked.iter().map(String::as_str).collect();
            assert_eq!(result(asked, &ticked), asked);
        }
    }

    #[test]
    fn types_and_categories_are_left_out() {
        assert_eq!(
            result("openid patient/*.rs", &["patient/Patient.rs"]),
            "patient/Patient.rs"
        );
        assert_eq!(
            result("patient/*.rs", &["patient/Patient.rs", PROBLEMS]),
            format!("{PROBLEMS} patient/Patient.rs")
        );
        assert_eq!(result("patient/Condition.rs", &[PROBLEMS]), PROBLEMS);
        // The whole goes before its parts.
        assert_eq!(
            result("patient/Condition.rs", &[PROBLEMS, "patient/Condition.rs"]),
            "patient/Condition.rs"
        );
        assert_eq!(result("patient/Condition.rs", &[]), "");
    }

    #[test]
    fn what_was_not_offered_is_not_granted() {
        for ticked in [
            "user/Patient.rs",
            "patient/Observation.rs",
            "patient/*.rs",
            "system/*.rs",
            "offline_access",
        ] {
            assert_eq!(result("patient/Condition.rs", &[ticked]), "", "{ticked}");
        }
        let other = "patient/Condition.rs?category=made-up";
        assert_eq!(result("patient/Condition.rs", &[other]), "");
    }
}
