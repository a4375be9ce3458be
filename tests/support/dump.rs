//! What a database holds, as text that can be compared.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use mapper::db::AnyConnection;

use super::database::Database;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(conn: &mut AnyConnection, sql: &str) -> Vec<String> {
    let query = diesel::sql_query(sql);
    let lines: Vec<Line> = match conn {
        AnyConnection::Postgres(pg) => query.load(pg).unwrap(),
        AnyConnection::Sqlite(sqlite) => query.load(sqlite).unwrap(),
    };
    lines.into_iter().map(|l| l.line).collect()
}

/// Every row of the vendor's tables, one line each, in the order of tables and keys. The columns in `without` are left out.
#[must_use]
pub fn rows(db: &Database, without: &[&str]) -> Vec<String> {
    let mut conn = db.connect();
    let tables = tables(&mut conn);
    tables
        .iter()
        .flat_map(|table| table_rows(&mut conn, table, without))
        .collect()
}

/// Every row that the journal of loads keeps, as [`rows`].
#[must_use]
pub fn kept(db: &Database, without: &[&str]) -> Vec<String> {
    let mut conn = db.connect();
    let mut tables = tables(&mut conn);
    // What is only searched has no past.
    tables.retain(|table| !table.ends_with("_terms"));
    let old = tables.into_iter().map(|table| format!("cg_was_{table}"));
    let mut rows: Vec<String> = old.flat_map(|table| table_rows(&mut conn, &table, without)).collect();
    rows.sort();
    rows
}

/// The tables that rows of deliveries are stored in: those that say why a row is not served.
#[must_use]
pub fn row_tables(db: &Database) -> BTreeSet<String> {
    let mut conn = db.connect();
    let mut all = tables(&mut conn);
    all.retain(|table| columns(&mut conn, table).iter().any(|c| c == "cg_hold"));
    all
}

/// The tables that a vendor's schema makes; the others, `cg_…`, are about loads. The database is asked, so that no table
/// is overlooked.
fn tables(conn: &mut AnyConnection) -> BTreeSet<String> {
    let sql = match conn {
        AnyConnection::Sqlite(_) => {
            "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        }
        AnyConnection::Postgres(_) => {
            "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    let mut all: BTreeSet<String> = lines(conn, sql).into_iter().collect();
    all.retain(|table| !table.starts_with("cg_"));
    all
}

/// The same, of a database.
#[must_use]
pub fn tables_of(db: &Database) -> BTreeSet<String> {
    tables(&mut db.connect())
}

fn columns(conn: &mut AnyConnection, table: &str) -> Vec<String> {
    let sql = match conn {
        AnyConnection::Sqlite(_) => format!("SELECT name AS line FROM pragma_table_info('{table}') ORDER BY 1"),
        AnyConnection::Postgres(_) => format!(
            "SELECT column_name::text AS line FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY 1"
        ),
    };
    lines(conn, &sql)
}

/// A column as the database knows it.
pub struct Column {
    pub name: String,
    pub timestamp: bool,
}

/// The columns of a table.
#[must_use]
pub fn columns_of(db: &Database, table: &str) -> Vec<Column> {
    let mut conn = db.connect();
    let sql = match conn {
        AnyConnection::Sqlite(_) => format!("SELECT name || ' ' || type AS line FROM pragma_table_info('{table}')"),
        AnyConnection::Postgres(_) => format!(
            "SELECT column_name || ' ' || data_type AS line FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
    };
    let column = |line: String| {
        let (name, kind) = line.split_once(' ').unwrap();
        Column {
            name: name.to_owned(),
            timestamp: kind.to_lowercase().starts_with("timestamp"),
        }
    };
    lines(&mut conn, &sql).into_iter().map(column).collect()
}

fn table_rows(conn: &mut AnyConnection, table: &str, without: &[&str]) -> Vec<String> {
    let columns = columns(conn, table);
    assert!(!columns.is_empty(), "there is no table {table}");
    let cells = columns.iter().filter(|c| !without.contains(&c.as_str()));
    let cells: Vec<String> = cells
        .map(|c| format!("'{c}=' || COALESCE(CAST(\"{c}\" AS text), '-')"))
        .collect();
    let keyed = columns.iter().any(|c| c == "key");
    let order = if keyed { " ORDER BY \"key\"" } else { "" };
    let cells = cells.join(" || ' ' || ");
    let mut rows = lines(
        conn,
        &format!("SELECT '{table} ' || {cells} AS line FROM \"{table}\"{order}"),
    );
    if !keyed {
        // What a cell holds several of: without a key, and in no order.
        rows.sort();
    }
    rows
}

/// The texts of column `line` that a statement gives.
#[must_use]
pub fn texts(db: &Database, sql: &str) -> Vec<String> {
    lines(&mut db.connect(), sql)
}

/// The number that a statement gives.
#[must_use]
pub fn number(db: &Database, sql: &str) -> i64 {
    let sql = format!("SELECT CAST(({sql}) AS text) AS line");
    lines(&mut db.connect(), &sql)[0].parse().unwrap()
}
