//! Parameters that shape the answer instead of selecting resources (<http://hl7.org/fhir/R4/search.html#return>).

use crate::r4::ResourceType;

use super::limits::MAX_CURSOR_LENGTH;
use super::parse::Parser;
use super::problem::{Problem, ProblemKind, shown};
use super::request::{Include, Sort, Total};

/// The control parameters supported, also to suggest one. `_format` and `_pretty` belong to HTTP: they are taken here and left to the server.
pub(super) const NAMES: [&str; 7] = ["_count", "_sort", "_total", "_include", "_cursor", "_format", "_pretty"];

/// Control parameters of R4 that are not supported, and searches that are not about one type's elements.
const UNSUPPORTED: [&str; 13] = [
    "_revinclude",
    "_summary",
    "_elements",
    "_contained",
    "_containedType",
    "_score",
    "_has",
    "_list",
    "_filter",
    "_query",
    "_text",
    "_content",
    "_type",
];

/// Applies a control parameter; false when the name is none.
pub(super) fn apply<'a>(parser: &mut Parser<'a>, name: &'a str, value: &'a str) -> bool {
    let (base, modifier) = name
        .split_once(':')
        .map_or((name, None), |(base, modifier)| (base, Some(modifier)));
    let ty = parser.request.resource_type;
    if UNSUPPORTED.contains(&base) && parser.vocabulary.param_type(ty, base).is_none() {
        let message = format!("{} is not supported", shown(name));
        parser.unknown(ProblemKind::UnsupportedParameter, name, message);
        return true;
    }
    if !NAMES.contains(&base) {
        return false;
    }
    if modifier.is_some() {
        let message = format!("The modifier of {} is not supported", shown(name));
        parser.unknown(ProblemKind::UnsupportedModifier, name, message);
        return true;
    }
    match base {
        "_count" if once(parser, base) => count(parser, value),
        "_sort" if once(parser, base) => sort(parser, value),
        "_total" if once(parser, base) => total(parser, value),
        "_cursor" if once(parser, base) => cursor(parser, value),
        "_include" => include(parser, value),
        _ => {}
    }
    true
}

/// True the first time; a second time is an error, since neither value can be preferred.
fn once<'a>(parser: &mut Parser<'a>, name: &'a str) -> bool {
    if parser.seen.contains(&name) {
        let message = format!("{name} may be given once");
        parser.errors.push(Problem::new(ProblemKind::Syntax, name, message));
        return false;
    }
    parser.seen.push(name);
    true
}

fn count(parser: &mut Parser<'_>, value: &str) {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return parser.bad("_count", "it must be a whole number");
    }
    // Digits that do not fit the type are more than any limit.
    let asked: u32 = value.parse().unwrap_or(u32::MAX);
    parser.request.count = Some(asked.min(parser.limits.count));
}

fn total(parser: &mut Parser<'_>, value: &str) {
    parser.request.total = match value {
        "none" => Total::None,
        "estimate" => Total::Estimate,
        "accurate" => Total::Accurate,
        _ => return parser.bad("_total", "it must be none, estimate or accurate"),
    };
}

fn cursor(parser: &mut Parser<'_>, value: &str) {
    if value.is_empty() || value.len() > MAX_CURSOR_LENGTH {
        return parser.bad("_cursor", "it is not one of this server's");
    }
    parser.request.cursor = Some(value.to_owned());
}

fn sort<'a>(parser: &mut Parser<'a>, value: &'a str) {
    let Some(keys) = parser.parts("_sort", value) else {
        return;
    };
    let ty = parser.request.resource_type;
    for key in keys {
        let (name, descending) = key.strip_prefix('-').map_or((key, false), |name| (name, true));
        if parser.vocabulary.is_sortable(ty, name) {
            let name = name.to_owned();
            parser.request.sort.push(Sort { name, descending });
        } else {
            let message = format!("A key of _sort is not one that {ty} can be sorted by");
            parser.unknown(ProblemKind::UnsupportedSort, "_sort", message);
        }
    }
}

fn include(parser: &mut Parser<'_>, value: &str) {
    if value.len() > parser.limits.value_length {
        return parser.bad("_include", "it is too long");
    }
    let parts: Vec<&str> = value.split(':').collect();
    let (source, param, target) = match *parts.as_slice() {
        ["*"] => ("*", "*", None),
        [source, param] => (source, param, None),
        [source, param, target] => (source, param, Some(target)),
        _ => return parser.bad("_include", "it must be Type:parameter or Type:parameter:Type"),
    };
    if parts.iter().any(|part| part.is_empty()) {
        return parser.bad("_include", "one of its parts is empty");
    }
    match known(parser, source, param, target) {
        Some(include) if parser.request.includes.contains(&include) => {}
        Some(include) => parser.request.includes.push(include),
        None => {
            let ty = parser.request.resource_type;
            let message = format!("An _include is not one that a search of {ty} can answer");
            parser.unknown(ProblemKind::UnsupportedInclude, "_include", message);
        }
    }
}

/// The include, when the server has it. Includes of other types would need `:iterate` to have an effect.
fn known(parser: &Parser<'_>, source: &str, param: &str, target: Option<&str>) -> Option<Include> {
    let source: ResourceType = source.parse().ok()?;
    let target: Option<ResourceType> = match target {
        Some(target) => Some(target.parse().ok()?),
        None => None,
    };
    let here = source == parser.request.resource_type;
    (here && parser.vocabulary.has_include(source, param, target)).then(|| Include {
        source,
        param: param.to_owned(),
        target,
    })
}
