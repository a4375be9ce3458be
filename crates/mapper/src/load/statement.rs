//! SQL text with binds, for statements whose tables are only known at run time.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{Array, Text};
use diesel::sqlite::Sqlite;

use crate::db::{AnyConnection, Dialect};
use crate::sql::Value;

/// A statement under construction; it is not kept prepared.
#[derive(Debug, Default)]
pub(crate) struct Statement(Vec<Part>);

#[derive(Debug)]
enum Part {
    Sql(String),
    Bind(Value),
}

impl Statement {
    pub fn new(sql: impl Into<String>) -> Self {
        Self(vec![Part::Sql(sql.into())])
    }

    pub fn sql(mut self, sql: impl Into<String>) -> Self {
        self.0.push(Part::Sql(sql.into()));
        self
    }

    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.0.push(Part::Bind(value.into()));
        self
    }

    /// A list of binds with commas between them.
    pub fn binds(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self = self.sql(", ");
            }
            self = self.bind(value);
        }
        self
    }

    pub fn run(self, conn: &mut AnyConnection) -> QueryResult<usize> {
        Typed::<()>(self, PhantomData).execute(conn)
    }

    /// Loads rows of the SQL type `ST`.
    pub fn rows<ST, T>(self, conn: &mut AnyConnection) -> QueryResult<Vec<T>>
    where
        Typed<ST>: for<'q> LoadQuery<'q, AnyConnection, T>,
    {
        Typed(self, PhantomData).load(conn)
    }
}

/// A statement that answers with rows of type `ST`.
pub(crate) struct Typed<ST>(Statement, PhantomData<fn() -> ST>);

impl<ST, DB: Backend> QueryFragment<DB> for Typed<ST>
where
    Value: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        for part in &self.0.0 {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Bind(value) => value.walk_ast(out.reborrow())?,
            }
        }
        Ok(())
    }
}

impl<ST> QueryId for Typed<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Typed<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<AnyConnection> for Typed<ST> {}

/// Keys per statement on SQLite, a part of a batch; full lists stay prepared.
const KEYS: usize = 125;

/// `SELECT columns FROM table WHERE key IN (keys)`, with rows of the SQL type `ST`.
pub(super) struct Lookup<'a, ST> {
    head: &'a str,
    keys: &'a [&'a str],
    rows: PhantomData<fn() -> ST>,
}

/// Loads the rows of `keys`; `head` is the statement up to `WHERE key`.
pub(super) fn lookup<'a, ST, T>(conn: &mut AnyConnection, head: &'a str, keys: &'a [&'a str]) -> QueryResult<Vec<T>>
where
    Lookup<'a, ST>: LoadQuery<'a, diesel::PgConnection, T> + LoadQuery<'a, diesel::SqliteConnection, T>,
{
    if keys.is_empty() {
        return Ok(vec![]);
    }
    match conn {
        AnyConnection::Postgres(conn) => Lookup {
            head,
            keys,
            rows: PhantomData,
        }
        .internal_load(conn)?
        .collect(),
        AnyConnection::Sqlite(conn) => {
            let mut found = Vec::with_capacity(keys.len());
            for keys in keys.chunks(KEYS) {
                for row in (Lookup {
                    head,
                    keys,
                    rows: PhantomData,
                })
                .internal_load(conn)?
                {
                    found.push(row?);
                }
            }
            Ok(found)
        }
    }
}

impl<ST> QueryFragment<Pg> for Lookup<'_, ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.head);
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<Text>, [&str]>(self.keys)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<ST> QueryFragment<Sqlite> for Lookup<'_, ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        if self.keys.len() != KEYS {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql(self.head);
        out.push_sql(" IN (");
        for (i, key) in self.keys.iter().enumerate() {
            if i > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param::<Text, str>(key)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<ST, C> RunQueryDsl<C> for Lookup<'_, ST> {}

impl<ST> QueryId for Lookup<'_, ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Lookup<'_, ST> {
    type SqlType = ST;
}

/// A name as SQL; names come from declarations.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names as SQL, with commas.
pub(super) fn quoted_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// Makes a table that is gone with the transaction: by itself on PostgreSQL, through [`drop_temporary`] on SQLite.
pub(super) fn temporary(conn: &mut AnyConnection, name: &str, definition: &str) -> QueryResult<()> {
    let until = match conn.dialect() {
        Dialect::Postgres => " ON COMMIT DROP",
        Dialect::Sqlite => "",
    };
    let (columns, select) = match definition.split_once("AS SELECT") {
        Some((_, select)) => ("", format!(" AS SELECT{select}")),
        None => (definition, String::new()),
    };
    Statement::new(format!("CREATE TEMP TABLE {name} {columns}{until}{select}"))
        .run(conn)
        .map(|_| ())
}

/// Ends the life of a [`temporary`] table.
pub(super) fn drop_temporary(conn: &mut AnyConnection, name: &str) -> QueryResult<()> {
    Statement::new(format!("DROP TABLE {name}")).run(conn).map(|_| ())
}
