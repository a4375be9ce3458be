//! The end of a load: what came out as it was is taken back, and what changed is passed on.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Journal;
use super::kept::{self, Kept};
use crate::db::AnyConnection;
use crate::load::statement::{Statement, drop_temporary, quoted, temporary};
use crate::load::{LoadError, Part, Schema};

/// What came out as it was, of one table.
const SAME: &str = "cg_same";

/// Columns of ours that say when and from where a row came, not what it says.
const COMING: [&str; 3] = ["cg_updated", "cg_file", "cg_load"];

impl Journal {
    /// Ends the journal of this load, which wrote rows of the tables `written`, and says how many old rows it keeps.
    pub fn end(
        self,
        conn: &mut AnyConnection,
        vendor: &Schema,
        written: &BTreeSet<&'static str>,
    ) -> Result<(), LoadError> {
        let mut changed = vec![];
        for kept in &self.tables {
            if any(conn, kept)? {
                take_back(conn, kept)?;
                changed.push(kept.table);
            }
        }
        for kept in self.tables.iter().filter(|k| k.keyed && changed.contains(&k.table)) {
            self.date(conn, kept)?;
        }
        let exploded = vendor.exploded.iter().map(|e| (e.entity, e.table));
        let fresh = |table: &str| {
            let mut of = exploded
                .clone()
                .filter(|(_, exploded)| *exploded == table)
                .map(|(entity, _)| entity);
            let mut entities = vendor.stored().filter(|e| written.contains(e.table));
            written.contains(table) || of.any(|name| entities.any(|e| e.name == name))
        };
        for part in vendor.parts {
            if !self.is_first() && (changed.contains(&part.table) || fresh(part.table)) {
                self.pass_on(conn, part)?;
            }
        }
        let mut rows = 0;
        for kept in &self.tables {
            let count = format!("SELECT COUNT(*) FROM {} AS w WHERE {}", kept.was(), kept.of_load("w"));
            rows += Statement::new(count)
                .rows::<BigInt, i64>(conn)?
                .first()
                .copied()
                .unwrap_or(0);
        }
        kept::end(conn, &self.tables)?;
        Statement::new("UPDATE cg_delivery SET kept_rows = ")
            .bind(rows)
            .sql(" WHERE id = ")
            .bind(self.load)
            .run(conn)?;
        Ok(())
    }

    /// Gives rows that other statements than the upsert have changed the time of this load.
    fn date(&self, conn: &mut AnyConnection, kept: &Kept) -> QueryResult<()> {
        let (name, old) = (kept.name(), kept.was());
        Statement::new(format!("UPDATE {name} SET cg_updated = "))
            .bind(self.now)
            .sql(format!(" WHERE cg_file < {} AND cg_updated <> ", self.first_file))
            .bind(self.now)
            .sql(format!(
                " AND key IN (SELECT w.key FROM {old} AS w WHERE {})",
                kept.of_load("w")
            ))
            .run(conn)
            .map(|_| ())
    }

    /// Gives the owners of rows that are new, changed or gone the time of this load. The triggers keep them as they were.
    fn pass_on(&self, conn: &mut AnyConnection, part: &Part) -> Result<(), LoadError> {
        let Some(kept) = self.tables.iter().find(|k| k.table == part.table) else {
            return Err(LoadError::Schema(format!("`{}` is a part and no table", part.table)));
        };
        let (own, old, by) = (kept.name(), kept.was(), quoted(kept.by));
        let (its, of) = (quoted(part.its), quoted(part.of));
        let (written, from) = kept.written(self);
        let mine = kept.of_load("w");
        Statement::new(format!("UPDATE {of} SET cg_updated = "))
            .bind(self.now)
            .sql(" WHERE cg_updated <> ")
            .bind(self.now)
            .sql(format!(
                " AND {} IN (SELECT w.{its} FROM {old} AS w WHERE {mine} \
                 UNION SELECT t.{its} FROM {own} AS t WHERE t.{written} >= {from} \
                 UNION SELECT t.{its} FROM {own} AS t WHERE t.{by} IN (SELECT w.{by} FROM {old} AS w WHERE {mine}))",
                quoted(part.by)
            ))
            .run(conn)?;
        Ok(())
    }
}

/// Whether this load has kept rows of a table.
fn any(conn: &mut AnyConnection, kept: &Kept) -> QueryResult<bool> {
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM {} AS w WHERE {} LIMIT 1) AS f",
        kept.was(),
        kept.of_load("w")
    );
    Ok(Statement::new(sql).rows::<BigInt, i64>(conn)?.first() == Some(&1))
}

/// Rows that came out as they were, such as those that a delivery holds twice, were not changed: they are as before, their
/// time included, and nothing of them is kept.
fn take_back(conn: &mut AnyConnection, kept: &Kept) -> QueryResult<()> {
    let (name, old, by) = (kept.name(), kept.was(), quoted(kept.by));
    temporary(conn, SAME, &same(kept))?;
    let set = if kept.keyed {
        "cg_updated = s.cg_updated, cg_file = s.cg_file"
    } else {
        "cg_load = s.cg_load"
    };
    let apart = if kept.keyed {
        format!("({name}.cg_updated <> s.cg_updated OR {name}.cg_file <> s.cg_file)")
    } else {
        format!("{name}.cg_load <> s.cg_load")
    };
    Statement::new(format!(
        "UPDATE {name} SET {set} FROM {SAME} AS s WHERE s.name = {name}.{by} AND {apart}"
    ))
    .run(conn)?;
    Statement::new(format!(
        "DELETE FROM {old} AS w WHERE {} AND w.{by} IN (SELECT s.name FROM {SAME} AS s)",
        kept.of_load("w")
    ))
    .run(conn)?;
    drop_temporary(conn, SAME)
}

/// The definition of [`SAME`].
fn same(kept: &Kept) -> String {
    let (name, old, by, mine) = (kept.name(), kept.was(), quoted(kept.by), kept.of_load("w"));
    let says = kept.columns.iter().filter(|c| !COMING.contains(&c.as_str()));
    let says: Vec<String> = says.map(|c| quoted(c)).collect();
    if kept.keyed {
        // The hash first: where it differs nothing else has to be compared. Within a CASE, so that rows are found by their key:
        // SQLite would look them up by any of these columns that has an index, such as one that is NULL in most rows.
        let equal: Vec<String> = says
            .iter()
            .map(|c| format!("t.{c} IS NOT DISTINCT FROM w.{c}"))
            .collect();
        return format!(
            "AS SELECT w.key AS name, w.cg_updated AS cg_updated, w.cg_file AS cg_file FROM {old} AS w \
             JOIN {name} AS t ON t.key = w.key WHERE {mine} AND CASE WHEN t.cg_hash = w.cg_hash THEN {} ELSE FALSE END",
            equal.join(" AND ")
        );
    }
    let of = |alias: &str| {
        says.iter()
            .map(|c| format!("{alias}.{c}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let now = format!("SELECT {} FROM {name} AS t WHERE t.{by} = o.name", of("t"));
    let before = format!(
        "SELECT {} FROM {old} AS w WHERE w.{by} = o.name AND {}",
        of("w"),
        kept.of_load_and_row("w")
    );
    format!(
        "AS SELECT o.name, o.cg_load FROM \
         (SELECT w.{by} AS name, MIN(w.cg_load) AS cg_load, COUNT(*) AS n FROM {old} AS w WHERE {mine} GROUP BY w.{by}) AS o \
         WHERE o.n = (SELECT COUNT(*) FROM {name} AS t WHERE t.{by} = o.name) \
         AND NOT EXISTS ({now} EXCEPT {before}) AND NOT EXISTS ({before} EXCEPT {now})"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use diesel::connection::SimpleConnection;
    use diesel::sql_types::{Integer, Text};

    use super::*;
    use crate::db::{Access, Manager, Url};

    /// A column that tells rows apart as well as the key does must not tempt the planner: with NULL in it, all would be looked at.
    #[test]
    fn what_is_compared_is_found_by_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let manager = Manager::new(Url::parse(&url).unwrap(), Access::Load, Duration::ZERO);
        let mut conn = manager.open().unwrap();
        conn.batch_execute(
            "CREATE TABLE visit (key text PRIMARY KEY, cg_hash text, number text, cg_updated timestamp, cg_file bigint); \
             CREATE INDEX visit_number ON visit (number); \
             CREATE TABLE cg_was_visit AS SELECT t.*, 0 AS cg_until FROM visit AS t; \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) \
             INSERT INTO visit SELECT i, i, i, 0, 1 FROM n; ANALYZE",
        )
        .unwrap();
        let kept = Kept {
            table: "visit",
            by: "key",
            keyed: true,
            columns: ["key", "cg_hash", "number", "cg_updated", "cg_file"]
                .map(str::to_owned)
                .into(),
            before: Some(0),
            load: 2,
        };
        let sql = same(&kept);
        let plan = Statement::new(format!("EXPLAIN QUERY PLAN {}", sql.strip_prefix("AS ").unwrap()))
            .rows::<(Integer, Integer, Integer, Text), (i32, i32, i32, String)>(&mut conn)
            .unwrap();
        let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
        assert!(steps.iter().any(|s| s.contains("(key=?)")), "{steps:?}");
    }
}
