//! Which search parameters R4 has for the served types: name, type, canonical URL and, for references, the types they may lead to.
//!
//! Sources: <http://hl7.org/fhir/R4/searchparameter-registry.html>, the resource pages of R4, and the SearchParameter resources of US Core 7.0.0.
//! These are facts of the specification, not of the server: what the server has is declared by the mappings and checked against this.

mod clinical;
mod individual;

use crate::r4::ResourceType;
use crate::search::ParamType;

/// A search parameter of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Its name in a URL, `birthdate`.
    pub name: &'static str,
    /// Its type.
    pub ty: ParamType,
    /// The part of its canonical URL that differs; see [`Definition::url`].
    id: &'static str,
    /// Who defines it.
    origin: Origin,
    /// The types it may lead to, for a reference; empty for other types and where every type is allowed.
    pub targets: &'static [ResourceType],
}

/// Who defines a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// FHIR R4 itself.
    R4,
    /// US Core, which R4 does not have at all.
    UsCore,
}

impl Definition {
    const fn r4(name: &'static str, ty: ParamType, id: &'static str, targets: &'static [ResourceType]) -> Self {
        let origin = Origin::R4;
        Self {
            name,
            ty,
            id,
            origin,
            targets,
        }
    }

    const fn us_core(name: &'static str, ty: ParamType, id: &'static str) -> Self {
        let (origin, targets) = (Origin::UsCore, &[] as &[ResourceType]);
        Self {
            name,
            ty,
            id,
            origin,
            targets,
        }
    }

    /// Who defines it.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Its canonical URL, for `CapabilityStatement.rest.resource.searchParam.definition`.
    #[must_use]
    pub fn url(&self) -> String {
        let base = match self.origin {
            Origin::R4 => "http://hl7.org/fhir/SearchParameter/",
            Origin::UsCore => "http://hl7.org/fhir/us/core/SearchParameter/",
        };
        format!("{base}{}", self.id)
    }
}

/// Parameters of every type (<http://hl7.org/fhir/R4/search.html#all>).
pub const COMMON: &[Definition] = &[
    Definition::r4("_content", ParamType::String, "Resource-content", &[]),
    Definition::r4("_id", ParamType::Token, "Resource-id", &[]),
    Definition::r4("_lastUpdated", ParamType::Date, "Resource-lastUpdated", &[]),
    Definition::r4("_profile", ParamType::Uri, "Resource-profile", &[]),
    Definition::r4("_query", ParamType::Token, "Resource-query", &[]),
    Definition::r4("_security", ParamType::Token, "Resource-security", &[]),
    Definition::r4("_source", ParamType::Uri, "Resource-source", &[]),
    Definition::r4("_tag", ParamType::Token, "Resource-tag", &[]),
    Definition::r4("_text", ParamType::String, "DomainResource-text", &[]),
];

/// The parameters of a type beside [`COMMON`], by name; empty for a type that is not served.
#[must_use]
pub fn of(ty: ResourceType) -> &'static [Definition] {
    #[allow(clippy::wildcard_enum_match_arm, reason = "R4 has 150 types; these are served")]
    match ty {
        ResourceType::Patient => individual::PATIENT,
        ResourceType::Practitioner => individual::PRACTITIONER,
        ResourceType::Location => individual::LOCATION,
        ResourceType::Organization => individual::ORGANIZATION,
        ResourceType::Encounter => clinical::ENCOUNTER,
        ResourceType::Condition => clinical::CONDITION,
        ResourceType::Procedure => clinical::PROCEDURE,
        ResourceType::Provenance => clinical::PROVENANCE,
        _ => &[],
    }
}

/// The parameter of this name that a type has, [`COMMON`] ones included.
#[must_use]
pub fn find(ty: ResourceType, name: &str) -> Option<&'static Definition> {
    let named = |definition: &&Definition| definition.name == name;
    of(ty).iter().find(named).or_else(|| {
        if of(ty).is_empty() {
            return None;
        }
        COMMON.iter().find(named)
    })
}

#[cfg(test)]
mod tests;
