//! `Patient/{id}/$everything`: a patient's compartment, all that its resources refer to, and what is told about any of it
//! (<http://hl7.org/fhir/R4/operation-patient-everything.html>).
//!
//! It is answered as a search of all these types, so it has pages, and nothing is left out for being much.

mod care;
mod told;

use std::sync::Arc;

use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir::capability::{On, Operation, Parameter};
use fhir::compartment::Compartment;
use fhir::r4::ResourceType;
use fhir::search::Request;
use mapper::load::DELETED;
use mapper::{Ask, Found};
use smart::scope::Permissions;

use super::instance::is_id;
use super::system::{TYPE, named};
use super::{asked_type, query, served_types};
use crate::app::{Served, State};
use crate::audit::Ledger;
use crate::auth::Principal;
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::negotiate;
use crate::respond::{self, Reply};
use crate::results::Search;
use told::Told;

const PATHS: &[&str] = &["/{type}/{id}/$everything"];

pub(crate) const GET: Endpoint = Endpoint {
    paths: PATHS,
    allow: endpoint::READ,
    route: || web::to(get),
    serves: Serves::Operation(&EVERYTHING),
};

pub(crate) const POST: Endpoint = Endpoint {
    paths: PATHS,
    allow: "POST",
    route: || web::to(post),
    serves: Serves::Operation(&EVERYTHING),
};

static EVERYTHING: Operation = Operation {
    name: "everything",
    canonical: Some("http://hl7.org/fhir/OperationDefinition/Patient-everything"),
    documentation: "The patient, all that is in the patient's compartment, the people and places that are referred to there, and where all of it \
                    comes from; by pages, without a limit. start and end are about the dates of visits, procedures and conditions: what has none \
                    is not left out.",
    on: On::Instance(ResourceType::Patient),
    parameters: &[START, END, SINCE, TYPES, COUNT],
    answer: "Bundle",
};

const START: Parameter = Parameter {
    name: told::START,
    ty: "date",
    many: false,
    documentation: "Only care at this time or later",
};
const END: Parameter = Parameter {
    name: told::END,
    ty: "date",
    many: false,
    documentation: "Only care at this time or earlier",
};
const SINCE: Parameter = Parameter {
    name: told::SINCE,
    ty: "instant",
    many: false,
    documentation: "Only what was changed at this time or later",
};
const TYPES: Parameter = Parameter {
    name: TYPE,
    ty: "code",
    many: true,
    documentation: "Only resources of these types",
};
const COUNT: Parameter = Parameter {
    name: "_count",
    ty: "integer",
    many: false,
    documentation: "Resources per page",
};

async fn get(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async { answer(&request, &state, &served, query(&request)?).await };
    respond::run(&request, answer).await
}

async fn post(request: HttpRequest, state: Data<State>, served: Data<Served>, body: Payload) -> HttpResponse {
    let answer = async {
        let mut pairs = query(&request)?;
        let told = told::body(&request, body, state.max_body).await?;
        if let Some(ledger) = Ledger::of(&request) {
            let mut text = url::form_urlencoded::Serializer::new(String::new());
            ledger.asks_in_body(&text.extend_pairs(&told).finish());
        }
        pairs.extend(told);
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
    let ty = asked_type(request, served)?;
    let compartment = Compartment::of(ty).filter(|_| EVERYTHING.is_on(ty));
    let compartment = compartment.ok_or_else(Failure::not_supported)?;
    let wanted = negotiate::wanted(request.headers(), &pairs)?;
    let told = Told::read(ty, &pairs, negotiate::handling(request.headers()), served, state)?;
    let types = named(&served_types(served), told.types.iter().map(String::as_str))?;
    let id = request.match_info().get("id").filter(|id| is_id(id));
    let id = id.ok_or_else(Failure::not_found)?;
    if let Some(ledger) = Ledger::of(request) {
        ledger.asks_for(ty, id);
    }
    let (name, ..) = mapper::id::decode(id).ok_or_else(Failure::not_found)?;
    let source = served.view.source(name).ok_or_else(Failure::not_found)?;
    exists(request, ty, id, state, served).await?;
    let mut parts = source.everything(compartment, id);
    parts.retain(|part| types.is_empty() || types.contains(&part.request.resource_type));
    let along = parts.iter().filter(|part| part.along);
    let search = Search {
        path: format!("{ty}/{id}/$everything"),
        lead: told.lead(&types),
        along: along.map(|part| part.request.resource_type).collect(),
        source: Some(name.to_owned()),
        requests: parts
            .into_iter()
            .map(|part| Arc::new(told.apply(part.request)))
            .collect(),
        ..Search::of_type(told.shown)
    };
    search.answer(request, state, served, wanted).await
}

/// What there is nothing of, or what is not to be seen, has not even nothing in it.
async fn exists(
    request: &HttpRequest,
    ty: ResourceType,
    id: &str,
    state: &State,
    served: &Served,
) -> Result<(), Failure> {
    let principal = Principal::of(request);
    if let Some(principal) = &principal {
        principal.may(ty, Permissions::READ)?;
    }
    let (source, ..) = mapper::id::decode(id).ok_or_else(Failure::not_found)?;
    let gate = served.gates.iter().find(|gate| gate.source() == source);
    gate.ok_or_else(Failure::not_found)?.pass().await?;
    let ask = Ask::new(Request::new(ty), (state.clock)(), Arc::clone(&state.bases));
    let ask = ask.by(principal.map(|principal| principal.access(Permissions::READ, served, state)));
    match served.view.read(ty, id, &ask).await? {
        Found::Resource(_) => Ok(()),
        Found::Held(reason) if reason.starts_with(DELETED) => Err(Failure::gone()),
        Found::Held(_) | Found::Nothing => Err(Failure::not_found()),
    }
}

impl Told {
    /// One type's request, with what else must hold, and of the request as a whole what goes for each.
    fn apply(&self, mut request: Request) -> Request {
        request.cursor.clone_from(&self.shown.cursor);
        request.explain = self.shown.explain;
        request.criteria.extend(self.since.clone());
        request.confined.extend(self.care.of(request.resource_type).cloned());
        request
    }
}
