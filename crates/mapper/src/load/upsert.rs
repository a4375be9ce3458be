//! Storing many rows with one statement: `INSERT … ON CONFLICT (key) DO UPDATE SET …`.
//!
//! PostgreSQL gets one array per column, so that the statement is the same for any number of rows. SQLite gets rows of
//! binds, always as many, so that the statement stays prepared.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;

use super::install::Tables;
use super::prepare::Prepared;
use super::schema::COMMON;
use super::statement::{quoted, quoted_list};
use super::{Entity, LoadError};
use crate::db::AnyConnection;
use crate::sql::Value;

/// Rows per statement on SQLite, a part of a batch; with the 32,766 binds that it allows, enough for tables of 500 columns.
const ROWS: usize = 50;

/// The SQL of one entity.
pub(super) struct Upsert {
    /// `INSERT INTO table (columns)`.
    insert: String,
    /// `ON CONFLICT …`.
    update: String,
    /// Types of the entity's computed columns.
    computed: Vec<Kind>,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Int,
    Date,
    Time,
}

/// A row with what only the writer knows.
pub(super) struct Record<'r> {
    pub row: &'r Prepared,
    pub updated: NaiveDateTime,
    pub file: i64,
}

impl Upsert {
    pub fn new(entity: &Entity, tables: &Tables) -> Result<Self, LoadError> {
        let stored: Vec<_> = entity.columns.iter().map(|c| c.name).collect();
        let all = || {
            COMMON
                .into_iter()
                .chain(stored.iter().copied())
                .chain(entity.computed.iter().copied())
        };
        let insert = format!("INSERT INTO {} ({})", quoted(entity.table), quoted_list(all()));
        let set: Vec<_> = all()
            .skip(1)
            .map(|c| format!("{0} = excluded.{0}", quoted(c)))
            .collect();
        let update = format!(" ON CONFLICT (\"key\") DO UPDATE SET {}", set.join(", "));
        for (column, is) in
            COMMON
                .into_iter()
                .zip([Kind::Text, Kind::Time, Kind::Time, Kind::Text, Kind::Int, Kind::Text])
        {
            tables.expect(entity.table, column, is)?;
        }
        stored
            .iter()
            .try_for_each(|column| tables.expect(entity.table, column, Kind::Text))?;
        let computed = entity
            .computed
            .iter()
            .map(|c| tables.kind(entity.table, c))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            insert,
            update,
            computed,
        })
    }

    /// Stores rows with distinct keys.
    pub fn run(&self, conn: &mut AnyConnection, rows: &[Record<'_>]) -> Result<(), LoadError> {
        if rows.is_empty() {
            return Ok(());
        }
        match conn {
            AnyConnection::Postgres(conn) => {
                let arrays = self.arrays(rows)?;
                PgRows { upsert: self, arrays }.execute(conn)?;
            }
            AnyConnection::Sqlite(conn) => {
                for rows in rows.chunks(ROWS) {
                    SqliteRows { upsert: self, rows }.execute(conn)?;
                }
            }
        }
        Ok(())
    }

    fn arrays<'r>(&self, rows: &[Record<'r>]) -> Result<Vec<Values<'r>>, LoadError> {
        let mut arrays = vec![
            Values::Text(rows.iter().map(|r| Some(r.row.key.as_str())).collect()),
            Values::Time(rows.iter().map(|r| Some(r.updated)).collect()),
            Values::Time(rows.iter().map(|r| r.row.modified).collect()),
            Values::Text(rows.iter().map(|r| Some(r.row.hash.as_str())).collect()),
            Values::Int(rows.iter().map(|r| Some(r.file)).collect()),
            Values::Text(rows.iter().map(|r| r.row.hold.as_deref()).collect()),
        ];
        let cells = rows.first().map_or(0, |r| r.row.cells.len());
        for at in 0..cells {
            arrays.push(Values::Text(
                rows.iter().map(|r| r.row.cells.get(at)?.as_deref()).collect(),
            ));
        }
        for (at, kind) in self.computed.iter().enumerate() {
            let mut array = Values::empty(*kind);
            for row in rows {
                if !array.push(row.row.values.get(at).unwrap_or(&Value::Null)) {
                    let name = self.insert.split('(').next().unwrap_or_default();
                    return Err(LoadError::Schema(format!(
                        "{name}: computed value {at} is not of its column's type"
                    )));
                }
            }
            arrays.push(array);
        }
        Ok(arrays)
    }
}

/// One column of many rows.
enum Values<'r> {
    Text(Vec<Option<&'r str>>),
    Int(Vec<Option<i64>>),
    Date(Vec<Option<NaiveDate>>),
    Time(Vec<Option<NaiveDateTime>>),
}

impl<'r> Values<'r> {
    fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(vec![]),
            Kind::Int => Self::Int(vec![]),
            Kind::Date => Self::Date(vec![]),
            Kind::Time => Self::Time(vec![]),
        }
    }

    /// Adds a value; false when it is of another type.
    fn push(&mut self, value: &'r Value) -> bool {
        match (self, value) {
            (Self::Text(all), Value::Text(v)) => all.push(Some(v)),
            (Self::Text(all), Value::Null) => all.push(None),
            (Self::Int(all), Value::Int(v)) => all.push(Some(*v)),
            (Self::Int(all), Value::Null) => all.push(None),
            (Self::Date(all), Value::Date(v)) => all.push(Some(*v)),
            (Self::Date(all), Value::Null) => all.push(None),
            (Self::Time(all), Value::Time(v)) => all.push(Some(*v)),
            (Self::Time(all), Value::Null) => all.push(None),
            (Self::Text(_) | Self::Int(_) | Self::Date(_) | Self::Time(_), _) => return false,
        }
        true
    }
}

struct PgRows<'a> {
    upsert: &'a Upsert,
    arrays: Vec<Values<'a>>,
}

impl QueryFragment<Pg> for PgRows<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.upsert.insert);
        out.push_sql(" SELECT * FROM unnest(");
        for (i, array) in self.arrays.iter().enumerate() {
            if i > 0 {
                out.push_sql(", ");
            }
            match array {
                Values::Text(v) => out.push_bind_param::<Array<Nullable<Text>>, _>(v)?,
                Values::Int(v) => out.push_bind_param::<Array<Nullable<BigInt>>, _>(v)?,
                Values::Date(v) => out.push_bind_param::<Array<Nullable<Date>>, _>(v)?,
                Values::Time(v) => out.push_bind_param::<Array<Nullable<Timestamp>>, _>(v)?,
            }
        }
        out.push_sql(")");
        out.push_sql(&self.upsert.update);
        Ok(())
    }
}

struct SqliteRows<'a> {
    upsert: &'a Upsert,
    rows: &'a [Record<'a>],
}

/// `NULL` as a bind: unlike the word it leaves the statement's text as it is.
const NULL: Option<String> = None;

impl QueryFragment<Sqlite> for SqliteRows<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        if self.rows.len() != ROWS {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql(&self.upsert.insert);
        for (i, record) in self.rows.iter().enumerate() {
            out.push_sql(if i == 0 { " VALUES (" } else { "), (" });
            let row = record.row;
            out.push_bind_param::<Text, _>(&row.key)?;
            out.push_sql(", ");
            out.push_bind_param::<Timestamp, _>(&record.updated)?;
            out.push_sql(", ");
            out.push_bind_param::<Nullable<Timestamp>, _>(&row.modified)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(&row.hash)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(&record.file)?;
            out.push_sql(", ");
            out.push_bind_param::<Nullable<Text>, _>(&row.hold)?;
            for cell in &row.cells {
                out.push_sql(", ");
                out.push_bind_param::<Nullable<Text>, _>(cell)?;
            }
            for value in &row.values {
                out.push_sql(", ");
                match value {
                    Value::Text(v) => out.push_bind_param::<Text, _>(v)?,
                    Value::Int(v) => out.push_bind_param::<BigInt, _>(v)?,
                    Value::Date(v) => out.push_bind_param::<Date, _>(v)?,
                    Value::Time(v) => out.push_bind_param::<Timestamp, _>(v)?,
                    Value::Null => out.push_bind_param::<Nullable<Text>, _>(&NULL)?,
                }
            }
        }
        out.push_sql(")");
        out.push_sql(&self.upsert.update);
        Ok(())
    }
}

macro_rules! statement {
    ($name:ident, $conn:ty) => {
        impl QueryId for $name<'_> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
        impl RunQueryDsl<$conn> for $name<'_> {}
    };
}
statement!(PgRows, diesel::PgConnection);
statement!(SqliteRows, diesel::SqliteConnection);
