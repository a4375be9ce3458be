//! A vendor's rows in one database, ready to be asked.

mod ask;
mod include;
mod inner;

use std::sync::Arc;

use crate::cursor::Position;
use crate::db::{AnyConnection, Live, Manager};
use crate::load::Schema;
use crate::provider::{Found, Hit, Provider};
use crate::sql::SortKey;
use crate::workers::{Limits, Workers};
use crate::{CodeMap, Error, Profile, Site, id};

pub use ask::Ask;
pub use include::{Included, MAX_INCLUDED};
pub(crate) use inner::Inner;

/// What a vendor crate exports.
pub struct Vendor {
    /// The name in configurations, `vendor = "healthjump"`.
    pub name: &'static str,
    /// Its mappings; their order is the order of unsorted results. [`Vendor::served`] has more.
    pub providers: fn() -> Vec<Box<dyn Provider>>,
    /// Its tables and the files that fill them.
    pub schema: &'static Schema,
    /// Its code maps, which profiles may add to.
    pub code_maps: &'static [&'static CodeMap],
    /// How a database that already holds the vendor's own tables is served; `None` for a vendor whose rows must be
    /// loaded.
    pub live: Option<&'static Live>,
}

impl Vendor {
    /// A site of this vendor.
    ///
    /// # Errors
    /// See [`Site::new`].
    pub fn site(&self, name: &str, zone: chrono_tz::Tz, profile: Profile) -> Result<Site, Error> {
        let columns = self.schema.entity_columns();
        let columns: Vec<(&str, &[&str])> = columns.iter().map(|(e, c)| (*e, c.as_slice())).collect();
        let site = Site::new(name, zone, profile, self.code_maps, &columns)?;
        Ok(site.of_vendor(self.name))
    }

    /// All that is served of its rows: what its mappings make of them, then where each of these comes from.
    #[must_use]
    pub fn served(&self) -> Vec<Box<dyn Provider>> {
        let mut all = (self.providers)();
        let provenances: Vec<_> = all.iter().filter_map(|p| p.provenance()).collect();
        all.extend(provenances);
        all
    }
}

/// A vendor's rows in one database.
pub struct Source {
    pub(crate) inner: Arc<Inner>,
    pub(crate) workers: Workers,
    live: bool,
}

/// A page's worth of rows and what they include.
#[derive(Debug, Default)]
pub struct Batch {
    /// At most one more than the page holds: whether there is a next page.
    pub hits: Vec<Hit>,
    /// What is sent along with the page's hits.
    pub included: Included,
    /// The newest load that the hits are of, where there is another page before or behind them; `None` for a live source.
    pub generation: Option<i64>,
}

/// How much of a source a page needs.
#[derive(Debug, Clone, Copy)]
pub struct Want {
    /// At most so many rows.
    pub limit: usize,
    /// So many of them are shown; when there are more, there is a next page.
    pub room: usize,
    /// What those that are shown include is needed, too.
    pub include: bool,
    /// The load that they are of is needed in any case.
    pub mark: bool,
}

/// Where a page begins within one source.
#[derive(Debug, Clone)]
pub enum Place {
    /// Behind this row of this source.
    Behind(Position),
    /// Behind a row of an earlier source: with the first row of its sort values.
    WithTies(SortKey),
    /// Behind a row of a later source: after all rows of its sort values.
    AfterTies(SortKey),
}

impl Source {
    /// A source over the database that `manager` connects to, for reading.
    ///
    /// # Errors
    /// [`Error::Config`] when its threads cannot be started.
    pub fn open(vendor: &Vendor, site: Site, manager: Manager, limits: Limits) -> Result<Self, Error> {
        let live = manager.is_live();
        let past = (!live).then(|| manager.clone().past(vendor.schema));
        let workers = Workers::start(site.name(), manager, past, limits)?;
        Ok(Self {
            live,
            inner: Arc::new(Inner::new(vendor, site)),
            workers,
        })
    }

    /// The source's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.inner.site().name()
    }

    /// Whether it serves a vendor's own tables, without loads.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Its mappings, in the order of unsorted results.
    #[must_use]
    pub fn providers(&self) -> &[Box<dyn Provider>] {
        self.inner.providers()
    }

    /// The resource with this id, when the id is one of this source.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read(&self, target_id: &str, ask: &Ask) -> Result<Found, Error> {
        let Some((source, kind, key)) = id::decode(target_id) else {
            return Ok(Found::Nothing);
        };
        if source != self.name() {
            return Ok(Found::Nothing);
        }
        let (inner, ask, kind) = (Arc::clone(&self.inner), ask.clone(), kind.to_owned());
        self.workers
            .run(move |conn| {
                let provider = inner.of(ask.request.resource_type).find(|p| p.target().kind == kind);
                provider.map_or(Ok(Found::Nothing), |p| p.read(conn, &key, ask.context(&inner)))
            })
            .await
    }

    /// The first rows behind `after` (from the start without), and what they include.
    ///
    /// # Errors
    /// What the database says.
    pub async fn page(&self, ask: &Ask, after: Option<Place>, want: Want) -> Result<Batch, Error> {
        let (inner, ask, live) = (Arc::clone(&self.inner), ask.clone(), self.is_live());
        self.workers
            .run(move |conn| {
                inner.recorded(conn, &ask, |conn| {
                    let is_marked = |hits: &Vec<Hit>| want.mark || after.is_some() || hits.len() > want.room;
                    let hits = |conn: &mut AnyConnection| inner.hits(conn, &ask, after.as_ref(), want.limit);
                    let (hits, generation) = inner.of_one_load(conn, |hits| !live && is_marked(hits), hits)?;
                    let shown = if want.include { want.room } else { 0 };
                    let shown = hits.get(..shown.min(hits.len())).unwrap_or_default();
                    let included = inner.included(conn, &ask, shown)?;
                    Ok(Batch {
                        hits,
                        included,
                        generation,
                    })
                })
            })
            .await
    }

    /// What these hits of this source include.
    ///
    /// # Errors
    /// As [`Source::page`].
    pub async fn included(&self, ask: &Ask, hits: Vec<Hit>) -> Result<Included, Error> {
        let (inner, ask) = (Arc::clone(&self.inner), ask.clone());
        self.workers
            .run(move |conn| inner.recorded(conn, &ask, |conn| inner.included(conn, &ask, &hits)))
            .await
    }

    /// Runs the statements of a page, through the same threads, and drops the rows: the floor that benchmarks measure
    /// against. The page begins with the first row of mapping `from` (of those of the type).
    ///
    /// # Errors
    /// What the database says.
    pub async fn touch(&self, ask: &Ask, from: usize, limit: usize) -> Result<usize, Error> {
        let (inner, ask) = (Arc::clone(&self.inner), ask.clone());
        self.workers
            .run(move |conn| {
                let mut rows = 0;
                for provider in inner.of(ask.request.resource_type).skip(from) {
                    let plan = ask.plan(None, limit.saturating_sub(rows));
                    rows += provider.touch(conn, plan, ask.context(&inner))?;
                }
                Ok(rows)
            })
            .await
    }

    /// How many rows match.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count(&self, ask: &Ask) -> Result<u64, Error> {
        let (inner, ask) = (Arc::clone(&self.inner), ask.clone());
        self.workers
            .run(move |conn| {
                inner.recorded(conn, &ask, |conn| {
                    let providers = inner.of(ask.request.resource_type);
                    let context = ask.context(&inner);
                    providers.map(|p| p.count(conn, ask.plan(None, 0), context)).sum()
                })
            })
            .await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        use diesel::connection::SimpleConnection;
        self.workers
            .run(|conn| conn.batch_execute("SELECT 1").map_err(Error::Query))
            .await
    }
}
