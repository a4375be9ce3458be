//! `/openapi.json`: what is served below a base, for tools that know HTTP and not FHIR (<https://spec.openapis.org/oas/v3.1.0>).
//!
//! It is made from the same declarations as the router and the CapabilityStatement, so it has every type, parameter and operation of this
//! base and no other. What FHIR's resources look like is left to FHIR: their schemas here only name their types.

mod accesses;
mod operation;
mod params;

use std::collections::BTreeMap;

use fhir::capability::{Interaction, SystemInteraction};
use fhir::compartment::Compartment;
use fhir::r4::{self, ResourceType};
use mapper::{Declared, View};
use serde_json::{Value, json};

use crate::endpoint::{Endpoint, Serves};
use crate::routes::{self, ENDPOINTS};

/// A type that is served, with its search parameters.
struct Type<'a> {
    ty: ResourceType,
    params: Vec<&'a Declared>,
}

/// An endpoint at one address, with the type that the address names.
struct Place<'a> {
    endpoint: &'static Endpoint,
    path: String,
    ty: Option<&'a Type<'a>>,
}

/// What there is beside the resources of the rows.
#[derive(Clone, Copy)]
pub(crate) struct Beside<'a> {
    /// Whether records of accesses are served.
    pub accesses: bool,
    /// The address of the server, where tokens are needed.
    pub issuer: Option<&'a str>,
}

/// The document of the base at the address `base`, as JSON.
pub(crate) fn document(view: &View, base: &str, beside: Beside<'_>) -> Vec<u8> {
    let types: Vec<Type<'_>> = view
        .dictionary()
        .types()
        .map(|(ty, params)| Type {
            ty,
            params: params.collect(),
        })
        .collect();
    let mut paths: BTreeMap<String, serde_json::Map<String, Value>> = BTreeMap::new();
    for place in ENDPOINTS.iter().flat_map(|endpoint| places(endpoint, &types)) {
        // What GET answers, HEAD answers without the body; to say so at each address would double the document.
        let methods = place.endpoint.allow.split(", ").filter(|method| *method != "HEAD");
        for method in methods {
            let operation = operation::operation(&place, method, &types);
            let path = paths.entry(place.path.clone()).or_default();
            path.insert(method.to_ascii_lowercase(), operation);
        }
    }
    let mut schemas = operation::schemas(&types);
    if beside.accesses {
        paths.extend(accesses::paths());
        schemas.extend([operation::schema(accesses::TYPE)]);
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Chartgate",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "FHIR {} over the rows of {}, read-only. HEAD wherever GET is. The same as {base}/metadata, for tools that know HTTP.",
                r4::VERSION,
                view.sources().iter().map(|source| source.name()).collect::<Vec<_>>().join(", "),
            ),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": base }],
        "tags": types.iter().map(|each| json!({ "name": each.ty.as_str() })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "parameters": params::components(&types),
            "schemas": schemas,
            "responses": operation::responses(),
        },
    });
    if let (Some(issuer), Some(document)) = (beside.issuer, document.as_object_mut()) {
        let discovery = format!("{issuer}/.well-known/openid-configuration");
        let scheme = json!({ "smart": { "type": "openIdConnect", "openIdConnectUrl": discovery } });
        if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
            components.insert("securitySchemes".to_owned(), scheme);
        }
        // What describes the server can be read without.
        document.insert("security".to_owned(), json!([{ "smart": [] }, {}]));
    }
    document.to_string().into_bytes()
}

/// The addresses of an endpoint: one for each type that can stand in it.
fn places<'a>(endpoint: &'static Endpoint, types: &'a [Type<'a>]) -> Vec<Place<'a>> {
    let Some(path) = endpoint.paths.first() else {
        return vec![];
    };
    // The base itself is at the address of the server.
    let path = if path.is_empty() { "/" } else { path };
    let place = |path: String, ty| Place { endpoint, path, ty };
    let of = |ty: ResourceType| path.replace("{type}", ty.as_str());
    match endpoint.serves {
        Serves::Description(_) if path == routes::OPENAPI => vec![],
        Serves::Description(_) | Serves::System(_) => vec![place(path.to_owned(), None)],
        Serves::Type(_) => types.iter().map(|each| place(of(each.ty), Some(each))).collect(),
        Serves::Operation(operation) => {
            let on = types.iter().filter(|each| operation.is_on(each.ty));
            let on: Vec<Place<'_>> = on.map(|each| place(of(each.ty), Some(each))).collect();
            if path.contains("{type}") {
                on
            } else {
                vec![place(path.to_owned(), None)]
            }
        }
        Serves::Compartments(_) => {
            let mut all = vec![];
            for compartment in types.iter().filter_map(|each| Compartment::of(each.ty)) {
                let inner = |name: &str| of(compartment.ty()).replace("{inner}", name);
                let held = types.iter().filter(|each| compartment.may_hold(each.ty));
                all.extend(held.map(|each| place(inner(each.ty.as_str()), Some(each))));
                all.push(place(inner(routes::EVERY_TYPE), None));
            }
            all
        }
    }
}

/// Whether an endpoint answers a search of one type or several.
fn searches(serves: Serves) -> bool {
    matches!(
        serves,
        Serves::Type(Interaction::SearchType)
            | Serves::System(SystemInteraction::SearchSystem)
            | Serves::Compartments(_)
    )
}

#[cfg(test)]
mod tests;
