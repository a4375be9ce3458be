//! Parameters that shape the answer instead of selecting resources (<http://hl7.org/fhir/R4/search.html#return>).

use crate::r4::ResourceType;
use crate::subset::Subset;

use super::limits::{MAX_CURSOR_LENGTH, MAX_SORT};
use super::parse::Parser;
use super::problem::{Problem, ProblemKind, shown};
use super::request::{Include, Sort, Total};

/// The control parameters supported, also to suggest one. `_format` and `_pretty` belong to HTTP: they are taken here and left to the server.
pub const NAMES: [&str; 11] = [
    "_summary",
    "_elements",
    "_count",
    "_sort",
    "_total",
    "_include",
    "_revinclude",
    "_cursor",
    "_explain",
    "_format",
    "_pretty",
];

/// Control parameters of R4 that are not supported, and searches that are not about one type's elements.
const UNSUPPORTED: [&str; 9] = [
    "_contained",
    "_containedType",
    "_score",
    "_list",
    "_filter",
    "_query",
    "_text",
    "_content",
    "_type",
];

/// Whether a parameter is `_include` or `_revinclude`.
pub(super) fn is_include(name: &str) -> bool {
    matches!(name.split(':').next(), Some("_include" | "_revinclude"))
}

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
    let reverse = base == "_revinclude";
    let includes = reverse || base == "_include";
    // `:recurse` is what `:iterate` was called before R4.
    let iterate = includes && matches!(modifier, Some("iterate" | "recurse"));
    if modifier.is_some() && !iterate {
        let message = format!("The modifier of {} is not supported", shown(name));
        parser.unknown(ProblemKind::UnsupportedModifier, name, message);
        return true;
    }
    match base {
        "_count" if once(parser, base) => count(parser, value),
        "_sort" if once(parser, base) => sort(parser, value),
        "_total" if once(parser, base) => total(parser, value),
        "_cursor" if once(parser, base) => cursor(parser, value),
        "_explain" if once(parser, base) => explain(parser, value),
        "_summary" if once(parser, base) => summary(parser, value),
        "_elements" if once(parser, base) => elements(parser, value),
        _ if includes => include(parser, (reverse, iterate), value),
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

/// `_explain=true` (not of FHIR): how the answer came about.
fn explain(parser: &mut Parser<'_>, value: &str) {
    match value {
        "false" => {}
        "true" if parser.limits.explain => parser.request.explain = true,
        "true" => {
            let message = "_explain is switched off on this server".to_owned();
            parser.unknown(ProblemKind::UnsupportedParameter, "_explain", message);
        }
        _ => parser.bad("_explain", "it must be true or false"),
    }
}

/// `_summary` goes before `_elements`: both at once say two things about the same.
fn summary(parser: &mut Parser<'_>, value: &str) {
    let subset = match value {
        "true" => Some(Subset::Summary),
        "text" => Some(Subset::Text),
        "data" => Some(Subset::Data),
        "count" | "false" => None,
        _ => return parser.bad("_summary", "it must be true, text, data, count or false"),
    };
    if parser.request.subset.is_some() {
        return parser.bad("_summary", "it cannot be combined with _elements");
    }
    parser.request.count_only = value == "count";
    parser.request.subset = subset;
}

fn elements<'a>(parser: &mut Parser<'a>, value: &'a str) {
    let Some(names) = parser.parts("_elements", value) else {
        return;
    };
    // Only elements of the resource itself are cut: of `name.family` the whole name stays.
    let prefix = format!("{}.", parser.request.resource_type);
    let base = |name: &&str| {
        let own = name.strip_prefix(&prefix).unwrap_or(name);
        own.split('.').next().unwrap_or(own).to_owned()
    };
    let own: Vec<String> = names.iter().map(base).collect();
    let is_name = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"[].".contains(&b));
    if !names.iter().all(is_name) || own.iter().any(String::is_empty) {
        return parser.bad("_elements", "it must be names of elements");
    }
    if parser.request.subset.is_some() || parser.request.count_only {
        return parser.bad("_elements", "it cannot be combined with _summary");
    }
    parser.request.subset = Some(Subset::Elements(own));
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
    if keys.len() > MAX_SORT {
        let message = format!("_sort may have {MAX_SORT} keys");
        parser.errors.push(Problem::new(ProblemKind::Limit, "_sort", message));
        return;
    }
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

fn include(parser: &mut Parser<'_>, (reverse, iterate): (bool, bool), value: &str) {
    let name = if reverse { "_revinclude" } else { "_include" };
    if value.len() > parser.limits.value_length {
        return parser.bad(name, "it is too long");
    }
    let parts: Vec<&str> = value.split(':').collect();
    if parts.iter().any(|part| part.is_empty()) {
        return parser.bad(name, "one of its parts is empty");
    }
    let found = match *parts.as_slice() {
        ["*"] => wildcard(parser, reverse),
        [source, param] => known(parser, reverse, source, param, None),
        [source, param, target] => known(parser, reverse, source, param, Some(target)),
        _ => return parser.bad(name, "it must be Type:parameter or Type:parameter:Type"),
    };
    let ty = parser.request.resource_type;
    // Without `:iterate` an include is about the matches: what they point at, or what points at them.
    let of_matches = |include: &Include| match (iterate, reverse) {
        (true, _) => true,
        (false, false) => include.source == ty,
        (false, true) => reaches(parser, include, ty),
    };
    let found: Vec<Include> = found.into_iter().filter(of_matches).collect();
    if found.is_empty() {
        let message = format!(
            "{} {name} is not one that a search of {ty} can answer",
            if reverse { "A" } else { "An" }
        );
        parser.unknown(ProblemKind::UnsupportedInclude, name, message);
    }
    for include in found {
        let include = Include { iterate, ..include };
        if !parser.request.includes.contains(&include) {
            parser.request.includes.push(include);
        }
    }
}

/// Whether references of the include can lead to resources of a type.
fn reaches(parser: &Parser<'_>, include: &Include, ty: ResourceType) -> bool {
    let leads = |param: &str| parser.vocabulary.targets(include.source, param).contains(&ty);
    include.target.is_none_or(|target| target == ty)
        && match &include.param {
            Some(param) => leads(param),
            None => parser.vocabulary.names(include.source).iter().any(|param| leads(param)),
        }
}

/// `*`: every reference of the matches, or every one that leads to them.
fn wildcard(parser: &Parser<'_>, reverse: bool) -> Vec<Include> {
    let all = |source| Include {
        reverse,
        iterate: false,
        source,
        param: None,
        target: None,
    };
    if reverse {
        parser.vocabulary.types().into_iter().map(all).collect()
    } else {
        vec![all(parser.request.resource_type)]
    }
}

/// The include, when the server has it.
fn known(parser: &Parser<'_>, reverse: bool, source: &str, param: &str, target: Option<&str>) -> Vec<Include> {
    let include = || {
        let source: ResourceType = source.parse().ok()?;
        let target: Option<ResourceType> = match target {
            Some(target) => Some(target.parse().ok()?),
            None => None,
        };
        let served = match param {
            "*" => parser.vocabulary.types().contains(&source),
            param => parser.vocabulary.has_include(source, param, target),
        };
        served.then(|| Include {
            reverse,
            iterate: false,
            source,
            param: (param != "*").then(|| param.to_owned()),
            target,
        })
    };
    include().into_iter().collect()
}
