//! What the database threads of a source do.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use fhir::r4::ResourceType;
use fhir::search::Criterion;

use super::{Ask, Place, Vendor};
use crate::db::AnyConnection;
use crate::history::newest_load;
use crate::load::Schema;
use crate::param::{Context, Follow, Target};
use crate::provider::{Hit, Provider};
use crate::sql::{Keyset, Select};
use crate::{CodeMap, Error, Site};

/// What the database threads need.
pub(crate) struct Inner {
    site: Site,
    pub(crate) schema: &'static Schema,
    pub(crate) maps: &'static [&'static CodeMap],
    providers: Vec<Box<dyn Provider>>,
    /// The newest load that any answer has seen.
    newest: AtomicI64,
}

/// What stands for the newest load before anything was looked at.
const NO_LOAD: i64 = -1;

impl Inner {
    pub fn new(vendor: &Vendor, site: Site) -> Self {
        Self {
            site,
            schema: vendor.schema,
            maps: vendor.code_maps,
            providers: vendor.served(),
            newest: AtomicI64::new(NO_LOAD),
        }
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    pub(crate) fn of(&self, ty: ResourceType) -> impl Iterator<Item = &dyn Provider> {
        self.providers
            .iter()
            .map(AsRef::as_ref)
            .filter(move |p| p.target().ty == ty)
    }

    pub(crate) fn providers(&self) -> &[Box<dyn Provider>] {
        &self.providers
    }

    /// The table of each kind in ids.
    pub(crate) fn tables(&self) -> BTreeMap<&'static str, &'static str> {
        self.providers.iter().map(|p| (p.target().kind, p.table())).collect()
    }

    pub(super) fn provider(&self, target: Target) -> Option<&dyn Provider> {
        self.of(target.ty).find(|p| p.target() == target)
    }

    /// Does work for a request; recorded, where the request wants to know.
    pub(super) fn recorded<T>(
        &self,
        conn: &mut AnyConnection,
        ask: &Ask,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match &ask.explain {
            None => work(conn),
            Some(recording) => recording.record(self.site.name(), conn, work),
        }
    }

    /// What `read` finds, and the newest load that it is of where that is `wanted`: no load was committed in between. That costs one
    /// small statement, and a second reading for the first answer after each load.
    pub(super) fn of_one_load<T>(
        &self,
        conn: &mut AnyConnection,
        wanted: impl Fn(&T) -> bool,
        read: impl Fn(&mut AnyConnection) -> Result<T, Error>,
    ) -> Result<(T, Option<i64>), Error> {
        loop {
            let before = self.newest.load(Ordering::Acquire);
            let found = read(conn)?;
            if !wanted(&found) {
                return Ok((found, None));
            }
            let newest = newest_load(conn)?.unwrap_or_default();
            if newest == before {
                return Ok((found, Some(newest)));
            }
            self.newest.store(newest, Ordering::Release);
        }
    }

    pub(super) fn hits(
        &self,
        conn: &mut AnyConnection,
        ask: &Ask,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        let providers: Vec<_> = self.of(ask.request.resource_type).collect();
        let sorted = !ask.request.sort.is_empty();
        let mut hits: Vec<Hit> = vec![];
        for (n, provider) in providers.iter().enumerate() {
            // Without sort, mappings follow one another; with it, each gives its first rows and they are merged.
            let missing = if sorted {
                limit
            } else {
                limit.saturating_sub(hits.len())
            };
            let Some(place) = place_in(&providers, n, after, sorted)? else {
                continue;
            };
            let plan = ask.plan(place.as_ref(), missing);
            hits.extend(provider.page(conn, plan, ask.context(self))?);
        }
        if sorted && providers.len() > 1 {
            hits.sort_by(|a, b| crate::merge::compare(&a.sort, &b.sort, &ask.request.sort));
        }
        hits.truncate(limit);
        Ok(hits)
    }
}

impl Follow for Inner {
    fn to(&self, target: Target, rest: &Criterion, context: Context<'_>) -> Option<Select> {
        self.provider(target).map(|provider| provider.keys(rest, context))
    }

    fn from(
        &self,
        source: ResourceType,
        param: &str,
        target: Target,
        rest: &Criterion,
        context: Context<'_>,
    ) -> Vec<Select> {
        self.of(source)
            .flat_map(|provider| provider.referred(param, target, rest, context))
            .collect()
    }
}

/// Where mapping `n` begins: `None` when the page is past it, `Some(None)` when it begins at its start.
fn place_in(
    providers: &[&dyn Provider],
    n: usize,
    after: Option<&Place>,
    sorted: bool,
) -> Result<Option<Option<Keyset>>, Error> {
    let Some(place) = after else { return Ok(Some(None)) };
    let position = match place {
        Place::Behind(position) => position,
        Place::WithTies(sort) => return Ok(Some(Some(Keyset::WithTies(sort.clone())))),
        Place::AfterTies(sort) => return Ok(Some(Some(Keyset::AfterTies(sort.clone())))),
    };
    let at = providers
        .iter()
        .position(|p| p.target().kind == position.kind)
        .ok_or(Error::Cursor)?;
    Ok(match n.cmp(&at) {
        std::cmp::Ordering::Equal => Some(Some(Keyset::After(position.sort.clone(), position.key.clone()))),
        std::cmp::Ordering::Greater if !sorted => Some(None),
        std::cmp::Ordering::Less if !sorted => None,
        std::cmp::Ordering::Greater => Some(Some(Keyset::WithTies(position.sort.clone()))),
        std::cmp::Ordering::Less => Some(Some(Keyset::AfterTies(position.sort.clone()))),
    })
}
