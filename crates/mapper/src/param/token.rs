//! Token parameters: where a code and its system come from (R4, section 3.1.1.4.10).

use std::sync::Arc;

use diesel::Table;
use fhir::search::{ParamType, Token, Values};
use fhir::system::DATA_ABSENT_REASON;

use super::reference::own_key;
use super::{Context, Param, Present, fixed};
use crate::sql::{Filter, Fragment, IntoText, Op, Select, TextColumn};
use crate::{CodeMap, Site, codes};

/// Where the codes of a token parameter come from.
pub struct Codes<QS> {
    /// Rows with this code in this system; every system of the declaration when none is given.
    coded: CodedBy<QS>,
    /// Rows with any code of this system.
    in_system: InSystem<QS>,
    present: Present<QS>,
}

type CodedBy<QS> = Box<dyn Fn(Option<&str>, &str, &Site) -> Filter<QS> + Send + Sync>;
type InSystem<QS> = Box<dyn Fn(&str, &Site) -> Filter<QS> + Send + Sync>;

/// A token parameter.
pub fn token<QS: 'static>(name: &'static str, codes: Codes<QS>) -> Param<QS> {
    let Codes {
        coded,
        in_system,
        present,
    } = codes;
    let build = move |values: &Values, context: Context<'_>| {
        let Values::Token(tokens) = values else {
            return Filter::never();
        };
        Filter::any(tokens.iter().map(|token| match token {
            Token::Code(code) => coded(None, code, context.site),
            Token::Coded { system, code } => coded(Some(system), code, context.site),
            Token::System(system) => in_system(system, context.site),
            // Every code that is served has its system; see rule 1 of the architecture.
            Token::NoSystem(_) => Filter::never(),
        }))
    };
    Param::new(name, ParamType::Token, present, Box::new(build))
}

fn fits(asked: Option<&str>, system: &str) -> bool {
    asked.is_none_or(|asked| asked == system)
}

/// Every row has the same code.
#[must_use]
pub fn constant<QS: 'static>(system: &'static str, code: &'static str) -> Codes<QS> {
    let when = |holds: bool| if holds { Filter::always() } else { Filter::never() };
    Codes {
        coded: Box::new(move |asked, c, _| when(fits(asked, system) && c == code)),
        in_system: Box::new(move |asked, _| when(asked == system)),
        present: fixed(Filter::always()),
    }
}

/// The column holds codes of one system of the source, see [`Site::system`].
pub fn column<QS: 'static>(column: impl IntoText<QS>, what: &'static str) -> Codes<QS> {
    let column = column.into_text();
    let (held, present) = (column.clone(), Filter::not_null(column));
    let all = present.clone();
    Codes {
        coded: Box::new(move |asked, code, site| {
            if fits(asked, &site.system(what)) {
                Filter::text(held.clone(), Op::Eq, code)
            } else {
                Filter::never()
            }
        }),
        in_system: Box::new(move |asked, site| {
            if asked == site.system(what) {
                all.clone()
            } else {
                Filter::never()
            }
        }),
        present: fixed(present),
    }
}

/// A well-known system's codes in a column.
pub fn ids<QS: 'static>(column: impl IntoText<QS>, system: &'static str) -> Codes<QS> {
    let column = column.into_text();
    let (held, present) = (column.clone(), Filter::not_null(column));
    let all = present.clone();
    Codes {
        coded: Box::new(move |asked, code, _| {
            if fits(asked, system) {
                Filter::text(held.clone(), Op::Eq, code)
            } else {
                Filter::never()
            }
        }),
        in_system: Box::new(move |asked, _| if asked == system { all.clone() } else { Filter::never() }),
        present: fixed(present),
    }
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
    Codes {
        coded: Box::new(move |asked, code, site| {
            if fits(asked, system) {
                words(&word, map, code, site)
            } else {
                Filter::never()
            }
        }),
        in_system: Box::new({
            let known = known.clone();
            move |asked, site| if asked == system { known(site) } else { Filter::never() }
        }),
        present: Box::new(known),
    }
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
    let (tag, code) = (system.into_text(), code.into_text());
    let present = Filter::not_null(code.clone());
    let any_code = present.clone();
    let of = move |uri: &str| match codes::System::from_uri(uri) {
        Some(system) => Filter::text(tag.clone(), Op::Eq, system.tag()),
        None => Filter::never(),
    };
    let of_system = of.clone();
    Codes {
        coded: Box::new(move |asked, wanted, _| {
            let code = Filter::text(code.clone(), Op::Eq, wanted);
            match asked {
                Some(uri) => code.and(of(uri)),
                None => code,
            }
        }),
        in_system: Box::new(move |uri, _| any_code.clone().and(of_system(uri))),
        present: fixed(present),
    }
}

/// The row says which system its code is of: a column of URIs or, for systems of the source's own, of what
/// [`Site::system`] makes them of; and a column of codes.
pub fn stated<QS: 'static>(system: impl IntoText<QS>, code: impl IntoText<QS>) -> Codes<QS> {
    let (system, code) = (system.into_text(), code.into_text());
    let present = Filter::not_null(code.clone());
    let any_code = present.clone();
    let of = move |uri: &str, site: &Site| {
        let own = uri.strip_prefix(&site.system(""));
        Filter::text(system.clone(), Op::Eq, own.unwrap_or(uri))
    };
    let of_system = of.clone();
    Codes {
        coded: Box::new(move |asked, wanted, site| {
            let code = Filter::text(code.clone(), Op::Eq, wanted);
            match asked {
                Some(uri) => code.and(of(uri, site)),
                None => code,
            }
        }),
        in_system: Box::new(move |uri, site| any_code.clone().and(of_system(uri, site))),
        present: fixed(present),
    }
}

/// The first of `cases` whose condition holds gives the code; without one, `otherwise` does.
pub fn cases<QS: 'static>(
    system: &'static str,
    cases: Vec<(Filter<QS>, &'static str)>,
    otherwise: Codes<QS>,
) -> Codes<QS> {
    let none = Filter::any(cases.iter().map(|(when, _)| when.clone())).negate();
    let (rest, rest_in, rest_present) = (none.clone(), none.clone(), none.clone());
    let (other_coded, other_in, other_present) = (otherwise.coded, otherwise.in_system, otherwise.present);
    Codes {
        coded: Box::new(move |asked, code, site| {
            let mut hits = vec![rest.clone().and(other_coded(asked, code, site))];
            let mut earlier: Vec<Filter<QS>> = vec![];
            for (when, gives) in &cases {
                if *gives == code && fits(asked, system) {
                    hits.push(when.clone().and(Filter::any(earlier.clone()).negate()));
                }
                earlier.push(when.clone());
            }
            Filter::any(hits)
        }),
        in_system: Box::new(move |asked, site| {
            let by_case = if asked == system {
                none.clone().negate()
            } else {
                Filter::never()
            };
            Filter::any([by_case, rest_in.clone().and(other_in(asked, site))])
        }),
        present: Box::new(move |site| Filter::any([rest_present.clone().negate(), other_present(site)])),
    }
}

/// Rows without a code go out with the code that says so, `unknown` of data-absent-reason: for mandatory elements.
pub fn or_absent<QS: 'static>(codes: Codes<QS>) -> Codes<QS> {
    let Codes {
        coded,
        in_system,
        present,
    } = codes;
    let present = Arc::new(present);
    let also = Arc::clone(&present);
    Codes {
        coded: Box::new(move |asked, code, site| {
            let told = coded(asked, code, site);
            if code == "unknown" && fits(asked, DATA_ABSENT_REASON) {
                return Filter::any([told, present(site).negate()]);
            }
            told
        }),
        in_system: Box::new(move |asked, site| {
            let told = in_system(asked, site);
            if asked == DATA_ABSENT_REASON {
                Filter::any([told, also(site).negate()])
            } else {
                told
            }
        }),
        present: fixed(Filter::always()),
    }
}

/// The codes of `codes`, where `texts` alone also make the element present: a code without system goes out as text.
pub fn or_text<QS: 'static>(codes: Codes<QS>, texts: Vec<TextColumn<QS>>) -> Codes<QS> {
    let coded_present = codes.present;
    let present = move |site: &Site| {
        let text = texts.iter().map(|column| Filter::not_null(column.clone()));
        Filter::any(text.chain(std::iter::once(coded_present(site))))
    };
    Codes {
        present: Box::new(present),
        ..codes
    }
}

/// The identifiers that `numbers` give; a row without any goes out with its key, as a number of ours.
pub fn or_key<QS: 'static>(numbers: Codes<QS>, key: impl IntoText<QS>) -> Codes<QS> {
    let own = column(key, "key");
    let present = Arc::new(numbers.present);
    let also = Arc::clone(&present);
    Codes {
        coded: Box::new(move |asked, code, site| {
            let by_key = (own.coded)(asked, code, site).and(present(site).negate());
            Filter::any([(numbers.coded)(asked, code, site), by_key])
        }),
        in_system: Box::new(move |asked, site| {
            let by_key = (own.in_system)(asked, site).and(also(site).negate());
            Filter::any([(numbers.in_system)(asked, site), by_key])
        }),
        present: fixed(Filter::always()),
    }
}

/// Several places give codes, such as the identifiers of a row.
#[must_use]
pub fn any_of<QS: 'static>(places: Vec<Codes<QS>>) -> Codes<QS> {
    let (mut coded, mut in_system, mut present) = (vec![], vec![], vec![]);
    for place in places {
        coded.push(place.coded);
        in_system.push(place.in_system);
        present.push(place.present);
    }
    Codes {
        coded: Box::new(move |asked, code, site| Filter::any(coded.iter().map(|c| c(asked, code, site)))),
        in_system: Box::new(move |asked, site| Filter::any(in_system.iter().map(|s| s(asked, site)))),
        present: Box::new(move |site| Filter::any(present.iter().map(|p| p(site)))),
    }
}

/// The codes are those of rows of another table, whose column `theirs` holds what our column `own` does: a vendor's
/// dictionary of codes, or a table that a cell was exploded into.
pub fn through<T, C>(own: impl IntoText<T>, child: C, theirs: impl IntoText<C>, codes: Codes<C>) -> Codes<T>
where
    T: 'static,
    C: Table + Fragment + Copy + 'static,
{
    let (own, theirs) = (own.into_text(), theirs.into_text());
    let having = Arc::new(move |rows: Filter<C>| {
        if rows.is_never() {
            return Filter::never();
        }
        Filter::within(own.clone(), Select::new(&theirs, child, rows))
    });
    let Codes {
        coded,
        in_system,
        present,
    } = codes;
    let (by_code, by_system) = (Arc::clone(&having), Arc::clone(&having));
    Codes {
        coded: Box::new(move |asked, code, site| by_code(coded(asked, code, site))),
        in_system: Box::new(move |asked, site| by_system(in_system(asked, site))),
        present: Box::new(move |site| having(present(site))),
    }
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
