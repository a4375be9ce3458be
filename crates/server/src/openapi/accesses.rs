//! Records of accesses in the document: they come from no rows, so they have addresses and parameters of their own.

use fhir::search::ParamType;
use serde_json::{Map, Value, json};

use super::{operation, params};
use crate::audit::events;

pub(super) const TYPE: &str = "AuditEvent";

/// What shapes a page of records.
const PAGES: [&str; 4] = ["_count", "_cursor", "_summary", "_total"];

/// The addresses with their operations.
pub(super) fn paths() -> Vec<(String, Map<String, Value>)> {
    let searching: Vec<Value> = named().map(|(name, what)| params::query(&name, &what)).collect();
    let properties: Map<String, Value> = named().map(|(name, _)| (name, params::values())).collect();
    let form = json!({ "schema": { "type": "object", "properties": properties } });
    let search = json!({
        "operationId": "get_AuditEvent", "summary": "Searches records of accesses", "tags": [TYPE],
        "parameters": searching, "responses": operation::answers("Bundle"),
    });
    let post = json!({
        "operationId": "post_AuditEvent_search", "summary": "Searches records of accesses", "tags": [TYPE],
        "requestBody": { "content": { "application/x-www-form-urlencoded": form } },
        "responses": operation::answers("Bundle"),
    });
    let read = json!({
        "operationId": "get_AuditEvent_id", "summary": "Reads one record of an access", "tags": [TYPE],
        "parameters": params::in_path(events::READ).collect::<Vec<_>>(), "responses": operation::answers(TYPE),
    });
    [
        (events::SEARCH, "get", search),
        (events::POST, "post", post),
        (events::READ, "get", read),
    ]
    .map(|(path, method, operation)| (path.to_owned(), [(method.to_owned(), operation)].into_iter().collect()))
    .into()
}

/// The parameters of a search, and what they are.
fn named() -> impl Iterator<Item = (String, String)> {
    let own = events::capability().params.into_iter().map(|param| {
        let mut what = format!("A {}, see {}", param.ty.code(), param.definition);
        if param.ty == ParamType::Date {
            what.push_str("; with prefixes eq, ne, gt, lt, ge, le, sa, eb, ap");
        }
        (param.name, what)
    });
    let control = |name: &&(&str, &str)| PAGES.contains(&name.0);
    let controls = params::CONTROLS
        .iter()
        .filter(control)
        .map(|(name, what)| ((*name).to_owned(), (*what).to_owned()));
    own.chain(controls)
}
