//! One connection type for every supported database, opened by URL scheme.
//!
//! Diesel's derived `establish` tries one backend after the other, and SQLite accepts any path: a mistyped
//! `postgress://` would create an empty file. [`Manager`] therefore chooses by scheme and refuses the rest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::result::DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
use diesel::result::Error::DatabaseError;

pub use crate::live::Live;
use crate::live::Views;
use crate::load::Schema;
use crate::{Error, Site, Vendor};

// The derive writes undocumented public items.
#[allow(
    missing_docs,
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]
mod any {
    use diesel::{PgConnection, SqliteConnection};

    /// A connection to whichever database the URL names.
    #[derive(diesel::MultiConnection)]
    pub enum AnyConnection {
        Postgres(PgConnection),
        Sqlite(SqliteConnection),
    }
}
pub use any::{AnyConnection, MultiBackend as AnyDb};

/// The database systems that rows may live in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL 12 or later.
    Postgres,
    /// SQLite 3.35 or later (the one compiled in).
    Sqlite,
}

impl AnyConnection {
    /// The database system behind this connection.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }
}

/// A database address: `sqlite://path/to/file`, `postgres://…` or `postgresql://…`.
///
/// Passwords stay inside: `Debug` and `Display` show the scheme only.
#[derive(Clone)]
pub struct Url {
    dialect: Dialect,
    target: String,
}

impl Url {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Error::Url`] when the scheme is missing or names no supported database.
    pub fn parse(url: &str) -> Result<Self, Error> {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self {
                dialect: Dialect::Postgres,
                target: url.to_owned(),
            }),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self {
                dialect: Dialect::Sqlite,
                target: path.to_owned(),
            }),
            Some((scheme, _)) => Err(Error::Url(format!("`{scheme}://` is not supported"))),
            None => Err(Error::Url("no scheme".into())),
        }
    }

    /// The database system that the address names.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The file of an SQLite database.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&std::path::Path> {
        (self.dialect == Dialect::Sqlite).then(|| std::path::Path::new(&self.target))
    }
}

impl std::fmt::Debug for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} database", self.dialect)
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Serving: the database refuses writes, statements end at the time limit.
    ReadOnly,
    /// Loading: creates an SQLite file when there is none; no statement limit.
    Load,
}

/// Opens connections to one database for r2d2.
#[derive(Debug, Clone)]
pub struct Manager {
    url: Url,
    access: Access,
    statement_timeout: Duration,
    /// The views of a [`Live`] source.
    views: Option<Arc<Views>>,
    /// The tables that are shown as they were after some load.
    past: Option<&'static Schema>,
}

impl Manager {
    /// A manager of connections to `url`; `statement_timeout` applies to [`Access::ReadOnly`].
    #[must_use]
    pub fn new(url: Url, access: Access, statement_timeout: Duration) -> Self {
        Self {
            url,
            access,
            statement_timeout,
            views: None,
            past: None,
        }
    }

    /// A manager whose connections see a vendor's own tables as those that a load would fill.
    #[must_use]
    pub fn live(self, vendor: &Vendor, site: &Site) -> Self {
        Self {
            views: Views::new(vendor, site).map(Arc::new),
            ..self
        }
    }

    /// Whether connections see a vendor's own tables.
    pub(crate) fn is_live(&self) -> bool {
        self.views.is_some()
    }

    /// A manager whose connections see the tables of loads as they were ([`history`](crate::history)).
    pub(crate) fn past(self, schema: &'static Schema) -> Self {
        Self {
            past: Some(schema),
            ..self
        }
    }

    /// What the database says against a vendor's [`Live`] SQL, when a connection failed for that and not because the
    /// database is away.
    #[must_use]
    pub fn refused_views(&self, error: &ConnectionError) -> Option<String> {
        let (ConnectionError::CouldntSetupConfiguration(cause), Some(_)) = (error, &self.views) else {
            return None;
        };
        let away = matches!(cause, DatabaseError(ClosedConnection | UnableToSendCommand, _));
        (!away).then(|| cause.to_string())
    }

    /// Opens one connection, outside any pool.
    ///
    /// # Errors
    /// [`diesel::ConnectionError`] when the database cannot be reached or opened.
    pub fn open(&self) -> ConnectionResult<AnyConnection> {
        match self.url.dialect {
            Dialect::Postgres => self.open_postgres(),
            Dialect::Sqlite => self.open_sqlite(),
        }
    }

    /// Makes views that hide tables; before the connection refuses to write, which temporary views are to PostgreSQL.
    fn prepared(&self, mut conn: AnyConnection) -> ConnectionResult<AnyConnection> {
        if let Some(views) = &self.views {
            views
                .make(&mut conn)
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        if let Some(schema) = self.past {
            crate::history::make_past(&mut conn, schema).map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        Ok(conn)
    }

    fn open_postgres(&self) -> ConnectionResult<AnyConnection> {
        let conn = PgConnection::establish(&self.url.target)?;
        let mut conn = self.prepared(AnyConnection::Postgres(conn))?;
        // Timestamps are stored and compared as UTC wall clock; warnings of the server are not for our log.
        let mut setup = "SET TIME ZONE 'UTC'; SET client_min_messages = 'error';".to_owned();
        if self.access == Access::ReadOnly {
            let limit = self.statement_timeout.as_millis();
            setup.push_str(&format!(
                " SET default_transaction_read_only = on; SET statement_timeout = {limit}; SET lock_timeout = {limit};"
            ));
        }
        conn.batch_execute(&setup)
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    fn open_sqlite(&self) -> ConnectionResult<AnyConnection> {
        let mode = match self.access {
            Access::ReadOnly => "ro",
            Access::Load => "rwc",
        };
        let conn = SqliteConnection::establish(&sqlite_uri(&self.url.target, mode))?;
        let mut conn = self.prepared(AnyConnection::Sqlite(conn))?;
        let setup = match self.access {
            Access::ReadOnly => "PRAGMA busy_timeout = 5000; PRAGMA query_only = 1; PRAGMA cache_size = -8192;",
            // WAL lets servers read while a delivery is written, and a killed load leaves the old state.
            Access::Load => {
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;"
            }
        };
        let begun = Instant::now();
        // The busy timeout does not cover the change to WAL, which two first loads may want at the same time.
        while let Err(error) = conn.batch_execute(setup) {
            if begun.elapsed() > WAL_PATIENCE || !error.to_string().contains("locked") {
                return Err(ConnectionError::CouldntSetupConfiguration(error));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(conn)
    }
}

/// How long to try to change a file to WAL that others are using.
const WAL_PATIENCE: Duration = Duration::from_secs(10);

/// The path as an SQLite URI, so that the open mode can be given; `%`, `?` and `#` are data in a path.
fn sqlite_uri(path: &str, mode: &str) -> String {
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?mode={mode}")
}

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, Self::Error> {
        self.open().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut AnyConnection) -> Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut AnyConnection) -> bool {
        // Diesel sees broken transactions, not a server that hung up. Connections come back to the pool only after
        // an error, so that asking costs no request anything.
        conn.is_broken() || conn.ping().is_err()
    }
}

/// Ends statements on SQLite, which has no time limit of its own.
///
/// Every query of a served page carries the condition `cg_alive()`. It costs a call per row that SQLite visits
/// and fails the statement once the deadline is over. PostgreSQL keeps its own `statement_timeout`.
#[derive(Clone)]
pub struct Deadline {
    origin: Instant,
    ends_ms: Arc<AtomicU64>,
}

diesel::define_sql_function! {
    /// True until the deadline of the connection; then the statement fails.
    fn cg_alive() -> diesel::sql_types::Bool;
}

impl Deadline {
    /// Installs the watch on `conn`; without effect on PostgreSQL.
    ///
    /// # Errors
    /// When SQLite refuses the function.
    pub fn install(conn: &mut AnyConnection) -> QueryResult<Self> {
        let deadline = Self {
            origin: Instant::now(),
            ends_ms: Arc::new(AtomicU64::new(u64::MAX)),
        };
        if let AnyConnection::Sqlite(sqlite) = conn {
            let watch = deadline.clone();
            cg_alive_utils::register_nondeterministic_impl(sqlite, move || {
                crate::explain::visit();
                if watch.passed() {
                    // Diesel turns an unwinding function into a failed statement; this way prints nothing.
                    std::panic::resume_unwind(Box::new("statement deadline"));
                }
                true
            })?;
        }
        Ok(deadline)
    }

    /// Statements from now on may run for `limit`.
    pub fn set(&self, limit: Duration) {
        let ends = (self.origin.elapsed() + limit).as_millis();
        self.ends_ms
            .store(u64::try_from(ends).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Whether the time is over.
    #[must_use]
    pub fn passed(&self) -> bool {
        // From the very millisecond on: PostgreSQL's own timer is that exact.
        self.origin.elapsed().as_millis() >= u128::from(self.ends_ms.load(Ordering::Relaxed))
    }
}
