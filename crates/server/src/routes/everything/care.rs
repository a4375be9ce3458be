//! `start` and `end`: the dates of care.
//!
//! A visit or procedure is of the time when it took place, a condition of the time from when it began, or else was recorded, until it ended. What
//! has no date at all may have been at any time.

use fhir::r4::ResourceType;
use fhir::search::{Clause, Criterion, Modifier, Values};

use super::told::{END, START};
use crate::error::Failure;

/// The conditions, by type.
#[derive(Default)]
pub(super) struct Care(Vec<(ResourceType, Clause)>);

/// A condition on a date parameter of a type: prefix, and the name and value of what asks for it.
type Dated<'a> = &'a dyn Fn(ResourceType, &str, &str, &'static str, &str) -> Result<Criterion, Failure>;

impl Care {
    pub fn read(start: Option<&str>, end: Option<&str>, date: Dated<'_>) -> Result<Self, Failure> {
        let mut care = Self::default();
        if start.is_none() && end.is_none() {
            return Ok(care);
        }
        for ty in [ResourceType::Encounter, ResourceType::Procedure] {
            let mut within = vec![];
            if let Some(start) = start {
                within.push(Clause::Is(date(ty, "date", "ge", START, start)?));
            }
            if let Some(end) = end {
                within.push(Clause::Is(date(ty, "date", "le", END, end)?));
            }
            care.add(ty, Clause::Any(vec![missing("date"), Clause::All(within)]));
        }
        let ty = ResourceType::Condition;
        if let Some(start) = start {
            let goes_on = Clause::Is(date(ty, "abatement-date", "ge", START, start)?);
            care.add(ty, Clause::Any(vec![missing("abatement-date"), goes_on]));
        }
        if let Some(end) = end {
            let began = Clause::Is(date(ty, "onset-date", "le", END, end)?);
            let recorded = Clause::Is(date(ty, "recorded-date", "le", END, end)?);
            let recorded = Clause::Any(vec![missing("recorded-date"), recorded]);
            let recorded = Clause::All(vec![missing("onset-date"), recorded]);
            care.add(ty, Clause::Any(vec![began, recorded]));
        }
        Ok(care)
    }

    fn add(&mut self, ty: ResourceType, clause: Clause) {
        self.0.push((ty, clause));
    }

    /// What must hold of resources of a type.
    pub fn of(&self, ty: ResourceType) -> impl Iterator<Item = &Clause> {
        self.0.iter().filter(move |(of, _)| *of == ty).map(|(_, clause)| clause)
    }
}

/// The element is not there.
fn missing(name: &str) -> Clause {
    Clause::Is(Criterion {
        path: vec![],
        name: name.to_owned(),
        modifier: Some(Modifier::Missing(true)),
        values: Values::None,
    })
}
