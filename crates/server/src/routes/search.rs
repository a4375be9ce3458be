//! `GET /{type}?…` and `POST /{type}/_search` (<http://hl7.org/fhir/R4/http.html#search>).

use std::time::Instant;

use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir::capability::Interaction;
use fhir::search;

use super::{asked_type, form, query};
use crate::app::{Served, State};
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::negotiate;
use crate::respond::{self, Reply};
use crate::results::Search;

pub(crate) const GET: Endpoint = Endpoint {
    paths: &["/{type}", "/{type}/"],
    allow: endpoint::READ,
    route: || web::to(get),
    serves: Serves::Type(Interaction::SearchType),
};

pub(crate) const POST: Endpoint = Endpoint {
    paths: &["/{type}/_search"],
    allow: "POST",
    route: || web::to(post),
    serves: Serves::Type(Interaction::SearchType),
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

async fn answer(
    request: &HttpRequest,
    state: &State,
    served: &Served,
    pairs: Result<Vec<(String, String)>, Failure>,
) -> Result<Reply, Failure> {
    // That there is no such type goes before what is wrong with the parameters.
    let ty = asked_type(request, served)?;
    let pairs = pairs?;
    let wanted = negotiate::wanted(request.headers(), &pairs)?;
    let handling = negotiate::handling(request.headers());
    let begun = Instant::now();
    let parsed = search::parse(ty, &pairs, handling, served.view.dictionary(), &state.limits)
        .map_err(|problems| Failure::problems(&problems))?;
    let mut search = Search::of_type(parsed);
    search.reading = (pairs.len(), begun.elapsed());
    search.answer(request, state, served, wanted).await
}
