//! Rows in JSON: an array of objects, or a page (an object that has such an array as `data`), read as a stream.
//!
//! One row at a time is in memory. Numbers keep their spelling, nested values become their JSON text, `null` is an
//! empty cell. Errors name the place and the parser's words, never the content.

use std::fmt;
use std::io::Read;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::columns::{Filling, Names};
use super::input::{Watch, read_error};
use super::json_row::{Cells, Wrong, place_in_row, syntax};
use super::pages::Page;
use super::{LoadError, Problem};

const SHAPE: &str = "an array of objects, or an object with such an array `data`";
const OBJECTS: &str = "objects in the array of rows";

/// Takes the rows of a file; an error stops the reading.
pub(super) trait Sink {
    fn row(&mut self, row: Filling) -> Result<(), LoadError>;
}

/// Reads a file's rows into `sink`, and what it says about being one of several pages.
pub(super) fn read(
    path: &Path,
    gz: bool,
    text: impl Read,
    names: &mut Names<'_>,
    sink: &mut dyn Sink,
) -> Result<Page, LoadError> {
    let watch = Watch::default();
    let mut json = serde_json::Deserializer::from_reader(watch.over(text));
    let mut reading = Reading {
        names,
        sink,
        watch,
        page: Page::default(),
        has_rows: false,
        stopped: None,
    };
    let result = Top(&mut reading).deserialize(&mut json).and_then(|()| json.end());
    match result {
        Ok(()) if reading.has_rows => Ok(reading.page),
        Ok(()) => Err(LoadError::content(path, 1, 0, None, Problem::Shape(SHAPE))),
        Err(error) => Err(reading.explain(path, gz, error)),
    }
}

/// Why reading stopped, when the parser only knows that it did.
enum Stopped {
    /// The sink refused.
    Sink(LoadError),
    /// A row is wrong.
    Row {
        line: u64,
        column: u64,
        name: Option<String>,
        problem: Problem,
    },
}

/// What is carried along while a file is read.
struct Reading<'r, 'n> {
    names: &'r mut Names<'n>,
    sink: &'r mut dyn Sink,
    watch: Watch,
    page: Page,
    has_rows: bool,
    stopped: Option<Stopped>,
}

impl Reading<'_, '_> {
    /// Takes one element of the array; `Err` means that [`Reading::stopped`] says why.
    fn row(&mut self, raw: &str) -> Result<(), ()> {
        let mut row = self.names.row();
        let mut wrong = None;
        let mut json = serde_json::Deserializer::from_str(raw);
        let cells = Cells {
            names: self.names,
            row: &mut row,
            raw,
            wrong: &mut wrong,
        };
        if let Err(error) = json.deserialize_map(cells) {
            let wrong = wrong.unwrap_or_else(|| match error.classify() {
                Category::Syntax | Category::Eof => Wrong {
                    at: 0,
                    name: None,
                    problem: syntax(&error),
                },
                Category::Data | Category::Io => Wrong {
                    at: 0,
                    name: None,
                    problem: Problem::Shape(OBJECTS),
                },
            });
            let (line, column) = place_in_row(raw, wrong.at, self.watch.place());
            self.stopped = Some(Stopped::Row {
                line,
                column,
                name: wrong.name,
                problem: wrong.problem,
            });
            return Err(());
        }
        self.page.rows += 1;
        self.watch.row_ended();
        self.sink
            .row(row)
            .map_err(|error| self.stopped = Some(Stopped::Sink(error)))
    }

    fn explain(self, path: &Path, gz: bool, error: serde_json::Error) -> LoadError {
        match self.stopped {
            Some(Stopped::Sink(error)) => return error,
            Some(Stopped::Row {
                line,
                column,
                name,
                problem,
            }) => {
                return LoadError::content(path, line, column, name.as_deref(), problem);
            }
            None => {}
        }
        let (line, column) = (error.line().max(1) as u64, error.column() as u64);
        let at = |problem| LoadError::content(path, line, column, None, problem);
        match error.classify() {
            Category::Io => match self.watch.problem() {
                Some(problem) => {
                    let (line, column) = self.watch.place();
                    LoadError::content(path, line, column + 1, None, problem)
                }
                None => read_error(path, gz, line, column, error.into()),
            },
            Category::Data => at(Problem::Shape(SHAPE)),
            Category::Syntax | Category::Eof => at(syntax(&error)),
        }
    }
}

/// The whole file.
struct Top<'t, 'r, 'n>(&'t mut Reading<'r, 'n>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHAPE)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<(), A::Error> {
        Rows(self.0).visit_seq(array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut page: A) -> Result<(), A::Error> {
        while let Some(key) = page.next_key::<String>()? {
            match key.to_ascii_lowercase().as_str() {
                "data" => page.next_value_seed(Rows(self.0))?,
                "current_page" => self.0.page.current = number(&page.next_value::<Box<RawValue>>()?),
                "last_page" => self.0.page.last = number(&page.next_value::<Box<RawValue>>()?),
                "total" => self.0.page.total = number(&page.next_value::<Box<RawValue>>()?),
                "next_page_url" => self.0.page.more = page.next_value::<Box<RawValue>>()?.get() != "null",
                _ => {
                    page.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A page number, sent as number or string.
fn number(raw: &RawValue) -> Option<u64> {
    raw.get().trim_matches('"').trim().parse().ok()
}

/// The array of rows.
struct Rows<'t, 'r, 'n>(&'t mut Reading<'r, 'n>);

impl<'de> DeserializeSeed<'de> for Rows<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHAPE)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        self.0.has_rows = true;
        // Scanning a row first and then reading it from memory is much faster than reading cell by cell from a file.
        while let Some(raw) = rows.next_element::<Box<RawValue>>()? {
            self.0.row(raw.get()).map_err(|()| A::Error::custom("stopped"))?;
        }
        Ok(())
    }
}
