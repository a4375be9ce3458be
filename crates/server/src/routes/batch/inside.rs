//! The server's routes, to be called from inside.

use actix_http::Request;
use actix_service::boxed::{RcService, rc_service};
use actix_service::{ServiceFactory, map_config};
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{AppConfig, Service, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpMessage, HttpRequest};
use chrono::NaiveDateTime;
use fhir::bundle::Answered;
use tokio::sync::OnceCell;

use super::entry::Entry;
use crate::app::{State, configure};
use crate::audit::Ledger;
use crate::auth::Principal;
use crate::edge::RequestId;
use crate::error::Failure;
use crate::negotiate::Format;
use crate::respond::HTTP_DATE;

type Routes = RcService<Request, ServiceResponse<BoxBody>, actix_web::Error>;

/// The routes without the [edge](crate::edge), made when a thread's first batch comes.
pub(crate) struct Inside {
    state: Data<State>,
    routes: OnceCell<Routes>,
}

/// What an entry has of the batch's own headers: how it wants to be handled. Who asks comes along as the guard found it.
const INHERITED: [HeaderName; 1] = [HeaderName::from_static("prefer")];

impl Inside {
    pub fn new(state: Data<State>) -> Self {
        Self {
            state,
            routes: OnceCell::new(),
        }
    }

    async fn routes(&self) -> Result<&Routes, Failure> {
        let make = || async {
            let app = App::new().configure(configure(self.state.clone()));
            let routes = map_config(app, |()| AppConfig::default()).new_service(()).await;
            routes.map(rc_service)
        };
        let made = self.routes.get_or_try_init(make).await;
        made.map_err(|()| Failure::internal("the routes could not be made"))
    }

    /// The answer to an entry of the batch `outer`.
    pub(super) async fn answer(&self, outer: &HttpRequest, entry: &Entry) -> Answered {
        let work = async {
            let response = self.routes().await?.call(asked(outer, entry)).await;
            let response = response.map_err(|_unworded| Failure::internal("the HTTP library failed"))?;
            answered(response, &entry.method).await
        };
        match work.await {
            Ok(answer) => answer,
            Err(failure) => failed(failure, outer).await,
        }
    }
}

/// The entry as a request.
fn asked(outer: &HttpRequest, entry: &Entry) -> Request {
    let mut request = Request::new();
    let head = request.head_mut();
    head.method = entry.method.clone();
    head.uri = entry.uri.clone();
    head.headers
        .insert(header::ACCEPT, HeaderValue::from_static(fhir::r4::JSON));
    for name in INHERITED {
        for value in outer.headers().get_all(&name) {
            head.headers.append(name.clone(), value.clone());
        }
    }
    for (name, value) in &entry.conditions {
        head.headers.insert(name.clone(), value.clone());
    }
    request.extensions_mut().insert(RequestId(request_id(outer)));
    if let Some(principal) = Principal::of(outer) {
        request.extensions_mut().insert(principal);
    }
    if let Some(ledger) = Ledger::of(outer) {
        ledger.asks_as_entry(entry.uri.to_string());
        request.extensions_mut().insert(ledger);
    }
    request
}

async fn answered(response: ServiceResponse<BoxBody>, method: &Method) -> Result<Answered, Failure> {
    let (_, response) = response.into_parts();
    let status = response.status();
    let text = |name: HeaderName| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned)
    };
    let (etag, modified, kind) = (
        text(header::ETAG),
        text(header::LAST_MODIFIED),
        text(header::CONTENT_TYPE),
    );
    let body = to_bytes(response.into_body()).await;
    let body: Bytes = body.map_err(|_stream| Failure::internal("an answer breaks off"))?;
    let failed = status.is_client_error() || status.is_server_error();
    let body = match kind.as_deref() {
        Some(kind) if kind.starts_with(fhir::r4::JSON) => Some(body).filter(|_| failed || *method != Method::HEAD),
        _ if failed => return Err(Failure::of_status(status)),
        None => None,
        // It was asked for in another format, which cannot be a part of a Bundle.
        Some(_) => return Err(Failure::not_in_a_bundle()),
    };
    let (resource, outcome) = if failed { (None, body) } else { (body, None) };
    Ok(Answered {
        status: line(status),
        etag,
        modified: modified.as_deref().and_then(instant),
        resource,
        outcome,
    })
}

/// A failure as the answer to an entry.
pub(super) async fn failed(failure: Failure, outer: &HttpRequest) -> Answered {
    let response = failure.into_response(&request_id(outer), Format::Json);
    Answered {
        status: line(response.status()),
        outcome: to_bytes(response.into_body()).await.ok(),
        ..Answered::default()
    }
}

fn request_id(request: &HttpRequest) -> String {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    id.unwrap_or_else(|| "-".to_owned())
}

/// `404 Not Found`
fn line(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16()).trim_end().to_owned()
}

/// A time of HTTP as FHIR writes it.
fn instant(http: &str) -> Option<String> {
    let at = NaiveDateTime::parse_from_str(http, HTTP_DATE).ok()?;
    Some(at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}
