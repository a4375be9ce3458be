//! A connection that sees the tables as they were after a load.
//!
//! Temporary views hide every table, as those of [`live`](crate::live) do: of each row the one that the first load after that
//! one ended, or the present one when none did. Rows that a later load brought are not there. Which load is looked at stands
//! in a temporary table, so that the views are made once for a connection.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::db::{AnyConnection, Dialect};
use crate::load::Schema;
use crate::load::install::columns;
use crate::load::journal::{UNTIL, tables, was};
use crate::load::statement::{Statement, quoted};

/// Makes the views on a new connection, before it refuses to write.
///
/// # Errors
/// What the database says.
pub(crate) fn make(conn: &mut AnyConnection, schema: &Schema) -> QueryResult<()> {
    let home = match conn.dialect() {
        Dialect::Sqlite => "main".to_owned(),
        Dialect::Postgres => {
            let found = Statement::new("SELECT CAST(current_schema() AS text)").rows::<Text, String>(conn)?;
            quoted(&found.into_iter().next().unwrap_or_default())
        }
    };
    let mut sql = "CREATE TEMP TABLE cg_at (load bigint, file bigint); INSERT INTO cg_at VALUES (0, 0); ".to_owned();
    for (table, by, keyed) in tables(schema) {
        let columns = columns(conn, table)?;
        sql.push_str(&view(&home, table, by, keyed, &columns));
    }
    conn.batch_execute(&sql)
}

fn view(home: &str, table: &str, by: &str, keyed: bool, columns: &[(String, String)]) -> String {
    let (name, by) = (quoted(table), quoted(by));
    let (now, old) = (format!("{home}.{name}"), format!("{home}.{}", quoted(&was(table))));
    let select = |of: &str| {
        columns
            .iter()
            .map(|(c, _)| format!("{of}.{}", quoted(c)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let there = |of: &str| match keyed {
        true => format!("{of}.cg_file < (SELECT a.file FROM cg_at AS a)"),
        false => format!("{of}.cg_load <= (SELECT a.load FROM cg_at AS a)"),
    };
    let later = |of: &str| format!("{of}.{UNTIL} > (SELECT a.load FROM cg_at AS a)");
    format!(
        "CREATE TEMP VIEW {name} AS \
         SELECT {} FROM {now} AS t WHERE {} \
         AND NOT EXISTS (SELECT 1 FROM {old} AS w WHERE w.{by} = t.{by} AND {}) \
         UNION ALL SELECT {} FROM {old} AS w WHERE {} \
         AND w.{UNTIL} = (SELECT MIN(f.{UNTIL}) FROM {old} AS f WHERE f.{by} = w.{by} AND {}); ",
        select("t"),
        there("t"),
        later("w"),
        select("w"),
        there("w"),
        later("f")
    )
}

/// Shows the tables as they were after this load.
pub(super) fn look(conn: &mut AnyConnection, load: i64) -> QueryResult<()> {
    let file = Statement::new("SELECT MIN(id) FROM cg_file WHERE delivery > ")
        .bind(load)
        .rows::<Nullable<BigInt>, Option<i64>>(conn)?;
    let file = file.into_iter().flatten().next().unwrap_or(i64::MAX);
    let set = format!("UPDATE cg_at SET load = {load}, file = {file}");
    match conn.dialect() {
        // It takes `query_only` for all databases of the connection, its temporary one included.
        Dialect::Sqlite => conn.batch_execute(&format!("PRAGMA query_only = 0; {set}; PRAGMA query_only = 1")),
        Dialect::Postgres => conn.batch_execute(&set),
    }
}
