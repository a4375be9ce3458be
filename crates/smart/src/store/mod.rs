//! The state, in a database of its own: SQLite for one server, PostgreSQL when several share it, so that any of them can
//! finish what another began.
//!
//! Whatever may happen once only (a code, a refresh token, an assertion, a launch) is decided by one conditional statement, so
//! that of two requests at the same time one wins, on whichever server they arrive.

mod assertions;
mod clients;
mod codes;
mod grants;
mod keys;
mod pending;
pub(crate) mod tables;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tokens;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use mapper::Workers;
use mapper::db::{AnyConnection, Dialect, Manager};

use crate::Error;

pub use codes::{Code, Redeemed};
pub use grants::{Context, Grant, Reach};
pub use keys::StoredKey;
pub use pending::Pending;
pub use tokens::{Active, Kind, Refreshed};

/// Seconds since 1970-01-01 UTC.
pub type Seconds = i64;

/// A time after which a grant that has just been made has its token.
const LONG_AGO: Seconds = 3600;

/// The tables.
const DDL: &str = include_str!("../../../../schema/smart.sql");

/// How PostgreSQL stores records of accesses, for which every answer waits: with LZ4 and in their row, where they fit; compressed in its
/// older way they would cost more time than they save. Servers before 14, and those built without LZ4, store them as they are.
const STORAGE: &str = "DO $$ BEGIN \
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'sm_audit'::regclass AND attname = 'records' AND attstorage = 'x') THEN \
        BEGIN EXECUTE 'ALTER TABLE sm_audit ALTER COLUMN records SET COMPRESSION lz4, ALTER COLUMN records SET STORAGE MAIN'; \
        EXCEPTION WHEN feature_not_supported OR syntax_error THEN ALTER TABLE sm_audit ALTER COLUMN records SET STORAGE EXTERNAL; END; \
    END IF; END $$";

/// The state's database.
pub struct Store {
    workers: Workers,
}

impl Store {
    /// Opens the database and makes what tables are missing.
    ///
    /// # Errors
    /// [`Error::State`] when the database cannot be reached or refuses.
    pub async fn open(manager: Manager, limits: mapper::Limits) -> Result<Self, Error> {
        let store = Self {
            workers: Workers::start("smart", manager, None, limits)?,
        };
        store.run(install).await?;
        Ok(store)
    }

    /// Runs `work` on a thread with a connection, in a transaction.
    pub(crate) async fn run<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    {
        let done = self
            .workers
            .run(move |conn| transaction(conn, &mut work).map_err(mapper::Error::Query));
        Ok(done.await?)
    }

    /// Runs `work`, one statement that reads, on a thread with a connection. Unlike [`Store::run`] it never waits for who writes.
    pub(crate) async fn read<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    {
        let done = self.workers.run(move |conn| work(conn).map_err(mapper::Error::Query));
        Ok(done.await?)
    }

    /// Forgets what has expired. Grants stay: they say what people allowed; those of services are of no interest without a token.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn sweep(&self, now: Seconds) -> Result<(), Error> {
        self.run(move |conn| {
            use tables::{sm_assertion, sm_code, sm_grant, sm_pending, sm_token};
            diesel::delete(sm_assertion::table.filter(sm_assertion::expires.lt(now))).execute(conn)?;
            diesel::delete(sm_code::table.filter(sm_code::expires.lt(now - codes::REMEMBERED))).execute(conn)?;
            diesel::delete(sm_pending::table.filter(sm_pending::expires.lt(now))).execute(conn)?;
            diesel::delete(sm_token::table.filter(sm_token::expires.lt(now))).execute(conn)?;
            let in_use = sm_token::table.select(sm_token::grant_id);
            let of_services =
                sm_grant::table.filter(sm_grant::subject.is_null().and(sm_grant::created.lt(now - LONG_AGO)));
            diesel::delete(of_services.filter(sm_grant::id.ne_all(in_use))).execute(conn)?;
            Ok(())
        })
        .await
    }
}

/// The write lock is taken at once on SQLite: a transaction that reads first and writes then would fail instead of waiting.
pub(crate) fn transaction<T>(
    conn: &mut AnyConnection,
    work: &mut dyn FnMut(&mut AnyConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    use diesel::connection::{AnsiTransactionManager, TransactionManager};
    if let AnyConnection::Sqlite(sqlite) = conn {
        AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        let done = work(conn);
        type Manager = <AnyConnection as Connection>::TransactionManager;
        return match done {
            Ok(value) => Manager::commit_transaction(conn).map(|()| value),
            Err(error) => {
                // The first error is the one to tell.
                let _ = Manager::rollback_transaction(conn);
                Err(error)
            }
        };
    }
    conn.transaction(work)
}

fn install(conn: &mut AnyConnection) -> QueryResult<()> {
    if conn.dialect() == Dialect::Postgres {
        // Two servers may start at the same time; only one of them makes the tables.
        conn.batch_execute(
            "SELECT pg_advisory_xact_lock(hashtext('chartgate smart')); \
             DO $$ BEGIN CREATE DOMAIN ctext AS text COLLATE \"C\"; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        )?;
    }
    match conn.dialect() {
        Dialect::Postgres => {
            conn.batch_execute(DDL)?;
            conn.batch_execute(STORAGE)
        }
        Dialect::Sqlite => conn.batch_execute(&for_sqlite(DDL)),
    }
}

/// The tables of the trail without a second tree for each key: there every answer waits for what is written.
fn for_sqlite(ddl: &str) -> String {
    ddl.replace("seq bigint PRIMARY KEY", "seq INTEGER PRIMARY KEY")
        .replace(
            "PRIMARY KEY (run, mark, first_seq)\n)",
            "PRIMARY KEY (run, mark, first_seq)\n) WITHOUT ROWID",
        )
}
