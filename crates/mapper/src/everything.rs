//! A compartment, all that its resources refer to, and what is told about them (<http://hl7.org/fhir/R4/operation-patient-everything.html>).
//!
//! It is a search for each type: what is asked of a type follows from the references that the mappings declare, so a type that is served is in
//! here, too. No row is looked at for it.

use fhir::compartment::Compartment;
use fhir::definitions;
use fhir::r4::ResourceType;
use fhir::search::{Clause, Criterion, Request, Step};

use crate::Source;

/// One type's part of everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What finds it.
    pub request: Request,
    /// It is not of the compartment, but goes with what is.
    pub along: bool,
}

/// References in a row that are followed from the compartment's resources on: to a clinician, a place, the organization of the place.
const HOPS: usize = 3;

/// A reference that resources of a type have.
#[derive(PartialEq, Eq)]
struct Reference {
    of: ResourceType,
    by: &'static str,
    to: ResourceType,
}

/// Resources of a type, by conditions of which one has to hold.
struct Reached {
    ty: ResourceType,
    ways: Vec<Criterion>,
}

impl Source {
    /// The parts of everything about the resource `id`: its own type first, then the others of its compartment, then what these refer to, then what is
    /// told about any of it. No resource is in two of them.
    #[must_use]
    pub fn everything(&self, compartment: Compartment, id: &str) -> Vec<Part> {
        let references = self.references();
        let is_about = |ty: &ResourceType| references.iter().any(|r| r.of == *ty && r.is_to_anything());
        let (about, own): (Vec<_>, Vec<_>) = self.types().into_iter().partition(is_about);
        let held = |ty| compartment.ways(id, ty).map(|ways| Reached { ty, ways });
        let mut reached: Vec<Reached> = own.into_iter().filter_map(held).collect();
        reached.sort_by_key(|member| member.ty != compartment.ty());
        let members = reached.len();
        reached.extend(referred(&reached, &references));
        let told = about.into_iter().map(|ty| told_about(ty, &references, &reached));
        let told: Vec<Reached> = told.collect();
        let parts = reached.into_iter().chain(told).enumerate();
        parts.map(|(n, reached)| reached.part(n >= members)).collect()
    }

    /// Its types, in the order of its mappings.
    fn types(&self) -> Vec<ResourceType> {
        let mut types = vec![];
        for ty in self.providers().iter().map(|p| p.target().ty) {
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        types
    }

    /// What refers to what, by any mapping.
    fn references(&self) -> Vec<Reference> {
        let mut all = vec![];
        for provider in self.providers() {
            let of = provider.target().ty;
            for refers in provider.references() {
                for to in refers.to {
                    let reference = Reference { of, by: refers.by, to };
                    if !all.contains(&reference) {
                        all.push(reference);
                    }
                }
            }
        }
        all
    }
}

impl Reference {
    /// Whether R4 lets it lead to any type, as `Provenance.target` does: a resource that has it is about what it leads to.
    fn is_to_anything(&self) -> bool {
        definitions::find(self.of, self.by).is_some_and(|definition| definition.targets.is_empty())
    }
}

/// What is not of the compartment and is referred to from there, at the end of a few references.
fn referred(members: &[Reached], references: &[Reference]) -> Vec<Reached> {
    let mut all: Vec<Reached> = vec![];
    let mut last: Vec<Reached> = vec![];
    for hop in 0..HOPS {
        let from = if hop == 0 { members } else { &last };
        let mut next: Vec<Reached> = vec![];
        for Reached { ty, ways } in from {
            let followed = references
                .iter()
                .filter(|r| r.of == *ty && !members.iter().any(|m| m.ty == r.to));
            for Reference { of, by, to } in followed {
                let step = Step::From {
                    source: *of,
                    param: (*by).to_owned(),
                };
                add(&mut next, *to, ways.iter().map(|way| behind(step.clone(), way)));
            }
        }
        for Reached { ty, ways } in &next {
            add(&mut all, *ty, ways.iter().cloned());
        }
        last = next;
    }
    all
}

/// What of type `ty` points at what was reached.
fn told_about(ty: ResourceType, references: &[Reference], reached: &[Reached]) -> Reached {
    let mut ways = vec![];
    for Reference { by, to, .. } in references.iter().filter(|r| r.of == ty && r.is_to_anything()) {
        let step = Step::To {
            param: (*by).to_owned(),
            named: Some(*to),
            targets: vec![*to],
        };
        let there = reached.iter().filter(|reached| reached.ty == *to);
        ways.extend(
            there
                .flat_map(|reached| &reached.ways)
                .map(|way| behind(step.clone(), way)),
        );
    }
    Reached { ty, ways }
}

fn add(all: &mut Vec<Reached>, ty: ResourceType, ways: impl Iterator<Item = Criterion>) {
    match all.iter_mut().find(|reached| reached.ty == ty) {
        Some(reached) => reached.ways.extend(ways),
        None => all.push(Reached {
            ty,
            ways: ways.collect(),
        }),
    }
}

/// The condition at the other end of a reference.
fn behind(step: Step, rest: &Criterion) -> Criterion {
    let mut criterion = rest.clone();
    criterion.path.insert(0, step);
    criterion
}

impl Reached {
    fn part(self, along: bool) -> Part {
        let mut request = Request::new(self.ty);
        request.confined = vec![Clause::Any(self.ways.into_iter().map(Clause::Is).collect())];
        Part { request, along }
    }
}
