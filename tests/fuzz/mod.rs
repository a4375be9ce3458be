//! Requests that nobody should send: a corpus of searches, and what can be done to them.
//!
//! `corpus/*.txt` holds one request per line, `Type?query` or any other path; what once went wrong is added there and so is tried in every
//! run. A [`Case`] begins as one of these and is changed by some [`Op`]s. Both are drawn by proptest, so that a case that fails is cut
//! down to the changes that it needs.

mod mutate;
mod words;

use std::path::Path;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;

pub use mutate::Op;
pub use words::Words;

use crate::oracle::generate::encode;

/// A request: a path below a base, and a query.
#[derive(Debug, Clone)]
pub struct Case {
    /// The path, as it stands in the address.
    pub path: String,
    /// Names and values, not encoded.
    pub pairs: Vec<(String, String)>,
    /// What is done to the encoded query, as it stands in the address.
    pub spoilt: Vec<(usize, String)>,
    /// Sent as the body of a POST that says that it is of this type.
    pub body: Option<&'static str>,
    /// `Prefer: handling=strict`.
    pub strict: bool,
}

impl Case {
    /// Reads a line of the corpus.
    ///
    /// # Panics
    /// For one whose encoding is wrong: such queries are made by [`Op`]s.
    #[must_use]
    pub fn read(line: &str) -> Self {
        let (path, query) = line.split_once('?').unwrap_or((line, ""));
        let decode = |text: &str| percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned();
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        Self {
            path: path.to_owned(),
            pairs: query.split('&').filter(|p| !p.is_empty()).map(pair).collect(),
            spoilt: vec![],
            body: None,
            strict: false,
        }
    }

    /// The query as it is sent.
    #[must_use]
    pub fn query(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
        let mut text = self.pairs.iter().map(pair).collect::<Vec<_>>().join("&");
        for (at, what) in &self.spoilt {
            // Everything is ASCII here.
            text.insert_str(at % (text.len() + 1), what);
        }
        text
    }

    /// The type that is searched, as the path says.
    #[must_use]
    pub fn ty(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }
}

/// The type of a body that is a search.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The lines of the corpus.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let texts: Vec<String> = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect();
    let lines = texts.iter().flat_map(|t| t.lines());
    let all: Vec<String> = lines
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect();
    assert!(!all.is_empty(), "the corpus is empty");
    all
}

/// A line of the corpus and what is done to it.
pub fn strategy(lines: usize) -> impl Strategy<Value = (usize, Vec<Op>)> {
    (0..lines, proptest::collection::vec(mutate::op(), 0..7))
}

/// The case that is meant.
#[must_use]
pub fn case(corpus: &[String], words: &Words, (line, ops): &(usize, Vec<Op>)) -> Case {
    let mut case = Case::read(&corpus[*line]);
    for op in ops {
        op.apply(&mut case, words);
    }
    case
}
