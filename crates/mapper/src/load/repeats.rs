//! What a delivery repeats: rows without key that look alike, and keys with several contents.

use std::collections::{BTreeSet, HashMap};

use diesel::sql_types::{BigInt, Text};

use super::prepare::Prepared;
use super::statement::{Statement, lookup, quoted};
use super::writer::{Stored, Writer};
use super::{Entity, LoadError};
use crate::id::row_key;

/// How often rows without key of the same content occurred in this delivery so far.
pub(super) const SEEN: &str = "cg_seen";
/// Change times that rows had before this delivery, for those that come back to the same content within it.
pub(super) const BEFORE: &str = "cg_before";

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

    /// Keeps the change time of rows that say none themselves. A delivery that holds two contents for one key changes
    /// such a row twice each time it is loaded, and yet leaves it as it was.
    pub(super) fn remember(
        &mut self,
        entity: &'static Entity,
        winners: &[&Prepared],
        stored: &HashMap<String, Stored>,
    ) -> Result<(), LoadError> {
        let first = self.first_file;
        let changing = winners.iter().filter(|row| row.updated.is_none());
        let old: Vec<_> = changing
            .filter_map(|row| Some((&row.key, stored.get(&row.key).filter(|s| s.file < first)?)))
            .collect();
        if old.is_empty() {
            return Ok(());
        }
        let mut statement = Statement::new(format!("INSERT INTO {BEFORE} (key, hash, updated) VALUES "));
        for (i, (key, was)) in old.into_iter().enumerate() {
            let binds = [
                format!("{} {key}", entity.table).into(),
                was.hash.clone().into(),
                was.updated.into(),
            ];
            statement = statement.sql(if i == 0 { "(" } else { ", (" }).binds(binds).sql(")");
        }
        statement.sql(" ON CONFLICT (key) DO NOTHING").run(self.conn)?;
        self.before.insert(entity.table);
        Ok(())
    }

    pub(super) fn restore(&mut self) -> Result<(), LoadError> {
        for table in std::mem::take(&mut self.before) {
            let name = quoted(table);
            let from = |name: &str| {
                let key = format!("'{} ' || {name}.key", table.replace('\'', "''"));
                format!("FROM {BEFORE} b WHERE b.key = {key} AND b.hash = {name}.cg_hash")
            };
            let from = from(&name);
            let sql = format!("UPDATE {name} SET cg_updated = (SELECT b.updated {from}) WHERE cg_file >= ");
            Statement::new(sql)
                .bind(self.first_file)
                .sql(format!(" AND EXISTS (SELECT 1 {from})"))
                .run(self.conn)?;
        }
        Ok(())
    }
}
