//! Which rows of other tables a mapping looks up while it reads: lineage asks, nobody else pays more than a glance.

use std::cell::RefCell;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use super::render::{Fragment, Sql, golden};
use super::value::Value;

/// A look-up: the rows of a table whose column has one of some texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LookUp {
    pub table: String,
    pub column: String,
    pub texts: Vec<String>,
}

thread_local! {
    static SEEN: RefCell<Option<Vec<LookUp>>> = const { RefCell::new(None) };
}

/// Runs `work` and tells its look-ups.
pub(crate) fn watched<T>(work: impl FnOnce() -> T) -> (T, Vec<LookUp>) {
    SEEN.set(Some(vec![]));
    let end = End;
    let done = work();
    let seen = SEEN.take().unwrap_or_default();
    drop(end);
    (done, seen)
}

/// Ends the watch, also when the work panics.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        SEEN.set(None);
    }
}

/// A column for [`golden`].
struct Shown<'s>(&'s Sql);

impl<DB: Backend> QueryFragment<DB> for Shown<'_>
where
    dyn Fragment: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

/// Notes a look-up, when somebody watches.
pub(super) fn note(column: &Sql, values: &[Value]) {
    SEEN.with_borrow_mut(|seen| {
        let Some(seen) = seen else { return };
        let text = |value: &Value| match value {
            Value::Text(text) => Some(text.clone()),
            Value::Int(_) | Value::Date(_) | Value::Time(_) | Value::Null => None,
        };
        // `"table"."column" -- binds: []`
        let (name, _) = golden(&Shown(column));
        let mut parts = name.split('"');
        if let (Some(table), Some(column)) = (parts.nth(1), parts.nth(1)) {
            seen.push(LookUp {
                table: table.to_owned(),
                column: column.to_owned(),
                texts: values.iter().filter_map(text).collect(),
            });
        }
    });
}
