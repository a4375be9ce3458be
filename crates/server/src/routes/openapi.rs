//! `GET /openapi.json`: what is served below a base, for tools that know HTTP and not FHIR.

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::{self, Data};

use crate::app::{Served, State};
use crate::endpoint::{self, Endpoint, Serves};

/// Below each base, and for all sources also beside `/`, where tools look for it.
pub(crate) const PATH: &str = "/openapi.json";

pub(crate) const OPENAPI: Endpoint = Endpoint {
    paths: &[PATH],
    allow: endpoint::READ,
    route: || web::to(below),
    serves: Serves::Description("openapi.json says the same for tools that know OpenAPI 3.1"),
};

async fn below(served: Data<Served>) -> HttpResponse {
    document(&served)
}

/// That of all sources.
pub(crate) async fn all(state: Data<State>) -> HttpResponse {
    state.served.first().map_or_else(
        || HttpResponse::InternalServerError().finish(),
        |served| document(served),
    )
}

fn document(served: &Served) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .body(served.openapi.clone())
}
