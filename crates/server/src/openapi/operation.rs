//! The document's operations, and what they answer with.

use std::collections::BTreeMap;

use fhir::capability::{Interaction, Operation, SystemInteraction};
use fhir::{r4, xml};
use serde_json::{Value, json};

use super::{Place, Type, params, searches};
use crate::endpoint::Serves;

/// What one method does at one place.
pub(super) fn operation(place: &Place<'_>, method: &str, types: &[Type<'_>]) -> Value {
    let serves = place.endpoint.serves;
    let posted = method == "POST";
    let mut parameters: Vec<Value> = params::in_path(&place.path).collect();
    let mut body = None;
    match serves {
        _ if searches(serves) && posted => {
            let form = params::form(place.ty, types);
            body = Some(json!({ "content": { "application/x-www-form-urlencoded": { "schema": form } } }));
        }
        _ if searches(serves) => parameters.extend(params::searching(place.ty, types)),
        Serves::System(SystemInteraction::Batch) => {
            body = Some(json!({ "required": true, "content": resources("Bundle") }));
        }
        Serves::Operation(operation) if posted => {
            parameters.extend(params::shaping(&[]));
            body = Some(json!({
                "description": format!("In place of the query: {}", named(operation).join(", ")),
                "content": resources("Parameters"),
            }));
        }
        Serves::Operation(operation) => {
            let own = operation.parameters.iter();
            parameters.extend(own.map(|own| params::query(own.name, own.documentation)));
            parameters.extend(params::shaping(&named(operation)));
        }
        Serves::Type(Interaction::HistoryInstance) => parameters.extend(params::history()),
        Serves::Description(_) | Serves::Type(_) | Serves::System(_) | Serves::Compartments(_) => {
            parameters.extend(params::shaping(&[]));
        }
    }
    let mut responses = answers(answer(place));
    if !posted && let Some(all) = responses.as_object_mut() {
        all.insert("304".to_owned(), json!({ "$ref": "#/components/responses/Unchanged" }));
    }
    let mut operation = json!({
        "operationId": id(&place.path, method),
        "summary": summary(place),
        "responses": responses,
    });
    if let Some(all) = operation.as_object_mut() {
        if !parameters.is_empty() {
            all.insert("parameters".to_owned(), parameters.into());
        }
        all.extend(body.map(|body| ("requestBody".to_owned(), body)));
        all.extend(place.ty.map(|each| ("tags".to_owned(), json!([each.ty.as_str()]))));
    }
    operation
}

/// The responses of something that answers with resources of a type.
pub(super) fn answers(ty: &str) -> Value {
    json!({
        "200": { "description": "The answer", "content": resources(ty) },
        "4XX": { "$ref": "#/components/responses/Refused" },
        "5XX": { "$ref": "#/components/responses/Failed" },
    })
}

fn named(operation: &Operation) -> Vec<&'static str> {
    operation.parameters.iter().map(|parameter| parameter.name).collect()
}

/// One name for each method and address: letters, digits and underscores.
fn id(path: &str, method: &str) -> String {
    let path = path.replace('*', "all");
    let parts = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let parts = std::iter::once(method.to_ascii_lowercase()).chain(parts.map(str::to_owned));
    parts.collect::<Vec<_>>().join("_")
}

fn summary(place: &Place<'_>) -> String {
    let ty = place.ty.map_or("all types", |each| each.ty.as_str());
    match place.endpoint.serves {
        Serves::Description(text) => text.to_owned(),
        Serves::Type(Interaction::Read) => format!("Reads one {ty}"),
        Serves::Type(Interaction::Vread) => format!("Reads a version of one {ty}"),
        Serves::Type(Interaction::HistoryInstance) => format!("The versions of one {ty}"),
        Serves::Type(Interaction::HistoryType) => format!("The changes of {ty}"),
        Serves::System(SystemInteraction::HistorySystem) => "The changes of all types".to_owned(),
        Serves::Type(Interaction::SearchType) | Serves::System(SystemInteraction::SearchSystem) => {
            format!("Searches {ty}")
        }
        Serves::System(SystemInteraction::Batch) => "Several requests in one".to_owned(),
        Serves::Compartments(_) => format!("Searches {ty} within the compartment"),
        Serves::Operation(operation) => operation.documentation.to_owned(),
    }
}

/// The type of the resource that answers.
fn answer(place: &Place<'_>) -> &'static str {
    match (place.endpoint.serves, place.ty) {
        (Serves::Type(Interaction::Read | Interaction::Vread), Some(each)) => each.ty.as_str(),
        (Serves::Type(_) | Serves::System(_) | Serves::Compartments(_), _) => "Bundle",
        (Serves::Operation(operation), _) => operation.answer,
        (Serves::Description(_), _) => RESOURCE,
    }
}

/// Any resource.
const RESOURCE: &str = "Resource";

/// Schemas of all resources that are spoken of: their types' names, and where FHIR describes them.
pub(super) fn schemas(types: &[Type<'_>]) -> BTreeMap<&'static str, Value> {
    let served = types.iter().map(|each| each.ty.as_str());
    let named = served.chain(["Bundle", "OperationOutcome", "Parameters"]).map(schema);
    let any = json!({
        "type": "object",
        "required": ["resourceType"],
        "properties": { "resourceType": { "type": "string" } },
    });
    named.chain([(RESOURCE, any)]).collect()
}

/// The schema of resources of one type, with its name.
pub(super) fn schema(name: &'static str) -> (&'static str, Value) {
    let schema = json!({
        "type": "object",
        "required": ["resourceType"],
        "properties": { "resourceType": { "const": name } },
        "externalDocs": { "url": format!("http://hl7.org/fhir/R4/{}.html", name.to_ascii_lowercase()) },
    });
    (name, schema)
}

/// Answers that are the same everywhere.
pub(super) fn responses() -> Value {
    json!({
        "Refused": { "description": "What is wrong with the request", "content": resources("OperationOutcome") },
        "Failed": { "description": "What the server cannot do now", "content": resources("OperationOutcome") },
        "Unchanged": { "description": "The version that the request names in If-None-Match is the present one" },
    })
}

fn resources(name: &str) -> Value {
    let json = json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } });
    // XML has the same resources, which JSON Schema does not describe.
    json!({ r4::JSON: json, xml::MEDIA: {} })
}
