//! The layers that write the record of a request before its answer goes out.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use smart::audit::{Interaction, Outcome, Record};

use super::{Audit, Ledger, Step, events};
use crate::app::{Served, State};
use crate::auth::Principal;
use crate::edge::RequestId;
use crate::endpoint;
use crate::error::Failure;
use crate::peer;
use crate::respond;

/// Around a FHIR base, and around the gate that refuses requests.
///
/// # Errors
/// What the services within say.
pub(crate) async fn requests(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let audit = state(request.request()).and_then(|state| state.audit.clone());
    let (Some(audit), Some(interaction)) = (audit, interaction(&request)) else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    // The entries of a batch are recorded with the batch.
    if request.extensions().contains::<Ledger>() {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let ledger = Ledger::default();
    request.extensions_mut().insert(ledger.clone());
    let under_way = audit.trail.begin();
    let response = next.call(request).await?.map_into_boxed_body();
    drop(under_way);
    let record = access(&response, interaction, &ledger);
    recorded(&audit, record, response).await
}

/// Around the authorization server: what its handlers tell is recorded.
///
/// # Errors
/// What the services within say.
pub(crate) async fn steps(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let audit = state(response.request()).and_then(|state| state.audit.clone());
    let step = response.request().extensions_mut().remove::<Step>();
    match (audit, step) {
        (Some(audit), Some(step)) => {
            let record = towards_access(&response, step);
            recorded(&audit, record, response).await
        }
        _ => Ok(response),
    }
}

/// The answer, once its record is written.
async fn recorded(
    audit: &Arc<Audit>,
    record: Record,
    response: ServiceResponse<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match audit.write(&record).await {
        Ok(()) => Ok(response),
        Err(_told_to_the_log) => {
            let (request, _) = response.into_parts();
            let refusal = respond::fail(&request, Failure::unrecorded());
            Ok(ServiceResponse::new(request, refusal))
        }
    }
}

fn state(request: &HttpRequest) -> Option<&State> {
    request.app_data::<Data<State>>().map(|state| &***state)
}

/// What a request does; `None` for what tells nothing of anybody.
fn interaction(request: &ServiceRequest) -> Option<Interaction> {
    let served = request.app_data::<Data<Served>>()?;
    let pattern = request.match_pattern()?;
    let below = pattern.strip_prefix(&served.prefix)?;
    events::interaction(below).or_else(|| endpoint::find(below, request.method())?.serves.recorded_as())
}

/// A record of a request without what was done and seen.
fn blank(response: &ServiceResponse<BoxBody>, interaction: Interaction, status: u16) -> Record {
    let request = response.request();
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    Record {
        at: state(request).map_or(0, |state| (state.clock)().and_utc().timestamp()),
        interaction,
        outcome: Outcome::of(status),
        status,
        request: id.unwrap_or_default(),
        path: request.path().to_owned(),
        query: None,
        entries: vec![],
        address: peer::address(request).map(|address| address.to_string()),
        client: None,
        grant: None,
        subject: None,
        person: None,
        patients: vec![],
        resources: vec![],
    }
}

fn access(response: &ServiceResponse<BoxBody>, interaction: Interaction, ledger: &Ledger) -> Record {
    let request = response.request();
    let noted = ledger.take();
    let query = [Some(request.query_string()), noted.body.as_deref()];
    let query: Vec<&str> = query.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let principal = Principal::of(request);
    let grant = principal.as_ref().map(Principal::grant);
    Record {
        query: (!query.is_empty()).then(|| query.join("&")),
        entries: noted.entries,
        client: grant.map(|grant| grant.client.clone()),
        grant: grant.map(|grant| grant.id.clone()),
        subject: grant.and_then(|grant| grant.subject.clone()),
        person: grant.and_then(|grant| grant.person.clone()),
        patients: noted.patients.into_iter().collect(),
        resources: noted.resources.into_iter().collect(),
        ..blank(response, interaction, response.status().as_u16())
    }
}

/// Addresses of the authorization server hold secrets, so of them only the path is recorded.
fn towards_access(response: &ServiceResponse<BoxBody>, step: Step) -> Record {
    let status = response.status().as_u16();
    let status = step.status.filter(|_| status < 400).unwrap_or(status);
    Record {
        client: step.client,
        grant: step.grant,
        subject: step.subject,
        person: step.person,
        patients: step.patients,
        ..blank(response, step.interaction, status)
    }
}
