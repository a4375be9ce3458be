//! What loads change, so that what was served before can be read again (`docs/history.md`).
//!
//! Every table has another one, `cg_was_TABLE`: its columns and `cg_until`, the load that changed or removed the row as it
//! stands there. So a row tells by itself since when it is as it is: from the load of its file (`cg_file`; of rows without
//! key `cg_load`), or from the load that ended the row before it.
//!
//! The first load of a database keeps nothing and costs nothing: nobody has seen anything before it. During a later one
//! triggers keep each row as it was, the first time that it is changed, whoever changes it: the upsert, the vendor's holds
//! and copies, or the resolution of links. At its end [`Journal::end`] takes back what came out as it was, and passes
//! changes on to the resources that the changed rows are parts of.

mod end;
mod kept;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::sql_types::{BigInt, Nullable, Timestamp};

use super::statement::Statement;
use super::{LoadError, Schema};
use crate::db::AnyConnection;

use kept::Kept;
pub(super) use kept::create;
pub(crate) use kept::{UNTIL, tables, was};

/// One load as the journal sees it.
pub(super) struct Journal {
    /// The load's number, from 1.
    pub load: i64,
    /// The number of its first file: rows with it or a later one were written by this load.
    pub first_file: i64,
    /// Its time, UTC: after that of every load before it, whatever the clock says.
    pub now: NaiveDateTime,
    tables: Vec<Kept>,
}

impl Journal {
    /// Begins to keep what changes, unless this is the first load.
    pub fn begin(conn: &mut AnyConnection, vendor: &Schema, now: NaiveDateTime) -> Result<Self, LoadError> {
        let last = Statement::new("SELECT MAX(id), MAX(started), (SELECT MAX(id) FROM cg_file) FROM cg_delivery")
            .rows::<(Nullable<BigInt>, Nullable<Timestamp>, Nullable<BigInt>), Last>(conn)?;
        let (load, started, file) = last.into_iter().next().unwrap_or_default();
        let load = load.unwrap_or(0) + 1;
        let after = started.map(|last| last + TimeDelta::seconds(1));
        let mut journal = Self {
            load,
            first_file: file.unwrap_or(0) + 1,
            now: after.map_or(now, |after| after.max(now)),
            tables: vec![],
        };
        if !journal.is_first() {
            journal.tables = kept::begin(conn, vendor, &journal)?;
        }
        Ok(journal)
    }

    /// Whether nothing was loaded before.
    pub fn is_first(&self) -> bool {
        self.load == 1
    }

    /// What `cg_updated` says of a row that this load stores: the vendor's time of change in the first load, and in later
    /// ones that of the load. Whoever asks for what has changed since a load so misses nothing.
    pub fn updated(&self, vendors: Option<NaiveDateTime>) -> NaiveDateTime {
        match vendors {
            Some(vendors) if self.is_first() => vendors.min(self.now),
            _ => self.now,
        }
    }
}

type Last = (Option<i64>, Option<NaiveDateTime>, Option<i64>);
