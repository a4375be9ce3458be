//! String parameters: begins with, without case and accents (R4, section 3.1.1.4.8).

use fhir::search::{ParamType, Values};

use super::{Context, Param, fixed};
use crate::fold;
use crate::sql::{Filter, IntoText, Op, SortColumn, TextColumn};

/// One text that a string parameter looks at: as served, and as [`fold`] leaves it.
pub struct Words<QS> {
    raw: TextColumn<QS>,
    folded: TextColumn<QS>,
}

impl<QS> Words<QS> {
    /// The column as served (for `:exact`) and its folded companion.
    pub fn new(raw: impl IntoText<QS>, folded: impl IntoText<QS>) -> Self {
        Self {
            raw: raw.into_text(),
            folded: folded.into_text(),
        }
    }
}

/// A string parameter over one or several texts.
pub fn string<QS: 'static>(name: &'static str, words: impl IntoIterator<Item = Words<QS>>) -> Param<QS> {
    let (raw, folded): (Vec<_>, Vec<_>) = words.into_iter().map(|w| (w.raw, w.folded)).unzip();
    let present = Filter::any(folded.iter().map(|c| Filter::not_null(c.clone())));
    let sort = match folded.as_slice() {
        [only] => Some(SortColumn::text(only.clone(), true)),
        _ => None,
    };
    let build = move |values: &Values, _: Context<'_>| {
        any_text(values, |text| {
            let prefix = fold(text);
            Filter::any(folded.iter().map(|c| Filter::starts_with(c.clone(), &prefix)))
        })
    };
    let exact = move |values: &Values, _: Context<'_>| {
        any_text(values, |text| {
            Filter::any(raw.iter().map(|c| Filter::text(c.clone(), Op::Eq, text)))
        })
    };
    Param {
        exact: Some(Box::new(exact)),
        sort,
        ..Param::new(name, ParamType::String, fixed(present), Box::new(build))
    }
}

fn any_text<QS>(values: &Values, one: impl Fn(&str) -> Filter<QS>) -> Filter<QS> {
    let Values::String(texts) = values else {
        return Filter::never();
    };
    Filter::any(texts.iter().map(|t| one(t)))
}
