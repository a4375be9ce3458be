//! Rows of `sm_audit`: the records that were written together, a line for each. A row for each record would cost several times as much,
//! and every answer waits for it.

use diesel::prelude::*;

use super::chain::{ChainKey, Head};
use super::{Entry, Record};
use crate::Error;
use crate::store::Seconds;
use crate::store::tables::sm_audit;

/// Characters of a line that are not its record's: hash, space and line break.
const AROUND: usize = blake3::OUT_LEN * 2 + 2;

/// A record, ready to be written.
pub(super) struct Line {
    at: Seconds,
    text: String,
}

impl Line {
    pub fn of(record: &Record) -> Result<Self, Error> {
        Ok(Self {
            at: record.at,
            text: serde_json::to_string(record).map_err(|_json| Error::Trail)?,
        })
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Insertable)]
#[diesel(table_name = sm_audit)]
pub(super) struct Row {
    /// The number of its first record.
    pub first_seq: i64,
    /// The number of its last record.
    pub last_seq: i64,
    pub earliest: Seconds,
    pub latest: Seconds,
    /// Lines: a record's hash, a space, the record as JSON, which has no line breaks.
    records: String,
}

impl Row {
    /// The row of lines behind `head`, and the head behind it. There is at least one line.
    pub fn behind(head: &Head, key: &ChainKey, lines: &[Line]) -> (Self, Head) {
        let mut last = head.clone();
        let size = lines.iter().map(|line| line.text.len() + AROUND).sum();
        let mut records = String::with_capacity(size);
        for line in lines {
            last = key.link(&last, &line.text);
            for part in [&last.hash, " ", &line.text, "\n"] {
                records.push_str(part);
            }
        }
        let moments = || lines.iter().map(|line| line.at);
        let row = Self {
            first_seq: head.seq + 1,
            last_seq: last.seq,
            earliest: moments().min().unwrap_or_default(),
            latest: moments().max().unwrap_or_default(),
            records,
        };
        (row, last)
    }

    /// How many records it says it has.
    pub fn len(&self) -> i64 {
        self.last_seq - self.first_seq + 1
    }

    /// Its records as they are written: hash and text.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        self.records
            .lines()
            .map(|line| line.split_once(' ').unwrap_or_default())
    }

    /// Its records, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = Result<Entry, Error>> {
        let numbers = (self.first_seq..=self.last_seq).rev();
        numbers.zip(self.lines().rev()).map(|(seq, (_hash, text))| {
            let record = serde_json::from_str(text).map_err(|_json| Error::Stored("audit record"))?;
            Ok(Entry { seq, record })
        })
    }

    /// Its records. What is not one is left out; who looks whether the trail is whole is told of it.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        self.lines().filter_map(|(_hash, text)| serde_json::from_str(text).ok())
    }
}

/// What records of a row can be found by, each once, in order.
pub(super) fn marks(records: impl Iterator<Item = Record>, key: &ChainKey) -> Vec<i64> {
    let mut marks = vec![];
    for record in records {
        marks.extend(record.keys().into_iter().map(|of| key.mark(of)));
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}
