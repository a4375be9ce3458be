//! Filters and values as SQL, for PostgreSQL, SQLite and the connection that is either.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Date, HasSqlType, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;

use super::filter::{Expr, Filter, Op, SelectExpr};
use super::value::Value;
use crate::db::AnyDb;

/// SQL that renders on every supported database.
pub trait Fragment: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryFragment<AnyDb> + Send + Sync {}
impl<T> Fragment for T where T: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryFragment<AnyDb> + Send + Sync + ?Sized {}

pub(crate) type Sql = Arc<dyn Fragment>;

/// Statements of up to this many conditions are kept prepared. Longer ones come from lists of values, of which
/// there are too many forms to keep them all.
const CACHED_CONDITIONS: usize = 12;

impl Op {
    fn sql(self) -> &'static str {
        match self {
            Self::Eq => " = ",
            Self::Lt => " < ",
            Self::Le => " <= ",
            Self::Gt => " > ",
            Self::Ge => " >= ",
        }
    }
}

impl<DB> QueryFragment<DB> for Value
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt> + HasSqlType<Date> + HasSqlType<Timestamp>,
    String: ToSql<Text, DB>,
    Option<String>: ToSql<Nullable<Text>, DB>,
    i64: ToSql<BigInt, DB>,
    chrono::NaiveDate: ToSql<Date, DB>,
    chrono::NaiveDateTime: ToSql<Timestamp, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self {
            Self::Text(v) => out.push_bind_param::<Text, _>(v),
            Self::Int(v) => out.push_bind_param::<BigInt, _>(v),
            Self::Date(v) => out.push_bind_param::<Date, _>(v),
            Self::Time(v) => out.push_bind_param::<Timestamp, _>(v),
            Self::Null => {
                out.push_sql("NULL");
                Ok(())
            }
        }
    }
}

impl<DB: Backend> QueryFragment<DB> for Expr
where
    dyn Fragment: QueryFragment<DB>,
    Value: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self {
            Self::All(parts) => list(parts, " AND ", "1 = 1", &mut out),
            Self::Any(parts) => list(parts, " OR ", "1 = 0", &mut out),
            Self::Not(inner) => {
                // `NOT x` drops rows where x is null; FHIR's `:not` and `:missing` must not.
                if let Self::Null(column) = &**inner {
                    column.walk_ast(out.reborrow())?;
                    out.push_sql(" IS NOT NULL");
                    return Ok(());
                }
                out.push_sql("(");
                inner.walk_ast(out.reborrow())?;
                out.push_sql(") IS NOT TRUE");
                Ok(())
            }
            Self::Compare(column, op, value) => {
                column.walk_ast(out.reborrow())?;
                out.push_sql(op.sql());
                value.walk_ast(out)
            }
            Self::In(column, values) => {
                column.walk_ast(out.reborrow())?;
                out.push_sql(" IN (");
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        out.push_sql(", ");
                    }
                    value.walk_ast(out.reborrow())?;
                }
                out.push_sql(")");
                Ok(())
            }
            Self::Same(one, other) => {
                one.walk_ast(out.reborrow())?;
                out.push_sql(" = ");
                other.walk_ast(out)
            }
            Self::Like(column, pattern) => {
                column.walk_ast(out.reborrow())?;
                out.push_sql(" LIKE ");
                pattern.walk_ast(out.reborrow())?;
                out.push_sql(r" ESCAPE '\'");
                Ok(())
            }
            Self::InSelect(column, select) => {
                column.walk_ast(out.reborrow())?;
                out.push_sql(" IN ");
                select.walk_ast(out)
            }
            Self::Null(column) => {
                column.walk_ast(out.reborrow())?;
                out.push_sql(" IS NULL");
                Ok(())
            }
            Self::Alive => {
                out.push_sql("cg_alive()");
                Ok(())
            }
        }
    }
}

impl<DB: Backend> QueryFragment<DB> for SelectExpr
where
    dyn Fragment: QueryFragment<DB>,
    Expr: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        for (i, each) in std::iter::once(self).chain(&self.more).enumerate() {
            out.push_sql(if i == 0 { "SELECT " } else { " UNION ALL SELECT " });
            each.column.walk_ast(out.reborrow())?;
            out.push_sql(" FROM ");
            each.from.walk_ast(out.reborrow())?;
            out.push_sql(" WHERE ");
            each.filter.walk_ast(out.reborrow())?;
        }
        out.push_sql(")");
        Ok(())
    }
}

/// Conditions that are written in a row; more are written in groups.
const LONGEST_LIST: usize = 32;

fn list<'b, DB: Backend>(
    parts: &'b [Expr],
    separator: &str,
    empty: &str,
    out: &mut AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    Expr: QueryFragment<DB>,
{
    if parts.is_empty() {
        out.push_sql(empty);
        return Ok(());
    }
    if parts.len() > LONGEST_LIST {
        // SQLite parses `a OR b OR c` as a tree as deep as it is long, and takes a thousand levels.
        for (i, group) in parts.chunks(parts.len().div_ceil(LONGEST_LIST)).enumerate() {
            if i > 0 {
                out.push_sql(separator);
            }
            out.push_sql("(");
            list(group, separator, empty, out)?;
            out.push_sql(")");
        }
        return Ok(());
    }
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push_sql(separator);
        }
        let nested = matches!(part, Expr::All(v) | Expr::Any(v) if v.len() > 1);
        if nested {
            out.push_sql("(");
        }
        part.walk_ast(out.reborrow())?;
        if nested {
            out.push_sql(")");
        }
    }
    Ok(())
}

fn conditions(expr: &Expr) -> usize {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().map(conditions).sum(),
        Expr::Not(inner) => conditions(inner),
        Expr::In(_, values) => values.len(),
        Expr::InSelect(_, select) => {
            let each = std::iter::once(&**select).chain(&select.more);
            each.map(|select| 1 + conditions(&select.filter)).sum()
        }
        Expr::Compare(..) | Expr::Like(..) | Expr::Same(..) | Expr::Null(_) | Expr::Alive => 1,
    }
}

impl<QS> Filter<QS> {
    /// How many comparisons it makes: about as many values as its statement has.
    #[must_use]
    pub fn size(&self) -> usize {
        conditions(&self.expr)
    }
}

impl<QS, DB: Backend> QueryFragment<DB> for Filter<QS>
where
    Expr: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if conditions(&self.expr) > CACHED_CONDITIONS {
            out.unsafe_to_cache_prepared();
        }
        self.expr.walk_ast(out)
    }
}

/// A fragment as both databases see it, without a connection: `(PostgreSQL, SQLite)`, each with its binds.
/// For golden tests and explanations.
pub fn golden<F>(fragment: &F) -> (String, String)
where
    F: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    (
        diesel::debug_query::<Pg, _>(fragment).to_string(),
        diesel::debug_query::<Sqlite, _>(fragment).to_string(),
    )
}
