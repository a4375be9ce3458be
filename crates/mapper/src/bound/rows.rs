//! Rows of a mapping and the resources that they become.

use bytes::Bytes;
use chrono::NaiveDateTime;
use fhir::compartment::patient_of;
use fhir::json::{Encoded, Placed};
use fhir::r4::Resource;

use super::Bound;
use crate::db::{AnyConnection, Dialect};
use crate::explain;
use crate::mapping::{Loaded, Mapping, Rows};
use crate::param::Context;
use crate::provider::{Hit, Review};
use crate::sql::{Filter, Order};
use crate::{Error, Rejected, Site, Trace, id};

/// A filter whose statement ends at the connection's deadline; PostgreSQL sees to that itself.
pub(super) fn watched<T>(conn: &AnyConnection, filter: Filter<T>) -> Filter<T> {
    match conn.dialect() {
        // First, so that it is asked for every row, whatever the row is then dropped for.
        Dialect::Sqlite if !filter.is_never() => Filter::alive().and(filter),
        Dialect::Sqlite | Dialect::Postgres => filter,
    }
}

/// Comparisons in one statement. Databases take some 32,000 values; what asks for more than this is no search of a person.
const MAX_COMPARISONS: usize = 10_000;

/// Refuses what no database would take: values multiply with the columns and tables that a parameter looks at.
pub(super) fn affordable<T>(filter: &Filter<T>) -> Result<(), Error> {
    if filter.size() <= MAX_COMPARISONS {
        return Ok(());
    }
    Err(Error::TooCostly(format!(
        "The search makes more than {MAX_COMPARISONS} comparisons in one table; ask for fewer values at a time"
    )))
}

/// Bytes that a resource usually has.
const USUAL_SIZE: usize = 1_200;

/// Rows translated at a time when all are reviewed.
pub(super) const REVIEW_PAGE: usize = 1_000;

impl<M: Mapping> Bound<M> {
    /// Loads typed rows; nothing is sent to the database for a filter that cannot match.
    pub(super) fn rows(
        &self,
        conn: &mut AnyConnection,
        filter: Filter<M::Table>,
        order: &Order<M::Table>,
        limit: usize,
    ) -> Result<Loaded<M::Row>, Error> {
        if filter.is_never() || limit == 0 {
            return Ok(vec![]);
        }
        affordable(&filter)?;
        let rows = Rows {
            filter,
            order: order.order_by(),
            sort_text: order.sort_text(),
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        };
        M::load(conn, rows).map_err(Error::Query)
    }

    pub(super) fn load(
        &self,
        conn: &mut AnyConnection,
        filter: Filter<M::Table>,
        order: &Order<M::Table>,
        limit: usize,
        context: Context<'_>,
    ) -> Result<Vec<Hit>, Error> {
        self.load_noting(conn, filter, order, limit, context, &mut Trace::default())
    }

    pub(super) fn load_noting(
        &self,
        conn: &mut AnyConnection,
        filter: Filter<M::Table>,
        order: &Order<M::Table>,
        limit: usize,
        context: Context<'_>,
        trace: &mut Trace,
    ) -> Result<Vec<Hit>, Error> {
        let filter = watched(conn, filter);
        let rows = self.rows(conn, filter, order, limit)?;
        let (mut watch, loaded) = (explain::Watch::start(), rows.len());
        // One buffer for the page: its resources leave this thread as slices of it.
        let mut page = Vec::with_capacity(rows.len() * USUAL_SIZE);
        let mut found = Vec::with_capacity(rows.len());
        for (row, sort) in rows {
            let (key, updated) = (M::key(&row).to_owned(), M::updated(&row));
            let id = id::encode(context.site.name(), M::TARGET.kind, &key);
            let unsaid = M::patient(&row, context.site);
            let translated = M::translate(row, context.site, trace);
            watch.translated();
            match translated {
                Ok(mut resource) => {
                    let placed = finish(&mut page, &mut resource, &id, updated)?;
                    watch.encoded();
                    let patient = patient_of(&resource).map(str::to_owned).or(unsaid);
                    found.push((key, order.sort_key(sort.as_deref()), id, updated, patient, placed));
                }
                Err(Rejected(reason)) => {
                    tracing::warn!(
                        source = context.site.name(),
                        table = M::TABLE,
                        reason,
                        "a row was rejected"
                    );
                }
            }
        }
        watch.tell(M::TARGET.kind, loaded, page.len());
        let page = Bytes::from(page);
        let hit = |(key, sort, id, updated, patient, placed): (_, _, _, _, _, Placed)| Hit {
            target: M::TARGET,
            key,
            sort,
            id,
            updated,
            patient,
            body: Encoded {
                json: page.slice(placed.at),
                version: placed.version,
            },
        };
        Ok(found.into_iter().map(hit).collect())
    }
}

/// Gives a resource its id and time of change, and writes it as JSON behind what the buffer holds.
fn finish(out: &mut Vec<u8>, resource: &mut Resource, id: &str, updated: NaiveDateTime) -> Result<Placed, Error> {
    let base = resource.as_base_resource_mut();
    base.set_id(Some(id.to_owned()));
    let meta = base.meta_mut().get_or_insert_with(|| fhir::build::meta(&[], None));
    meta.last_updated = Some(fhir::build::instant(updated));
    Ok(fhir::json::encode_into(out, resource)?)
}

impl Review {
    pub(super) fn add<M: Mapping>(&mut self, row: M::Row, site: &Site) -> Result<(), Error> {
        let mut trace = Trace::collecting();
        let (key, updated) = (M::key(&row).to_owned(), M::updated(&row));
        match M::translate(row, site, &mut trace) {
            Ok(mut resource) => {
                finish(
                    &mut vec![],
                    &mut resource,
                    &id::encode(site.name(), M::TARGET.kind, &key),
                    updated,
                )?;
                self.served += 1;
            }
            Err(Rejected(reason)) => *self.rejected.entry(reason).or_default() += 1,
        }
        for lost in trace.lost {
            *self.lost.entry(lost).or_default() += 1;
        }
        for adjusted in trace.adjusted {
            *self.adjusted.entry(adjusted).or_default() += 1;
        }
        for word in trace.unmapped {
            *self.unmapped.entry(word).or_default() += 1;
        }
        Ok(())
    }
}
