//! Reading the trail: for administrators, and for patients who want to know who looked.

use diesel::prelude::*;

use super::{Record, Trail};
use crate::Error;
use crate::store::Seconds;
use crate::store::tables::{sm_audit, sm_audit_entity};

/// A record with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    /// The record.
    pub record: Record,
}

/// Which records; all that is given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The one with this number.
    pub seq: Option<i64>,
    /// Not before this moment.
    pub from: Option<Seconds>,
    /// Before this moment.
    pub until: Option<Seconds>,
    /// By this client.
    pub client: Option<String>,
    /// By this user.
    pub subject: Option<String>,
    /// About this patient or resource, `Patient/…`.
    pub entity: Option<String>,
    /// Older than the record with this number: where the next page begins.
    pub before: Option<i64>,
}

impl Trail {
    /// Records that fit, newest first; at most `limit`.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn search(&self, wanted: &Wanted, limit: i64) -> Result<Vec<Entry>, Error> {
        let wanted = wanted.clone();
        let rows = self.store.run(move |conn| {
            let about = |reference: &str| {
                sm_audit_entity::table
                    .filter(sm_audit_entity::reference.eq(reference.to_owned()))
                    .select(sm_audit_entity::seq)
            };
            // Diesel's boxed queries do not run on both databases; a bound that says nothing takes the place of a condition.
            let (from, until) = (
                wanted.from.unwrap_or(Seconds::MIN),
                wanted.until.unwrap_or(Seconds::MAX),
            );
            let first = wanted.seq.unwrap_or(i64::MIN);
            let last = wanted
                .seq
                .unwrap_or(i64::MAX)
                .min(wanted.before.map_or(i64::MAX, |b| b - 1));
            let fits = sm_audit::at
                .ge(from)
                .and(sm_audit::at.lt(until))
                .and(sm_audit::seq.between(first, last));
            let newest = sm_audit::table
                .filter(fits)
                .order(sm_audit::seq.desc())
                .limit(limit)
                .select((sm_audit::seq, sm_audit::record));
            let rows: QueryResult<Vec<(i64, String)>> = match (&wanted.client, &wanted.subject, &wanted.entity) {
                (None, None, None) => newest.load(conn),
                (Some(c), None, None) => newest.filter(sm_audit::client.eq(c)).load(conn),
                (None, Some(s), None) => newest.filter(sm_audit::subject.eq(s)).load(conn),
                (Some(c), Some(s), None) => newest
                    .filter(sm_audit::client.eq(c))
                    .filter(sm_audit::subject.eq(s))
                    .load(conn),
                (client, subject, Some(entity)) => {
                    let newest = newest.filter(sm_audit::seq.eq_any(about(entity)));
                    match (client, subject) {
                        (None, None) => newest.load(conn),
                        (Some(c), None) => newest.filter(sm_audit::client.eq(c)).load(conn),
                        (None, Some(s)) => newest.filter(sm_audit::subject.eq(s)).load(conn),
                        (Some(c), Some(s)) => newest
                            .filter(sm_audit::client.eq(c))
                            .filter(sm_audit::subject.eq(s))
                            .load(conn),
                    }
                }
            };
            rows
        });
        let entry = |(seq, text): (i64, String)| {
            let record = serde_json::from_str(&text).map_err(|_json| Error::Stored("audit record"))?;
            Ok(Entry { seq, record })
        };
        rows.await?.into_iter().map(entry).collect()
    }
}
