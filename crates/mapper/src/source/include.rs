//! What hits include: resources that they refer to, and resources that refer to them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use fhir::search::Include;

use super::{Ask, Inner};
use crate::Error;
use crate::db::AnyConnection;
use crate::explain::{self, Step};
use crate::param::Target;
use crate::provider::Hit;
use crate::sql::Select;

/// Resources that are sent along with others.
#[derive(Debug, Default)]
pub struct Included {
    /// The resources, each once.
    pub hits: Vec<Hit>,
    /// There are more than [`MAX_INCLUDED`].
    pub cut: bool,
}

/// Resources that one page may include, per source.
pub const MAX_INCLUDED: usize = 1_000;

/// How many references in a row includes that iterate follow.
const MAX_ROUNDS: usize = 8;

impl Inner {
    /// What hits include, directly and, for includes that iterate, step by step.
    pub(super) fn included(&self, conn: &mut AnyConnection, ask: &Ask, hits: &[Hit]) -> Result<Included, Error> {
        let mut all = Included::default();
        let includes = &ask.request.includes;
        if includes.is_empty() || hits.is_empty() {
            return Ok(all);
        }
        let begun = Instant::now();
        let rounds = if includes.iter().any(|i| i.iterate) {
            MAX_ROUNDS
        } else {
            1
        };
        let mut met: BTreeSet<String> = hits.iter().map(|h| h.id.clone()).collect();
        let mut last = 0..0;
        for round in 0..rounds {
            let from = all.hits.get(last.clone()).unwrap_or_default();
            let from = if round == 0 { hits } else { from };
            let mut found = vec![];
            for include in includes.iter().filter(|i| round == 0 || i.iterate) {
                let room = (MAX_INCLUDED + 1).saturating_sub(all.hits.len() + found.len());
                found.extend(self.along(conn, ask, include, from, room)?);
            }
            found.retain(|hit: &Hit| met.insert(hit.id.clone()));
            last = all.hits.len()..all.hits.len() + found.len();
            all.hits.extend(found);
            if all.hits.len() > MAX_INCLUDED {
                all.hits.truncate(MAX_INCLUDED);
                all.cut = true;
                break;
            }
            if last.is_empty() {
                break;
            }
        }
        explain::note(|source| Step::Includes {
            source,
            resources: all.hits.len(),
            micros: explain::micros(begun.elapsed()),
        });
        Ok(all)
    }

    /// The other side of one include's references.
    fn along(
        &self,
        conn: &mut AnyConnection,
        ask: &Ask,
        include: &Include,
        hits: &[Hit],
        room: usize,
    ) -> Result<Vec<Hit>, Error> {
        let context = ask.context(self);
        let mut found = vec![];
        if include.reverse {
            for (target, keys) in by_target(hits) {
                if include.target.is_some_and(|ty| ty != target.ty) {
                    continue;
                }
                for provider in self.of(include.source) {
                    let room = room.saturating_sub(found.len());
                    let param = include.param.as_deref();
                    found.extend(provider.referring(conn, param, target, &keys, room, context)?);
                }
            }
            return Ok(found);
        }
        let mut wanted: BTreeMap<&'static str, (Target, Vec<Select>)> = BTreeMap::new();
        for (target, keys) in self.referred(include, hits) {
            wanted
                .entry(target.kind)
                .or_insert_with(|| (target, vec![]))
                .1
                .push(keys);
        }
        for (target, keys) in wanted.into_values() {
            let Some(provider) = self.provider(target) else {
                continue;
            };
            found.extend(provider.among(conn, keys, room.saturating_sub(found.len()), context)?);
        }
        Ok(found)
    }

    fn referred(&self, include: &Include, hits: &[Hit]) -> Vec<(Target, Select)> {
        let mut found = vec![];
        for (target, keys) in by_target(hits) {
            let Some(provider) = self.provider(target).filter(|_| target.ty == include.source) else {
                continue;
            };
            let referred = provider.refers_to(include.param.as_deref(), &keys);
            found.extend(
                referred
                    .into_iter()
                    .filter(|(to, _)| include.target.is_none_or(|ty| ty == to.ty)),
            );
        }
        found
    }
}

/// The keys of hits by the mapping that they came from.
fn by_target(hits: &[Hit]) -> Vec<(Target, Vec<String>)> {
    let mut by_kind: BTreeMap<&'static str, (Target, Vec<String>)> = BTreeMap::new();
    for hit in hits {
        let (_, keys) = by_kind.entry(hit.target.kind).or_insert_with(|| (hit.target, vec![]));
        keys.push(hit.key.clone());
    }
    by_kind.into_values().collect()
}
