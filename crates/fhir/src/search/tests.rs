//! The grammar as a whole, with a small vocabulary.

use super::*;
use crate::definitions;
use crate::r4::ResourceType;

mod chains;
mod control;
mod properties;
mod values;

/// All that R4 has for a type; `_include` of Condition and Encounter; sorting by dates.
pub(super) struct R4;

impl Vocabulary for R4 {
    fn param_type(&self, ty: ResourceType, name: &str) -> Option<ParamType> {
        let hidden = ["_content", "_text", "_query"].contains(&name);
        definitions::find(ty, name).filter(|_| !hidden).map(|each| each.ty)
    }

    fn modifiers(&self, ty: ResourceType, name: &str) -> Vec<&'static str> {
        let own: &[&'static str] = match self.param_type(ty, name) {
            Some(ParamType::Token) if name == "identifier" => &["not", "of-type"],
            Some(ParamType::Token) => &["not", "text", "in", "not-in", "below", "above"],
            Some(ParamType::Reference) => &["[type]", "identifier"],
            Some(ParamType::String) => &["exact", "contains"],
            Some(ParamType::Uri) => &["below", "above"],
            _ => &[],
        };
        ["missing"].into_iter().chain(own.iter().copied()).collect()
    }

    fn names(&self, ty: ResourceType) -> Vec<String> {
        let all = definitions::of(ty).iter().chain(definitions::COMMON);
        all.map(|each| each.name.to_owned()).collect()
    }

    fn targets(&self, source: ResourceType, param: &str) -> Vec<ResourceType> {
        let reference = definitions::find(source, param).filter(|each| each.ty == ParamType::Reference);
        reference.map(|each| each.targets.to_vec()).unwrap_or_default()
    }

    fn types(&self) -> Vec<ResourceType> {
        vec![
            ResourceType::Condition,
            ResourceType::Encounter,
            ResourceType::Patient,
            ResourceType::Practitioner,
        ]
    }

    fn is_sortable(&self, ty: ResourceType, name: &str) -> bool {
        self.param_type(ty, name) == Some(ParamType::Date)
    }
}

pub(super) fn run(ty: ResourceType, query: &str, handling: Handling) -> Result<Request, Vec<Problem>> {
    let pairs = parse_query_string(query).map_err(|problem| vec![problem])?;
    parse(ty, &pairs, handling, &R4, &Limits::default())
}

pub(super) fn strict(ty: ResourceType, query: &str) -> Request {
    run(ty, query, Handling::Strict).unwrap_or_else(|problems| panic!("{query}: {problems:?}"))
}

pub(super) fn refused(ty: ResourceType, query: &str, handling: Handling) -> Vec<Problem> {
    run(ty, query, handling).expect_err(query)
}
