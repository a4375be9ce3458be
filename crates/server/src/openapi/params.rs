//! The document's parameters: what stands in addresses, what shapes answers, and what each type can be searched by.

use std::collections::BTreeMap;

use fhir::definitions;
use fhir::r4::ResourceType;
use fhir::search::ParamType;
use mapper::Declared;
use serde_json::{Value, json};

use super::Type;

/// The control parameters, by what they do. A test holds that these are [`fhir::search::CONTROLS`] and `_type`.
pub(super) const CONTROLS: [(&str, &str); 12] = [
    (
        "_count",
        "How many resources a page may have; 0 asks for the total alone",
    ),
    (
        "_cursor",
        "Where a page begins: part of the links that the server gives",
    ),
    (
        "_elements",
        "The elements that are wanted, with commas; the mandatory ones come in any case",
    ),
    (
        "_explain",
        "`true` adds an entry that tells how the search was made, where the server is configured to",
    ),
    (
        "_format",
        "`json` or `xml`, or one of their media types; before the Accept header",
    ),
    (
        "_include",
        "Resources that the matches refer to: `Type:parameter`, `Type:parameter:Target` or `*`; `:iterate` follows these, too",
    ),
    ("_pretty", "`true` indents the answer"),
    (
        "_revinclude",
        "Resources that refer to the matches: `Type:parameter` or `*`; `:iterate` follows these, too",
    ),
    ("_sort", "Parameters to sort by, with commas; `-` before one sorts down"),
    ("_summary", "`true`, `text`, `data`, `count` or `false`"),
    ("_total", "`none`, `estimate` or `accurate`"),
    ("_type", "The types to search, with commas"),
];

/// What shapes any answer with resources.
const SHAPES: [&str; 4] = ["_elements", "_format", "_pretty", "_summary"];
/// What only a search of several types takes.
const SEVERAL: &str = "_type";

/// What stands in addresses, by what it is.
const PATH: [(&str, &str); 3] = [
    ("id", "The resource's logical id"),
    ("vid", "The version's id, as `meta.versionId` has it"),
    ("name", "The operation's name, without the `$`"),
];

/// All parameters, for references from the operations.
pub(super) fn components(types: &[Type<'_>]) -> BTreeMap<String, Value> {
    let path = PATH.iter().map(|(name, what)| {
        let parameter = json!({
            "name": name, "in": "path", "required": true, "description": what, "schema": { "type": "string" },
        });
        ((*name).to_owned(), parameter)
    });
    let controls = CONTROLS
        .iter()
        .map(|(name, what)| ((*name).to_owned(), query(name, what)));
    let declared = types.iter().flat_map(|each| {
        let described = |param: &&Declared| (key(each, param), query(param.name, &describe(each, param)));
        each.params.iter().map(described).collect::<Vec<_>>()
    });
    path.chain(controls).chain(declared).collect()
}

/// References to what stands in an address between braces.
pub(super) fn in_path(path: &str) -> impl Iterator<Item = Value> {
    let named = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    named.map(reference)
}

/// References to what shapes an answer, but for names that mean something else here.
pub(super) fn shaping(but: &[&str]) -> Vec<Value> {
    let shapes = SHAPES.iter().filter(|name| !but.contains(name));
    shapes.map(|name| reference(name)).collect()
}

/// What a history takes.
pub(super) fn history() -> Vec<Value> {
    let since = json!({
        "name": "_since", "in": "query", "description": "Versions since this instant",
        "schema": { "type": "string", "format": "date-time" },
    });
    let pages = ["_count", "_cursor"].map(reference);
    shaping(&[]).into_iter().chain(pages).chain([since]).collect()
}

/// References to what a search takes.
pub(super) fn searching(ty: Option<&Type<'_>>, types: &[Type<'_>]) -> Vec<Value> {
    taken(ty, types).iter().map(|(_, key)| reference(key)).collect()
}

/// What a form may hold, for searches by POST: the same as the query.
pub(super) fn form(ty: Option<&Type<'_>>, types: &[Type<'_>]) -> Value {
    let properties: BTreeMap<&str, Value> = taken(ty, types).into_iter().map(|(name, _)| (name, values())).collect();
    json!({ "type": "object", "properties": properties })
}

/// Names and components of what a search takes: of one type, or what is common to several.
fn taken(ty: Option<&Type<'_>>, types: &[Type<'_>]) -> Vec<(&'static str, String)> {
    let controls = CONTROLS.iter().filter(|(name, _)| *name != SEVERAL || ty.is_none());
    let controls = controls.map(|(name, _)| (*name, (*name).to_owned()));
    let Some(one) = ty.or(types.first()) else {
        return controls.collect();
    };
    let everywhere = |param: &&&Declared| {
        let known = |other: &Type<'_>| {
            other
                .params
                .iter()
                .any(|p| p.name == param.name && p.kind == param.kind)
        };
        ty.is_some() || types.iter().all(known)
    };
    let declared = one.params.iter().filter(everywhere);
    controls
        .chain(declared.map(|param| (param.name, key(one, param))))
        .collect()
}

/// A parameter of the query: any number of times, each of which must hold.
pub(super) fn query(name: &str, what: &str) -> Value {
    json!({ "name": name, "in": "query", "description": what, "schema": values(), "style": "form", "explode": true })
}

pub(super) fn values() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn key(ty: &Type<'_>, param: &Declared) -> String {
    format!("{}.{}", ty.ty.as_str(), param.name)
}

fn describe(ty: &Type<'_>, param: &Declared) -> String {
    let mut text = format!("A {}", param.kind.code());
    if let Some(definition) = definitions::find(ty.ty, param.name) {
        text = format!("{text}, see {}", definition.url());
    }
    if !param.targets.is_empty() {
        let targets: Vec<&str> = param.targets.iter().map(ResourceType::as_str).collect();
        text = format!("{text}; refers to {}", targets.join(", "));
    }
    if !param.modifiers.is_empty() {
        text = format!("{text}; with modifiers `:{}`", param.modifiers.join("` `:"));
    }
    if param.kind == ParamType::Date {
        text.push_str("; with prefixes eq, ne, gt, lt, ge, le, sa, eb, ap");
    }
    if param.sortable {
        text.push_str("; can be sorted by");
    }
    text
}
