//! One or several sources answered as one FHIR server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fhir::r4::ResourceType;
use fhir::search::Total;

use crate::cursor::{Bookmark, CursorKey, Position};
use crate::dictionary::Dictionary;
use crate::lineage::Traced;
use crate::partial::Partial;
use crate::provider::{Found, Hit};
use crate::slots::{Rows, Slots};
use crate::source::{Ask, Included, Source};
use crate::{Error, id};

/// Sources answered together: all of them under `/fhir`, one under `/{source}/fhir`.
pub struct View {
    sources: Vec<Arc<Source>>,
    dictionary: Arc<Dictionary>,
    pub(crate) key: CursorKey,
}

/// Searches that are answered as one.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// One for each type, in the order of unsorted results; they differ in nothing that shapes the answer: order, total, cursor.
    pub asks: &'a [Ask],
    /// The only source that can have what is asked; all may without.
    pub source: Option<&'a str>,
}

impl<'a> From<&'a Ask> for Asked<'a> {
    fn from(ask: &'a Ask) -> Self {
        Self {
            asks: std::slice::from_ref(ask),
            source: None,
        }
    }
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
    /// The sources into which rows were loaded since the page before.
    pub shifted: BTreeSet<String>,
}

impl View {
    /// A view of `sources`, in the order of unsorted results, whose cursors `key` seals.
    #[must_use]
    pub fn new(sources: Vec<Arc<Source>>, key: CursorKey) -> Self {
        let dictionary = Dictionary::of(&sources);
        Self {
            sources,
            dictionary: Arc::new(dictionary),
            key,
        }
    }

    /// What requests to this view may ask.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The same, for what outlives a borrow of this view.
    #[must_use]
    pub fn shared_dictionary(&self) -> &Arc<Dictionary> {
        &self.dictionary
    }

    /// The sources.
    #[must_use]
    pub fn sources(&self) -> &[Arc<Source>] {
        &self.sources
    }

    /// The source of this name.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<&Arc<Source>> {
        self.sources.iter().find(|s| s.name() == name)
    }

    /// The resource with this id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read(&self, ty: ResourceType, id: &str, ask: &Ask) -> Result<Found, Error> {
        debug_assert_eq!(ty, ask.request.resource_type);
        match self.source_of(id) {
            Some(source) => source.read(id, ask).await,
            None => Ok(Found::Nothing),
        }
    }

    /// The source that an id names.
    pub(crate) fn source_of(&self, id: &str) -> Option<&Arc<Source>> {
        let (name, ..) = id::decode(id)?;
        self.source(name)
    }

    /// The sources' names, which a cursor belongs to.
    pub(crate) fn names(&self) -> String {
        self.sources.iter().map(|s| s.name()).collect::<Vec<_>>().join(",")
    }

    /// Where each element of the resource with this id comes from.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lineage(&self, id: &str, ask: &Ask) -> Result<Traced, Error> {
        match self.source_of(id) {
            Some(source) => source.lineage(id, ask).await,
            None => Ok(Traced::Nothing),
        }
    }

    /// One page of a search with `count` matches at most. With `partial`, sources whose databases are away are left out
    /// of it and named; otherwise the first of them is the error.
    ///
    /// # Errors
    /// [`Error::Cursor`] for a page link that is not of this search, else what the databases say.
    pub async fn search<'a>(
        &self,
        asked: impl Into<Asked<'a>>,
        count: usize,
        partial: &mut Partial,
    ) -> Result<Page, Error> {
        let asked = asked.into();
        let Some(first) = asked.asks.first() else {
            return Ok(Page::default());
        };
        let fingerprint = self.fingerprint(asked);
        let before: Option<Bookmark> = match &first.request.cursor {
            Some(cursor) => Some(self.key.open(cursor, &fingerprint, first.now)?),
            None => None,
        };
        let total = self.total(asked, partial).await?;
        let slots = Slots::of(&self.sources, asked);
        let after = before.as_ref().map(|bookmark| &bookmark.position);
        let mut rows = slots.rows(after, count, false, partial).await?;
        if rows.hits.len() > count && !rows.are_marked() {
            rows = slots.rows(after, count, true, partial).await?;
        }
        let known = before.map(|bookmark| bookmark.generations).unwrap_or_default();
        let mut page = Page {
            total,
            shifted: rows.newer_than(&known),
            ..Page::default()
        };
        let more = rows.hits.len() > count;
        rows.hits.truncate(count);
        if let Some((source, hit)) = rows.hits.last().filter(|_| more) {
            let bookmark = Bookmark {
                position: position(source, hit),
                generations: merged(known, &rows),
            };
            page.next = Some(self.key.seal(&bookmark, &fingerprint, first.now)?);
        }
        page.hits = rows.hits.into_iter().map(|(_, hit)| hit).collect();
        page.included = rows.included;
        Ok(page)
    }

    /// A cursor belongs to a search, to who asks and to the sources it was made over.
    fn fingerprint(&self, asked: Asked<'_>) -> String {
        let requests = asked
            .asks
            .iter()
            .map(|ask| format!("{:02x?}", ask.request.fingerprint()));
        let requests: Vec<String> = requests.collect();
        let principal = asked.asks.first().and_then(Ask::principal).unwrap_or_default();
        format!("{}@{} {principal}", requests.join("+"), self.names())
    }

    async fn total(&self, asked: Asked<'_>, partial: &mut Partial) -> Result<Option<u64>, Error> {
        let wanted = asked.asks.iter().any(|ask| ask.request.total == Total::Accurate);
        if !wanted {
            return Ok(None);
        }
        self.count(asked, partial).await.map(Some)
    }

    /// How many resources match, in all sources; `partial` as for [`View::search`].
    ///
    /// # Errors
    /// What the databases say.
    pub async fn count<'a>(&self, asked: impl Into<Asked<'a>>, partial: &mut Partial) -> Result<u64, Error> {
        Slots::of(&self.sources, asked.into()).count(partial).await
    }
}

/// The loads that the next page is compared with: the newest that any page was made of.
fn merged(mut known: BTreeMap<String, i64>, rows: &Rows<'_>) -> BTreeMap<String, i64> {
    let newer = rows.generations.iter();
    known.extend(newer.map(|(source, load)| ((*source).to_owned(), *load)));
    known
}

fn position(source: &Source, hit: &Hit) -> Position {
    Position {
        source: source.name().to_owned(),
        kind: hit.target.kind.to_owned(),
        sort: hit.sort.clone(),
        key: hit.key.clone(),
    }
}
