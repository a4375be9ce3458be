//! The database side of a load: which rows are new, which are newer, and what is written of them.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::sql_types::{Nullable, Text, Timestamp};

use super::install::Tables;
use super::journal::Journal;
use super::prepare::Prepared;
use super::repeats::SEEN;
use super::statement::{Statement, drop_temporary, lookup, quoted, temporary};
use super::upsert::{Record, Upsert};
use super::{Entity, Exploded, FileRead, LoadError, Report, Schema, explode};
use crate::db::AnyConnection;
use crate::sql::Value;

/// Writes the rows of one delivery.
pub(super) struct Writer<'c> {
    pub(super) conn: &'c mut AnyConnection,
    upserts: HashMap<&'static str, Upsert>,
    exploded: &'static [Exploded],
    journal: &'c Journal,
    report: Report,
    next_file: i64,
    /// Tables that rows were written to.
    written: BTreeSet<&'static str>,
}

/// What the database has under a key.
pub(super) struct Stored {
    pub hash: String,
    pub modified: Option<NaiveDateTime>,
}

/// What stands under a key while a batch is gone through.
struct Standing<'r> {
    hash: &'r str,
    modified: Option<NaiveDateTime>,
    /// The row of the batch, if it is one.
    row: Option<usize>,
}

impl<'c> Writer<'c> {
    pub fn start(
        conn: &'c mut AnyConnection,
        vendor: &Schema,
        tables: &Tables,
        journal: &'c Journal,
    ) -> Result<Self, LoadError> {
        temporary(conn, SEEN, "(base text PRIMARY KEY, n bigint NOT NULL)")?;
        let report = Report {
            delivery: journal.load,
            ..Report::default()
        };
        let upsert = |entity: &'static Entity| Ok((entity.name, Upsert::new(entity, tables)?));
        Ok(Self {
            upserts: vendor.stored().map(upsert).collect::<Result<_, LoadError>>()?,
            exploded: vendor.exploded,
            conn,
            journal,
            report,
            next_file: journal.first_file,
            written: BTreeSet::new(),
        })
    }

    /// The first file number of this delivery: rows with it or a later one were written by this load.
    pub fn first_file(&self) -> i64 {
        self.journal.first_file
    }

    /// The tables that rows were written to, so far.
    pub fn written(&self) -> BTreeSet<&'static str> {
        self.written.clone()
    }

    pub fn report(&mut self) -> &mut Report {
        &mut self.report
    }

    /// The number for the rows of the next file.
    pub fn begin_file(&mut self) -> i64 {
        self.next_file += 1;
        self.next_file - 1
    }

    /// Records a file whose rows are written; `path` and `label` are `None` for rows made of references.
    pub fn end_file(
        &mut self,
        id: i64,
        entity: &'static Entity,
        file: Option<(std::path::PathBuf, String)>,
        rows: u64,
    ) -> Result<(), LoadError> {
        let (path, label) = file.unzip();
        Statement::new("INSERT INTO cg_file (id, delivery, path, entity, read_rows) VALUES (")
            .binds([
                id.into(),
                self.report.delivery.into(),
                label.into(),
                entity.name.into(),
                int(rows),
            ])
            .sql(")")
            .run(self.conn)?;
        if let Some(path) = path {
            self.report.files.push(FileRead {
                path,
                entity: entity.name,
                rows,
            });
        }
        Ok(())
    }

    /// Stores a batch of delivered rows: of those with one key the newest, or the later when they do not say.
    pub fn write(&mut self, entity: &'static Entity, file: i64, mut rows: Vec<Prepared>) -> Result<(), LoadError> {
        self.number(entity, &mut rows)?;
        let stored = self.stored(entity, &rows)?;
        let counts = self.report.counts(entity.name);
        counts.read += rows.len() as u64;
        let mut standing: HashMap<&str, Standing<'_>> = HashMap::with_capacity(rows.len());
        for (key, s) in &stored {
            standing.insert(
                key,
                Standing {
                    hash: &s.hash,
                    modified: s.modified,
                    row: None,
                },
            );
        }
        for (i, row) in rows.iter().enumerate() {
            if let Some(reason) = &row.hold {
                *counts.held.entry(reason.clone()).or_default() += 1;
            }
            let own = Standing {
                hash: &row.hash,
                modified: row.modified,
                row: Some(i),
            };
            match standing.get_mut(row.key.as_str()) {
                None => {
                    counts.new += 1;
                    standing.insert(&row.key, own);
                }
                Some(other)
                    if other
                        .modified
                        .zip(row.modified)
                        .is_some_and(|(theirs, own)| own < theirs) =>
                {
                    counts.superseded += 1;
                }
                Some(other) if other.hash == row.hash => counts.unchanged += 1,
                Some(other) => {
                    counts.updated += 1;
                    *other = own;
                }
            }
        }
        let wins = |(i, row): &(usize, &Prepared)| {
            standing.get(row.key.as_str()).is_some_and(|s| s.row == Some(*i))
                && stored.get(&row.key).is_none_or(|s| s.hash != row.hash)
        };
        let winners: Vec<&Prepared> = rows.iter().enumerate().filter(wins).map(|(_, row)| row).collect();
        self.store(entity, file, &winners)?;
        for exploded in self.exploded.iter().filter(|e| e.entity == entity.name) {
            explode::replace(
                self.conn,
                exploded,
                &winners,
                |key| stored.contains_key(key),
                self.journal.load,
            )?;
        }
        Ok(())
    }

    /// Stores rows made of references, unless there is one with the key already. Returns how many are new.
    pub fn write_made(&mut self, entity: &'static Entity, file: i64, rows: &[Prepared]) -> Result<u64, LoadError> {
        let stored = self.stored(entity, rows)?;
        let mut keys = BTreeSet::new();
        let mut new = vec![];
        for row in rows {
            if !stored.contains_key(&row.key) && keys.insert(row.key.as_str()) {
                new.push(row);
            }
        }
        let counts = self.report.counts(entity.name);
        counts.read += new.len() as u64;
        counts.new += new.len() as u64;
        self.store(entity, file, &new)?;
        Ok(new.len() as u64)
    }

    /// Ends the writing of rows.
    pub fn finish(&mut self, took: Duration) -> Result<Report, LoadError> {
        drop_temporary(self.conn, SEEN)?;
        let finished = self.journal.now + TimeDelta::from_std(took).unwrap_or_default();
        let sum = self.report.totals();
        let counts = [sum.read, sum.new, sum.updated, sum.unchanged, sum.superseded].map(int);
        let columns =
            "id, started, finished, read_rows, new_rows, updated_rows, unchanged_rows, superseded_rows, kept_rows";
        Statement::new(format!("INSERT INTO cg_delivery ({columns}) VALUES ("))
            .binds(
                [self.report.delivery.into(), self.journal.now.into(), finished.into()]
                    .into_iter()
                    .chain(counts)
                    .chain([Value::Int(0)]),
            )
            .sql(")")
            .run(self.conn)?;
        Ok(std::mem::take(&mut self.report))
    }

    fn stored(&mut self, entity: &Entity, rows: &[Prepared]) -> Result<HashMap<String, Stored>, LoadError> {
        type Sql = (Text, Text, Nullable<Timestamp>);
        type Row = (String, String, Option<NaiveDateTime>);
        let table = quoted(entity.table);
        // Plain text: a prepared statement must not remember the domain of tables that were taken back.
        let head = format!("SELECT CAST(key AS text), CAST(cg_hash AS text), cg_modified FROM {table} WHERE key");
        let keys: Vec<&str> = rows.iter().map(|r| r.key.as_str()).collect();
        let found: Vec<Row> = lookup::<Sql, Row>(self.conn, &head, &keys)?;
        let entry = |(key, hash, modified)| (key, Stored { hash, modified });
        Ok(found.into_iter().map(entry).collect())
    }

    fn store(&mut self, entity: &'static Entity, file: i64, rows: &[&Prepared]) -> Result<(), LoadError> {
        let Some(upsert) = self.upserts.get(entity.name) else {
            return Err(LoadError::Schema(format!(
                "`{}` is not one of the vendor's entities",
                entity.name
            )));
        };
        if !rows.is_empty() {
            self.written.insert(entity.table);
        }
        let records: Vec<_> = rows
            .iter()
            .map(|row| Record {
                row,
                updated: self.journal.updated(row.updated),
                file,
            })
            .collect();
        upsert.run(self.conn, &records)
    }
}

fn int(n: u64) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}
