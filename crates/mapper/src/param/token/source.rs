//! Where one code of a row comes from.

use fhir::system::SPECIAL_VALUES;

use super::{Codes, fits, fixed, one_of_cases};
use crate::sql::{Filter, IntoText, Op, TextColumn};
use crate::{CodeMap, Site, codes};

/// Every row has the same code.
#[must_use]
pub fn constant<QS: 'static>(system: &'static str, code: &'static str) -> Codes<QS> {
    let when = |holds: bool| if holds { Filter::always() } else { Filter::never() };
    Codes::new(
        Box::new(move |asked, c, _| when(fits(asked, system) && c == code)),
        Box::new(move |asked, _| when(asked == system)),
        fixed(Filter::always()),
    )
}

/// The column holds codes of one system of the source, see [`Site::system`].
pub fn column<QS: 'static>(column: impl IntoText<QS>, what: &'static str) -> Codes<QS> {
    Codes {
        // What a vendor writes there may hold anything, also what stands between sort values.
        first: None,
        ..of_system(column.into_text(), move |asked, site| asked == site.system(what))
    }
}

/// A well-known system's codes in a column.
pub fn ids<QS: 'static>(column: impl IntoText<QS>, system: &'static str) -> Codes<QS> {
    of_system(column.into_text(), move |asked, _| asked == system)
}

/// The column holds telephone numbers or mail addresses as they go out, which have no system.
pub fn contact<QS: 'static>(column: impl IntoText<QS>) -> Codes<QS> {
    ids(column, "")
}

fn of_system<QS: 'static>(
    column: TextColumn<QS>,
    is: impl Fn(&str, &Site) -> bool + Clone + Send + Sync + 'static,
) -> Codes<QS> {
    let (held, present) = (column.clone(), Filter::not_null(column.clone()));
    let (all, is_too) = (present.clone(), is.clone());
    Codes {
        first: Some(column),
        ..Codes::new(
            Box::new(move |asked, code, site| {
                if asked.is_none_or(|asked| is(asked, site)) {
                    Filter::text(held.clone(), Op::Eq, code)
                } else {
                    Filter::never()
                }
            }),
            Box::new(move |asked, site| {
                if is_too(asked, site) {
                    all.clone()
                } else {
                    Filter::never()
                }
            }),
            fixed(present),
        )
    }
}

/// A boolean: true for the rows of `yes`, false for those of `no`, and absent for others.
#[must_use]
pub fn flag<QS: 'static>(yes: Filter<QS>, no: Filter<QS>) -> Codes<QS> {
    one_of_cases(SPECIAL_VALUES, vec![(yes, "true"), (no, "false")])
}

/// The column holds words that a code map translates.
pub fn mapped<QS: 'static>(column: impl IntoText<QS>, map: &'static CodeMap) -> Codes<QS> {
    let word = column.into_text();
    let known_word = word.clone();
    let system = map.system;
    let known = move |site: &Site| match site.fallback(map) {
        Some(_) => Filter::always(),
        None => Filter::one_of(
            known_word.lower(),
            site.all_texts(map).into_iter().map(|(text, _)| text),
        ),
    };
    let also_known = known.clone();
    Codes::new(
        Box::new(move |asked, code, site| {
            if fits(asked, system) {
                words(&word, map, code, site)
            } else {
                Filter::never()
            }
        }),
        Box::new(move |asked, site| if asked == system { known(site) } else { Filter::never() }),
        Box::new(also_known),
    )
}

/// The rows whose word gives `code`: the inverse of [`Site::code`].
fn words<QS>(column: &TextColumn<QS>, map: &'static CodeMap, code: &str, site: &Site) -> Filter<QS> {
    if site.fallback(map) == Some(code) {
        let others = site
            .all_texts(map)
            .into_iter()
            .filter(|(_, c)| *c != code)
            .map(|(text, _)| text);
        return Filter::one_of(column.lower(), others).negate();
    }
    Filter::one_of(column.lower(), site.texts(map, code))
}

/// The row says which system its code is of: a column of [`codes::System`] tags and a column of codes.
pub fn tagged<QS: 'static>(system: impl IntoText<QS>, code: impl IntoText<QS>) -> Codes<QS> {
    let tag = system.into_text();
    told(code.into_text(), move |uri, _| match codes::System::from_uri(uri) {
        Some(system) => Filter::text(tag.clone(), Op::Eq, system.tag()),
        None => Filter::never(),
    })
}

/// The row says which system its code is of: a column of URIs or, for systems of the source's own, of what
/// [`Site::system`] makes them of; and a column of codes.
pub fn stated<QS: 'static>(system: impl IntoText<QS>, code: impl IntoText<QS>) -> Codes<QS> {
    let system = system.into_text();
    let of = move |uri: &str, site: &Site| {
        if uri.is_empty() {
            return Filter::never();
        }
        let own = uri.strip_prefix(&site.system(""));
        Filter::text(system.clone(), Op::Eq, own.unwrap_or(uri))
    };
    Codes {
        first: None,
        ..told(code.into_text(), of)
    }
}

fn told<QS: 'static>(
    code: TextColumn<QS>,
    of: impl Fn(&str, &Site) -> Filter<QS> + Clone + Send + Sync + 'static,
) -> Codes<QS> {
    let present = Filter::not_null(code.clone());
    let (any_code, first, start) = (present.clone(), code.clone(), code.clone());
    let (of_system, of_start) = (of.clone(), of.clone());
    let and = |code: Filter<QS>, asked: Option<Filter<QS>>| match asked {
        Some(system) => code.and(system),
        None => code,
    };
    Codes {
        first: Some(first),
        below: Some(Box::new(move |asked, wanted, site| {
            let begins = Filter::starts_with(start.clone(), wanted);
            and(begins, asked.map(|uri| of_start(uri, site)))
        })),
        ..Codes::new(
            Box::new(move |asked, wanted, site| {
                let code = Filter::text(code.clone(), Op::Eq, wanted);
                and(code, asked.map(|uri| of(uri, site)))
            }),
            Box::new(move |uri, site| any_code.clone().and(of_system(uri, site))),
            fixed(present),
        )
    }
}
