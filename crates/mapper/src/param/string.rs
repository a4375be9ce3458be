//! String parameters: begins with, without case and accents (R4, section 3.1.1.4.8).

use std::sync::Arc;

use diesel::Table;
use fhir::search::{ParamType, Values};

use super::{Build, Param, fixed};
use crate::fold;
use crate::sql::{Filter, Fragment, IntoText, Op, Select, SortColumn, TextColumn};

/// How a text compares with what is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Like {
    /// Begins so, folded.
    Starts,
    /// Has it somewhere, folded.
    Contains,
    /// Is the same.
    Exact,
}

type Having<QS> = Arc<dyn Fn(Like, &str) -> Filter<QS> + Send + Sync>;

/// One text that a parameter looks at: as served, and as [`fold`] leaves it.
pub struct Words<QS> {
    /// The rows whose text is like one that is asked for, which is folded but under [`Like::Exact`].
    having: Having<QS>,
    /// The rows that go out with it.
    present: Filter<QS>,
    /// The rows that are found by it: those without letters are not.
    found: Filter<QS>,
    sort: Option<TextColumn<QS>>,
}

impl<QS: 'static> Words<QS> {
    /// The column as served (for `:exact`) and its folded companion.
    pub fn new(raw: impl IntoText<QS>, folded: impl IntoText<QS>) -> Self {
        let (raw, folded) = (raw.into_text(), folded.into_text());
        Self {
            present: Filter::not_null(raw.clone()),
            found: Filter::not_null(folded.clone()),
            sort: Some(folded.clone()),
            having: Arc::new(move |like, text| match like {
                Like::Starts => Filter::starts_with(folded.clone(), text),
                Like::Contains => Filter::contains(folded.clone(), text),
                Like::Exact => same(&raw, &folded, text),
            }),
        }
    }

    /// The text, of the rows for which `holds`.
    #[must_use]
    pub fn where_(self, holds: Filter<QS>) -> Self {
        let having = self.having;
        Self {
            present: holds.clone().and(self.present),
            found: holds.clone().and(self.found),
            sort: None,
            having: Arc::new(move |like, text| holds.clone().and(having(like, text))),
        }
    }

    /// The text, of the rows of a child table whose column `theirs` holds what our column `own` does.
    #[must_use]
    pub fn through<T: 'static>(self, own: impl IntoText<T>, child: QS, theirs: impl IntoText<QS>) -> Words<T>
    where
        QS: Table + Fragment + Copy,
    {
        let (own, theirs) = (own.into_text(), theirs.into_text());
        let rows = move |filter: Filter<QS>| Filter::within(own.clone(), Select::new(&theirs, child, filter));
        let having = self.having;
        Words {
            present: rows(self.present),
            found: rows(self.found),
            sort: None,
            having: Arc::new(move |like, text| rows(having(like, text))),
        }
    }

    pub(super) fn present(&self) -> Filter<QS> {
        self.present.clone()
    }

    pub(super) fn having(&self, like: Like, text: &str) -> Filter<QS> {
        (self.having)(like, text)
    }
}

/// A string parameter over one or several texts; results are sorted by the first.
pub fn string<QS: 'static>(name: &'static str, words: impl IntoIterator<Item = Words<QS>>) -> Param<QS> {
    let words: Arc<[Words<QS>]> = words.into_iter().collect();
    let present = Filter::any(words.iter().map(|w| w.found.clone()));
    let first = words.first().and_then(|first| first.sort.clone());
    let any = |like: Like| -> Build<QS> {
        let words = Arc::clone(&words);
        Box::new(move |values, _| {
            let Values::String(texts) = values else {
                return Filter::never();
            };
            let asked = texts.iter().map(|text| match like {
                Like::Exact => text.clone(),
                Like::Starts | Like::Contains => fold(text),
            });
            Filter::any(asked.flat_map(|text| words.iter().map(move |w| w.having(like, &text))))
        })
    };
    Param {
        modified: vec![("exact", any(Like::Exact)), ("contains", any(Like::Contains))],
        sort: first.map(|first| SortColumn::text(first, true)),
        ..Param::new(name, ParamType::String, fixed(present), any(Like::Starts))
    }
}

/// The same text, found by the index of its folded companion. Texts without letters have none.
fn same<QS>(raw: &TextColumn<QS>, folded: &TextColumn<QS>, text: &str) -> Filter<QS> {
    let same = Filter::text(raw.clone(), Op::Eq, text);
    match fold(text) {
        letters if letters.is_empty() => same,
        letters => Filter::text(folded.clone(), Op::Eq, letters).and(same),
    }
}
