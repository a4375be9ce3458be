//! A few rows of a vendor loaded once more, into a database in memory, by what a load does: for [`crate::lineage`], which
//! changes a cell and looks what becomes of it.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::install::{Tables, install};
use super::prepare::{Prepared, prepare};
use super::settle::{Settling, statements};
use super::statement::Statement;
use super::upsert::{Record, Upsert};
use super::{Entity, LoadError, Schema, explode, link};
use crate::db::{AnyConnection, Deadline};
use crate::sql::Value;
use crate::{Error, Site};

/// A row as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredRow {
    pub entity: &'static Entity,
    pub key: String,
    /// Its cells, in the order of the entity's columns.
    pub cells: Vec<Option<String>>,
    pub updated: NaiveDateTime,
    pub file: i64,
    /// When the load began that brought it.
    pub loaded: NaiveDateTime,
}

/// A file that rows came with, and its load.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub id: i64,
    pub delivery: i64,
    pub started: NaiveDateTime,
    pub path: Option<String>,
    pub entity: String,
}

/// The database in memory. Between two looks it is empty.
pub(crate) struct Replay {
    conn: AnyConnection,
    vendor: &'static Schema,
    upserts: HashMap<&'static str, Upsert>,
    pub holds: Vec<Settling>,
    pub copies: Vec<Settling>,
    /// The columns of each table.
    pub columns: HashMap<String, BTreeSet<String>>,
}

/// What went wrong in the copy is nothing that a request could be about.
pub(crate) fn refused(error: LoadError) -> Error {
    if let LoadError::Database(cause) = error {
        Error::Query(cause)
    } else {
        Error::Config(error.to_string())
    }
}

impl Replay {
    /// A database with the vendor's tables.
    ///
    /// # Errors
    /// [`Error::Query`], or [`Error::Config`] for a schema that is wrong.
    pub fn new(vendor: &'static Schema, site: &Site) -> Result<Self, Error> {
        let memory =
            SqliteConnection::establish(":memory:").map_err(|_why| Error::Unavailable(site.name().to_owned()))?;
        let mut conn = AnyConnection::Sqlite(memory);
        Deadline::install(&mut conn).map_err(Error::Query)?;
        let tables = install(&mut conn, vendor, site, NaiveDateTime::default()).map_err(refused)?;
        let upserts = upserts(vendor, &tables).map_err(refused)?;
        let columns = columns(&mut conn).map_err(Error::Query)?;
        Ok(Self {
            conn,
            vendor,
            upserts,
            holds: statements(vendor.holds),
            copies: statements(vendor.copies),
            columns,
        })
    }

    /// Notes the loads that rows came with.
    ///
    /// # Errors
    /// [`Error::Query`].
    pub fn record(&mut self, files: &[StoredFile]) -> Result<(), Error> {
        record(&mut self.conn, files).map_err(Error::Query)
    }

    /// Loads `rows` (a row with its cell changed has the key that the load would give it), looks, and takes everything back.
    ///
    /// # Errors
    /// As [`Replay::new`], and what `look` says.
    pub fn look<T>(
        &mut self,
        rows: &[&Loading<'_>],
        look: impl FnOnce(&mut AnyConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.conn.batch_execute("SAVEPOINT cell").map_err(Error::Query)?;
        let looked = self
            .store(rows)
            .and_then(|()| self.settle(rows))
            .map_err(refused)
            .and_then(|()| look(&mut self.conn));
        self.conn
            .batch_execute("ROLLBACK TO cell; RELEASE cell")
            .map_err(Error::Query)?;
        looked
    }

    fn store(&mut self, rows: &[&Loading<'_>]) -> Result<(), LoadError> {
        let mut keys = BTreeSet::new();
        let distinct = rows
            .iter()
            .filter(|row| keys.insert((row.entity.table, &row.prepared.key)));
        for row in distinct {
            let Some(upsert) = self.upserts.get(row.entity.name) else {
                continue;
            };
            let record = Record {
                row: &row.prepared,
                updated: row.prepared.updated.unwrap_or(row.otherwise),
                file: row.stored.file,
            };
            upsert.run(&mut self.conn, &[record])?;
            for exploded in self.vendor.exploded.iter().filter(|e| e.entity == row.entity.name) {
                explode::replace(&mut self.conn, exploded, &[&row.prepared], |_| false, FIRST)?;
            }
        }
        Ok(())
    }

    /// What a load does when all rows are there; tables without rows have nothing to settle.
    fn settle(&mut self, rows: &[&Loading<'_>]) -> Result<(), LoadError> {
        let mut there: BTreeSet<&str> = rows.iter().map(|row| row.entity.table).collect();
        let exploded = self.vendor.exploded.iter();
        let of_rows: Vec<&str> = exploded
            .filter(|e| rows.iter().any(|row| row.entity.name == e.entity))
            .map(|e| e.table)
            .collect();
        there.extend(of_rows);
        for hold in self.holds.iter().filter(|s| there.contains(s.table.as_str())) {
            self.conn.batch_execute(&hold.sql)?;
        }
        for link in self.vendor.links.iter().filter(|l| there.contains(l.table)) {
            link::resolve_all(&mut self.conn, link)?;
        }
        for copy in self.copies.iter().filter(|s| there.contains(s.table.as_str())) {
            self.conn.batch_execute(&copy.sql)?;
        }
        Ok(())
    }
}

/// The load that all rows of a replay came with.
const FIRST: i64 = 1;

/// A row ready to be loaded, with what its key was in the database.
pub(crate) struct Loading<'r> {
    pub entity: &'static Entity,
    stored: &'r StoredRow,
    prepared: Prepared,
    /// When it last changed, if its cells do not tell.
    otherwise: NaiveDateTime,
}

impl<'r> Loading<'r> {
    /// The row as stored, or with other cells. Its key is derived from the cells, but for a row whose stored key was not: one
    /// without number that is the second of its content.
    ///
    /// # Errors
    /// [`Error::Config`] when the vendor's declarations are wrong.
    pub fn new(stored: &'r StoredRow, cells: Option<Vec<Option<String>>>, site: &Site) -> Result<Self, Error> {
        let of = |cells| prepare(stored.entity, site, cells).map_err(refused);
        let own = of(stored.cells.clone())?;
        let derived = own.key == stored.key;
        // A row that told the time and does not any more has changed when it was loaded.
        let otherwise = own.updated.map_or(stored.updated, |_told| stored.loaded);
        let mut prepared = match cells {
            Some(cells) => of(cells)?,
            None => own,
        };
        if !derived {
            prepared.key.clone_from(&stored.key);
        }
        Ok(Self {
            entity: stored.entity,
            stored,
            prepared,
            otherwise,
        })
    }

    /// The key that the row has now.
    pub fn key(&self) -> &str {
        &self.prepared.key
    }
}

fn upserts(vendor: &'static Schema, tables: &Tables) -> Result<HashMap<&'static str, Upsert>, LoadError> {
    let upsert = |entity: &'static Entity| Ok((entity.name, Upsert::new(entity, tables)?));
    vendor.stored().map(upsert).collect()
}

fn record(conn: &mut AnyConnection, files: &[StoredFile]) -> QueryResult<()> {
    let mut deliveries = BTreeSet::new();
    for file in files {
        if deliveries.insert(file.delivery) {
            let counts = "read_rows, new_rows, updated_rows, unchanged_rows, superseded_rows, kept_rows";
            Statement::new(format!(
                "INSERT INTO cg_delivery (id, started, finished, {counts}) VALUES ("
            ))
            .binds([file.delivery.into(), file.started.into(), file.started.into()])
            .sql(", 0, 0, 0, 0, 0, 0)")
            .run(conn)?;
        }
        Statement::new("INSERT INTO cg_file (id, delivery, path, entity, read_rows) VALUES (")
            .binds([
                file.id.into(),
                file.delivery.into(),
                Value::from(file.path.clone()),
                file.entity.clone().into(),
            ])
            .sql(", 0)")
            .run(conn)?;
    }
    Ok(())
}

fn columns(conn: &mut AnyConnection) -> QueryResult<HashMap<String, BTreeSet<String>>> {
    let sql = "SELECT m.name, p.name FROM sqlite_master AS m, pragma_table_info(m.name) AS p WHERE m.type = 'table' \
               AND m.name NOT LIKE 'cg\\_%' ESCAPE '\\'";
    let mut found: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (table, column) in Statement::new(sql).rows::<(Text, Text), (String, String)>(conn)? {
        found.entry(table).or_default().insert(column);
    }
    Ok(found)
}
