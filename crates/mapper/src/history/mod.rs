//! What was served before: the versions of a resource, read by the ordinary mapping from rows as they were.
//!
//! Loads keep what they change ([`journal`](crate::load)); `past` shows the tables as they were after a load. The versions
//! of a resource are those of its row: a load that changes one of its parts touches the row, too.

mod loads;
mod past;
mod versions;
mod view;

use std::sync::Arc;

use crate::db::AnyConnection;
use crate::provider::{Found, Hit};
use crate::source::{Ask, Source};
use crate::{Error, id};
use chrono::NaiveDateTime;

use loads::beginning;
pub(crate) use loads::newest_load;
pub(crate) use past::make as make_past;
use versions::Wanted;
pub use view::HistoryPage;

/// One version of a resource.
#[derive(Debug)]
pub struct Version {
    /// Since when, UTC: `meta.lastUpdated`, or when it was deleted.
    pub at: NaiveDateTime,
    /// What it was.
    pub state: State,
    /// What it was made of: nothing, for the first version and for one after a deletion.
    pub before: Before,
}

/// What a version says.
#[derive(Debug)]
pub enum State {
    /// The resource as it was served.
    Resource(Box<Hit>),
    /// The vendor withdrew the row, or it could not be served.
    Deleted,
}

/// What there was before a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// No version.
    Nothing,
    /// A deletion.
    Deleted,
    /// Another content.
    Resource,
}

/// Which versions are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// Those since then, UTC.
    pub since: Option<NaiveDateTime>,
    /// Those that a load up to this one ended: where an earlier page stopped.
    pub until: Option<i64>,
    /// At most how many.
    pub limit: usize,
}

/// Some versions of a resource, newest first.
#[derive(Debug, Default)]
pub struct Versions {
    /// The versions.
    pub entries: Vec<Version>,
    /// How many there are since [`Span::since`].
    pub total: u64,
    /// [`Span::until`] of what follows.
    pub next: Option<i64>,
}

/// What is known of one version of a resource.
#[derive(Debug)]
pub enum Known {
    /// The resource as it was served.
    Resource(Box<Hit>),
    /// It was deleted then.
    Deleted,
    /// There is no such version. Every version since this time, that of the first load, is known; of a live source only the
    /// current one.
    NoVersion(Option<NaiveDateTime>),
    /// There is no such resource, and never was.
    Nothing,
}

impl Source {
    /// The number of the newest load, which tells whether rows may have changed between two answers: one cheap statement.
    /// `None` for a live source, whose owner does not say when rows change.
    ///
    /// # Errors
    /// What the database says.
    pub async fn generation(&self) -> Result<Option<i64>, Error> {
        if self.is_live() {
            return Ok(None);
        }
        self.workers.run(newest_load).await
    }

    /// Versions of the resource with this id; `None` when there never was one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn versions(&self, target_id: &str, ask: &Ask, span: Span) -> Result<Option<Versions>, Error> {
        if self.is_live() {
            let now = self.read(target_id, ask).await?;
            return Ok(only(now, span));
        }
        let all = self.past(target_id, ask, move |_, all| {
            let known = !all.is_empty();
            Ok(known.then(|| slice(all, span)))
        });
        Ok(all.await?.flatten())
    }

    /// One version of the resource with this id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn version(&self, target_id: &str, version: &str, ask: &Ask) -> Result<Known, Error> {
        // Mostly it is the current one.
        let now = self.read(target_id, ask).await?;
        let served = match now {
            Found::Resource(hit) if hit.body.version == version => return Ok(Known::Resource(hit)),
            Found::Resource(_) => true,
            Found::Held(_) | Found::Nothing => false,
        };
        let mut found = None;
        if !self.is_live() {
            let (id, version) = (target_id.to_owned(), version.to_owned());
            let look = move |conn: &mut AnyConnection, all| known(conn, all, (&id, &version));
            found = self.past(target_id, ask, look).await?;
        }
        let known = found.unwrap_or(Known::Nothing);
        if served && matches!(known, Known::Nothing) {
            return Ok(Known::NoVersion(None));
        }
        Ok(known)
    }

    /// What `look` makes of all versions of a resource; `None` for an id that is none of this source's.
    async fn past<T, F>(&self, target_id: &str, ask: &Ask, mut look: F) -> Result<Option<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection, Vec<(Option<i64>, Version)>) -> Result<T, Error> + Send + 'static,
    {
        let Some((_, kind, key)) = id::decode(target_id).filter(|(source, ..)| *source == self.name()) else {
            return Ok(None);
        };
        let (inner, ask, kind) = (Arc::clone(&self.inner), ask.clone(), kind.to_owned());
        self.workers
            .run_past(move |conn| {
                let mut of_type = inner.of(ask.request.resource_type);
                let Some(provider) = of_type.find(|p| p.target().kind == kind) else {
                    return Ok(None);
                };
                let wanted = Wanted {
                    inner: &inner,
                    provider,
                    key: &key,
                    ask: &ask,
                };
                let newest = newest_load(conn)?.unwrap_or_default();
                let all = wanted.versions(conn, newest)?;
                look(conn, all).map(Some)
            })
            .await
    }
}

/// The version id of a deletion, which has no content to make one of.
#[must_use]
pub fn deletion(target_id: &str, at: NaiveDateTime) -> String {
    fhir::json::version(format!("{target_id} deleted {at}").as_bytes())
}

/// The history of a resource of which only the current version is known.
fn only(now: Found, span: Span) -> Option<Versions> {
    let Found::Resource(hit) = now else { return None };
    let wanted = span.since.is_none_or(|since| hit.updated >= since);
    let version = Version {
        at: hit.updated,
        state: State::Resource(hit),
        before: Before::Nothing,
    };
    Some(Versions {
        total: u64::from(wanted),
        entries: [version].into_iter().filter(|_| wanted).take(span.limit).collect(),
        next: None,
    })
}

/// The versions of a span.
fn slice(all: Vec<(Option<i64>, Version)>, span: Span) -> Versions {
    let wanted: Vec<_> = all
        .into_iter()
        .filter(|(_, version)| span.since.is_none_or(|since| version.at >= since))
        .collect();
    let total = wanted.len() as u64;
    let mut rest = wanted
        .into_iter()
        .skip_while(|(ended, _)| span.until.is_some_and(|until| ended.is_none_or(|ended| ended > until)));
    let entries = rest.by_ref().take(span.limit).map(|(_, version)| version).collect();
    Versions {
        entries,
        total,
        next: rest.next().and_then(|(ended, _)| ended),
    }
}

/// What is known of one version.
fn known(
    conn: &mut AnyConnection,
    all: Vec<(Option<i64>, Version)>,
    (id, wanted): (&str, &str),
) -> Result<Known, Error> {
    if all.is_empty() {
        return Ok(Known::Nothing);
    }
    for (_, version) in all {
        match version.state {
            State::Resource(hit) if hit.body.version == wanted => return Ok(Known::Resource(hit)),
            State::Deleted if deletion(id, version.at) == wanted => return Ok(Known::Deleted),
            State::Resource(_) | State::Deleted => {}
        }
    }
    Ok(Known::NoVersion(beginning(conn)?))
}
