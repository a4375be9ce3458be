//! Prefixes of dates (<http://hl7.org/fhir/R4/search.html#prefix>).

use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::{Param, Type};
use super::super::value::{When, when};
use super::{Run, criterion};

/// Long before and long after whatever a clinic has.
const BEFORE: &str = "1800-01-01";
const AFTER: &str = "2999-12-31";

/// Per prefix: whether it finds a point in time by the value itself, by a time long before and by one long after.
const PREFIXES: [(&str, [bool; 3]); 9] = [
    ("eq", [true, false, false]),
    ("ne", [false, true, true]),
    ("gt", [false, true, false]),
    ("lt", [false, false, true]),
    ("ge", [true, true, false]),
    ("le", [true, false, true]),
    ("sa", [false, true, false]),
    ("eb", [false, false, true]),
    ("ap", [true, false, false]),
];

pub(super) fn check(run: &Run<'_>, ty: &Type, param: &Param, report: &mut Report) {
    for (prefix, wanted) in PREFIXES {
        let about = (ty.name.as_str(), param.name.as_str(), prefix);
        run.check(report, Area::Prefix, about, |run| {
            prefixed(run, ty, param, prefix, wanted)
        });
    }
}

fn prefixed(run: &Run<'_>, ty: &Type, param: &Param, prefix: &str, [own, before, after]: [bool; 3]) -> Outcome {
    let ask = |id: &str, value: &str, wanted: bool| {
        let asked = criterion(&param.name, &format!("{prefix}{value}"));
        run.expect(&ty.name, &asked, id, wanted)
    };
    let point = run.sample(ty, param, |element| match when(element) {
        Some(When::Point(at)) => Some(at),
        _ => None,
    });
    match point {
        Ok((id, at)) => {
            ask(id, &at, own)?;
            // Approximately, a long time ago may be quite long.
            if prefix != "ap" {
                ask(id, BEFORE, before)?;
                ask(id, AFTER, after)?;
            }
            Ok(())
        }
        Err(Fault::Skipped(_)) => {
            let (id, (start, end)) = run.sample(ty, param, |element| match when(element) {
                Some(When::Span {
                    start: Some(start),
                    end,
                }) => Some((start, end)),
                _ => None,
            })?;
            span(&ask, prefix, id, &start, end.is_some())
        }
        Err(failed) => Err(failed),
    }
}

/// A span that has no end has not ended before anything and lasts beyond everything.
fn span(ask: &dyn Fn(&str, &str, bool) -> Outcome, prefix: &str, id: &str, start: &str, ended: bool) -> Outcome {
    match prefix {
        "eq" => ask(id, BEFORE, false)?,
        "ne" => ask(id, BEFORE, true)?,
        "gt" | "ge" => {
            ask(id, BEFORE, true)?;
            ask(id, AFTER, !ended)?;
        }
        "lt" | "le" => {
            ask(id, BEFORE, false)?;
            ask(id, AFTER, true)?;
        }
        "sa" => {
            ask(id, BEFORE, true)?;
            ask(id, AFTER, false)?;
        }
        "eb" => {
            ask(id, BEFORE, false)?;
            ask(id, AFTER, ended)?;
        }
        _ => ask(id, start, true)?,
    }
    Ok(())
}
