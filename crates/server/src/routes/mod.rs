//! The handlers, by interaction; each module declares what it serves, and [`ENDPOINTS`] lists it.

pub(crate) mod batch;
pub(crate) mod compartment;
pub(crate) mod definition;
pub(crate) mod everything;
pub(crate) mod health;
pub(crate) mod history;
mod instance;
pub(crate) mod lineage;
pub(crate) mod metadata;
pub(crate) mod openapi;
pub(crate) mod read;
pub(crate) mod search;
pub(crate) mod system;

mod body;
pub(crate) mod form;

use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use fhir::r4::ResourceType;
use fhir::search::Vocabulary;

use crate::app::{Served, State};
use crate::endpoint::Endpoint;
use crate::error::Failure;
use crate::log::Told;
use crate::respond;

pub(crate) use compartment::EVERY_TYPE;
pub(crate) use instance::is_id;
pub(crate) use openapi::PATH as OPENAPI;

/// All that is served below a base. The longer addresses first: `{id}` would take `_search`.
pub(crate) static ENDPOINTS: [Endpoint; 16] = [
    metadata::METADATA,
    openapi::OPENAPI,
    definition::DEFINITION,
    system::POST,
    search::POST,
    history::VREAD,
    history::HISTORY,
    everything::GET,
    everything::POST,
    lineage::LINEAGE,
    compartment::POST,
    compartment::GET,
    read::READ,
    search::GET,
    system::GET,
    batch::BATCH,
];

/// The type in the address, when it is served; told to the log either way.
fn asked_type(request: &HttpRequest, served: &Served) -> Result<ResourceType, Failure> {
    let ty = request
        .match_info()
        .get("type")
        .and_then(|name| served.view.dictionary().served(name));
    Told::asked(request, &served.name, ty);
    ty.ok_or_else(Failure::unknown_type)
}

/// The types that are served.
fn served_types(served: &Served) -> Vec<ResourceType> {
    Vocabulary::types(served.view.dictionary())
}

/// Names and values of the query.
pub(crate) fn query(request: &HttpRequest) -> Result<Vec<(String, String)>, Failure> {
    fhir::search::parse_query_string(request.query_string()).map_err(|problem| Failure::problems(&[problem]))
}

/// A method that the address does not take, or the question which it takes; where the type is unknown, that is what is wrong.
pub(crate) async fn method_not_allowed(request: HttpRequest, allow: String) -> HttpResponse {
    let known = match request.app_data::<Data<Served>>() {
        Some(served) if request.match_info().get("type").is_some() => asked_type(&request, served).map(|_| ()),
        _ => Ok(()),
    };
    match known {
        Ok(()) if *request.method() == Method::OPTIONS => HttpResponse::NoContent()
            .insert_header((header::ALLOW, format!("{allow}, OPTIONS")))
            .finish(),
        known => respond::fail(&request, known.err().unwrap_or_else(|| Failure::method(allow))),
    }
}

/// Every other address.
pub(crate) async fn elsewhere(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let within = |served: &Served| {
        let rest = request.path().strip_prefix(&served.prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let failure = match state.served.iter().find(|s| within(s)) {
        Some(served) => {
            Told::asked(&request, &served.name, None);
            Failure::not_supported()
        }
        None => Failure::nowhere(),
    };
    respond::fail(&request, failure)
}
