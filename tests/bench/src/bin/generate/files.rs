//! Files with a header line: `.tsv` with tabs and no quotes, `.csv` with commas and quotes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// The cells of a row beside the names of their columns. An empty cell is one that the row does not have.
pub type Row<const N: usize> = [(&'static str, String); N];

/// A row: `row!["Id" => n, "Name" => name; "Unused", "AlsoUnused"]`, where columns behind the semicolon are empty.
macro_rules! row {
    [$($column:literal => $value:expr),* $(,)? $(; $($empty:literal),*)?] => {
        [$(($column, ($value).to_string()),)* $($(($empty, String::new()),)*)?]
    };
}
pub(crate) use row;

/// A cell that only some rows have.
#[expect(clippy::needless_pass_by_value, reason = "cells are made where they are handed over")]
pub fn when(is: bool, cell: impl ToString) -> String {
    if is { cell.to_string() } else { String::new() }
}

/// A delivery under way.
pub struct Delivery {
    pub folder: PathBuf,
    /// What stands in a cell that a row does not have.
    pub absent: &'static str,
    /// Rows written so far.
    pub rows: u64,
}

impl Delivery {
    /// Writes a file with a row for each of `numbers`. All rows must have the columns of the first.
    pub fn file<const N: usize>(
        &mut self,
        name: &str,
        numbers: impl IntoIterator<Item = u64>,
        row: impl Fn(u64) -> Row<N>,
    ) -> io::Result<()> {
        let commas = name.ends_with(".csv");
        let separator = if commas { "," } else { "\t" };
        let mut out = BufWriter::new(File::create(self.folder.join(name))?);
        let mut header = None;
        for n in numbers {
            let cells = row(n);
            let columns = cells.each_ref().map(|(column, _)| *column);
            if header.is_none() {
                writeln!(out, "{}", columns.join(separator))?;
            }
            if *header.get_or_insert(columns) != columns {
                return Err(io::Error::other(format!("{name}: row {n} has other columns")));
            }
            for (at, (_, cell)) in cells.iter().enumerate() {
                if at > 0 {
                    out.write_all(separator.as_bytes())?;
                }
                let cell = if cell.is_empty() { self.absent } else { cell };
                if commas && cell.contains([',', '"', '\n']) {
                    write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
                } else {
                    out.write_all(cell.as_bytes())?;
                }
            }
            out.write_all(b"\n")?;
            self.rows += 1;
        }
        out.flush()
    }
}
