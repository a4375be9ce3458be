//! Token parameters: where a code and its system come from (R4, section 3.1.1.4.10).

mod combine;
mod source;

use std::sync::Arc;

use fhir::search::{OfType, ParamType, Token, Values};
use fhir::terminology::{self, ValueSet};

use super::reference::own_key;
use super::{Build, Context, Param, Present, fixed};
use crate::sql::{Filter, IntoText, SortColumn, TextColumn};
use crate::{Site, fold};

pub use combine::{any_of, cases, one_of_cases, or_absent, or_else, or_key, or_text, or_words, through, when};
pub use source::{column, constant, contact, flag, ids, mapped, stated, tagged};

/// Where the codes of a token parameter come from.
///
/// A system that is asked for is `Some("")` where none is wanted (`|code`): only what goes out without system has that.
pub struct Codes<QS> {
    /// Rows with this code in this system; every system of the declaration when none is given.
    coded: CodedBy<QS>,
    /// Rows with any code of this system.
    in_system: InSystem<QS>,
    present: Present<QS>,
    /// Rows with a text or display that begins so (folded), where codes go out with some.
    text: Option<TextBy<QS>>,
    /// Rows with a code of this system that begins so, where systems with hierarchies are told from others.
    below: Option<CodedBy<QS>>,
    /// Rows with this identifier of this type, where identifiers go out with one.
    typed: Option<TypedBy<QS>>,
    /// The code that goes out first, as a column.
    first: Option<TextColumn<QS>>,
}

type CodedBy<QS> = Box<dyn Fn(Option<&str>, &str, &Site) -> Filter<QS> + Send + Sync>;
type InSystem<QS> = Box<dyn Fn(&str, &Site) -> Filter<QS> + Send + Sync>;
type TextBy<QS> = Box<dyn Fn(&str, &Site) -> Filter<QS> + Send + Sync>;
type TypedBy<QS> = Box<dyn Fn(&OfType, &Site) -> Filter<QS> + Send + Sync>;

impl<QS: 'static> Codes<QS> {
    fn new(coded: CodedBy<QS>, in_system: InSystem<QS>, present: Present<QS>) -> Self {
        Self {
            coded,
            in_system,
            present,
            text: None,
            below: None,
            typed: None,
            first: None,
        }
    }

    /// The codes, where these go out with a display: what `:text` finds.
    #[must_use]
    pub fn shown(self, displays: &'static [(&'static str, &'static str)]) -> Self {
        let coded = Arc::new(self.coded);
        let by_code = Arc::clone(&coded);
        let text = move |start: &str, site: &Site| {
            let shown = displays.iter().filter(|(_, display)| fold(display).starts_with(start));
            Filter::any(shown.map(|(code, _)| by_code(None, code, site)))
        };
        Self {
            coded: Box::new(move |asked, code, site| coded(asked, code, site)),
            text: Some(Box::new(text)),
            ..self
        }
    }

    /// The identifiers, where they go out with a type of HL7 v2 table 0203: what `:of-type` finds.
    #[must_use]
    pub fn typed(self, kind: &'static str) -> Self {
        let coded = Arc::new(self.coded);
        let by_value = Arc::clone(&coded);
        let typed = move |asked: &OfType, site: &Site| {
            if asked.system == fhir::system::IDENTIFIER_TYPE && asked.code == kind {
                by_value(None, &asked.value, site)
            } else {
                Filter::never()
            }
        };
        Self {
            coded: Box::new(move |asked, code, site| coded(asked, code, site)),
            typed: Some(Box::new(typed)),
            ..self
        }
    }

    fn matching(&self, token: &Token, site: &Site) -> Filter<QS> {
        match token {
            Token::Code(code) => (self.coded)(None, code, site),
            Token::Coded { system, code } => (self.coded)(Some(system), code, site),
            Token::System(system) => (self.in_system)(system, site),
            Token::NoSystem(code) => (self.coded)(Some(""), code, site),
        }
    }

    fn in_set(&self, set: &ValueSet, site: &Site) -> Filter<QS> {
        let listed = set
            .codes
            .iter()
            .flat_map(|(system, codes)| codes.iter().map(move |code| (self.coded)(Some(system), code, site)));
        let whole = set.systems.iter().map(|system| (self.in_system)(system, site));
        Filter::any(listed.chain(whole))
    }

    /// The code itself and those above it.
    fn above(&self, token: &Token, site: &Site) -> Filter<QS> {
        let Token::Coded { system, code } = token else {
            return Filter::never();
        };
        let above = terminology::ancestors(system, code).into_iter();
        Filter::any(above.map(|code| (self.coded)(Some(system), code, site)))
    }
}

fn fits(asked: Option<&str>, system: &str) -> bool {
    asked.is_none_or(|asked| asked == system)
}

/// Whether codes of these can be in value sets: numbers and addresses are in none.
enum Kind {
    Code,
    Number,
}

/// A token parameter over codes.
pub fn token<QS: 'static>(name: &'static str, codes: Codes<QS>) -> Param<QS> {
    build(name, codes, &Kind::Code)
}

/// A token parameter over what is not of a code system: identifiers, telephone numbers.
pub fn uncoded<QS: 'static>(name: &'static str, codes: Codes<QS>) -> Param<QS> {
    build(name, codes, &Kind::Number)
}

fn build<QS: 'static>(name: &'static str, mut codes: Codes<QS>, kind: &Kind) -> Param<QS> {
    let sort = codes.first.take().map(|column| SortColumn::text(column, true));
    let (text, below, typed) = (codes.text.take(), codes.below.take(), codes.typed.take());
    let present = std::mem::replace(&mut codes.present, fixed(Filter::never()));
    let codes = Arc::new(codes);
    let mut modified: Vec<(&'static str, Build<QS>)> = vec![];
    if let Some(text) = text {
        let by_text = any_string(move |start, site| text(&fold(start), site));
        modified.push(("text", by_text));
    }
    if let Kind::Code = kind {
        let codes = Arc::clone(&codes);
        modified.push((
            "in",
            Box::new(move |values, context| {
                let Values::Uri(urls) = values else {
                    return Filter::never();
                };
                let sets = urls.iter().filter_map(|url| terminology::value_set(url));
                Filter::any(sets.map(|set| codes.in_set(set, context.site)))
            }),
        ));
    }
    if let Some(below) = below {
        let of = move |token: &Token, site: &Site| {
            let Token::Coded { system, code } = token else {
                return Filter::never();
            };
            let start = terminology::subtree(system, code);
            start.map_or_else(Filter::never, |start| below(Some(system), start, site))
        };
        let above = Arc::clone(&codes);
        modified.push(("below", any_token(of)));
        modified.push(("above", any_token(move |token, site| above.above(token, site))));
    }
    if let Some(typed) = typed {
        modified.push((
            "of-type",
            Box::new(move |values, context| {
                let Values::OfType(all) = values else {
                    return Filter::never();
                };
                Filter::any(all.iter().map(|each| typed(each, context.site)))
            }),
        ));
    }
    Param {
        sort,
        modified,
        ..Param::new(
            name,
            ParamType::Token,
            present,
            any_token(move |token, site| codes.matching(token, site)),
        )
    }
}

/// No row goes out with a code: the parameter finds none.
#[must_use]
pub fn none<QS: 'static>() -> Codes<QS> {
    any_of(vec![])
}

/// What any of the tokens asked for finds.
fn any_token<QS: 'static>(one: impl Fn(&Token, &Site) -> Filter<QS> + Send + Sync + 'static) -> Build<QS> {
    Box::new(move |values, context| {
        let Values::Token(tokens) = values else {
            return Filter::never();
        };
        Filter::any(tokens.iter().map(|token| one(token, context.site)))
    })
}

/// What any of the texts asked for finds.
fn any_string<QS: 'static>(one: impl Fn(&str, &Site) -> Filter<QS> + Send + Sync + 'static) -> Build<QS> {
    Box::new(move |values, context| {
        let Values::String(texts) = values else {
            return Filter::never();
        };
        Filter::any(texts.iter().map(|text| one(text, context.site)))
    })
}

/// `_id`: logical ids of one kind of one source, looked up by row key.
pub fn logical_id<QS: 'static>(kind: &'static str, key: impl IntoText<QS>) -> Param<QS> {
    let key = key.into_text();
    let build = move |values: &Values, context: Context<'_>| {
        let Values::Token(tokens) = values else {
            return Filter::never();
        };
        let keys = tokens.iter().filter_map(|token| match token {
            Token::Code(id) => own_key(id, kind, context.site.name()),
            // An id has no system.
            Token::Coded { .. } | Token::System(_) => None,
            Token::NoSystem(id) => own_key(id, kind, context.site.name()),
        });
        Filter::one_of(key.clone(), keys)
    };
    Param::new("_id", ParamType::Token, fixed(Filter::always()), Box::new(build))
}
