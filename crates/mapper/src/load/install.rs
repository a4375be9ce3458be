//! The transaction of a load, the tables, and the rules that their rows were loaded by.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DbError};
use diesel::sql_types::{BigInt, Bool, Text};

use super::statement::{Statement, quoted_list};
use super::upsert::Kind;
use super::{LoadError, Report, Schema, journal};
use crate::Site;
use crate::db::{AnyConnection, Dialect};

/// The tables of every database.
const DDL: &str = include_str!("../../../../schema/chartgate.sql");

/// How long a load waits for another one to finish.
const PATIENCE: Duration = Duration::from_secs(10);

/// Begins the transaction; no other load can begin one before it ends.
pub(super) fn begin(conn: &mut AnyConnection) -> Result<(), LoadError> {
    match conn {
        AnyConnection::Sqlite(sqlite) => {
            // The write lock at once: a lock taken in the middle would fail instead of waiting.
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE").map_err(busy)
        }
        AnyConnection::Postgres(pg) => {
            AnsiTransactionManager::begin_transaction(pg)?;
            match lock(conn) {
                Ok(()) => Ok(()),
                Err(error) => end(conn, Err(error)).map(|_| ()),
            }
        }
    }
}

/// One load at a time and schema.
fn lock(conn: &mut AnyConnection) -> Result<(), LoadError> {
    const TRY: &str = "SELECT pg_try_advisory_xact_lock(hashtext('chartgate load'), \
                       hashtext(COALESCE(current_schema(), '')))";
    let begun = Instant::now();
    loop {
        match Statement::new(TRY).rows::<Bool, bool>(conn)?.first() {
            Some(true) => return Ok(()),
            _ if begun.elapsed() > PATIENCE => return Err(LoadError::Busy),
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

fn busy(error: DbError) -> LoadError {
    if let DbError::DatabaseError(DatabaseErrorKind::Unknown, info) = &error
        && info.message().contains("locked")
    {
        return LoadError::Busy;
    }
    error.into()
}

/// Commits what went well and takes back the rest.
pub(super) fn end(conn: &mut AnyConnection, result: Result<Report, LoadError>) -> Result<Report, LoadError> {
    type Manager = <AnyConnection as Connection>::TransactionManager;
    match result {
        Ok(report) => {
            Manager::commit_transaction(conn)?;
            Ok(report)
        }
        Err(error) => {
            // A connection that is gone has taken everything back already; the first error is the one to tell.
            let _ = Manager::rollback_transaction(conn);
            Err(error)
        }
    }
}

/// By which rules the rows of a database were loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The vendor's name.
    pub vendor: String,
    /// The zone's name, `America/New_York`.
    pub zone: String,
    /// [`Profile::fingerprint`](crate::Profile::fingerprint).
    pub profile: String,
    /// A hash of the tables' definition.
    pub tables: String,
}

impl Installed {
    /// The rules for `vendor` and `site`.
    #[must_use]
    pub fn expected(vendor: &Schema, site: &Site) -> Self {
        Self {
            vendor: vendor.vendor.to_owned(),
            zone: site.zone().name().to_owned(),
            profile: site.profile().fingerprint(),
            tables: fingerprint(vendor.ddl),
        }
    }

    /// The rules that the database was loaded by; `None` when nothing was loaded into it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn read(conn: &mut AnyConnection) -> QueryResult<Option<Self>> {
        let exists = match conn.dialect() {
            Dialect::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'cg_source'",
            Dialect::Postgres => {
                "SELECT COUNT(*) FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_name = 'cg_source'"
            }
        };
        if Statement::new(exists).rows::<BigInt, i64>(conn)?.first() != Some(&1) {
            return Ok(None);
        }
        let rows = Statement::new("SELECT vendor, zone, profile, tables FROM cg_source")
            .rows::<(Text, Text, Text, Text), (String, String, String, String)>(conn)?;
        Ok(rows.into_iter().next().map(|(vendor, zone, profile, tables)| Self {
            vendor,
            zone,
            profile,
            tables,
        }))
    }

    /// What is different in a database loaded by the rules `self` from what `expected` asks for, in words that go on
    /// after "the database was loaded"; `None` when nothing is.
    #[must_use]
    pub fn difference(&self, expected: &Self) -> Option<String> {
        if self.vendor != expected.vendor {
            Some(format!("from vendor `{}`, not `{}`", self.vendor, expected.vendor))
        } else if self.zone != expected.zone {
            Some(format!("for zone {}, not {}", self.zone, expected.zone))
        } else if self.profile != expected.profile {
            Some("with another profile".to_owned())
        } else if self.tables != expected.tables {
            Some("by another version of chartgate, with other tables".to_owned())
        } else {
            None
        }
    }
}

/// A hash of the definition, without comments and blanks.
fn fingerprint(vendor_ddl: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in DDL.lines().chain(vendor_ddl.lines()) {
        let code = line.split("--").next().unwrap_or_default();
        code.split_whitespace().for_each(|word| {
            hasher.update(word.as_bytes());
            hasher.update(b" ");
        });
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// Makes the tables that are missing, and checks that rows of this source may go into them.
pub(super) fn install(
    conn: &mut AnyConnection,
    vendor: &Schema,
    site: &Site,
    now: NaiveDateTime,
) -> Result<Tables, LoadError> {
    let expected = Installed::expected(vendor, site);
    match Installed::read(conn)? {
        Some(installed) => {
            if let Some(difference) = installed.difference(&expected) {
                return Err(LoadError::OtherSource(difference));
            }
        }
        None => create(conn, vendor, expected, now)?,
    }
    Tables::read(conn, vendor)
}

fn create(conn: &mut AnyConnection, vendor: &Schema, rules: Installed, now: NaiveDateTime) -> Result<(), LoadError> {
    if conn.dialect() == Dialect::Postgres {
        const HAS: &str = "SELECT COUNT(*) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
                           WHERE t.typname = 'ctext' AND n.nspname = current_schema()";
        if Statement::new(HAS).rows::<BigInt, i64>(conn)?.first() == Some(&0) {
            conn.batch_execute("CREATE DOMAIN ctext AS text COLLATE \"C\"")?;
        }
    }
    conn.batch_execute(DDL)?;
    conn.batch_execute(vendor.ddl)?;
    journal::create(conn, vendor)?;
    Statement::new("INSERT INTO cg_source (id, vendor, zone, profile, tables, created) VALUES (1, ")
        .binds([
            rules.vendor.into(),
            rules.zone.into(),
            rules.profile.into(),
            rules.tables.into(),
            now.into(),
        ])
        .sql(")")
        .run(conn)?;
    Ok(())
}

/// Gathers what the planners of both databases want to know, from a sample.
pub(super) fn analyze(conn: &mut AnyConnection, vendor: &Schema) -> QueryResult<()> {
    match conn.dialect() {
        Dialect::Sqlite => conn.batch_execute("PRAGMA analysis_limit = 400; ANALYZE"),
        Dialect::Postgres => conn.batch_execute(&format!("ANALYZE {}", quoted_list(vendor.tables()))),
    }
}

/// The columns of a table, in their order, with their declared types.
pub(crate) fn columns(conn: &mut AnyConnection, table: &str) -> QueryResult<Vec<(String, String)>> {
    let statement = match conn.dialect() {
        Dialect::Sqlite => Statement::new("SELECT name, type FROM pragma_table_info(")
            .bind(table)
            .sql(") ORDER BY cid"),
        Dialect::Postgres => {
            let sql = "SELECT column_name::text, data_type::text FROM information_schema.columns \
                       WHERE table_schema = current_schema() AND table_name = ";
            Statement::new(sql).bind(table).sql(" ORDER BY ordinal_position")
        }
    };
    statement.rows::<(Text, Text), (String, String)>(conn)
}

/// The columns of the vendor's tables.
pub(super) struct Tables(HashMap<(&'static str, String), Kind>);

impl Tables {
    fn read(conn: &mut AnyConnection, vendor: &Schema) -> Result<Self, LoadError> {
        let mut columns = HashMap::new();
        for table in vendor.tables() {
            for (name, declared) in self::columns(conn, table)? {
                columns.insert((table, name), kind(&declared));
            }
        }
        Ok(Self(columns))
    }

    pub fn kind(&self, table: &'static str, column: &str) -> Result<Kind, LoadError> {
        let found = self.0.get(&(table, column.to_owned())).copied();
        found.ok_or_else(|| LoadError::Schema(format!("table `{table}` has no column `{column}`")))
    }

    pub fn expect(&self, table: &'static str, column: &str, is: Kind) -> Result<(), LoadError> {
        if self.kind(table, column)? == is {
            return Ok(());
        }
        Err(LoadError::Schema(format!(
            "column `{table}.{column}` is not of type {is:?}"
        )))
    }
}

fn kind(declared: &str) -> Kind {
    let declared = declared.to_ascii_lowercase();
    if declared.contains("int") {
        Kind::Int
    } else if declared.starts_with("timestamp") {
        Kind::Time
    } else if declared == "date" {
        Kind::Date
    } else {
        Kind::Text
    }
}
