//! The order of a page over several types and sources.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::Error;
use crate::cursor::Position;
use crate::merge::compare;
use crate::partial::Partial;
use crate::provider::Hit;
use crate::source::{Ask, Included, Place, Source, Want};
use crate::view::Asked;

/// One type in one source.
#[derive(Clone, Copy)]
struct Slot<'a> {
    source: &'a Source,
    ask: &'a Ask,
}

/// All types and sources of an answer, in the order of unsorted results: type by type, and of each one source after the other.
pub(crate) struct Slots<'a>(Vec<Slot<'a>>);

/// The rows of a page, one more where there is a next one, and what is sent along.
#[derive(Default)]
pub(crate) struct Rows<'a> {
    pub hits: Vec<(&'a Source, Hit)>,
    pub included: Included,
    /// The newest load by source, where it was asked for.
    pub generations: BTreeMap<&'a str, i64>,
}

impl<'a> Slots<'a> {
    pub fn of(sources: &'a [Arc<Source>], asked: Asked<'a>) -> Self {
        let slots = asked.asks.iter().flat_map(|ask| {
            let has_it = move |source: &&Arc<Source>| asked.source.is_none_or(|name| name == source.name());
            sources.iter().filter(has_it).map(move |source| Slot { source, ask })
        });
        Self(slots.collect())
    }

    pub async fn count(&self, partial: &mut Partial) -> Result<u64, Error> {
        let mut total = 0;
        for Slot { source, ask } in &self.0 {
            if !partial.is_missing(source.name()) {
                total += partial.allow(source.name(), source.count(ask).await)?.unwrap_or(0);
            }
        }
        Ok(total)
    }

    /// The first `count` rows behind `after`, and one more. With `mark`, the load that they are of is told in any case.
    pub async fn rows(
        &self,
        after: Option<&Position>,
        count: usize,
        mark: bool,
        partial: &mut Partial,
    ) -> Result<Rows<'a>, Error> {
        let sorted = self.0.iter().any(|slot| !slot.ask.request.sort.is_empty());
        let mut rows = if sorted {
            self.merged(after, count, mark, partial).await?
        } else {
            self.in_turn(after, count, mark, partial).await?
        };
        if self.0.len() > 1 {
            rows.include_once(count);
        }
        Ok(rows)
    }

    /// The slot that a page ended in.
    fn at(&self, position: &Position) -> Result<usize, Error> {
        let is_of = |slot: &Slot<'_>| {
            let ty = slot.ask.request.resource_type;
            let has = |kind: &str| {
                let mut targets = slot.source.providers().iter().map(|p| p.target());
                targets.any(|target| target.ty == ty && target.kind == kind)
            };
            slot.source.name() == position.source && has(&position.kind)
        };
        self.0.iter().position(is_of).ok_or(Error::Cursor)
    }

    /// Unsorted results: one slot after the other, and only as many as the page needs.
    async fn in_turn(
        &self,
        after: Option<&Position>,
        count: usize,
        mark: bool,
        partial: &mut Partial,
    ) -> Result<Rows<'a>, Error> {
        let first = after.map_or(Ok(0), |position| self.at(position))?;
        let mut place = after.cloned().map(Place::Behind);
        let mut rows = Rows::default();
        for slot in self.0.iter().skip(first) {
            let Some(room) = count.checked_sub(rows.hits.len()) else {
                break;
            };
            let want = Want {
                limit: room + 1,
                room,
                include: true,
                mark,
            };
            rows.take(slot, place.take(), want, partial).await?;
        }
        Ok(rows)
    }

    /// Sorted results: every slot gives its first rows behind the place, the page is the first of all of them.
    async fn merged(
        &self,
        after: Option<&Position>,
        count: usize,
        mark: bool,
        partial: &mut Partial,
    ) -> Result<Rows<'a>, Error> {
        let after = match after {
            None => None,
            Some(position) => Some((position, self.at(position)?)),
        };
        let alone = self.0.len() == 1;
        let mut rows = Rows::default();
        for (n, slot) in self.0.iter().enumerate() {
            let place = after.map(|(position, at)| match n.cmp(&at) {
                Ordering::Equal => Place::Behind(position.clone()),
                Ordering::Greater => Place::WithTies(position.sort.clone()),
                Ordering::Less => Place::AfterTies(position.sort.clone()),
            });
            let want = Want {
                limit: count + 1,
                room: count.saturating_sub(rows.hits.len()),
                include: alone,
                mark,
            };
            rows.take(slot, place, want, partial).await?;
        }
        if let Some(slot) = self.0.first().filter(|_| !alone) {
            let sort = &slot.ask.request.sort;
            rows.hits.sort_by(|(_, a), (_, b)| compare(&a.sort, &b.sort, sort));
            self.include_merged(&mut rows, count).await?;
        }
        Ok(rows)
    }

    /// What the hits that a page shows include, when they come from everywhere.
    async fn include_merged(&self, rows: &mut Rows<'a>, count: usize) -> Result<(), Error> {
        for Slot { source, ask } in &self.0 {
            if ask.request.includes.is_empty() {
                continue;
            }
            let is_of = |hit: &Hit| hit.target.ty == ask.request.resource_type;
            let shown = rows.hits.iter().take(count);
            let shown = shown.filter(|(of, hit)| of.name() == source.name() && is_of(hit));
            let shown: Vec<Hit> = shown.map(|(_, hit)| hit.clone()).collect();
            if !shown.is_empty() {
                rows.included.add(source.included(ask, shown).await?);
            }
        }
        Ok(())
    }
}

impl<'a> Rows<'a> {
    async fn take(
        &mut self,
        slot: &Slot<'a>,
        place: Option<Place>,
        want: Want,
        partial: &mut Partial,
    ) -> Result<(), Error> {
        let Slot { source, ask } = *slot;
        if partial.is_missing(source.name()) {
            return Ok(());
        }
        let batch = source.page(ask, place, want).await;
        let Some(batch) = partial.allow(source.name(), batch)? else {
            return Ok(());
        };
        self.hits.extend(batch.hits.into_iter().map(|hit| (source, hit)));
        self.included.add(batch.included);
        if let Some(load) = batch.generation {
            // Of several types the oldest load counts: what was read later may be newer.
            let seen = self.generations.entry(source.name()).or_insert(load);
            *seen = load.min(*seen);
        }
        Ok(())
    }

    /// Whether the load is known of every source that has a part in the page.
    pub fn are_marked(&self) -> bool {
        let is_marked = |source: &Source| source.is_live() || self.generations.contains_key(source.name());
        self.hits.iter().all(|(source, _)| is_marked(source))
    }

    /// The sources that are of a newer load than those of `known`.
    pub fn newer_than(&self, known: &BTreeMap<String, i64>) -> BTreeSet<String> {
        let newer = |(source, load): &(&&str, &i64)| known.get(**source).is_some_and(|seen| *load > seen);
        let sources = self.generations.iter().filter(newer);
        sources.map(|(source, _)| (*source).to_owned()).collect()
    }

    /// No resource is in a page twice, however many types bring it along.
    fn include_once(&mut self, count: usize) {
        if self.included.hits.is_empty() {
            return;
        }
        let shown = self.hits.iter().take(count);
        let mut met: HashSet<String> = shown.map(|(_, hit)| hit.id.clone()).collect();
        self.included.hits.retain(|hit| met.insert(hit.id.clone()));
    }
}

impl Included {
    fn add(&mut self, more: Self) {
        self.hits.extend(more.hits);
        self.cut |= more.cut;
    }
}
