//! One row in JSON: an object, read from its text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Problem;
use super::columns::{self, Filling, Names};

/// One row.
pub(super) struct Cells<'c, 'n> {
    pub names: &'c mut Names<'n>,
    pub row: &'c mut Filling,
    pub raw: &'c str,
    pub wrong: &'c mut Option<Wrong>,
}

/// A cell that cannot be read: its first byte in the row, its name.
pub(super) struct Wrong {
    pub at: usize,
    pub name: Option<String>,
    pub problem: Problem,
}

impl<'de> Visitor<'de> for Cells<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(name) = object.next_key_seed(Name)? {
            let raw: &RawValue = object.next_value()?;
            match text(raw.get()) {
                Ok(None) => {}
                Ok(Some(text)) => self.names.put(self.row, &name, &text),
                Err(problem) => {
                    // The cell is a part of the row's text: the distance of their starts is its place.
                    let at = (raw.get().as_ptr() as usize).saturating_sub(self.raw.as_ptr() as usize);
                    *self.wrong = Some(Wrong {
                        at,
                        name: Some(columns::short(&name)),
                        problem,
                    });
                    return Err(A::Error::custom("stopped"));
                }
            }
        }
        Ok(())
    }
}

/// A cell's text: what a string says, everything else as it is spelled, nothing for `null`.
fn text(raw: &str) -> Result<Option<Cow<'_, str>>, Problem> {
    match raw.strip_prefix('"').and_then(|r| r.strip_suffix('"')) {
        None if raw == "null" => Ok(None),
        None => Ok(Some(raw.into())),
        Some(plain) if !plain.contains('\\') => Ok(Some(plain.into())),
        Some(_) => {
            let text: String = serde_json::from_str(raw).map_err(|e| syntax(&e))?;
            // A NUL can only be here as an escape; no database takes it.
            if text.contains('\0') {
                Err(Problem::Nul)
            } else {
                Ok(Some(text.into()))
            }
        }
    }
}

/// A key, without copying where that is possible.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// The parser's words without the place. Syntax errors hold no content.
pub(super) fn syntax(error: &serde_json::Error) -> Problem {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    if words == "invalid unicode code point" {
        Problem::Encoding
    } else {
        Problem::Json(words.to_owned())
    }
}

/// Line and column of the byte `at` of a row that ends at `end`. The column is 0 in the first of several lines: where
/// a row begins is not known.
pub(super) fn place_in_row(raw: &str, at: usize, end: (u64, u64)) -> (u64, u64) {
    let (before, behind) = raw.as_bytes().split_at_checked(at).unwrap_or_default();
    let lines_behind = behind.iter().filter(|b| **b == b'\n').count() as u64;
    let column = match (before.iter().rev().position(|b| *b == b'\n'), lines_behind) {
        (Some(since_line), _) => since_line as u64 + 1,
        (None, 0) => (end.1 + 1).saturating_sub(behind.len() as u64),
        (None, _) => 0,
    };
    (end.0.saturating_sub(lines_behind), column)
}
