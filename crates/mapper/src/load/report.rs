//! What a load did, for people and for programs; and what it tells while it runs.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// Is told how a load goes on. All methods do nothing unless implemented; `()` is the silent one.
pub trait Progress {
    /// The delivery has so many files to read, and bytes in them (as stored, compressed or not).
    fn plan(&mut self, _files: usize, _bytes: u64) {}
    /// A file begins.
    fn file(&mut self, _path: &Path, _bytes: u64, _entity: &str) {}
    /// So many more rows are stored, and bytes of the file read.
    fn advance(&mut self, _rows: u64, _bytes: u64) {}
    /// Something other than reading begins: `checking files`, `resolving references`, ….
    fn stage(&mut self, _what: &str) {}
    /// A warning, as in [`Report::warnings`].
    fn note(&mut self, _text: &str) {}
}

impl Progress for () {}

/// What one load did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The delivery's number in the database, from 1.
    pub delivery: i64,
    /// Rows by entity. `read = new + updated + unchanged + superseded`.
    pub entities: BTreeMap<&'static str, Counts>,
    /// The files that were read, in the order of reading.
    pub files: Vec<FileRead>,
    /// The files that were not read, and why.
    pub not_read: Vec<NotRead>,
    /// What looks incomplete: missing pages.
    pub warnings: Vec<String>,
}

/// Rows of one entity in one load.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows in the delivery's files; for rows made of references, those that were made.
    pub read: u64,
    /// Rows whose key was not stored.
    pub new: u64,
    /// Rows that replaced another content.
    pub updated: u64,
    /// Rows that are stored with the same content.
    pub unchanged: u64,
    /// Rows that lost against a newer or, without time of change, later row of their key.
    pub superseded: u64,
    /// Of the rows read, those that are not served, by reason: `withheld:…`, `rejected:…`.
    pub held: BTreeMap<String, u64>,
    /// Non-empty cells that are not stored, by the delivery's column name.
    pub columns_not_read: BTreeMap<String, u64>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRead {
    /// The file.
    pub path: PathBuf,
    /// What it holds.
    pub entity: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// A file that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotRead {
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub reason: String,
}

impl Counts {
    /// Of the rows read, those withheld by the vendor.
    #[must_use]
    pub fn withheld(&self) -> u64 {
        self.held_as("withheld:")
    }

    /// Of the rows read, those that cannot become a valid resource.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.held_as("rejected:")
    }

    fn held_as(&self, prefix: &str) -> u64 {
        self.held
            .iter()
            .filter(|(reason, _)| reason.starts_with(prefix))
            .map(|(_, n)| n)
            .sum()
    }

    fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.new += other.new;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.superseded += other.superseded;
    }
}

impl Report {
    /// The rows of all entities together, without reasons and columns.
    #[must_use]
    pub fn totals(&self) -> Counts {
        let mut sum = Counts::default();
        self.entities.values().for_each(|c| sum.add(c));
        sum
    }

    pub(super) fn counts(&mut self, entity: &'static str) -> &mut Counts {
        self.entities.entry(entity).or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = (
            "rows",
            "read",
            "new",
            "updated",
            "unchanged",
            "superseded",
            "withheld",
            "rejected",
        );
        let (name, a, b, c, d, e, g, h) = head;
        let width = self.entities.keys().map(|name| name.len()).max().unwrap_or(0).max(14) + 2;
        writeln!(f, "{name:<width$}{a:>10}{b:>10}{c:>10}{d:>11}{e:>12}{g:>10}{h:>10}")?;
        for (name, n) in &self.entities {
            write!(
                f,
                "{name:<width$}{:>10}{:>10}{:>10}{:>11}",
                n.read, n.new, n.updated, n.unchanged
            )?;
            writeln!(f, "{:>12}{:>10}{:>10}", n.superseded, n.withheld(), n.rejected())?;
        }
        for (name, n) in &self.entities {
            for (reason, rows) in &n.held {
                writeln!(f, "{name}: {rows} rows {reason}")?;
            }
        }
        for (name, n) in &self.entities {
            for (column, cells) in &n.columns_not_read {
                writeln!(f, "{name}: column `{column}` not read ({cells} cells)")?;
            }
        }
        for file in &self.not_read {
            writeln!(f, "not read: {}: {}", file.path.display(), file.reason)?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        Ok(())
    }
}
