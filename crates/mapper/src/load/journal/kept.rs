//! The tables of old rows, and the triggers that fill them.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Journal;
use crate::db::{AnyConnection, Dialect};
use crate::load::install::columns;
use crate::load::statement::{Statement, quoted};
use crate::load::{LoadError, Schema};

/// The column of the load that ended a row.
pub(crate) const UNTIL: &str = "cg_until";

/// The functions of triggers on PostgreSQL.
const POSTGRES: &str = include_str!("../../../../../schema/journal-postgres.sql");

/// The name of the table that keeps the old rows of `table`.
pub(crate) fn was(table: &str) -> String {
    format!("cg_was_{table}")
}

/// A table whose old rows are kept.
pub(super) struct Kept {
    pub table: &'static str,
    /// What names its rows: `key`, or the column of the owner of several.
    pub by: &'static str,
    /// Whether each row has a key of its own.
    pub keyed: bool,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// On SQLite: how many rows `cg_was_…` had before this load. Its further ones are those of this load.
    pub before: Option<i64>,
    /// The load that keeps them.
    pub load: i64,
}

impl Kept {
    /// A condition on `alias`, a row of `cg_was_…`: it was kept by this load.
    pub fn of_load(&self, alias: &str) -> String {
        match self.before {
            // The unique index begins with the key, and rowids grow.
            Some(before) => format!("{alias}.rowid > {before}"),
            None => self.of_load_and_row(alias),
        }
    }

    /// The same on an `alias` whose key is given: the index of the table goes on with this column.
    pub fn of_load_and_row(&self, alias: &str) -> String {
        format!("{alias}.{UNTIL} = {}", self.load)
    }

    /// The table, as SQL.
    pub fn name(&self) -> String {
        quoted(self.table)
    }

    /// The table of its old rows, as SQL.
    pub fn was(&self) -> String {
        quoted(&was(self.table))
    }

    /// The column that says who wrote a row, and the number from which it was this load.
    pub fn written(&self, journal: &Journal) -> (&'static str, i64) {
        if self.keyed {
            ("cg_file", journal.first_file)
        } else {
            ("cg_load", journal.load)
        }
    }
}

/// Tables whose old rows are kept, with what names their rows, and whether that is a key of each.
pub(crate) fn tables(vendor: &Schema) -> Vec<(&'static str, &'static str, bool)> {
    let mut all: Vec<_> = vendor.tables().into_iter().map(|table| (table, "key", true)).collect();
    for exploded in vendor.exploded.iter().filter(|exploded| !exploded.searched_only) {
        if !all.iter().any(|(table, ..)| *table == exploded.table) {
            all.push((exploded.table, exploded.owner, false));
        }
    }
    all
}

/// Makes the tables of old rows, empty.
pub(in crate::load) fn create(conn: &mut AnyConnection, vendor: &Schema) -> Result<(), LoadError> {
    for (table, by, keyed) in tables(vendor) {
        let (name, old) = (quoted(table), quoted(&was(table)));
        let make = match conn.dialect() {
            Dialect::Sqlite => {
                format!("CREATE TABLE {old} AS SELECT t.*, CAST(0 AS bigint) AS {UNTIL} FROM {name} AS t WHERE 1 = 0")
            }
            // One load's rows stand together, so that an index of few bytes finds them.
            Dialect::Postgres => format!(
                "CREATE TABLE {old} (LIKE {name}, {UNTIL} bigint NOT NULL); \
                 CREATE INDEX {} ON {old} USING brin ({UNTIL})",
                quoted(&format!("cg_until_{table}"))
            ),
        };
        let unique = if keyed { "UNIQUE " } else { "" };
        conn.batch_execute(&format!(
            "{make}; CREATE {unique}INDEX {} ON {old} ({}, {UNTIL})",
            quoted(&format!("cg_of_{table}")),
            quoted(by)
        ))?;
    }
    // Old versions are read with their parts.
    let mut indexed = std::collections::BTreeSet::new();
    for part in vendor.parts {
        let own = tables(vendor)
            .iter()
            .any(|(table, by, _)| *table == part.table && *by == part.its);
        if !own && indexed.insert((part.table, part.its)) {
            conn.batch_execute(&format!(
                "CREATE INDEX {} ON {} ({})",
                quoted(&format!("cg_part_{}_{}", part.table, part.its)),
                quoted(&was(part.table)),
                quoted(part.its)
            ))?;
        }
    }
    Ok(())
}

/// Makes the triggers of a load that is not the first.
pub(super) fn begin(conn: &mut AnyConnection, vendor: &Schema, journal: &Journal) -> Result<Vec<Kept>, LoadError> {
    if conn.dialect() == Dialect::Postgres {
        // Triggers stay, since to drop one would wait for whoever reads the table: they look for these.
        let settings = [("load", journal.load), ("file", journal.first_file)];
        for (name, value) in settings {
            conn.batch_execute(&format!("SET LOCAL chartgate.{name} = '{value}'"))?;
        }
        const HAS: &str = "SELECT COUNT(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
                           WHERE p.proname = 'cg_keep' AND n.nspname = current_schema()";
        if Statement::new(HAS).rows::<BigInt, i64>(conn)?.first() == Some(&0) {
            conn.batch_execute(POSTGRES)?;
            for (table, by, keyed) in tables(vendor) {
                conn.batch_execute(&on_postgres(table, by, keyed))?;
            }
        }
    }
    let mut all = vec![];
    for (table, by, keyed) in tables(vendor) {
        let before = match conn.dialect() {
            Dialect::Postgres => None,
            Dialect::Sqlite => {
                let last = format!("SELECT COALESCE(MAX(rowid), 0) FROM {}", quoted(&was(table)));
                Statement::new(last).rows::<BigInt, i64>(conn)?.first().copied()
            }
        };
        let kept = Kept {
            table,
            by,
            keyed,
            columns: columns(conn, table)?.into_iter().map(|(name, _)| name).collect(),
            before,
            load: journal.load,
        };
        if conn.dialect() == Dialect::Sqlite {
            conn.batch_execute(&on_sqlite(&kept, journal))?;
        }
        all.push(kept);
    }
    Ok(all)
}

fn on_postgres(table: &str, by: &str, keyed: bool) -> String {
    let (name, by) = (quoted(table), by.replace('\'', "''"));
    if keyed {
        return format!(
            "CREATE TRIGGER cg_keep AFTER UPDATE ON {name} REFERENCING OLD TABLE AS cg_old \
             FOR EACH STATEMENT EXECUTE FUNCTION cg_keep()"
        );
    }
    format!(
        "CREATE TRIGGER cg_keep_changed AFTER UPDATE ON {name} REFERENCING OLD TABLE AS cg_old NEW TABLE AS cg_new \
         FOR EACH STATEMENT EXECUTE FUNCTION cg_keep_owned('{by}'); \
         CREATE TRIGGER cg_keep_removed AFTER DELETE ON {name} REFERENCING OLD TABLE AS cg_old \
         FOR EACH STATEMENT EXECUTE FUNCTION cg_keep_owned('{by}')"
    )
}

/// Temporary triggers: the database itself stays without.
fn on_sqlite(kept: &Kept, journal: &Journal) -> String {
    let (table, old, by) = (kept.name(), kept.was(), quoted(kept.by));
    let (load, from) = (journal.load, kept.written(journal));
    let columns: Vec<String> = kept.columns.iter().map(|c| quoted(c)).collect();
    let (names, fresh) = (columns.join(", "), format!("OLD.{} < {}", from.0, from.1));
    if kept.keyed {
        let values: Vec<String> = columns.iter().map(|c| format!("OLD.{c}")).collect();
        return format!(
            "CREATE TEMP TRIGGER {} AFTER UPDATE ON {table} WHEN {fresh} BEGIN \
             INSERT INTO {old} ({names}, {UNTIL}) VALUES ({}, {load}) ON CONFLICT ({by}, {UNTIL}) DO NOTHING; END",
            trigger(kept, "changed"),
            values.join(", ")
        );
    }
    let owners = |event: &str| {
        format!(
            "CREATE TEMP TRIGGER {} BEFORE {event} ON {table} \
             WHEN {fresh} AND NOT EXISTS (SELECT 1 FROM {old} AS w WHERE w.{by} = OLD.{by} AND w.{UNTIL} = {load}) BEGIN \
             INSERT INTO {old} ({names}, {UNTIL}) SELECT {names}, {load} FROM {table} AS t WHERE t.{by} = OLD.{by}; END;",
            trigger(kept, event)
        )
    };
    owners("UPDATE") + &owners("DELETE")
}

fn trigger(kept: &Kept, event: &str) -> String {
    quoted(&format!("cg_keep_{}_{event}", kept.table))
}

/// Ends the keeping.
pub(super) fn end(conn: &mut AnyConnection, tables: &[Kept]) -> QueryResult<()> {
    if conn.dialect() == Dialect::Postgres {
        // The settings end with the transaction.
        return Ok(());
    }
    for kept in tables {
        let events: &[&str] = if kept.keyed {
            &["changed"]
        } else {
            &["UPDATE", "DELETE"]
        };
        for event in events {
            conn.batch_execute(&format!("DROP TRIGGER {}", trigger(kept, event)))?;
        }
    }
    Ok(())
}
