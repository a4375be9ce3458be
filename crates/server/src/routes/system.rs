//! `GET [base]?_type=…` and `POST [base]/_search`: a search of several types (<http://hl7.org/fhir/R4/http.html#search>).

use std::time::Instant;

use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir::capability::SystemInteraction;
use fhir::r4::ResourceType;
use fhir::search::parse_several;

use super::{form, query, served_types};
use crate::app::{Served, State};
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::log::Told;
use crate::negotiate;
use crate::respond::{self, Reply};
use crate::results::Search;

pub(crate) const GET: Endpoint = Endpoint {
    paths: &["", "/"],
    allow: endpoint::READ,
    route: || web::to(get),
    serves: Serves::System(SystemInteraction::SearchSystem),
};

pub(crate) const POST: Endpoint = Endpoint {
    paths: &["/_search"],
    allow: "POST",
    route: || web::to(post),
    serves: Serves::System(SystemInteraction::SearchSystem),
};

async fn get(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async { answer(&request, &state, &served, query(&request)?).await };
    respond::run(&request, answer).await
}

async fn post(request: HttpRequest, state: Data<State>, served: Data<Served>, body: Payload) -> HttpResponse {
    let answer = async {
        let pairs = form::parameters(&request, body, state.max_body).await?;
        answer(&request, &state, &served, pairs).await
    };
    respond::run(&request, answer).await
}

async fn answer(
    request: &HttpRequest,
    state: &State,
    served: &Served,
    pairs: Vec<(String, String)>,
) -> Result<Reply, Failure> {
    Told::asked(request, &served.name, None);
    let several = Several {
        path: String::new(),
        all: served_types(served),
        pairs,
    };
    several.answer(request, state, served, |_| ()).await
}

/// A search of several types, not yet understood.
pub(super) struct Several {
    /// See [`Search::path`].
    pub path: String,
    /// The types that are searched when no `_type` says which.
    pub all: Vec<ResourceType>,
    /// The parameters.
    pub pairs: Vec<(String, String)>,
}

impl Several {
    /// The answer; `confine` may add to what must hold.
    pub async fn answer(
        self,
        request: &HttpRequest,
        state: &State,
        served: &Served,
        confine: impl FnOnce(&mut Search),
    ) -> Result<Reply, Failure> {
        let wanted = negotiate::wanted(request.headers(), &self.pairs)?;
        let handling = negotiate::handling(request.headers());
        let (types, pairs): (Vec<_>, Vec<_>) = self.pairs.into_iter().partition(|(name, _)| name == TYPE);
        let named = named(&self.all, types.iter().map(|(_, names)| names.as_str()))?;
        let searched = if named.is_empty() { &self.all } else { &named };
        let begun = Instant::now();
        let requests = parse_several(searched, &pairs, handling, served.view.dictionary(), &state.limits);
        let mut requests = requests.map_err(|problems| Failure::problems(&problems))?.into_iter();
        let first = requests.next().ok_or_else(Failure::not_supported)?;
        let mut search = Search::of_types(self.path, first, requests.collect());
        search.reading = (pairs.len(), begun.elapsed());
        if !named.is_empty() {
            let names: Vec<&str> = named.iter().map(ResourceType::as_str).collect();
            search.lead.push((TYPE.to_owned(), names.join(",")));
        }
        confine(&mut search);
        search.answer(request, state, served, wanted).await
    }
}

/// The parameter that says which types are searched; given several times, all that are named.
pub(super) const TYPE: &str = "_type";

/// The types of `_type`, each once, in their order. One that is not among `all` is an error, whatever the handling: without it the answer would be
/// of other types than was meant.
pub(super) fn named<'a>(
    all: &[ResourceType],
    values: impl Iterator<Item = &'a str>,
) -> Result<Vec<ResourceType>, Failure> {
    let mut types = vec![];
    for name in values.flat_map(|value| value.split(',')) {
        let ty = all.iter().find(|ty| ty.as_str() == name.trim());
        let ty = *ty.ok_or_else(Failure::no_such_type)?;
        if !types.contains(&ty) {
            types.push(ty);
        }
    }
    Ok(types)
}
