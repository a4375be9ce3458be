//! Codes of several places, and codes under conditions.

use std::sync::Arc;

use diesel::Table;
use fhir::system::DATA_ABSENT_REASON;

use super::{CodedBy, Codes, TextBy, TypedBy, column, fits, fixed};
use crate::param::Words;
use crate::param::string::Like;
use crate::sql::{Filter, Fragment, IntoText, Select, TextColumn};
use crate::{Site, fold};

/// The first of `cases` whose condition holds gives the code; without one, `otherwise` does.
pub fn cases<QS: 'static>(
    system: &'static str,
    cases: Vec<(Filter<QS>, &'static str)>,
    otherwise: Codes<QS>,
) -> Codes<QS> {
    let none = Filter::any(cases.iter().map(|(when, _)| when.clone())).negate();
    any_of(vec![one_of_cases(system, cases), when(none, otherwise)])
}

/// The first of `cases` whose condition holds gives the code.
pub fn one_of_cases<QS: 'static>(system: &'static str, cases: Vec<(Filter<QS>, &'static str)>) -> Codes<QS> {
    let some = Filter::any(cases.iter().map(|(when, _)| when.clone()));
    let present = some.clone();
    Codes::new(
        Box::new(move |asked, code, _| {
            let mut hits = vec![];
            let mut earlier: Vec<Filter<QS>> = vec![];
            for (when, gives) in &cases {
                if *gives == code && fits(asked, system) {
                    hits.push(when.clone().and(Filter::any(earlier.clone()).negate()));
                }
                earlier.push(when.clone());
            }
            Filter::any(hits)
        }),
        Box::new(move |asked, _| if asked == system { some.clone() } else { Filter::never() }),
        fixed(present),
    )
}

/// The codes of the rows for which `holds`.
pub fn when<QS: 'static>(holds: Filter<QS>, codes: Codes<QS>) -> Codes<QS> {
    each(codes, move |filter, _| {
        if filter.is_never() {
            filter
        } else {
            holds.clone().and(filter)
        }
    })
}

/// The codes of `first`; where it gives none, those of `otherwise`.
pub fn or_else<QS: 'static>(first: Codes<QS>, otherwise: Codes<QS>) -> Codes<QS> {
    let present = Arc::new(first.present);
    let told = Arc::clone(&present);
    let rest = each(otherwise, move |filter, site| {
        if filter.is_never() {
            filter
        } else {
            told(site).negate().and(filter)
        }
    });
    let first = Codes {
        present: Box::new(move |site| present(site)),
        ..first
    };
    any_of(vec![first, rest])
}

/// The codes, each condition of which `change` makes another.
fn each<QS, T>(codes: Codes<QS>, change: impl Fn(Filter<QS>, &Site) -> Filter<T> + Send + Sync + 'static) -> Codes<T>
where
    QS: 'static,
    T: 'static,
{
    let change = Arc::new(change);
    let coded = |by: CodedBy<QS>| -> CodedBy<T> {
        let change = Arc::clone(&change);
        Box::new(move |asked, code, site| change(by(asked, code, site), site))
    };
    let (in_system, in_change) = (codes.in_system, Arc::clone(&change));
    let (present, present_change) = (codes.present, Arc::clone(&change));
    Codes {
        text: codes.text.map(|by| {
            let change = Arc::clone(&change);
            Box::new(move |start: &str, site: &Site| change(by(start, site), site)) as TextBy<T>
        }),
        below: codes.below.map(&coded),
        typed: codes.typed.map(|by| {
            let change = Arc::clone(&change);
            Box::new(move |asked: &_, site: &Site| change(by(asked, site), site)) as TypedBy<T>
        }),
        ..Codes::new(
            coded(codes.coded),
            Box::new(move |system, site| in_change(in_system(system, site), site)),
            Box::new(move |site| present_change(present(site), site)),
        )
    }
}

/// Rows without a code go out with the code that says so, `unknown` of data-absent-reason: for mandatory elements.
pub fn or_absent<QS: 'static>(codes: Codes<QS>) -> Codes<QS> {
    let Codes {
        coded,
        in_system,
        present,
        text,
        below,
        typed,
        first,
    } = codes;
    let present = Arc::new(present);
    let (also, shown) = (Arc::clone(&present), Arc::clone(&present));
    Codes {
        text: text.map(|text| {
            Box::new(move |start: &str, site: &Site| {
                let told = text(start, site);
                if fold(UNKNOWN).starts_with(start) {
                    return Filter::any([told, shown(site).negate()]);
                }
                told
            }) as TextBy<QS>
        }),
        below,
        typed,
        first,
        ..Codes::new(
            Box::new(move |asked, code, site| {
                let told = coded(asked, code, site);
                if code == "unknown" && fits(asked, DATA_ABSENT_REASON) {
                    return Filter::any([told, present(site).negate()]);
                }
                told
            }),
            Box::new(move |asked, site| {
                let told = in_system(asked, site);
                if asked == DATA_ABSENT_REASON {
                    Filter::any([told, also(site).negate()])
                } else {
                    told
                }
            }),
            fixed(Filter::always()),
        )
    }
}

/// The display of the code that says that there is none.
const UNKNOWN: &str = "Unknown";

/// The codes of `codes`, where `texts` alone also make the element present, because a code without system goes out as text;
/// `:text` finds them.
pub fn or_words<QS: 'static>(codes: Codes<QS>, texts: Vec<Words<QS>>) -> Codes<QS> {
    let coded_present = codes.present;
    let told: Vec<_> = texts.iter().map(Words::present).collect();
    let present = move |site: &Site| {
        let texts = told.iter().cloned();
        Filter::any(texts.chain(std::iter::once(coded_present(site))))
    };
    let displayed = codes.text;
    let text = move |start: &str, site: &Site| {
        let texts = texts.iter().map(|words| words.having(Like::Starts, start));
        let display = displayed.iter().map(|by| by(start, site));
        Filter::any(texts.chain(display))
    };
    Codes {
        present: Box::new(present),
        text: Some(Box::new(text)),
        ..codes
    }
}

/// The same without what `:text` needs.
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
        typed: numbers.typed,
        ..Codes::new(
            Box::new(move |asked, code, site| {
                let by_key = (own.coded)(asked, code, site).and(present(site).negate());
                Filter::any([(numbers.coded)(asked, code, site), by_key])
            }),
            Box::new(move |asked, site| {
                let by_key = (own.in_system)(asked, site).and(also(site).negate());
                Filter::any([(numbers.in_system)(asked, site), by_key])
            }),
            fixed(Filter::always()),
        )
    }
}

/// Several places give codes, such as the identifiers of a row. The first place's goes out first.
#[must_use]
pub fn any_of<QS: 'static>(places: Vec<Codes<QS>>) -> Codes<QS> {
    let (mut coded, mut in_system, mut present) = (vec![], vec![], vec![]);
    let (mut text, mut below, mut typed) = (vec![], vec![], vec![]);
    for place in places {
        coded.push(place.coded);
        in_system.push(place.in_system);
        present.push(place.present);
        text.extend(place.text);
        below.extend(place.below);
        typed.extend(place.typed);
    }
    let some = |any: bool| any.then_some(());
    Codes {
        text: some(!text.is_empty()).map(|()| {
            Box::new(move |start: &str, site: &Site| Filter::any(text.iter().map(|t| t(start, site)))) as TextBy<QS>
        }),
        below: some(!below.is_empty()).map(|()| {
            Box::new(move |asked: Option<&str>, start: &str, site: &Site| {
                Filter::any(below.iter().map(|b| b(asked, start, site)))
            }) as CodedBy<QS>
        }),
        typed: some(!typed.is_empty()).map(|()| {
            Box::new(move |asked: &_, site: &Site| Filter::any(typed.iter().map(|t| t(asked, site)))) as TypedBy<QS>
        }),
        ..Codes::new(
            Box::new(move |asked, code, site| Filter::any(coded.iter().map(|c| c(asked, code, site)))),
            Box::new(move |asked, site| Filter::any(in_system.iter().map(|s| s(asked, site)))),
            Box::new(move |site| Filter::any(present.iter().map(|p| p(site)))),
        )
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
    each(codes, move |rows: Filter<C>, _| {
        if rows.is_never() {
            return Filter::never();
        }
        Filter::within(own.clone(), Select::new(&theirs, child, rows))
    })
}
