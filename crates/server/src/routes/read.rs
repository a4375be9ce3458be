//! `GET /{type}/{id}` (<http://hl7.org/fhir/R4/http.html#read>).

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use fhir::capability::Interaction;
use fhir::subset;
use mapper::load::DELETED;
use mapper::{Found, Hit};

use super::instance::{Instance, PARTS};
use crate::app::{Served, State};
use crate::audit::Ledger;
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::negotiate;
use crate::respond::{self, Reply};

pub(crate) const READ: Endpoint = Endpoint {
    paths: &["/{type}/{id}"],
    allow: endpoint::READ,
    route: || web::to(read),
    serves: Serves::Type(Interaction::Read),
};

async fn read(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    respond::run(&request, answer(&request, &state, &served)).await
}

async fn answer(request: &HttpRequest, state: &State, served: &Served) -> Result<Reply, Failure> {
    let asked = Instance::asked(request, state, served, &PARTS).await?;
    match served.view.read(asked.ty, &asked.id, &asked.ask).await? {
        Found::Resource(hit) => Ok(reply(request, &asked, *hit)),
        Found::Held(reason) if reason.starts_with(DELETED) => Err(Failure::gone()),
        Found::Held(_) | Found::Nothing => Err(Failure::not_found()),
    }
}

/// A resource, or the part of it that is wanted, unless the client has it.
pub(super) fn reply(request: &HttpRequest, asked: &Instance, hit: Hit) -> Reply {
    if let Some(ledger) = Ledger::of(request) {
        ledger.shows([&hit]);
    }
    // A live source does not tell when parts of a resource changed.
    let modified = asked.loaded.then_some(hit.updated);
    let not_modified = negotiate::has_already(request.headers(), &hit.body.version, modified);
    Reply {
        body: match &asked.controls.subset {
            Some(subset) => subset::cut(&hit.body.json, asked.ty, subset).into(),
            None => hit.body.json,
        },
        wanted: asked.wanted,
        version: Some(hit.body.version),
        modified: Some(hit.updated),
        not_modified,
        rows: 1,
    }
}
