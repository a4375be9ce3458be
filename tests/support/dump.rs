//! What a database holds, as text that can be compared.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use mapper::db::AnyConnection;
use mapper_healthjump::VENDOR;

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
    tables()
        .into_iter()
        .flat_map(|table| table_rows(&mut conn, table, without))
        .collect()
}

/// The vendor's tables: of delivered entities, and of rows that are made.
#[must_use]
pub fn tables() -> BTreeSet<&'static str> {
    let made = VENDOR.schema.syntheses.iter().map(|s| s.entity);
    VENDOR.schema.entities.iter().chain(made).map(|e| e.table).collect()
}

fn table_rows(conn: &mut AnyConnection, table: &str, without: &[&str]) -> Vec<String> {
    let columns = match conn {
        AnyConnection::Sqlite(_) => format!("SELECT name AS line FROM pragma_table_info('{table}') ORDER BY 1"),
        AnyConnection::Postgres(_) => format!(
            "SELECT column_name::text AS line FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY 1"
        ),
    };
    let columns = lines(conn, &columns);
    assert!(!columns.is_empty(), "there is no table {table}");
    let cells = columns.iter().filter(|c| !without.contains(&c.as_str()));
    let cells: Vec<String> = cells
        .map(|c| format!("'{c}=' || COALESCE(CAST({c} AS text), '-')"))
        .collect();
    lines(
        conn,
        &format!(
            "SELECT '{table} ' || {} AS line FROM {table} ORDER BY key",
            cells.join(" || ' ' || ")
        ),
    )
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
