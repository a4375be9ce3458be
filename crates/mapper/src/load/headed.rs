//! Files with a header line: the names of the columns, then a row per line. Columns are bound by name.
//!
//! `.tsv`, `.tab` and `.txt` files have tabs between cells and no quoting, so that a quote is data; `.csv` files have
//! commas and quotes as in RFC 4180.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use super::columns::{Bound, Names};
use super::delivery::{Delivered, Format};
use super::input::read_error;
use super::json::Sink;
use super::{LONGEST_ROW, LoadError, Problem};

/// What a vendor's files with a header line have in common.
#[derive(Debug, Clone, Copy)]
pub struct Headed {
    /// Whether `\n`, `\t`, `\r` and `\\` in files with tabs stand for a newline, a tab, a return and a backslash.
    pub escapes: bool,
    /// Whether a trimmed cell says that there is none, such as `NULL` or an all-zero GUID. Empty cells always do.
    pub absent: fn(&str) -> bool,
}

/// Reads a file's rows into `sink` and says how many there were.
pub(super) fn read(
    file: &Delivered,
    form: Headed,
    text: impl Read,
    names: &mut Names<'_>,
    sink: &mut dyn Sink,
) -> Result<u64, LoadError> {
    let mut table = Table {
        file,
        form,
        names,
        bound: None,
        rows: 0,
    };
    if file.format == Format::Commas {
        quoted(&mut table, text, sink)?;
    } else {
        tabbed(&mut table, text, sink)?;
    }
    let Table { names, bound, rows, .. } = table;
    let Some(bound) = bound else {
        return Err(LoadError::content(&file.path, 1, 0, None, Problem::Headless));
    };
    names.release(bound);
    Ok(rows)
}

/// A file under way.
struct Table<'t, 'n> {
    file: &'t Delivered,
    form: Headed,
    names: &'t mut Names<'n>,
    /// What the header says, once it was read.
    bound: Option<Bound>,
    rows: u64,
}

impl Table<'_, '_> {
    fn error(&self, line: u64, column: usize, problem: Problem) -> LoadError {
        let name = column.checked_sub(1).and_then(|at| self.bound.as_ref()?.name(at));
        LoadError::content(&self.file.path, line, column as u64, name, problem)
    }

    /// Takes the cells of a line: the header first, rows then. A header in between (joined files) is skipped.
    fn line(&mut self, number: u64, cells: &[&str], sink: &mut dyn Sink) -> Result<(), LoadError> {
        if let Some(at) = cells.iter().position(|c| c.contains('\0')) {
            return Err(self.error(number, at + 1, Problem::Nul));
        }
        let Some(bound) = &mut self.bound else {
            return self.header(number, cells);
        };
        if bound.is_header(cells) {
            return Ok(());
        }
        let expected = bound.width();
        if cells.len() != expected {
            let first = cells.len().min(expected) + 1;
            let problem = Problem::Width {
                found: cells.len(),
                expected: vec![expected],
            };
            return Err(self.error(number, first, problem));
        }
        let mut row = self.names.row();
        for (at, cell) in cells.iter().enumerate() {
            let cell = cell.trim();
            if !cell.is_empty() {
                self.names.put_bound(bound, &mut row, at, cell);
            }
        }
        self.rows += 1;
        sink.row(row)
    }

    /// A cell as delivered, or nothing when it says that there is none. Escapes are looked at later: an escaped `\N` is a text.
    fn told<'c>(&self, cell: &'c str) -> &'c str {
        if (self.form.absent)(cell.trim()) { "" } else { cell }
    }

    fn header(&mut self, number: u64, cells: &[&str]) -> Result<(), LoadError> {
        let bound = self.names.bind(cells);
        if let Some(at) = bound.repeated() {
            let problem = Problem::Repeated(bound.name(at).unwrap_or_default().to_owned());
            return Err(self.error(number, at + 1, problem));
        }
        if !bound.knows_any() {
            return Err(self.error(number, 0, Problem::Unknown));
        }
        self.bound = Some(bound);
        Ok(())
    }
}

/// Lines with tabs between their cells.
fn tabbed(table: &mut Table<'_, '_>, text: impl Read, sink: &mut dyn Sink) -> Result<(), LoadError> {
    let mut text = BufReader::new(text);
    let mut line = Vec::new();
    let (mut number, mut blank) = (0, None);
    loop {
        number += 1;
        line.clear();
        let read = text.by_ref().take(LONGEST_ROW as u64 + 1).read_until(b'\n', &mut line);
        let (path, gz) = (&table.file.path, table.file.gz);
        if read.map_err(|e| read_error(path, gz, number, 0, e))? == 0 {
            return Ok(());
        }
        if line.len() > LONGEST_ROW {
            return Err(table.error(number, 0, Problem::Long));
        }
        let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let row = std::str::from_utf8(bytes).map_err(|e| {
            let before = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\t').count();
            table.error(number, before + 1, Problem::Encoding)
        })?;
        if row.is_empty() {
            blank = blank.or(Some(number));
            continue;
        }
        if let Some(blank) = blank {
            return Err(table.error(blank, 0, Problem::Blank));
        }
        let told = row.split('\t').map(|cell| table.told(cell));
        if table.form.escapes && row.contains('\\') {
            let cells: Vec<String> = told.map(unescaped).collect();
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            table.line(number, &cells, sink)?;
        } else {
            let cells: Vec<&str> = told.collect();
            table.line(number, &cells, sink)?;
        }
    }
}

/// A cell with its escapes resolved; a backslash before anything else stays.
fn unescaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut rest = cell.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\\') => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// Lines with commas and quotes; a quoted cell may go over several lines.
fn quoted(table: &mut Table<'_, '_>, text: impl Read, sink: &mut dyn Sink) -> Result<(), LoadError> {
    let watch = Rc::new(Watch::default());
    let text = Limited {
        inner: text,
        watch: Rc::clone(&watch),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut record = csv::ByteRecord::new();
    loop {
        watch.row_begun.set(reader.position().byte());
        let line = reader.position().line();
        let more = reader
            .read_byte_record(&mut record)
            .map_err(|e| csv_error(table, line, e))?;
        // The watch is ahead by what is buffered, so a broken quote is told before the rows that it would spoil.
        if let Some(line) = watch.trailing.get().or_else(|| watch.broken().filter(|_| !more)) {
            return Err(table.error(line, 0, Problem::Quote));
        }
        if !more {
            return Ok(());
        }
        let line = record.position().map_or(line, csv::Position::line);
        let mut cells = Vec::with_capacity(record.len());
        for (at, cell) in record.iter().enumerate() {
            let cell = std::str::from_utf8(cell).map_err(|_utf8| table.error(line, at + 1, Problem::Encoding))?;
            cells.push(table.told(cell));
        }
        table.line(line, &cells, sink)?;
    }
}

/// Cells are read as bytes and widths compared here, so that the reader can only fail where the file does.
fn csv_error(table: &Table<'_, '_>, line: u64, error: csv::Error) -> LoadError {
    let csv::ErrorKind::Io(error) = error.into_kind() else {
        return table.error(line, 0, Problem::Encoding);
    };
    if error.kind() == io::ErrorKind::FileTooLarge {
        table.error(line, 0, Problem::Long)
    } else {
        read_error(&table.file.path, table.file.gz, line, 0, error)
    }
}

/// Where in a file with quotes the text read so far ends.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Within {
    /// At the start of a cell.
    #[default]
    Start,
    /// In a cell without quotes, where a quote is data.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote: the cell's end, or one of two that stand for one.
    Closed,
}

/// What is known of the text that was read. Positions are bytes of it.
#[derive(Default)]
struct Watch {
    read: Cell<u64>,
    row_begun: Cell<u64>,
    within: Cell<Within>,
    /// Line ends so far.
    lines: Cell<u64>,
    /// The line in which the last quote was opened.
    opened: Cell<u64>,
    /// The line with something between a closing quote and the end of its cell.
    trailing: Cell<Option<u64>>,
}

impl Watch {
    /// The line of a quote that is not closed, or that closes too early; a reader would take the rest for the cell's.
    fn broken(&self) -> Option<u64> {
        let open = (self.within.get() == Within::Quoted).then(|| self.opened.get());
        self.trailing.get().or(open)
    }

    fn see(&self, bytes: &[u8]) {
        let (mut within, mut lines) = (self.within.get(), self.lines.get());
        for byte in bytes {
            lines += u64::from(*byte == b'\n');
            within = match (within, byte) {
                (Within::Quoted, b'"') => Within::Closed,
                (Within::Quoted, _) => Within::Quoted,
                (Within::Start, b'"') => {
                    self.opened.set(lines + 1);
                    Within::Quoted
                }
                (Within::Closed, b'"') => Within::Quoted,
                (Within::Start | Within::Plain | Within::Closed, b',' | b'\r' | b'\n') => Within::Start,
                (Within::Closed, _) => {
                    self.trailing.set(self.trailing.get().or(Some(lines + 1)));
                    Within::Plain
                }
                (Within::Start | Within::Plain, _) => Within::Plain,
            };
        }
        self.within.set(within);
        self.lines.set(lines);
        self.read.set(self.read.get() + bytes.len() as u64);
    }
}

/// A text that ends with an error where a row is too long: an open quote would read the rest of the file into one cell.
struct Limited<R> {
    inner: R,
    watch: Rc<Watch>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let begun = self.watch.row_begun.get();
        if self.watch.read.get().saturating_sub(begun) > LONGEST_ROW as u64 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let n = self.inner.read(buffer)?;
        self.watch.see(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes_stand_for_what_a_line_cannot_hold() {
        assert_eq!(unescaped(r"a\nb\tc\\d"), "a\nb\tc\\d");
        assert_eq!(unescaped(r"\N"), r"\N");
        assert_eq!(unescaped(r"C:\x\"), r"C:\x\");
    }
}
