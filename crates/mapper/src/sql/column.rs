//! Columns that forgot their Rust type but not their SQL type and table.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::Column;
use diesel::backend::Backend;
use diesel::expression::AppearsOnTable;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::render::{Fragment, Sql};

/// SQL types that hold text.
pub trait Textual {}
impl Textual for Text {}
impl Textual for Nullable<Text> {}

/// SQL types that hold a time in UTC.
pub trait Timed {
    /// Whether it is a number of seconds since 1970: what SQL of both databases can add up.
    const SECONDS: bool;
}
impl Timed for Timestamp {
    const SECONDS: bool = false;
}
impl Timed for Nullable<Timestamp> {
    const SECONDS: bool = false;
}
impl Timed for BigInt {
    const SECONDS: bool = true;
}
impl Timed for Nullable<BigInt> {
    const SECONDS: bool = true;
}

/// A text column of query source `QS`.
pub struct TextColumn<QS> {
    pub(crate) sql: Sql,
    source: PhantomData<fn() -> QS>,
}

/// A timestamp column of query source `QS`.
pub struct TimeColumn<QS> {
    pub(crate) sql: Sql,
    /// See [`Timed::SECONDS`].
    pub(crate) seconds: bool,
    source: PhantomData<fn() -> QS>,
}

impl<QS> Clone for TextColumn<QS> {
    fn clone(&self) -> Self {
        Self {
            sql: Arc::clone(&self.sql),
            source: PhantomData,
        }
    }
}

impl<QS> Clone for TimeColumn<QS> {
    fn clone(&self) -> Self {
        Self {
            sql: Arc::clone(&self.sql),
            seconds: self.seconds,
            source: PhantomData,
        }
    }
}

impl<QS> TextColumn<QS> {
    /// A column that no `table!` declares because every table has it: one of the loader's own.
    pub(crate) fn of_loader(table: &'static str, column: &'static str) -> Self {
        Self {
            sql: Arc::new(Named { table, column }),
            source: PhantomData,
        }
    }

    /// The column in lower case: `LOWER(column)`, which folds ASCII letters on both databases.
    #[must_use]
    pub fn lower(&self) -> Self {
        Self {
            sql: Arc::new(Lower(Arc::clone(&self.sql))),
            source: PhantomData,
        }
    }
}

/// What can stand where a text column of `QS` is asked for: a Diesel column of that table, or a [`TextColumn`].
pub trait IntoText<QS> {
    /// The column without its Rust type.
    fn into_text(self) -> TextColumn<QS>;
}

impl<QS, C> IntoText<QS> for C
where
    C: Column<SqlType: Textual> + Fragment + AppearsOnTable<QS> + 'static,
{
    fn into_text(self) -> TextColumn<QS> {
        TextColumn {
            sql: Arc::new(self),
            source: PhantomData,
        }
    }
}

impl<QS> IntoText<QS> for TextColumn<QS> {
    fn into_text(self) -> TextColumn<QS> {
        self
    }
}

/// What can stand where a timestamp column of `QS` is asked for.
pub trait IntoTime<QS> {
    /// The column without its Rust type.
    fn into_time(self) -> TimeColumn<QS>;
}

impl<QS, C> IntoTime<QS> for C
where
    C: Column<SqlType: Timed> + Fragment + AppearsOnTable<QS> + 'static,
{
    fn into_time(self) -> TimeColumn<QS> {
        TimeColumn {
            sql: Arc::new(self),
            seconds: <C::SqlType as Timed>::SECONDS,
            source: PhantomData,
        }
    }
}

impl<QS> IntoTime<QS> for TimeColumn<QS> {
    fn into_time(self) -> TimeColumn<QS> {
        self
    }
}

struct Named {
    table: &'static str,
    column: &'static str,
}

impl<DB: Backend> QueryFragment<DB> for Named {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_identifier(self.table)?;
        out.push_sql(".");
        out.push_identifier(self.column)
    }
}

struct Lower(Sql);

impl<DB: Backend> QueryFragment<DB> for Lower
where
    dyn Fragment: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("LOWER(");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// Declares that columns of one `table!` are columns of another, because both name the same table of the database.
///
/// Diesel's `table!` ends at 32 columns (more cost minutes and gigabytes of build). A wider table is declared twice, the second time with
/// `#[sql_name]`, and this lets a query of the first select the second's columns too.
#[macro_export]
macro_rules! same_table {
    ($table:ident: $part:ident { $($column:ident),+ $(,)? }) => {$(
        impl diesel::expression::AppearsOnTable<$table::table> for $part::$column {}
        impl diesel::expression::SelectableExpression<$table::table> for $part::$column {}
    )+};
}
