//! A vendor's rows in one database, ready to be asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::NaiveDateTime;
use fhir::search::{Criterion, Include, Request};

use crate::cursor::Position;
use crate::db::{AnyConnection, Live, Manager};
use crate::explain::{self, Recording, Step};
use crate::history::newest_load;
use crate::load::Schema;
use crate::param::{Context, Follow, Target};
use crate::provider::{Found, Hit, Plan, Provider};
use crate::sql::{Keyset, Select, SortKey};
use crate::workers::{Limits, Workers};
use crate::{Access, CodeMap, Error, Profile, Site, id};

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

/// What the database threads need.
pub(crate) struct Inner {
    site: Site,
    pub(crate) schema: &'static Schema,
    pub(crate) maps: &'static [&'static CodeMap],
    providers: Vec<Box<dyn Provider>>,
    /// The newest load that any answer has seen.
    newest: AtomicI64,
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

/// Resources that are sent along with others.
#[derive(Debug, Default)]
pub struct Included {
    /// The resources, each once.
    pub hits: Vec<Hit>,
    /// There are more than [`MAX_INCLUDED`].
    pub cut: bool,
}

/// What stands for the newest load before anything was looked at.
const NO_LOAD: i64 = -1;

/// Resources that one page may include, per source.
pub const MAX_INCLUDED: usize = 1_000;

/// How many references in a row includes that iterate follow.
const MAX_ROUNDS: usize = 8;

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
            inner: Arc::new(Inner {
                site,
                schema: vendor.schema,
                maps: vendor.code_maps,
                providers: vendor.served(),
                newest: AtomicI64::new(NO_LOAD),
            }),
            workers,
        })
    }

    /// The source's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.inner.site.name()
    }

    /// Whether it serves a vendor's own tables, without loads.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Its mappings, in the order of unsorted results.
    #[must_use]
    pub fn providers(&self) -> &[Box<dyn Provider>] {
        &self.inner.providers
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

/// A request with what it takes to answer it anywhere.
#[derive(Clone)]
pub struct Ask {
    /// The parsed search (for a read: its type and no criteria).
    pub request: Arc<Request>,
    /// The time of the request, UTC.
    pub now: NaiveDateTime,
    /// See [`Context::bases`].
    pub bases: Arc<[String]>,
    /// What whoever asks may see; all without.
    pub access: Option<Arc<Access>>,
    /// Where to tell how the answer comes about, for a request that wants to know.
    pub explain: Option<Arc<Recording>>,
}

impl Ask {
    /// A request that is made at `now` (UTC) to a server with these base addresses.
    #[must_use]
    pub fn new(request: Request, now: NaiveDateTime, bases: Arc<[String]>) -> Self {
        let explain = request.explain.then(Arc::default);
        Self {
            request: Arc::new(request),
            now,
            bases,
            access: None,
            explain,
        }
    }

    /// The same by somebody who may not see all.
    #[must_use]
    pub fn by(self, access: Option<Arc<Access>>) -> Self {
        Self { access, ..self }
    }

    fn plan<'a>(&'a self, place: Option<&'a Keyset>, limit: usize) -> Plan<'a> {
        Plan {
            criteria: &self.request.criteria,
            confined: &self.request.confined,
            sort: &self.request.sort,
            place,
            limit,
        }
    }

    /// Who asks, where that is known; page links are bound to it.
    pub(crate) fn principal(&self) -> Option<&str> {
        self.access.as_deref().map(Access::who)
    }

    pub(crate) fn context<'a>(&'a self, inner: &'a Inner) -> Context<'a> {
        Context {
            site: &inner.site,
            now: self.now,
            bases: &self.bases,
            access: self.access.as_deref(),
            follow: inner,
        }
    }
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

impl Inner {
    pub(crate) fn of(&self, ty: fhir::r4::ResourceType) -> impl Iterator<Item = &dyn Provider> {
        self.providers
            .iter()
            .map(AsRef::as_ref)
            .filter(move |p| p.target().ty == ty)
    }

    /// Does work for a request; recorded, where the request wants to know.
    fn recorded<T>(
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
    fn of_one_load<T>(
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

    /// The table of each kind in ids.
    pub(crate) fn providers(&self) -> &[Box<dyn Provider>] {
        &self.providers
    }

    pub(crate) fn tables(&self) -> BTreeMap<&'static str, &'static str> {
        self.providers.iter().map(|p| (p.target().kind, p.table())).collect()
    }

    fn hits(
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

    /// What hits include, directly and, for includes that iterate, step by step.
    fn included(&self, conn: &mut AnyConnection, ask: &Ask, hits: &[Hit]) -> Result<Included, Error> {
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

    fn provider(&self, target: Target) -> Option<&dyn Provider> {
        self.of(target.ty).find(|p| p.target() == target)
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

impl Follow for Inner {
    fn to(&self, target: Target, rest: &Criterion, context: Context<'_>) -> Option<Select> {
        self.provider(target).map(|provider| provider.keys(rest, context))
    }

    fn from(
        &self,
        source: fhir::r4::ResourceType,
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
