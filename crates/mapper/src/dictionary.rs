//! What a view can be asked: what every mapping of a type, in every source that has it, declares alike.

use std::collections::BTreeMap;
use std::sync::Arc;

use fhir::r4::ResourceType;
use fhir::search::{ParamType, Vocabulary};

use crate::provider::Declared;
use crate::source::Source;

/// Types with their search parameters, in alphabetical order.
#[derive(Debug, Default)]
pub struct Dictionary {
    types: BTreeMap<&'static str, (ResourceType, BTreeMap<&'static str, Declared>)>,
}

impl Dictionary {
    /// The dictionary of some sources.
    #[must_use]
    pub fn of(sources: &[Arc<Source>]) -> Self {
        let mut types: BTreeMap<&'static str, (ResourceType, BTreeMap<&'static str, Declared>)> = BTreeMap::new();
        for provider in sources.iter().flat_map(|s| s.providers()) {
            let declared = || {
                provider
                    .declared()
                    .into_iter()
                    .map(|d| (d.name, d))
                    .collect::<BTreeMap<_, _>>()
            };
            let ty = provider.target().ty;
            match types.get_mut(ty.as_str()) {
                None => {
                    types.insert(ty.as_str(), (ty, declared()));
                }
                Some((_, common)) => intersect(common, &declared()),
            }
        }
        Self { types }
    }

    /// The served types with their parameters.
    pub fn types(&self) -> impl Iterator<Item = (ResourceType, impl Iterator<Item = &Declared>)> {
        self.types.values().map(|(ty, params)| (*ty, params.values()))
    }

    /// The served type of this name.
    #[must_use]
    pub fn served(&self, name: &str) -> Option<ResourceType> {
        self.types.get(name).map(|(ty, _)| *ty)
    }

    fn declared(&self, ty: ResourceType, name: &str) -> Option<&Declared> {
        self.types.get(ty.as_str())?.1.get(name)
    }
}

/// Keeps what both declare: a parameter that one mapping of the type cannot answer would leave out its resources.
fn intersect(common: &mut BTreeMap<&'static str, Declared>, other: &BTreeMap<&'static str, Declared>) {
    common.retain(|name, declared| {
        let Some(theirs) = other.get(name).filter(|d| d.kind == declared.kind) else {
            return false;
        };
        declared.sortable &= theirs.sortable;
        declared
            .modifiers
            .retain(|modifier| theirs.modifiers.contains(modifier));
        // Includes follow whichever mapping has the link.
        for ty in &theirs.targets {
            if !declared.targets.contains(ty) {
                declared.targets.push(*ty);
            }
        }
        true
    });
}

impl Vocabulary for Dictionary {
    fn param_type(&self, ty: ResourceType, name: &str) -> Option<ParamType> {
        self.declared(ty, name).map(|d| d.kind)
    }

    fn modifiers(&self, ty: ResourceType, name: &str) -> Vec<&'static str> {
        self.declared(ty, name).map(|d| d.modifiers.clone()).unwrap_or_default()
    }

    fn names(&self, ty: ResourceType) -> Vec<String> {
        let params = self.types.get(ty.as_str());
        params
            .into_iter()
            .flat_map(|(_, p)| p.keys())
            .map(|n| (*n).to_owned())
            .collect()
    }

    fn targets(&self, source: ResourceType, param: &str) -> Vec<ResourceType> {
        let targets = self.declared(source, param).map(|d| d.targets.clone());
        let served = |ty: &ResourceType| self.types.contains_key(ty.as_str());
        targets.unwrap_or_default().into_iter().filter(served).collect()
    }

    fn types(&self) -> Vec<ResourceType> {
        self.types.values().map(|(ty, _)| *ty).collect()
    }

    fn is_sortable(&self, ty: ResourceType, name: &str) -> bool {
        self.declared(ty, name).is_some_and(|d| d.sortable)
    }
}
