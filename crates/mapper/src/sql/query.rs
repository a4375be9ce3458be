//! The few statements that need no row type: counts and single columns.

use std::sync::Arc;

use diesel::Table;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Text};

use super::column::TextColumn;
use super::filter::{Expr, Filter};
use super::render::{Fragment, Sql};
use crate::db::AnyConnection;
use crate::explain;

#[derive(Clone, Copy)]
enum Shape {
    Count,
    CountByText,
}

/// `SELECT COUNT(*) …` or `SELECT column, COUNT(*) … GROUP BY column`.
struct Tally<ST> {
    shape: Shape,
    column: Option<Sql>,
    from: Sql,
    filter: Expr,
    types: std::marker::PhantomData<fn() -> ST>,
}

impl<ST, DB: Backend> QueryFragment<DB> for Tally<ST>
where
    dyn Fragment: QueryFragment<DB>,
    Expr: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("SELECT ");
        if let (Shape::CountByText, Some(column)) = (self.shape, &self.column) {
            column.walk_ast(out.reborrow())?;
            out.push_sql(", ");
        }
        out.push_sql("COUNT(*) FROM ");
        self.from.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.filter.walk_ast(out.reborrow())?;
        if let (Shape::CountByText, Some(column)) = (self.shape, &self.column) {
            out.push_sql(" GROUP BY ");
            column.walk_ast(out.reborrow())?;
        }
        Ok(())
    }
}

impl<ST: 'static> QueryId for Tally<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<ST> Query for Tally<ST> {
    type SqlType = ST;
}
impl<ST> RunQueryDsl<AnyConnection> for Tally<ST> {}

/// The number of rows of `table` that match.
///
/// # Errors
/// What the database says.
pub fn count<T>(conn: &mut AnyConnection, table: T, filter: Filter<T>) -> QueryResult<u64>
where
    T: Table + Fragment + 'static,
{
    let query: Tally<BigInt> = Tally {
        shape: Shape::Count,
        column: None,
        from: Arc::new(table),
        filter: filter.expr,
        types: std::marker::PhantomData,
    };
    let counted: Vec<i64> = explain::load(conn, query)?;
    Ok(counted.first().map_or(0, |n| u64::try_from(*n).unwrap_or(0)))
}

/// The number of matching rows for each text of `column`.
///
/// # Errors
/// What the database says.
pub fn count_by<T>(
    conn: &mut AnyConnection,
    table: T,
    column: &TextColumn<T>,
    filter: Filter<T>,
) -> QueryResult<Vec<(Option<String>, u64)>>
where
    T: Table + Fragment + 'static,
{
    let query: Tally<(Nullable<Text>, BigInt)> = Tally {
        shape: Shape::CountByText,
        column: Some(Arc::clone(&column.sql)),
        from: Arc::new(table),
        filter: filter.expr,
        types: std::marker::PhantomData,
    };
    let rows: Vec<(Option<String>, i64)> = explain::load(conn, query)?;
    Ok(rows
        .into_iter()
        .map(|(text, n)| (text, u64::try_from(n).unwrap_or(0)))
        .collect())
}
