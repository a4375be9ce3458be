//! Resources of the server, to take values from.

use std::collections::BTreeMap;

use serde_json::Value;

use super::client::{Client, Page, reference};
use super::element::elements;
use super::statement::{Param, Statement};

/// Resources of a page, and pages of a type that are read. Rare elements are seldom on the first page.
const COUNT: usize = 100;
const PAGES: usize = 10;

/// Some resources of each type.
pub(super) struct Samples(BTreeMap<String, Vec<Value>>);

impl Samples {
    /// What cannot be read is missing here, and the checks of the type's search will say so.
    pub(super) fn take(client: &Client, statement: &Statement) -> Self {
        let of = |ty: &super::statement::Type| (ty.name.clone(), some(client, &ty.name));
        Self(statement.types.iter().map(of).collect())
    }

    pub(super) fn of(&self, ty: &str) -> &[Value] {
        self.0.get(ty).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first resource of a type for which something is found.
    pub(super) fn find<'a, T>(&'a self, ty: &str, pick: impl Fn(&'a Value) -> Option<T>) -> Option<(&'a Value, T)> {
        self.of(ty)
            .iter()
            .find_map(|resource| Some((resource, pick(resource)?)))
    }

    /// The first resource with an element that a parameter looks at and for which something is found.
    pub(super) fn with<'a, T>(
        &'a self,
        ty: &str,
        param: &Param,
        pick: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<(&'a Value, T)> {
        self.find(ty, |resource| {
            let found = elements(resource, ty, &param.name)?;
            found.into_iter().find_map(&pick)
        })
    }

    /// Whether there is a resource of this `Type/id`.
    pub(super) fn has(&self, wanted: &str) -> bool {
        let ty = wanted.split('/').next().unwrap_or_default();
        self.of(ty).iter().filter_map(reference).any(|known| known == wanted)
    }
}

fn some(client: &Client, ty: &str) -> Vec<Value> {
    let mut found = vec![];
    let mut next = Some(format!("/{ty}?_count={COUNT}"));
    for _ in 0..PAGES {
        let page = next.take().and_then(|address| client.page(&address).ok());
        let Some(page) = page else { break };
        found.extend(page.resources("match").into_iter().cloned());
        next = page.link("next").map(str::to_owned);
    }
    found
}

impl Page {
    /// The ids of what matches, without their type.
    pub(super) fn matches(&self) -> Vec<&str> {
        let ids = self.resources("match").into_iter();
        ids.filter_map(|resource| resource.get("id")?.as_str()).collect()
    }
}
