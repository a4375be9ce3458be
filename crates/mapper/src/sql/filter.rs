//! Conditions over the columns of one query source.

use std::marker::PhantomData;
use std::sync::Arc;

use chrono::NaiveDateTime;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{QueryBuilder, QueryId};
use diesel::sql_types::{Bool, Nullable};
use diesel::sqlite::{Sqlite, SqliteQueryBuilder};

use super::column::{IntoText, IntoTime, TextColumn};
use super::render::{Fragment, Sql};
use super::value::Value;
use super::watch;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Eq,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// The tree. Columns are fragments, values are binds.
#[derive(Clone)]
pub(super) enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Compare(Sql, Op, Value),
    In(Sql, Vec<Value>),
    /// Two columns hold the same.
    Same(Sql, Sql),
    /// `LIKE` with `\` as escape.
    Like(Sql, Value),
    InSelect(Sql, Box<SelectExpr>),
    Null(Sql),
    Alive,
}

#[derive(Clone)]
pub(super) struct SelectExpr {
    pub(super) column: Sql,
    pub(super) from: Sql,
    pub(super) filter: Expr,
    /// Sub-queries whose values are added: `UNION ALL`.
    pub(super) more: Vec<SelectExpr>,
}

impl SelectExpr {
    /// It and what is added to it, each alone.
    fn each(&self) -> Vec<Self> {
        let mut all = vec![Self {
            more: vec![],
            ..self.clone()
        }];
        all.extend(self.more.iter().cloned());
        all
    }
}

/// `SELECT column FROM table WHERE …`, for use inside the filter of another table.
#[derive(Clone)]
pub struct Select(pub(super) SelectExpr);

impl Select {
    /// The values of `column` in the rows of `table` that match `filter`.
    pub fn new<T>(column: &TextColumn<T>, table: T, filter: Filter<T>) -> Self
    where
        T: Fragment + diesel::Table + 'static,
    {
        Self(SelectExpr {
            column: Arc::clone(&column.sql),
            from: Arc::new(table),
            filter: filter.expr,
            more: vec![],
        })
    }
}

/// A condition over the columns of query source `QS`.
///
/// SQL's three-valued logic is kept out of sight: [`Filter::negate`] is true for every row that the filter does
/// not match, rows with nulls included.
pub struct Filter<QS> {
    pub(super) expr: Expr,
    source: PhantomData<fn() -> QS>,
}

impl<QS> Clone for Filter<QS> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<QS> Filter<QS> {
    pub(super) fn new(expr: Expr) -> Self {
        Self {
            expr,
            source: PhantomData,
        }
    }

    /// Every filter matches; true when there is none.
    #[must_use]
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Expr::All(filters.into_iter().map(|f| f.expr).collect()))
    }

    /// Some filter matches; false when there is none. Parts that can never match are left out.
    #[must_use]
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        let mut parts: Vec<Expr> = filters.into_iter().map(|f| f.expr).filter(|e| !never(e)).collect();
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => Self::new(only),
            (Some(last), false) => {
                parts.push(last);
                Self::new(Expr::Any(parts))
            }
            (None, _) => Self::never(),
        }
    }

    /// Both filters match.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if always(&other.expr) {
            return self;
        }
        match self.expr {
            Expr::All(mut parts) => {
                parts.push(other.expr);
                Self::new(Expr::All(parts))
            }
            single @ (Expr::Any(_)
            | Expr::Not(_)
            | Expr::Compare(..)
            | Expr::In(..)
            | Expr::Like(..)
            | Expr::Same(..)
            | Expr::InSelect(..)
            | Expr::Null(_)
            | Expr::Alive) => Self::new(Expr::All(vec![single, other.expr])),
        }
    }

    /// Matches no row.
    #[must_use]
    pub fn never() -> Self {
        Self::new(Expr::Any(vec![]))
    }

    /// Matches every row.
    #[must_use]
    pub fn always() -> Self {
        Self::new(Expr::All(vec![]))
    }

    /// Matches exactly the rows that this filter does not match.
    #[must_use]
    pub fn negate(self) -> Self {
        Self::new(negated(self.expr))
    }

    /// The same rows, looked up by `key`, where there are several ways to match and one leads through another table: as a
    /// sub-query for each way. Databases use an index for each of those, and read the whole table for the ways as they are.
    #[must_use]
    pub fn by_key(self, key: &TextColumn<QS>, table: QS) -> Self
    where
        QS: Fragment + diesel::Table + 'static,
    {
        let mut ways = vec![];
        flatten(self.expr, &mut ways);
        if ways.len() < 2 || !ways.iter().any(leads_elsewhere) || !ways.iter().all(searchable) {
            return Self::any(ways.into_iter().map(Self::new));
        }
        let (elsewhere, here): (Vec<Expr>, Vec<Expr>) = ways.into_iter().partition(leads_elsewhere);
        let from: Sql = Arc::new(table);
        let select = |filter| SelectExpr {
            column: Arc::clone(&key.sql),
            from: Arc::clone(&from),
            filter,
            more: vec![],
        };
        let here = (!here.is_empty()).then(|| Expr::Any(here));
        let elsewhere = elsewhere.into_iter().flat_map(|way| {
            // Another table's rows tell the keys themselves.
            if let Expr::InSelect(column, keys) = &way
                && Arc::ptr_eq(column, &key.sql)
            {
                return keys.each();
            }
            vec![select(way)]
        });
        let mut selects = here.map(select).into_iter().chain(elsewhere);
        let Some(mut first) = selects.next() else {
            return Self::never();
        };
        first.more.extend(selects);
        Self::new(Expr::InSelect(Arc::clone(&key.sql), Box::new(first)))
    }

    /// True when no row can match, so the query need not run.
    #[must_use]
    pub fn is_never(&self) -> bool {
        never(&self.expr)
    }

    /// `column op value` on text, in the order of code points.
    pub fn text(column: impl IntoText<QS>, op: Op, value: impl Into<String>) -> Self {
        Self::new(Expr::Compare(column.into_text().sql, op, Value::Text(value.into())))
    }

    /// The text of the column is one of `values`; false when there is none.
    pub fn one_of<V: Into<String>>(column: impl IntoText<QS>, values: impl IntoIterator<Item = V>) -> Self {
        let mut values: Vec<Value> = values.into_iter().map(|v| Value::Text(v.into())).collect();
        let sql = column.into_text().sql;
        watch::note(&sql, &values);
        match (values.pop(), values.is_empty()) {
            (Some(only), true) => Self::new(Expr::Compare(sql, Op::Eq, only)),
            (Some(last), false) => {
                values.push(last);
                Self::new(Expr::In(sql, values))
            }
            (None, _) => Self::never(),
        }
    }

    /// `column op value` on timestamps, both UTC.
    pub fn time(column: impl IntoTime<QS>, op: Op, value: NaiveDateTime) -> Self {
        let column = column.into_time();
        let value = if column.seconds {
            Value::Int(whole_seconds(op, value))
        } else {
            Value::Time(value)
        };
        Self::new(Expr::Compare(column.sql, op, value))
    }

    /// The text begins with `prefix`, as a range over code points: an index answers it on both databases, and no
    /// character of the prefix is special.
    pub fn starts_with(column: impl IntoText<QS>, prefix: &str) -> Self {
        let column = column.into_text();
        let from = Self::new(Expr::Compare(Arc::clone(&column.sql), Op::Ge, prefix.into()));
        match prefix_end(prefix) {
            Some(end) => from.and(Self::new(Expr::Compare(column.sql, Op::Lt, end.into()))),
            None => from,
        }
    }

    /// The folded text contains `part`, in which no character is special. No index can answer this.
    pub fn contains(column: impl IntoText<QS>, part: &str) -> Self {
        let mut pattern = String::with_capacity(part.len() + 2);
        pattern.push('%');
        for c in part.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        Self::new(Expr::Like(column.into_text().sql, Value::Text(pattern)))
    }

    /// Both texts are there and the same.
    pub fn same(one: impl IntoText<QS>, other: impl IntoText<QS>) -> Self {
        Self::new(Expr::Same(one.into_text().sql, other.into_text().sql))
    }

    /// The column is null.
    pub fn is_null(column: impl IntoText<QS>) -> Self {
        Self::new(Expr::Null(column.into_text().sql))
    }

    /// The column is not null.
    pub fn not_null(column: impl IntoText<QS>) -> Self {
        Self::is_null(column).negate()
    }

    /// The timestamp is null.
    pub fn no_time(column: impl IntoTime<QS>) -> Self {
        Self::new(Expr::Null(column.into_time().sql))
    }

    /// The text of the column is among the values of a sub-query.
    pub fn within(column: impl IntoText<QS>, select: Select) -> Self {
        if never(&select.0.filter) {
            return Self::never();
        }
        Self::new(Expr::InSelect(column.into_text().sql, Box::new(select.0)))
    }

    /// The rows of `table` whose `key` is among those of a sub-query. Where that gives the keys of rows of this very table, as
    /// provenances do, which are the rows that they are about, its condition is that of the rows: not to be looked up once more.
    pub fn keyed(key: &TextColumn<QS>, table: &QS, select: Select) -> Self
    where
        QS: Fragment + diesel::Table + 'static,
    {
        let Select(SelectExpr {
            column,
            from,
            filter,
            more,
        }) = &select;
        if more.is_empty()
            && text(&**column).is_some_and(|c| Some(c) == text(&*key.sql))
            && text(&**from) == text(table)
        {
            return Self::new(filter.clone());
        }
        Self::within(key.clone(), select)
    }

    /// Fails the statement when the connection's [`Deadline`](crate::db::Deadline) is over. SQLite only.
    #[must_use]
    pub fn alive() -> Self {
        Self::new(Expr::Alive)
    }
}

/// What is the same on both databases, without values: a column or a table. Nothing when it cannot be written, which is not the
/// same as anything.
fn text(fragment: &dyn Fragment) -> Option<String> {
    let mut builder = SqliteQueryBuilder::new();
    fragment.to_sql(&mut builder, &Sqlite).ok()?;
    Some(builder.finish())
}

/// The whole second that compares with others as the time does.
fn whole_seconds(op: Op, value: NaiveDateTime) -> i64 {
    let value = value.and_utc();
    let up = value.timestamp_subsec_nanos() > 0 && matches!(op, Op::Ge | Op::Lt);
    value.timestamp() + i64::from(up)
}

fn never(expr: &Expr) -> bool {
    match expr {
        Expr::Any(parts) => parts.iter().all(never),
        Expr::All(parts) => parts.iter().any(never),
        Expr::Not(inner) => always(inner),
        Expr::In(_, values) => values.is_empty(),
        Expr::InSelect(_, select) => never(&select.filter) && select.more.iter().all(|more| never(&more.filter)),
        Expr::Compare(..) | Expr::Like(..) | Expr::Same(..) | Expr::Null(_) | Expr::Alive => false,
    }
}

fn always(expr: &Expr) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().all(always),
        Expr::Any(parts) => parts.iter().any(always),
        Expr::Not(inner) => never(inner),
        Expr::In(..)
        | Expr::InSelect(..)
        | Expr::Compare(..)
        | Expr::Like(..)
        | Expr::Same(..)
        | Expr::Null(_)
        | Expr::Alive => false,
    }
}

/// What is true exactly where `expr` is not, which includes where it is null. What is null nowhere is turned around inside: an
/// index answers `a IS NULL AND b IS NULL`, and none the opposite of `a IS NOT NULL OR b IS NOT NULL`.
fn negated(expr: Expr) -> Expr {
    match expr {
        Expr::Not(inner) => *inner,
        Expr::Any(parts) if parts.iter().all(turns) => Expr::All(parts.into_iter().map(negated).collect()),
        Expr::All(parts) if parts.iter().all(turns) => Expr::Any(parts.into_iter().map(negated).collect()),
        Expr::All(_)
        | Expr::Any(_)
        | Expr::Compare(..)
        | Expr::In(..)
        | Expr::InSelect(..)
        | Expr::Like(..)
        | Expr::Same(..)
        | Expr::Null(_)
        | Expr::Alive => Expr::Not(Box::new(expr)),
    }
}

fn turns(expr: &Expr) -> bool {
    match expr {
        Expr::Null(_) | Expr::Not(_) => true,
        Expr::All(parts) | Expr::Any(parts) => parts.iter().all(turns),
        Expr::Compare(..) | Expr::In(..) | Expr::InSelect(..) | Expr::Like(..) | Expr::Same(..) | Expr::Alive => false,
    }
}

/// The ways to match, one by one.
fn flatten(expr: Expr, ways: &mut Vec<Expr>) {
    if let Expr::Any(parts) = expr {
        parts.into_iter().for_each(|part| flatten(part, ways));
    } else {
        ways.push(expr);
    }
}

/// Whether rows of another table decide.
fn leads_elsewhere(expr: &Expr) -> bool {
    match expr {
        Expr::InSelect(..) => true,
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(leads_elsewhere),
        Expr::Not(_)
        | Expr::Compare(..)
        | Expr::In(..)
        | Expr::Null(_)
        | Expr::Like(..)
        | Expr::Same(..)
        | Expr::Alive => false,
    }
}

/// Whether an index can find the rows.
fn searchable(expr: &Expr) -> bool {
    match expr {
        Expr::Compare(..) | Expr::In(..) | Expr::InSelect(..) | Expr::Null(_) => true,
        Expr::All(parts) => parts.iter().any(searchable),
        Expr::Any(parts) => parts.iter().all(searchable),
        Expr::Not(_) | Expr::Like(..) | Expr::Same(..) | Expr::Alive => false,
    }
}

/// The least text that is greater than every text beginning with `prefix`; none when there is no such text.
fn prefix_end(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

impl<QS> Expression for Filter<QS> {
    type SqlType = Nullable<Bool>;
}
impl<QS> AppearsOnTable<QS> for Filter<QS> {}
impl<QS> SelectableExpression<QS> for Filter<QS> {}
impl<QS> ValidGrouping<()> for Filter<QS> {
    type IsAggregate = is_aggregate::No;
}
impl<QS> QueryId for Filter<QS> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Dialect;
    use crate::explain::sql_of;

    #[test]
    fn the_end_of_a_prefix_is_the_next_code_point() {
        assert_eq!(prefix_end("ab").as_deref(), Some("ac"));
        assert_eq!(prefix_end("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(prefix_end("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(prefix_end(""), None);
        assert_eq!(prefix_end("\u{10ffff}"), None);
    }

    diesel::table! {
        visit (key) {
            key -> Text,
            seen -> Text,
        }
    }

    #[test]
    fn ways_of_ways_are_all_there() {
        let key: TextColumn<visit::table> = visit::key.into_text();
        let seen = |by: &str| Filter::text(visit::seen, Op::Eq, by);
        let through = |by: &str| Filter::within(key.clone(), Select::new(&key, visit::table, seen(by)));
        let two = |a: &str, b: &str| Filter::any([through(a), through(b)]).by_key(&key, visit::table);
        let four = Filter::any([two("a", "b"), two("c", "d")]).by_key(&key, visit::table);
        let sql = sql_of(&four, Dialect::Sqlite);
        assert_eq!(sql.matches("SELECT").count(), 4, "{sql}");
        assert_eq!(sql.matches("`seen` = ?").count(), 4, "{sql}");
    }
}
