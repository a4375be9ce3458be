//! Orders that are total, and the place in them where a page begins.
//!
//! A page is ordered by its sort columns, missing values last in either direction, and then by the row key, so
//! that no two rows tie. The next page begins after the last row's [`SortKey`] (a keyset page): its cost does not
//! depend on how many pages came before, and rows that come or go elsewhere do not shift it.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::expression::expression_types::NotSelectable;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Nullable, Text};

use super::column::{IntoText, IntoTime, TextColumn};
use super::filter::{Expr, Filter, Op};
use super::render::{Fragment, Sql};
use super::value::Value;

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Least first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Direction {
    fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "",
            Self::Descending => " DESC",
        }
    }

    fn after(self) -> Op {
        match self {
            Self::Ascending => Op::Gt,
            Self::Descending => Op::Lt,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Time,
    /// A time as a number of seconds since 1970.
    Seconds,
}

/// A column that results may be sorted by.
pub struct SortColumn<QS> {
    sql: Sql,
    kind: Kind,
    nullable: bool,
    source: PhantomData<fn() -> QS>,
}

impl<QS> Clone for SortColumn<QS> {
    fn clone(&self) -> Self {
        Self {
            sql: Arc::clone(&self.sql),
            ..*self
        }
    }
}

impl<QS> SortColumn<QS> {
    /// Sorting by a timestamp; `nullable` when rows may lack it.
    pub fn time(column: impl IntoTime<QS>, nullable: bool) -> Self {
        let column = column.into_time();
        Self {
            sql: column.sql,
            kind: if column.seconds { Kind::Seconds } else { Kind::Time },
            nullable,
            source: PhantomData,
        }
    }

    /// Sorting by text in the order of code points; `nullable` when rows may lack it.
    pub fn text(column: impl IntoText<QS>, nullable: bool) -> Self {
        Self {
            sql: column.into_text().sql,
            kind: Kind::Text,
            nullable,
            source: PhantomData,
        }
    }
}

/// One term of an order.
pub struct SortTerm<QS> {
    /// The column.
    pub column: SortColumn<QS>,
    /// Its direction.
    pub direction: Direction,
}

impl<QS> Clone for SortTerm<QS> {
    fn clone(&self) -> Self {
        Self {
            column: self.column.clone(),
            direction: self.direction,
        }
    }
}

/// The sort values of one row as text, one per term, `None` where the row has no value.
pub type SortKey = Vec<Option<String>>;

/// Where a page begins, relative to a row given by its sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyset {
    /// After that row: its sort key, then its row key.
    After(SortKey, String),
    /// After every row with that sort key (the row belongs to a mapping that comes later in the order).
    AfterTies(SortKey),
    /// With the first row of that sort key (the row belongs to a mapping that comes earlier in the order).
    WithTies(SortKey),
}

/// Separates sort values in [`Order`]'s selected text; folded text holds no control characters.
const SEPARATOR: char = '\u{1f}';
/// Marks a missing sort value.
const MISSING: char = '\u{1e}';

/// A total order over the rows of `QS`, which is also an expression that selects a row's sort values.
pub struct Order<QS> {
    terms: Vec<SortTerm<QS>>,
    key: TextColumn<QS>,
}

impl<QS> Clone for Order<QS> {
    fn clone(&self) -> Self {
        Self {
            terms: self.terms.clone(),
            key: self.key.clone(),
        }
    }
}

impl<QS> Order<QS> {
    /// The order by `terms`, then by `key`.
    #[must_use]
    pub fn new(terms: Vec<SortTerm<QS>>, key: TextColumn<QS>) -> Self {
        Self { terms, key }
    }

    fn key_direction(&self) -> Direction {
        // The row key runs with the sort, so that one index serves both directions.
        self.terms.last().map_or(Direction::Ascending, |t| t.direction)
    }

    /// Reads a row's sort key from the text that the order selected.
    #[must_use]
    pub fn sort_key(&self, selected: Option<&str>) -> SortKey {
        let Some(text) = selected else { return vec![] };
        if self.terms.is_empty() {
            return vec![];
        }
        let value = |(text, term): (&str, &SortTerm<QS>)| (!text.starts_with(MISSING)).then(|| term.shown(text));
        text.split(SEPARATOR).zip(&self.terms).map(value).collect()
    }

    /// The rows from `place` on (from the start without one) as queries to run one after the other until the page
    /// is full: first the rows that have a value of the first term, then those that lack it. Each is answered by an
    /// index on (first term, key), in either direction, which one query with both could not be.
    ///
    /// A sort key that does not fit the order (a forged or foreign one) matches no row.
    #[must_use]
    pub fn phases(&self, place: Option<&Keyset>) -> Vec<Filter<QS>> {
        let present = match place {
            None => Some(Expr::All(vec![])),
            Some(place) => self.behind(place, true),
        };
        let first = self.terms.first();
        if first.is_none_or(|t| !t.column.nullable) {
            return present.map(Filter::new).into_iter().collect();
        }
        let missing = match place {
            None => Some(Expr::All(vec![])),
            Some(place) => self.behind(place, false),
        };
        let is_null = || first.map_or(Expr::Any(vec![]), |t| Expr::Null(Arc::clone(&t.column.sql)));
        let present = present.map(|e| Expr::All(vec![Expr::Not(Box::new(is_null())), e]));
        let missing = missing.map(|e| Expr::All(vec![is_null(), e]));
        present
            .into_iter()
            .chain(missing)
            .map(Filter::new)
            .filter(|f| !f.is_never())
            .collect()
    }

    /// The rows behind `place` among those that have (or lack) a value of the first term.
    fn behind(&self, place: &Keyset, present: bool) -> Option<Expr> {
        let (sort, mut expr) = match place {
            Keyset::After(sort, key) => (
                sort,
                Expr::Compare(
                    Arc::clone(&self.key.sql),
                    self.key_direction().after(),
                    Value::Text(key.clone()),
                ),
            ),
            Keyset::AfterTies(sort) => (sort, Expr::Any(vec![])),
            Keyset::WithTies(sort) => (sort, Expr::All(vec![])),
        };
        if sort.len() != self.terms.len() {
            return None;
        }
        let mut later = self.terms.iter().zip(sort).rev().peekable();
        while let Some((term, value)) = later.next() {
            let is_first = later.peek().is_none();
            expr = match (is_first, present, value) {
                (false, _, value) => term.behind(value.as_deref(), expr)?,
                (true, true, Some(value)) => term.behind_present(value, expr)?,
                (true, true, None) => return None,
                (true, false, Some(_)) => Expr::All(vec![]),
                (true, false, None) => expr,
            };
        }
        Some(expr)
    }
}

impl<QS> SortTerm<QS> {
    fn column(&self) -> Sql {
        Arc::clone(&self.column.sql)
    }

    fn value(&self, text: &str) -> Option<Value> {
        match self.column.kind {
            Kind::Text => Some(Value::Text(text.to_owned())),
            Kind::Time => stored_time(text).map(Value::Time),
            Kind::Seconds => stored_time(text).map(|at| Value::Int(at.and_utc().timestamp())),
        }
    }

    /// A selected value as the rows of every mapping and database compare: PostgreSQL writes fewer digits of a fraction
    /// than SQLite.
    fn shown(&self, text: &str) -> String {
        let time = match self.column.kind {
            Kind::Text => None,
            Kind::Time => stored_time(text),
            Kind::Seconds => text.parse().ok().and_then(since_1970),
        };
        time.map_or_else(|| text.to_owned(), |at| at.format("%Y-%m-%d %H:%M:%S%.6f").to_string())
    }

    /// Rows behind `value`, or tied with it and then matching `tied`; missing values are last.
    fn behind(&self, value: Option<&str>, tied: Expr) -> Option<Expr> {
        let Some(text) = value else {
            return Some(Expr::All(vec![Expr::Null(self.column()), tied]));
        };
        let value = self.value(text)?;
        let mut parts = vec![
            Expr::Compare(self.column(), self.direction.after(), value.clone()),
            Expr::All(vec![Expr::Compare(self.column(), Op::Eq, value), tied]),
        ];
        if self.column.nullable {
            parts.push(Expr::Null(self.column()));
        }
        Some(Expr::Any(parts))
    }

    /// The same among rows that have a value; the leading range lets an index find the place.
    fn behind_present(&self, text: &str, tied: Expr) -> Option<Expr> {
        let value = self.value(text)?;
        let reached = match self.direction {
            Direction::Ascending => Op::Ge,
            Direction::Descending => Op::Le,
        };
        Some(Expr::All(vec![
            Expr::Compare(self.column(), reached, value.clone()),
            Expr::Any(vec![
                Expr::Compare(self.column(), self.direction.after(), value.clone()),
                Expr::All(vec![Expr::Compare(self.column(), Op::Eq, value), tied]),
            ]),
        ]))
    }
}

/// `CAST(timestamp AS TEXT)` of both databases: `2024-05-05 10:00:00`, with a fraction where there is one.
fn stored_time(text: &str) -> Option<chrono::NaiveDateTime> {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()
}

fn since_1970(seconds: i64) -> Option<chrono::NaiveDateTime> {
    chrono::DateTime::from_timestamp(seconds, 0).map(|at| at.naive_utc())
}

/// `ORDER BY`: the terms, missing values last, then the row key.
pub struct OrderBy<QS>(Order<QS>);
/// The selected text of a row's sort values; `NULL` when there are no terms.
pub struct SortText<QS>(Order<QS>);

impl<QS> Order<QS> {
    /// The order as an `ORDER BY` clause.
    #[must_use]
    pub fn order_by(&self) -> OrderBy<QS> {
        OrderBy(self.clone())
    }

    /// The sort values as a selected column.
    #[must_use]
    pub fn sort_text(&self) -> SortText<QS> {
        SortText(self.clone())
    }
}

impl<QS, DB: Backend> QueryFragment<DB> for OrderBy<QS>
where
    dyn Fragment: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (i, term) in self.0.terms.iter().enumerate() {
            // The first term's missing values are a phase of their own (see `phase`), so an index can order it.
            if i > 0 && term.column.nullable {
                out.push_sql("(");
                term.column.sql.walk_ast(out.reborrow())?;
                out.push_sql(" IS NULL), ");
            }
            term.column.sql.walk_ast(out.reborrow())?;
            out.push_sql(term.direction.sql());
            out.push_sql(", ");
        }
        self.0.key.sql.walk_ast(out.reborrow())?;
        out.push_sql(self.0.key_direction().sql());
        Ok(())
    }
}

impl<QS, DB: Backend> QueryFragment<DB> for SortText<QS>
where
    dyn Fragment: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.0.terms.is_empty() {
            out.push_sql("NULL");
            return Ok(());
        }
        for (i, term) in self.0.terms.iter().enumerate() {
            if i > 0 {
                out.push_sql(" || '\u{1f}' || ");
            }
            out.push_sql("COALESCE(CAST(");
            term.column.sql.walk_ast(out.reborrow())?;
            out.push_sql(" AS TEXT), '\u{1e}')");
        }
        Ok(())
    }
}

macro_rules! plain_expression {
    ($name:ident, $sql_type:ty) => {
        impl<QS> Expression for $name<QS> {
            type SqlType = $sql_type;
        }
        impl<QS> AppearsOnTable<QS> for $name<QS> {}
        impl<QS> SelectableExpression<QS> for $name<QS> {}
        impl<QS> ValidGrouping<()> for $name<QS> {
            type IsAggregate = is_aggregate::No;
        }
        impl<QS> QueryId for $name<QS> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}
plain_expression!(OrderBy, NotSelectable);
plain_expression!(SortText, Nullable<Text>);
