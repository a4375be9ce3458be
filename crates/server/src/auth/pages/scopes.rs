//! Scopes in people's words.

use smart::consent;
use smart::scope::{Level, ResourceScope, Scope, Types};

/// A scope as people are shown it.
pub(super) struct Shown {
    /// The scope itself: what a box that is ticked stands for.
    pub scope: String,
    /// What it means.
    pub label: String,
    /// Parts of it that can be had instead.
    pub parts: Vec<Shown>,
}

/// A scope that is allowed.
pub(super) fn allowed(scope: &Scope) -> Shown {
    Shown {
        scope: scope.to_string(),
        label: label(scope),
        parts: vec![],
    }
}

/// A scope that may be allowed.
pub(super) fn choice(choice: &consent::Choice) -> Shown {
    let part = |(label, scope): &(&'static str, Scope)| Shown {
        scope: scope.to_string(),
        label: (*label).to_owned(),
        parts: vec![],
    };
    Shown {
        parts: choice.parts.iter().map(part).collect(),
        ..allowed(&choice.scope)
    }
}

fn label(scope: &Scope) -> String {
    match scope {
        Scope::OpenId => "Know that it is you".to_owned(),
        Scope::FhirUser => "Know who you are in the records".to_owned(),
        Scope::Launch => "Know which record is open".to_owned(),
        Scope::LaunchPatient => "Know which patient it is about".to_owned(),
        Scope::LaunchEncounter => "Know which visit it is about".to_owned(),
        Scope::OfflineAccess => "Go on seeing it when you are away".to_owned(),
        Scope::OnlineAccess => "Go on seeing it while you are signed in".to_owned(),
        Scope::Resource(resource) => of_resources(resource),
    }
}

fn of_resources(scope: &ResourceScope) -> String {
    let what = match scope.types {
        Types::All => "all records".to_owned(),
        Types::One(ty) => words(ty.as_str()),
    };
    let whose = match scope.level {
        Level::Patient => "of this patient",
        Level::User => "that you may see",
        Level::System => "that it may see by itself",
    };
    let only = if scope.is_granular() {
        let criteria = scope.criteria();
        let said: Vec<String> = criteria.iter().map(|(name, value)| format!("{name} {value}")).collect();
        format!(", only {}", said.join(" and "))
    } else {
        String::new()
    };
    format!("See {what} {whose}{only}")
}

/// A type's name as a plain word: `Condition` is what people call diagnoses.
fn words(ty: &str) -> String {
    let known = match ty {
        "Patient" => "name, birth date and address",
        "Condition" => "diagnoses and problems",
        "Encounter" => "visits",
        "Procedure" => "procedures",
        "Practitioner" => "names of clinicians",
        "Location" => "places",
        "Organization" => "organisations",
        "Provenance" => "where records come from",
        other => return other.to_owned(),
    };
    known.to_owned()
}
