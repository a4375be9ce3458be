//! `GET /{type}/{id}/{inner}?…`: a search within a compartment, of one type or of all that it may hold (`*`)
//! (<http://hl7.org/fhir/R4/http.html#vsearch>, <http://hl7.org/fhir/R4/compartmentdefinition.html>).
//!
//! It is the search that names the compartment's resource by reference, so a compartment of nothing is empty, and not an error.

use std::sync::Arc;
use std::time::Instant;

use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir::compartment::Compartment;
use fhir::r4::ResourceType;
use fhir::search;

use super::instance::is_id;
use super::system::Several;
use super::{asked_type, form, query, served_types};
use crate::app::{Served, State};
use crate::audit::Ledger;
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::negotiate;
use crate::respond::{self, Reply};
use crate::results::Search;

pub(crate) const GET: Endpoint = Endpoint {
    paths: &["/{type}/{id}/{inner}"],
    allow: endpoint::READ,
    route: || web::to(get),
    serves: Serves::Compartments(&Compartment::DEFINITIONS),
};

pub(crate) const POST: Endpoint = Endpoint {
    paths: &["/{type}/{id}/{inner}/_search"],
    allow: "POST",
    route: || web::to(post),
    serves: Serves::Compartments(&Compartment::DEFINITIONS),
};

async fn get(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async { answer(&request, &state, &served, query(&request)).await };
    respond::run(&request, answer).await
}

async fn post(request: HttpRequest, state: Data<State>, served: Data<Served>, body: Payload) -> HttpResponse {
    let answer = async {
        let pairs = form::parameters(&request, body, state.max_body).await;
        answer(&request, &state, &served, pairs).await
    };
    respond::run(&request, answer).await
}

/// What stands in the address for all types.
pub(crate) const EVERY_TYPE: &str = "*";

async fn answer(
    request: &HttpRequest,
    state: &State,
    served: &Served,
    pairs: Result<Vec<(String, String)>, Failure>,
) -> Result<Reply, Failure> {
    let owner = asked_type(request, served)?;
    let part = |name| request.match_info().get(name).unwrap_or_default();
    let compartment = Compartment::of(owner).ok_or_else(Failure::not_supported)?;
    let id = Some(part("id")).filter(|id| is_id(id)).ok_or_else(Failure::not_found)?;
    if let Some(ledger) = Ledger::of(request) {
        ledger.asks_for(compartment.ty(), id);
    }
    let within = Within { compartment, id };
    if part("inner") == EVERY_TYPE {
        let several = Several {
            path: within.path(EVERY_TYPE),
            all: within.types(&served_types(served)),
            pairs: pairs?,
        };
        return several
            .answer(request, state, served, |search| within.confine(search))
            .await;
    }
    let ty = served.view.dictionary().served(part("inner"));
    let ty = ty.ok_or_else(Failure::unknown_type)?;
    if !compartment.may_hold(ty) {
        return Err(Failure::not_in_compartment());
    }
    let pairs = pairs?;
    let wanted = negotiate::wanted(request.headers(), &pairs)?;
    let handling = negotiate::handling(request.headers());
    let begun = Instant::now();
    let parsed = search::parse(ty, &pairs, handling, served.view.dictionary(), &state.limits)
        .map_err(|problems| Failure::problems(&problems))?;
    let mut search = Search::at(within.path(ty.as_str()), parsed);
    search.reading = (pairs.len(), begun.elapsed());
    within.confine(&mut search);
    search.answer(request, state, served, wanted).await
}

/// The compartment of one resource.
pub(super) struct Within<'a> {
    pub compartment: Compartment,
    pub id: &'a str,
}

impl Within<'_> {
    fn path(&self, inner: &str) -> String {
        format!("{}/{}/{inner}", self.compartment.ty(), self.id)
    }

    /// The types that may be in it.
    pub fn types(&self, served: &[ResourceType]) -> Vec<ResourceType> {
        let holds = |ty: &ResourceType| self.compartment.may_hold(*ty);
        served.iter().copied().filter(holds).collect()
    }

    /// Restricts a search to it. All of it is in the source that the resource is in.
    pub fn confine(&self, search: &mut Search) {
        let source = mapper::id::decode(self.id).map(|(source, ..)| source);
        search.source = Some(source.unwrap_or_default().to_owned());
        for request in &mut search.requests {
            let clause = self.compartment.holds(self.id, request.resource_type);
            Arc::make_mut(request).confined.extend(clause);
        }
    }
}
