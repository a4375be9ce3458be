//! One or several sources answered as one FHIR server.

use std::collections::BTreeSet;
use std::sync::Arc;

use fhir::r4::ResourceType;
use fhir::search::{Request, Total};

use crate::Error;
use crate::cursor::{CursorKey, Position};
use crate::dictionary::Dictionary;
use crate::merge::compare;
use crate::provider::{Found, Hit};
use crate::source::{Ask, Included, Place, Source};

/// Sources answered together: all of them under `/fhir`, one under `/{source}/fhir`.
pub struct View {
    sources: Vec<Arc<Source>>,
    dictionary: Dictionary,
    key: CursorKey,
}

/// A page of a search.
#[derive(Debug, Default)]
pub struct Page {
    /// The matches, in order.
    pub hits: Vec<Hit>,
    /// What is sent along with them, as the request asks.
    pub included: Included,
    /// The cursor of the next page, when there is one.
    pub next: Option<String>,
    /// How many resources match, when the request asks.
    pub total: Option<u64>,
}

impl View {
    /// A view of `sources`, in the order of unsorted results, whose cursors `key` seals.
    #[must_use]
    pub fn new(sources: Vec<Arc<Source>>, key: CursorKey) -> Self {
        let dictionary = Dictionary::of(&sources);
        Self {
            sources,
            dictionary,
            key,
        }
    }

    /// What requests to this view may ask.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The sources.
    #[must_use]
    pub fn sources(&self) -> &[Arc<Source>] {
        &self.sources
    }

    /// The resource with this id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read(&self, ty: ResourceType, id: &str, ask: &Ask) -> Result<Found, Error> {
        debug_assert_eq!(ty, ask.request.resource_type);
        let Some((name, ..)) = crate::id::decode(id) else {
            return Ok(Found::Nothing);
        };
        match self.sources.iter().find(|s| s.name() == name) {
            Some(source) => source.read(id, ask).await,
            None => Ok(Found::Nothing),
        }
    }

    /// One page of a search with `count` matches at most. With `partial`, sources whose databases are away are left out
    /// of it and named; otherwise the first of them is the error.
    ///
    /// # Errors
    /// [`Error::Cursor`] for a page link that is not of this search, else what the databases say.
    pub async fn search(&self, ask: &Ask, count: usize, partial: &mut Partial) -> Result<Page, Error> {
        let fingerprint = self.fingerprint(&ask.request);
        let after = match &ask.request.cursor {
            Some(cursor) => Some(self.key.open(cursor, &fingerprint, ask.now)?),
            None => None,
        };
        let total = self.total(ask, partial).await?;
        let (mut found, included) = if ask.request.sort.is_empty() {
            self.in_turn(ask, after, count, partial).await?
        } else {
            self.merged(ask, after, count, partial).await?
        };
        let more = found.len() > count;
        found.truncate(count);
        let next = match found.last() {
            Some((source, hit)) if more => Some(self.key.seal(&position(source, hit), &fingerprint, ask.now)?),
            _ => None,
        };
        Ok(Page {
            hits: found.into_iter().map(|(_, hit)| hit).collect(),
            included,
            next,
            total,
        })
    }

    /// A cursor belongs to a search and to the sources it was made over.
    fn fingerprint(&self, request: &Request) -> String {
        let names: Vec<&str> = self.sources.iter().map(|s| s.name()).collect();
        format!("{:02x?}@{}", request.fingerprint(), names.join(","))
    }

    async fn total(&self, ask: &Ask, partial: &mut Partial) -> Result<Option<u64>, Error> {
        if ask.request.total != Total::Accurate {
            return Ok(None);
        }
        self.count(ask, partial).await.map(Some)
    }

    /// How many resources match, in all sources; `partial` as for [`View::search`].
    ///
    /// # Errors
    /// What the databases say.
    pub async fn count(&self, ask: &Ask, partial: &mut Partial) -> Result<u64, Error> {
        let mut total = 0;
        for source in self.sources.iter() {
            if !partial.is_missing(source.name()) {
                total += partial.allow(source.name(), source.count(ask).await)?.unwrap_or(0);
            }
        }
        Ok(total)
    }

    /// Unsorted results: one source after the other, and only as many as the page needs.
    async fn in_turn(
        &self,
        ask: &Ask,
        after: Option<Position>,
        count: usize,
        partial: &mut Partial,
    ) -> Result<Merged<'_>, Error> {
        let first = match &after {
            None => 0,
            Some(p) => self
                .sources
                .iter()
                .position(|s| s.name() == p.source)
                .ok_or(Error::Cursor)?,
        };
        let mut place = after.map(Place::Behind);
        let (mut found, mut included): Merged<'_> = Default::default();
        for source in self.sources.iter().skip(first) {
            let room = (count + 1).saturating_sub(found.len());
            if room == 0 {
                break;
            }
            let place = place.take();
            if partial.is_missing(source.name()) {
                continue;
            }
            let batch = source.page(ask, place, room, count.saturating_sub(found.len())).await;
            let Some(batch) = partial.allow(source.name(), batch)? else {
                continue;
            };
            found.extend(batch.hits.into_iter().map(|hit| (&**source, hit)));
            included.add(batch.included);
        }
        Ok((found, included))
    }

    /// Sorted results: every source gives its first rows behind the place, the page is the first of all of them.
    async fn merged(
        &self,
        ask: &Ask,
        after: Option<Position>,
        count: usize,
        partial: &mut Partial,
    ) -> Result<Merged<'_>, Error> {
        let at = match &after {
            None => None,
            Some(p) => Some(
                self.sources
                    .iter()
                    .position(|s| s.name() == p.source)
                    .ok_or(Error::Cursor)?,
            ),
        };
        let alone = self.sources.len() == 1;
        let mut found: Vec<(&Source, Hit)> = vec![];
        let mut included = Included::default();
        for (n, source) in self.sources.iter().enumerate() {
            if partial.is_missing(source.name()) {
                continue;
            }
            let place = after.as_ref().zip(at).map(|(p, at)| match n.cmp(&at) {
                std::cmp::Ordering::Equal => Place::Behind(p.clone()),
                std::cmp::Ordering::Greater => Place::WithTies(p.sort.clone()),
                std::cmp::Ordering::Less => Place::AfterTies(p.sort.clone()),
            });
            let batch = source.page(ask, place, count + 1, if alone { count } else { 0 }).await;
            let Some(batch) = partial.allow(source.name(), batch)? else {
                continue;
            };
            found.extend(batch.hits.into_iter().map(|hit| (&**source, hit)));
            included.add(batch.included);
        }
        if alone {
            return Ok((found, included));
        }
        found.sort_by(|(_, a), (_, b)| compare(&a.sort, &b.sort, &ask.request.sort));
        if !ask.request.includes.is_empty() {
            for source in &self.sources {
                let shown = found.iter().take(count).filter(|(s, _)| s.name() == source.name());
                let shown: Vec<Hit> = shown.map(|(_, hit)| hit.clone()).collect();
                if !shown.is_empty() {
                    included.add(source.included(ask, shown).await?);
                }
            }
        }
        Ok((found, included))
    }
}

/// Which sources an answer does without.
#[derive(Debug, Default)]
pub struct Partial {
    /// Whether it may.
    allowed: bool,
    missing: BTreeSet<String>,
}

impl Partial {
    /// An answer that may do without sources (`true`), or needs all of them.
    #[must_use]
    pub fn allowed(allowed: bool) -> Self {
        Self {
            allowed,
            ..Self::default()
        }
    }

    /// What a source says; `None` when it is away and the answer may do without it.
    ///
    /// # Errors
    /// The source's, otherwise.
    pub fn allow<T>(&mut self, source: &str, said: Result<T, Error>) -> Result<Option<T>, Error> {
        match said {
            Err(Error::Unavailable(_)) if self.allowed => {
                self.missing.insert(source.to_owned());
                Ok(None)
            }
            said => said.map(Some),
        }
    }

    /// The sources that are left out.
    #[must_use]
    pub fn missing(&self) -> &BTreeSet<String> {
        &self.missing
    }

    /// Whether the source is left out.
    #[must_use]
    pub fn is_missing(&self, source: &str) -> bool {
        self.missing.contains(source)
    }
}

type Merged<'a> = (Vec<(&'a Source, Hit)>, Included);

impl Included {
    fn add(&mut self, more: Self) {
        self.hits.extend(more.hits);
        self.cut |= more.cut;
    }
}

fn position(source: &Source, hit: &Hit) -> Position {
    Position {
        source: source.name().to_owned(),
        kind: hit.target.kind.to_owned(),
        sort: hit.sort.clone(),
        key: hit.key.clone(),
    }
}
