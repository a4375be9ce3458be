//! What a token lets its client see, as conditions on rows.
//!
//! Every type gets one clause: the scopes of the type are alternatives, and each of them holds for the patients that it is about and for
//! what its own search parameters say. The clauses become part of every statement (see [`mapper::Access`]), so nothing that they leave
//! out can be read, counted, sorted by, followed to or sent along.

use std::sync::Arc;

use fhir::r4::ResourceType;
use fhir::search::{self, Clause, Handling, Limits, Vocabulary, escape};
use mapper::Access;
use smart::scope::{Level, Permissions, ResourceScope, Scope};
use smart::store::{Active, Reach};

/// Names and values of a search.
type Pairs = Vec<(String, String)>;

/// What a token lets see by reading (`r`) or by searching (`s`), of the types that `vocabulary` has.
pub(super) fn access<V>(active: &Arc<Active>, what: Permissions, vocabulary: &Arc<V>, limits: &Limits) -> Access
where
    V: Vocabulary + Send + Sync + 'static,
{
    let (active, vocabulary, limits) = (Arc::clone(active), Arc::clone(vocabulary), *limits);
    let (who, types) = (active.grant.id.clone(), vocabulary.types());
    Access::new(who, types, move |ty| seen(&active, what, ty, &*vocabulary, &limits))
}

/// What it lets see of one type; `None` for nothing.
fn seen(
    active: &Active,
    what: Permissions,
    ty: ResourceType,
    vocabulary: &impl Vocabulary,
    limits: &Limits,
) -> Option<Clause> {
    let all = Allowed {
        active,
        what,
        vocabulary,
    };
    let own = person(active, ty).filter(|_| what == Permissions::READ);
    let alternatives: Vec<Clause> = all
        .of(ty)
        .into_iter()
        .chain(own.map(|id| vec![("_id".to_owned(), escape(id))]))
        .filter_map(|pairs| clause(ty, &pairs, vocabulary, limits))
        .collect();
    (!alternatives.is_empty()).then_some(Clause::Any(alternatives))
}

/// The id of the user's own resource, when it is of this type: whoever may know which it is (`fhirUser`) may read it.
pub(super) fn person(active: &Active, ty: ResourceType) -> Option<&str> {
    let person = active.grant.person.as_deref();
    let (named, id) = person
        .filter(|_| active.scopes.has(&Scope::FhirUser))?
        .split_once('/')?;
    (named == ty.as_str()).then_some(id)
}

/// What the scopes of a token with a permission let see.
struct Allowed<'a, V> {
    active: &'a Active,
    what: Permissions,
    vocabulary: &'a V,
}

impl<'a, V: Vocabulary> Allowed<'a, V> {
    fn scopes(&self, ty: ResourceType) -> impl Iterator<Item = &'a ResourceScope> + use<'a, V> {
        let what = self.what;
        let scopes = self.active.scopes.resources();
        scopes.filter(move |scope| scope.types.contain(ty) && scope.permissions.contain(what))
    }

    /// Searches that together find what may be seen of a type.
    fn of(&self, ty: ResourceType) -> Vec<Pairs> {
        let scopes = self.scopes(ty);
        if ty == ResourceType::Provenance {
            scopes.flat_map(|scope| self.told(scope)).collect()
        } else {
            scopes.filter_map(|scope| self.by(scope, ty)).collect()
        }
    }

    /// The search for what one scope lets see of a type.
    fn by(&self, scope: &ResourceScope, ty: ResourceType) -> Option<Pairs> {
        let mut pairs = of_patients(self.active, scope.level, ty, self.vocabulary)?;
        pairs.extend(scope.criteria());
        Some(pairs)
    }

    /// A Provenance tells about another resource, and so is seen by who sees that one.
    fn told(&self, scope: &ResourceScope) -> Vec<Pairs> {
        let types = self.vocabulary.types().into_iter();
        let others = types.filter(|other| *other != ResourceType::Provenance);
        let seen = others.flat_map(|other| {
            let scopes = self.scopes(other).filter(|of_other| of_other.level == scope.level);
            scopes.filter_map(move |of_other| Some(through_target(other, self.by(of_other, other)?)))
        });
        let with_own = |mut pairs: Pairs| {
            pairs.extend(scope.criteria());
            pairs
        };
        seen.map(with_own).collect()
    }
}

/// The search of a type for the patients that a level is about; `None` when these are none.
fn of_patients(active: &Active, level: Level, ty: ResourceType, vocabulary: &impl Vocabulary) -> Option<Pairs> {
    let (context, reach) = (&active.grant.context, &active.grant.reach);
    let is_patient = ty == ResourceType::Patient;
    if !is_patient && vocabulary.param_type(ty, "patient").is_none() {
        // Clinicians, places, organisations: nobody's records.
        return Some(vec![]);
    }
    let these = |ids: &[String]| {
        let ids: Vec<String> = ids.iter().map(|id| escape(id)).collect();
        let name = if is_patient { "_id" } else { "patient" };
        (!ids.is_empty()).then(|| (name.to_owned(), ids.join(",")))
    };
    let mut pairs = vec![];
    if level == Level::Patient {
        pairs.push(these(context.patient.as_slice())?);
    }
    match reach {
        Reach::Patients(ids) if level == Level::Patient => {
            // Nobody acts for another for ever.
            context.patient.as_ref().filter(|patient| ids.contains(patient))?;
        }
        Reach::Patients(ids) => pairs.push(these(ids)?),
        // Of a clinician's patients nobody stays one for ever.
        Reach::Search(query) => pairs.extend(matched(query, is_patient)?),
    }
    Some(pairs)
}

/// A search of patients as one of what is about them.
fn matched(query: &str, is_patient: bool) -> Option<Pairs> {
    let named = |(name, value): (String, String)| {
        let name = if is_patient { name } else { format!("patient.{name}") };
        (name, value)
    };
    Some(search::parse_query_string(query).ok()?.into_iter().map(named).collect())
}

/// Whether resources can be found as a scope says: of one type that it names, at least.
pub(super) fn is_answered(scope: &ResourceScope, vocabulary: &impl Vocabulary, limits: &Limits) -> bool {
    let mut types = vocabulary.types().into_iter().filter(|ty| scope.types.contain(*ty));
    types.any(|ty| clause(ty, &scope.criteria(), vocabulary, limits).is_some())
}

/// Whether a search of patients can say whose records somebody may see, of every type.
pub(super) fn is_search(query: &str, vocabulary: &impl Vocabulary, limits: &Limits) -> bool {
    vocabulary.types().into_iter().all(|ty| {
        let is_patient = ty == ResourceType::Patient;
        let about_patients = is_patient || vocabulary.param_type(ty, "patient").is_some();
        let understood = |pairs| clause(ty, &pairs, vocabulary, limits).is_some();
        !about_patients || ty == ResourceType::Provenance || matched(query, is_patient).is_some_and(understood)
    })
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
