//! What a delivery repeats: rows without key that look alike.

use std::collections::{BTreeSet, HashMap};

use diesel::sql_types::{BigInt, Text};

use super::prepare::Prepared;
use super::statement::{Statement, lookup};
use super::writer::Writer;
use super::{Entity, LoadError};
use crate::id::row_key;

/// How often rows without key of the same content occurred in this delivery so far.
pub(super) const SEEN: &str = "cg_seen";

impl Writer<'_> {
    /// Gives rows without key theirs: the second with the same base gets `-2`, and so on.
    pub(super) fn number(&mut self, entity: &Entity, rows: &mut [Prepared]) -> Result<(), LoadError> {
        let base = |row: &Prepared| format!("{} {}", entity.table, row.key);
        let bases: BTreeSet<String> = rows.iter().filter(|r| r.keyless).map(base).collect();
        if bases.is_empty() {
            return Ok(());
        }
        let keys: Vec<&str> = bases.iter().map(String::as_str).collect();
        let head = format!("SELECT base, n FROM {SEEN} WHERE base");
        let seen = lookup::<(Text, BigInt), (String, i64)>(self.conn, &head, &keys)?;
        let mut seen: HashMap<String, i64> = seen.into_iter().collect();
        for row in rows.iter_mut().filter(|r| r.keyless) {
            let n = seen.entry(base(row)).or_default();
            *n += 1;
            if *n > 1 {
                row.key = row_key(&format!("{}-{n}", row.key));
            }
        }
        let mut statement = Statement::new(format!("INSERT INTO {SEEN} (base, n) VALUES "));
        for (i, (base, n)) in seen.into_iter().enumerate() {
            statement = statement
                .sql(if i == 0 { "(" } else { ", (" })
                .binds([base.into(), n.into()])
                .sql(")");
        }
        statement
            .sql(" ON CONFLICT (base) DO UPDATE SET n = excluded.n")
            .run(self.conn)?;
        Ok(())
    }
}
