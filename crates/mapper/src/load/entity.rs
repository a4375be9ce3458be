//! What a vendor declares about one kind of delivered row.

use chrono::NaiveDateTime;

use super::Pattern;
use crate::Site;
use crate::sql::Value;

/// One kind of row that a vendor delivers, and the table that keeps it.
///
/// The table has a column per [`Column`] (nullable text), a column per name in `computed`, and those that the loader
/// fills for every table: `key`, `cg_updated`, `cg_modified`, `cg_hash`, `cg_file` and `cg_hold`.
#[derive(Debug)]
pub struct Entity {
    /// The file or folder name that delivers it, lower case: `encounter`.
    pub name: &'static str,
    /// Other file names: `encounters`, `enc`.
    pub aliases: &'static [&'static str],
    /// The table that keeps the rows. Several entities may share one.
    pub table: &'static str,
    /// The vendor's columns, by their canonical (stored) names.
    pub columns: &'static [Column],
    /// Column orders of files without a header, told apart by their width.
    pub layouts: &'static [Layout],
    /// Names of the `cg_*` columns that [`Derived::values`] fills, in that order.
    pub computed: &'static [&'static str],
    /// Computes what is stored beside a row. Pure: no clock, no database.
    pub derive: fn(&Cells<'_>, &Site) -> Derived,
}

/// A vendor's column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The canonical name, lower case; also the name in the table.
    pub name: &'static str,
    /// Other names of the same fact, best first. A canonical name of the entity is never an alias.
    pub aliases: &'static [&'static str],
    /// What the cells of a file without header must look like.
    pub pattern: Pattern,
    /// Read only when the profile allows it (`ssn = true`); otherwise neither stored nor hashed.
    pub private: bool,
    /// Cells that say that there is none, such as `0` in a reference.
    pub absent: &'static [&'static str],
}

impl Column {
    /// A column without other names or pattern.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            pattern: Pattern::Any,
            private: false,
            absent: &[],
        }
    }

    /// The column with other names, best first.
    #[must_use]
    pub const fn or(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The column with what its cells look like in a file without header.
    #[must_use]
    pub const fn like(mut self, pattern: Pattern) -> Self {
        self.pattern = pattern;
        self
    }

    /// The column, where these cells say that there is none: they are stored as absent.
    #[must_use]
    pub const fn absent(mut self, tokens: &'static [&'static str]) -> Self {
        self.absent = tokens;
        self
    }

    /// The column, read only with `ssn = true` in the profile.
    #[must_use]
    pub const fn private(mut self) -> Self {
        self.private = true;
        self
    }
}

/// The column order of a kind of file without header.
#[derive(Debug)]
pub struct Layout {
    /// Canonical names in file order. The file's own names do not matter: Healthjump's `id|date|diag` is
    /// `["patient_id", "diagnosis_date", "diagnosis_code"]`.
    pub columns: &'static [&'static str],
}

/// What is stored beside a row's cells.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    /// The vendor's key, as delivered; the loader stores [`row_key`](crate::id::row_key) of it. `None`: the key is made
    /// of a hash of the `identifying` cells and an occurrence number within the delivery.
    pub key: Option<String>,
    /// The columns whose cells identify a row without key; when empty, all columns do.
    pub identifying: &'static [&'static str],
    /// When the vendor last changed the row (UTC). Of two rows with one key the newest wins.
    pub modified: Option<NaiveDateTime>,
    /// What `meta.lastUpdated` shows (UTC): the vendor's change or creation time. `None`: the time of the load.
    pub updated: Option<NaiveDateTime>,
    /// `withheld:REASON` or `rejected:REASON` for a row that is not served. Reasons are constants, never cell content.
    pub hold: Option<String>,
    /// Values of the entity's `computed` columns, in that order. References are set as if their target existed; the
    /// loader clears those without target (see [`Link`](super::Link)).
    pub values: Vec<Value>,
    /// Columns whose cells of this row are not stored: what only another cell shows to be private, such as a social
    /// security number among other numbers. Columns that always are have [`Column::private`].
    pub forgotten: &'static [&'static str],
    /// Rows for the entity's [`Exploded`](super::Exploded) table: the values of its columns behind the owner's key.
    pub exploded: Vec<Vec<Value>>,
}

/// A delivered row by canonical column. Cells are trimmed; an empty cell is `None`.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    columns: &'static [Column],
    values: &'a [Option<String>],
}

impl<'a> Cells<'a> {
    pub(super) fn new(columns: &'static [Column], values: &'a [Option<String>]) -> Self {
        Self { columns, values }
    }

    /// The cell of a canonical column; `None` when it is empty or was not delivered.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|c| c.name == column);
        debug_assert!(at.is_some(), "no column `{column}`");
        self.values.get(at?)?.as_deref()
    }

    /// The first of several columns that has a cell.
    #[must_use]
    pub fn first(&self, columns: &[&str]) -> Option<&'a str> {
        columns.iter().find_map(|c| self.get(c))
    }

    /// Every column with its cell, in the entity's order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Option<&'a str>)> + use<'a> {
        self.columns
            .iter()
            .map(|c| c.name)
            .zip(self.values.iter().map(Option::as_deref))
    }
}

/// The cells of one row, for code that makes rows: vendor tests, rows made from references.
#[derive(Debug, Clone)]
pub struct Row {
    columns: &'static [Column],
    values: Vec<Option<String>>,
}

impl Row {
    /// A row of `entity` with the given cells, trimmed as the loader does. Names that are not canonical are skipped.
    #[must_use]
    pub fn of(entity: &Entity, cells: &[(&str, &str)]) -> Self {
        let value = |column: &Column| {
            let (_, text) = cells.iter().find(|(name, _)| *name == column.name)?;
            cell(text)
        };
        Self {
            columns: entity.columns,
            values: entity.columns.iter().map(value).collect(),
        }
    }

    /// The cells, as `derive` sees them.
    #[must_use]
    pub fn cells(&self) -> Cells<'_> {
        Cells::new(self.columns, &self.values)
    }

    pub(super) fn into_values(self) -> Vec<Option<String>> {
        self.values
    }
}

/// A cell as it is stored: without surrounding blanks, `None` when nothing is left.
pub(super) fn cell(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
