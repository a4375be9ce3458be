//! Files without header: a row per line, `|` between cells, no quoting.
//!
//! Nothing in such a file says what its columns are. So every file is read twice: first its width and the look of its
//! columns are checked ([`check`]), and only when all files of a delivery passed are rows read.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::columns::Names;
use super::delivery::{Delivered, Format};
use super::input::{self, read_error};
use super::json::Sink;
use super::{Entity, LONGEST_ROW, Layout, LoadError, Pattern, Problem};

/// Columns with at least so many cells are judged each by itself.
const ENOUGH_CELLS: u64 = 5;

/// Reads a file's rows into `sink` and says how many there were.
pub(super) fn read(
    file: &Delivered,
    text: impl Read,
    names: &mut Names<'_>,
    sink: &mut dyn Sink,
) -> Result<u64, LoadError> {
    let mut positions: Vec<Option<usize>> = vec![];
    scan(&file.path, file.gz, file.entity, text, &mut |layout, _, line| {
        if positions.is_empty() {
            positions = layout.columns.iter().map(|c| file.entity.position(c)).collect();
        }
        let mut row = names.row();
        for (at, cell) in positions.iter().zip(line.split('|')) {
            if let Some(at) = at {
                names.put_at(&mut row, *at, cell);
            }
        }
        sink.row(row)
    })
}

/// Checks the width of every line, and that most cells of each column look like what the layout has there.
///
/// A file with a few odd cells passes: it is refused when, in a column of at least five cells, more than half do not
/// fit, or, in a file of fewer than five rows, more than half of all cells that have a pattern and at least two.
pub(super) fn check(file: &Delivered) -> Result<(), LoadError> {
    if file.format == Format::Pipe {
        check_text(&file.path, file.gz, file.entity, input::open(file)?.text)?;
    }
    Ok(())
}

pub(super) fn check_text(path: &Path, gz: bool, entity: &Entity, text: impl Read) -> Result<(), LoadError> {
    let mut looks: Vec<Look> = vec![];
    let rows = scan(path, gz, entity, text, &mut |layout, number, line| {
        if looks.is_empty() {
            if names_columns(entity, layout, line) {
                return Err(LoadError::content(path, number, 0, None, Problem::Header));
            }
            looks = layout.columns.iter().map(|c| Look::of(entity, c)).collect();
        }
        looks
            .iter_mut()
            .zip(line.split('|'))
            .for_each(|(look, cell)| look.see(number, cell.trim()));
        Ok(())
    })?;
    match suspect(rows, &looks) {
        None => Ok(()),
        Some((at, look)) => {
            let problem = Problem::Order {
                expected: look.pattern.expected(),
                misfits: look.misfits,
                cells: look.cells,
            };
            Err(LoadError::content(
                path,
                look.first_misfit,
                at as u64 + 1,
                Some(look.name),
                problem,
            ))
        }
    }
}

/// Whether the first line is a header: half of its cells, or more, are names of the layout's columns. Loaded as a row it
/// would be a person called `first_name`.
fn names_columns(entity: &Entity, layout: &Layout, line: &str) -> bool {
    let named = layout.columns.iter().zip(line.split('|')).filter(|(name, cell)| {
        let is = |known: &str| known.eq_ignore_ascii_case(cell.trim());
        let column = entity.columns.iter().find(|c| c.name == **name);
        is(name) || column.is_some_and(|c| c.aliases.iter().any(|alias| is(alias)))
    });
    named.count() * 2 >= layout.columns.len().max(1)
}

/// What was seen of a column.
struct Look {
    name: &'static str,
    pattern: Pattern,
    cells: u64,
    misfits: u64,
    first_misfit: u64,
}

impl Look {
    fn of(entity: &Entity, name: &'static str) -> Self {
        let column = entity.columns.iter().find(|c| c.name == name);
        let pattern = column.map_or(Pattern::Any, |c| c.pattern);
        Self {
            name,
            pattern,
            cells: 0,
            misfits: 0,
            first_misfit: 0,
        }
    }

    fn see(&mut self, line: u64, cell: &str) {
        if cell.is_empty() || matches!(self.pattern, Pattern::Any) {
            return;
        }
        self.cells += 1;
        if !self.pattern.fits(cell) {
            self.misfits += 1;
            if self.misfits == 1 {
                self.first_misfit = line;
            }
        }
    }
}

/// The column that shows that the file has another order, with its position: the one whose first misfit comes first.
fn suspect(rows: u64, looks: &[Look]) -> Option<(usize, &Look)> {
    let mostly = |misfits: u64, cells: u64| misfits * 2 > cells;
    let (cells, misfits) = looks.iter().fold((0, 0), |(c, m), l| (c + l.cells, m + l.misfits));
    let all_together = rows < ENOUGH_CELLS && misfits >= 2 && mostly(misfits, cells);
    let odd = |look: &Look| {
        let enough = look.cells >= ENOUGH_CELLS || all_together;
        enough && mostly(look.misfits, look.cells)
    };
    looks
        .iter()
        .enumerate()
        .filter(|(_, l)| odd(l))
        .min_by_key(|(at, l)| (l.first_misfit, *at))
}

type OnRow<'f> = &'f mut dyn FnMut(&'static Layout, u64, &str) -> Result<(), LoadError>;

/// Goes over the lines: each has the width of a layout of the entity, the first line's. Returns the number of rows.
fn scan(path: &Path, gz: bool, entity: &Entity, text: impl Read, on_row: OnRow<'_>) -> Result<u64, LoadError> {
    let mut text = BufReader::new(text);
    let mut line = Vec::new();
    let mut layout: Option<&'static Layout> = None;
    let (mut number, mut rows, mut blank) = (0, 0, None);
    loop {
        number += 1;
        line.clear();
        let limit = LONGEST_ROW as u64 + 1;
        let read = text.by_ref().take(limit).read_until(b'\n', &mut line);
        if read.map_err(|e| read_error(path, gz, number, 0, e))? == 0 {
            return Ok(rows);
        }
        let at = |column, name, problem| LoadError::content(path, number, column, name, problem);
        if line.len() > LONGEST_ROW {
            return Err(at(0, None, Problem::Long));
        }
        let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            blank = blank.or(Some(number));
            continue;
        }
        if let Some(blank) = blank {
            return Err(LoadError::content(path, blank, 1, None, Problem::Blank));
        }
        let width = bytes.iter().filter(|b| **b == b'|').count() + 1;
        let fitting = match layout {
            Some(first) => (first.columns.len() == width).then_some(first),
            None => entity.layouts.iter().find(|l| l.columns.len() == width),
        };
        let Some(fitting) = fitting else {
            let expected: Vec<_> = match layout {
                Some(first) => vec![first.columns.len()],
                None => entity.layouts.iter().map(|l| l.columns.len()).collect(),
            };
            // The place is the first cell that is missing or too much, of the layout that is nearest.
            let nearest = expected.iter().copied().min_by_key(|w| w.abs_diff(width)).unwrap_or(0);
            return Err(at(
                nearest.min(width) as u64 + 1,
                None,
                Problem::Width { found: width, expected },
            ));
        };
        layout = Some(fitting);
        let row = checked(bytes).map_err(|(offset, problem)| {
            let before = bytes.iter().take(offset).filter(|b| **b == b'|').count();
            at(before as u64 + 1, fitting.columns.get(before).copied(), problem)
        })?;
        on_row(fitting, number, row)?;
        rows += 1;
    }
}

/// A line as text, or what is wrong with it at which byte.
fn checked(line: &[u8]) -> Result<&str, (usize, Problem)> {
    if let Some(nul) = line.iter().position(|b| *b == 0) {
        return Err((nul, Problem::Nul));
    }
    std::str::from_utf8(line).map_err(|e| (e.valid_up_to(), Problem::Encoding))
}
