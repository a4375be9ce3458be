//! What a token lets its client see, as conditions on rows.
//!
//! Every type gets one clause: the scopes of the type are alternatives, and each of them holds for the patients that it is about and for
//! what its own search parameters say. The clauses become part of every statement (see [`mapper::Access`]), so nothing that they leave
//! out can be read, counted, sorted by, followed to or sent along.

use fhir::r4::ResourceType;
use fhir::search::{self, Clause, Handling, Limits, Vocabulary, escape};
use mapper::Access;
use smart::scope::{Level, ResourceScope};
use smart::store::{Active, Reach};

/// Names and values of a search.
type Pairs = Vec<(String, String)>;

/// What a token lets see of the types that `vocabulary` has.
pub(super) fn access(active: &Active, vocabulary: &impl Vocabulary, limits: &Limits) -> Access {
    let mut access = Access::nothing(active.grant.id.clone());
    for ty in vocabulary.types() {
        let scopes = active.scopes.resources().filter(|scope| scope.types.contain(ty));
        let alternatives: Vec<Clause> = scopes
            .flat_map(|scope| of_scope(active, scope, ty, vocabulary))
            .filter_map(|pairs| clause(ty, &pairs, vocabulary, limits))
            .collect();
        if !alternatives.is_empty() {
            access.allow(ty, Clause::Any(alternatives));
        }
    }
    access
}

/// Searches that together find what a scope lets see of a type.
fn of_scope(active: &Active, scope: &ResourceScope, ty: ResourceType, vocabulary: &impl Vocabulary) -> Vec<Pairs> {
    let own = scope.criteria();
    let with_own = |mut pairs: Pairs| {
        pairs.extend(own.iter().cloned());
        pairs
    };
    if ty == ResourceType::Provenance {
        // It tells about another resource, and so is seen by who sees that one.
        let others = vocabulary.types().into_iter().filter(|other| *other != ty);
        let seen = others.filter_map(|other| {
            Some(through_target(
                other,
                of_patients(active, scope.level, other, vocabulary)?,
            ))
        });
        return seen.map(with_own).collect();
    }
    of_patients(active, scope.level, ty, vocabulary)
        .map(with_own)
        .into_iter()
        .collect()
}

/// The search of a type for the patients that a level is about; `None` when these are none.
fn of_patients(active: &Active, level: Level, ty: ResourceType, vocabulary: &impl Vocabulary) -> Option<Pairs> {
    let whose = match (level, &active.grant.reach) {
        (Level::Patient, _) => Reach::Patients(vec![active.grant.context.patient.clone()?]),
        (Level::User | Level::System, reach) => reach.clone(),
    };
    let is_patient = ty == ResourceType::Patient;
    if !is_patient && vocabulary.param_type(ty, "patient").is_none() {
        // Clinicians, places, organisations: nobody's records.
        return Some(vec![]);
    }
    match whose {
        Reach::Patients(ids) if ids.is_empty() => None,
        Reach::Patients(ids) => {
            let ids: Vec<String> = ids.iter().map(|id| escape(id)).collect();
            let name = if is_patient { "_id" } else { "patient" };
            Some(vec![(name.to_owned(), ids.join(","))])
        }
        Reach::Search(query) => {
            let pairs = search::parse_query_string(&query).ok()?;
            let led = |(name, value): (String, String)| {
                let name = if is_patient { name } else { format!("patient.{name}") };
                (name, value)
            };
            Some(pairs.into_iter().map(led).collect())
        }
    }
}

/// The same about what a Provenance tells of. Without any condition it is still about that type alone.
fn through_target(ty: ResourceType, pairs: Pairs) -> Pairs {
    let led = |(name, value): (String, String)| (format!("target:{ty}.{name}"), value);
    let there = (format!("target:{ty}._id:missing"), "false".to_owned());
    std::iter::once(there).chain(pairs.into_iter().map(led)).collect()
}

/// A search as a condition; `None` when it cannot be answered, so that nothing is seen rather than too much.
fn clause(ty: ResourceType, pairs: &Pairs, vocabulary: &impl Vocabulary, limits: &Limits) -> Option<Clause> {
    let request = search::parse(ty, pairs, Handling::Strict, vocabulary, limits).ok()?;
    // `?_count=1` is a search and no condition; a scope with it would allow more than it seems to.
    if request.criteria.len() != pairs.len() {
        return None;
    }
    Some(Clause::All(request.criteria.into_iter().map(Clause::Is).collect()))
}
