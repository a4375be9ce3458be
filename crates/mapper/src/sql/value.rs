//! Values that travel into a statement as binds.

use chrono::{NaiveDate, NaiveDateTime};

/// A bind value of a [`Filter`](super::Filter) or of a loaded row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `text`, or the `ctext` of our tables.
    Text(String),
    /// `bigint`.
    Int(i64),
    /// `date`.
    Date(NaiveDate),
    /// `timestamp`, in UTC.
    Time(NaiveDateTime),
    /// SQL `NULL` of type text.
    Null,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<NaiveDateTime> for Value {
    fn from(time: NaiveDateTime) -> Self {
        Self::Time(time)
    }
}
