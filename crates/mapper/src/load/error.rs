//! What stops a load. Nothing is written then, and no message holds the content of a cell.

use std::fmt;
use std::path::{Path, PathBuf};

use super::columns::short;

/// A load that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder that cannot be opened or read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A file whose content cannot be read as rows.
    #[error("{0}")]
    Content(Box<Place>),
    /// No file of the delivery is one that the vendor's mapping reads.
    #[error("nothing to load: {0}")]
    Nothing(String),
    /// Another load holds the database.
    #[error("another load into this database is running; try again when it has finished")]
    Busy,
    /// The database holds rows of something else, or of the same under other rules.
    #[error("the database was loaded {0}; load into a fresh database")]
    OtherSource(String),
    /// The vendor's declarations contradict themselves or the tables.
    #[error("schema: {0}")]
    Schema(String),
    /// The database refused a statement. The cause is for the log.
    #[error("the database refused a statement; nothing was written")]
    Database(#[from] diesel::result::Error),
}

/// Where in a file something is wrong, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: u64,
    /// In files with separators the number of the cell, in JSON the byte of the line; from 1, 0 when unknown.
    pub column: u64,
    /// The name of the column, where it is known.
    pub name: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a file's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Not valid UTF-8.
    Encoding,
    /// A NUL character.
    Nul,
    /// A line with another number of cells than the file's layout.
    Width {
        /// The cells of the line.
        found: usize,
        /// The cells that were expected: the widths of the known layouts, or that of the file's first line.
        expected: Vec<usize>,
    },
    /// A blank line that is not at the end.
    Blank,
    /// A header line in a kind of file that has none.
    Header,
    /// No header line: the file is empty.
    Headless,
    /// A header that names a column twice.
    Repeated(String),
    /// A header without any name that the vendor's table has.
    Unknown,
    /// A quote that is not closed, or that is followed by something else than the end of its cell.
    Quote,
    /// A column whose cells mostly do not look like what the layout has there.
    Order {
        /// What the cells should look like.
        expected: &'static str,
        /// How many do not.
        misfits: u64,
        /// How many cells there are.
        cells: u64,
    },
    /// Not JSON; the parser's words, which hold no content.
    Json(String),
    /// JSON, but neither an array of objects nor an object with such an array `data`.
    Shape(&'static str),
    /// A row longer than [`LONGEST_ROW`](super::LONGEST_ROW) bytes.
    Long,
    /// A gzip file that is damaged or cut off.
    Gzip,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.path.display(), self.line)?;
        if self.column > 0 {
            write!(f, ", column {}", self.column)?;
        }
        if let Some(name) = &self.name {
            write!(f, " (`{name}`)")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding => f.write_str("not valid UTF-8"),
            Self::Nul => f.write_str("holds a NUL character"),
            Self::Width { found, expected } => {
                let expected: Vec<_> = expected.iter().map(usize::to_string).collect();
                write!(f, "{found} columns where {} are expected", expected.join(" or "))
            }
            Self::Blank => f.write_str("a blank line between rows"),
            Self::Order {
                expected,
                misfits,
                cells,
            } => {
                write!(
                    f,
                    "expected {expected}, but {misfits} of {cells} cells of this column are not: "
                )?;
                f.write_str("the columns are probably in another order")
            }
            Self::Json(words) => write!(f, "not JSON: {words}"),
            Self::Shape(expected) => write!(f, "expected {expected}"),
            Self::Long => write!(f, "a row of more than {} MB", super::LONGEST_ROW >> 20),
            Self::Header => f.write_str("names of columns: this kind of file has no header line"),
            Self::Headless => f.write_str("empty: a line with the names of the columns is expected"),
            Self::Repeated(name) => write!(f, "the header names `{}` twice", short(name)),
            Self::Quote => f.write_str("a quote that is not closed, or not at the end of its cell"),
            Self::Unknown => f.write_str("the header names none of the columns that this kind of file has"),
            Self::Gzip => f.write_str("the gzip data is damaged or cut off"),
        }
    }
}

impl LoadError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn content(path: &Path, line: u64, column: u64, name: Option<&str>, problem: Problem) -> Self {
        Self::Content(Box::new(Place {
            path: path.to_owned(),
            line,
            column,
            name: name.map(str::to_owned),
            problem,
        }))
    }

    /// The place and problem of a [`LoadError::Content`].
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        if let Self::Content(place) = self {
            Some(place)
        } else {
            None
        }
    }
}
