//! A row's key with what the loader recorded of it: one statement, whatever the mapping.

use std::marker::PhantomData;
use std::sync::Arc;

use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::db::AnyConnection;
use crate::mapping::{Columns, Loaded, Rows};
use crate::param::Target;
use crate::sql::{Filter, Fragment, OrderBy, SortText, Sql, TextColumn, Value};

// Of the loader's tables only what conditions name.
diesel::table! {
    cg_delivery (id) {
        id -> BigInt,
        started -> Timestamp,
    }
}

diesel::table! {
    cg_file (id) {
        id -> BigInt,
        delivery -> BigInt,
    }
}

/// Where a row comes from.
pub(crate) struct Row {
    /// Its key.
    pub key: String,
    /// When it last changed, UTC.
    pub updated: NaiveDateTime,
    /// The patient that it is about: the mapping of their row, and its key.
    pub patient: Option<(Target, String)>,
    /// The load that brought it as it is; `None` for a live source.
    pub load: Option<Load>,
}

/// The load that brought a row as it is.
pub(crate) struct Load {
    /// Its number.
    pub delivery: i64,
    /// When it began, UTC.
    pub started: NaiveDateTime,
    /// The file below the folder that was loaded; `None` for a row that was made because others refer to it.
    pub path: Option<String>,
}

type Columned = (
    Text,
    Timestamp,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Timestamp>,
    Nullable<Text>,
    Nullable<Text>,
);
type Told = (
    String,
    NaiveDateTime,
    Option<String>,
    Option<i64>,
    Option<NaiveDateTime>,
    Option<String>,
    Option<String>,
);

/// The rows of `table`, each with its load, and with the patient whose key is in a column of its own.
pub(super) fn load<T>(
    conn: &mut AnyConnection,
    table: &'static str,
    columns: &Columns<T>,
    patient: Option<(Target, TextColumn<T>)>,
    rows: Rows<T>,
) -> QueryResult<Loaded<Row>>
where
    T: 'static,
{
    let (patients, patient) = patient.unzip();
    let statement = Statement {
        table,
        key: Arc::clone(&columns.key.sql),
        updated: Arc::clone(&columns.updated.sql),
        patient: patient.map(|column| column.sql),
        filter: rows.filter,
        order: rows.order,
        sort_text: rows.sort_text,
        limit: Value::Int(rows.limit),
        source: PhantomData,
    };
    let found: Vec<Told> = statement.load(conn)?;
    let row = |(key, updated, patient, delivery, started, path, sort): Told| {
        let load = delivery.zip(started).map(|(delivery, started)| Load {
            delivery,
            started,
            path,
        });
        let patient = patients.zip(patient);
        let row = Row {
            key,
            updated,
            patient,
            load,
        };
        (row, sort)
    };
    Ok(found.into_iter().map(row).collect())
}

struct Statement<T> {
    table: &'static str,
    key: Sql,
    updated: Sql,
    patient: Option<Sql>,
    filter: Filter<T>,
    order: OrderBy<T>,
    sort_text: SortText<T>,
    limit: Value,
    source: PhantomData<fn() -> T>,
}

impl<T, DB: Backend> QueryFragment<DB> for Statement<T>
where
    dyn Fragment: QueryFragment<DB>,
    Filter<T>: QueryFragment<DB>,
    OrderBy<T>: QueryFragment<DB>,
    SortText<T>: QueryFragment<DB>,
    Value: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.updated.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        match &self.patient {
            Some(column) => column.walk_ast(out.reborrow())?,
            None => out.push_sql("NULL"),
        }
        out.push_sql(", d.id, d.started, f.path, ");
        self.sort_text.walk_ast(out.reborrow())?;
        out.push_sql(" FROM ");
        out.push_identifier(self.table)?;
        out.push_sql(" LEFT JOIN cg_file AS f ON f.id = ");
        out.push_identifier(self.table)?;
        out.push_sql(".cg_file LEFT JOIN cg_delivery AS d ON d.id = f.delivery WHERE ");
        self.filter.walk_ast(out.reborrow())?;
        out.push_sql(" ORDER BY ");
        self.order.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        self.limit.walk_ast(out)
    }
}

impl<T: 'static> QueryId for Statement<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T> Query for Statement<T> {
    type SqlType = Columned;
}

impl<T> RunQueryDsl<AnyConnection> for Statement<T> {}
