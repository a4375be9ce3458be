//! What a database says of how it runs a statement.
//!
//! PostgreSQL is asked with `EXPLAIN (ANALYZE)`, so that it plans with the statement's own values and counts rows; SQLite with
//! `EXPLAIN QUERY PLAN`. Conditions, which PostgreSQL shows with values, are not taken over.

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Integer, Text};
use serde::Serialize;
use serde_json::Value;

use crate::db::{AnyConnection, AnyDb, Dialect};

/// A way to rows, or what is done with them on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Access {
    /// Which.
    pub how: How,
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// The rows read on it, where the database tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// What an [`Access`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Only the rows that an index gives for a condition.
    Search,
    /// From the first row of the table or index on, until there are enough.
    Scan,
    /// Rows are put in order after they were read.
    Sort,
}

/// `EXPLAIN` of a statement with its values.
struct Explain<'a, ST> {
    prefix: &'static str,
    query: &'a dyn QueryFragment<AnyDb>,
    types: PhantomData<fn() -> ST>,
}

impl<ST> QueryFragment<AnyDb> for Explain<'_, ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, AnyDb>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(self.prefix);
        self.query.walk_ast(out)
    }
}

impl<ST> QueryId for Explain<'_, ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<ST> Query for Explain<'_, ST> {
    type SqlType = ST;
}
impl<ST> RunQueryDsl<AnyConnection> for Explain<'_, ST> {}

/// How the connection's database would run a statement. On PostgreSQL this runs it.
pub(super) fn plan(conn: &mut AnyConnection, query: &dyn QueryFragment<AnyDb>) -> QueryResult<Vec<Access>> {
    match conn.dialect() {
        Dialect::Postgres => {
            let explain: Explain<'_, Text> = Explain {
                prefix: "EXPLAIN (ANALYZE, COSTS FALSE, TIMING FALSE, SUMMARY FALSE, FORMAT JSON) ",
                query,
                types: PhantomData,
            };
            let json: String = explain.get_result(conn)?;
            Ok(of_postgres(&json))
        }
        Dialect::Sqlite => {
            let explain: Explain<'_, (Integer, Integer, Integer, Text)> = Explain {
                prefix: "EXPLAIN QUERY PLAN ",
                query,
                types: PhantomData,
            };
            let lines: Vec<(i32, i32, i32, String)> = explain.load(conn)?;
            Ok(lines.iter().filter_map(|(.., line)| of_sqlite(line)).collect())
        }
    }
}

/// The accesses of a plan in PostgreSQL's JSON.
fn of_postgres(json: &str) -> Vec<Access> {
    let plan: Value = serde_json::from_str(json).unwrap_or_default();
    let mut found = vec![];
    let plans = plan.as_array().into_iter().flatten();
    plans.filter_map(|p| p.get("Plan")).for_each(|p| node(p, &mut found));
    found
}

/// One node of a plan and those below it.
fn node(plan: &Value, found: &mut Vec<Access>) {
    let text = |name: &str| plan.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text("Node Type").unwrap_or_default();
    let access = |how, index| Access {
        how,
        table: text("Relation Name"),
        index,
        rows: Some(rows(plan)),
    };
    let conditional = plan.get("Index Cond").is_some();
    match kind.as_str() {
        "Seq Scan" => found.push(access(How::Scan, None)),
        "Index Scan" | "Index Only Scan" => {
            let how = if conditional { How::Search } else { How::Scan };
            found.push(access(how, text("Index Name")));
        }
        "Bitmap Heap Scan" => {
            let mut indexes = vec![];
            bitmaps(plan, &mut indexes);
            found.push(access(How::Search, Some(indexes.join(", "))));
        }
        "Sort" | "Incremental Sort" => found.push(Access {
            rows: None,
            ..access(How::Sort, None)
        }),
        _ => {}
    }
    below(plan).for_each(|inner| node(inner, found));
}

fn below(plan: &Value) -> impl Iterator<Item = &Value> {
    plan.get("Plans").and_then(Value::as_array).into_iter().flatten()
}

/// The indexes whose results a bitmap is made of.
fn bitmaps(plan: &Value, indexes: &mut Vec<String>) {
    for inner in below(plan) {
        if inner.get("Node Type").and_then(Value::as_str) == Some("Bitmap Index Scan") {
            indexes.extend(inner.get("Index Name").and_then(Value::as_str).map(str::to_owned));
        }
        bitmaps(inner, indexes);
    }
}

/// Rows that a node looked at: those it passed on and those it dropped, each time it ran.
fn rows(plan: &Value) -> u64 {
    let number = |name: &str| plan.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let once = number("Actual Rows") + number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
    let all = (once * number("Actual Loops")).round().max(0.0);
    // Far from where a float stops telling whole numbers apart.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        all as u64
    }
}

/// The access in a line of SQLite's plan, such as `SEARCH t USING INDEX i (c=?)`.
fn of_sqlite(line: &str) -> Option<Access> {
    let mut words = line.split(' ');
    let how = match words.next()? {
        "SEARCH" => How::Search,
        "SCAN" => How::Scan,
        "USE" if line.ends_with("ORDER BY") => How::Sort,
        _ => return None,
    };
    if how == How::Sort {
        return Some(Access {
            how,
            table: None,
            index: None,
            rows: None,
        });
    }
    let table = words.next()?;
    if table.starts_with('(') || line.starts_with("SCAN CONSTANT ROW") {
        return None;
    }
    let index = line.split_once(" INDEX ").and_then(|(_, rest)| rest.split(' ').next());
    let rowid = line.contains(" INTEGER PRIMARY KEY ").then_some("rowid");
    Some(Access {
        how,
        table: Some(table.to_owned()),
        index: index.or(rowid).map(str::to_owned),
        rows: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_sqlite() {
        let read = |line| of_sqlite(line).map(|a| (a.how, a.table, a.index));
        let some =
            |how, table: &str, index: Option<&str>| Some((how, Some(table.to_owned()), index.map(str::to_owned)));
        assert_eq!(
            read("SEARCH dx USING INDEX dx_patient (cg_patient=? AND key>?)"),
            some(How::Search, "dx", Some("dx_patient"))
        );
        assert_eq!(
            read("SCAN dx USING COVERING INDEX dx_key"),
            some(How::Scan, "dx", Some("dx_key"))
        );
        assert_eq!(
            read("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"),
            some(How::Search, "t", Some("rowid"))
        );
        assert_eq!(read("SCAN t"), some(How::Scan, "t", None));
        assert_eq!(read("USE TEMP B-TREE FOR ORDER BY"), Some((How::Sort, None, None)));
        assert_eq!(read("USE TEMP B-TREE FOR DISTINCT"), None);
        assert_eq!(read("MULTI-INDEX OR"), None);
        assert_eq!(read("LIST SUBQUERY 1"), None);
    }

    #[test]
    fn nodes_of_postgres() {
        let json = r#"[{"Plan": {"Node Type": "Limit", "Actual Rows": 2, "Actual Loops": 1, "Plans": [
            {"Node Type": "Sort", "Actual Rows": 2, "Actual Loops": 1, "Plans": [
                {"Node Type": "Bitmap Heap Scan", "Relation Name": "dx", "Recheck Cond": "(code = 'secret')",
                 "Actual Rows": 2, "Rows Removed by Filter": 3, "Actual Loops": 2, "Plans": [
                    {"Node Type": "BitmapOr", "Plans": [
                        {"Node Type": "Bitmap Index Scan", "Index Name": "a", "Index Cond": "(code = 'secret')"},
                        {"Node Type": "Bitmap Index Scan", "Index Name": "b"}]}]},
                {"Node Type": "Index Scan", "Relation Name": "pt", "Index Name": "pt_pkey", "Actual Rows": 9, "Actual Loops": 1},
                {"Node Type": "Seq Scan", "Relation Name": "enc", "Actual Rows": 1, "Actual Loops": 0}]}]}}]"#;
        let text = serde_json::to_string(&of_postgres(json)).unwrap();
        insta::assert_snapshot!(text, @r#"[{"how":"sort"},{"how":"search","table":"dx","index":"a, b","rows":10},{"how":"scan","table":"pt","index":"pt_pkey","rows":9},{"how":"scan","table":"enc","rows":0}]"#);
    }
}
