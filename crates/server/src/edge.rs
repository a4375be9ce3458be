//! The outermost layer: what holds for every request and every response, whoever makes it.
//!
//! It gives requests their ids, answers CORS preflights, turns away what is too long or too much, makes an
//! OperationOutcome of errors that the HTTP library words itself, sets the common headers, keeps bodies from HEAD, and
//! writes the log line.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};

use crate::app::State;
use crate::auth;
use crate::error::Failure;
use crate::log;
use crate::negotiate;
use crate::peer;

/// The longest address, in bytes. The HTTP library refuses heads of more than 128 KB by itself.
pub(crate) const MAX_ADDRESS: usize = 32 * 1024;

/// The id of a request, in its log line and in its response.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware. It stands outside of the compression.
///
/// # Errors
/// What the services within say; they say nothing, because they make responses of everything.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let state = request.app_data::<Data<State>>().cloned();
    let client = peer::address_of(&request);
    let place = state.as_ref().map(|s| s.crowd.enter(client));
    let response = if is_preflight(request.head()) {
        answer(request, HttpResponse::NoContent().finish())
    } else if address_length(&request) > MAX_ADDRESS {
        refuse(request, Failure::address_too_long(MAX_ADDRESS), &id)
    } else if matches!(place, Some(None)) {
        refuse(request, Failure::too_many(), &id)
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    let mut response = worded(response, &id);
    let origin = state.as_ref().map(|state| readers(state, response.request()));
    set_headers(&mut response, &id, origin.as_deref().unwrap_or_default());
    log::line(response.request(), response.status(), begun.elapsed(), &id);
    Ok(without_body_of_head(response))
}

/// A browser's question whether a page of another origin may send a request. Another OPTIONS is about the address.
fn is_preflight(head: &RequestHead) -> bool {
    head.method == Method::OPTIONS && head.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The origin whose pages may read an answer: `*` for all, empty for none.
fn readers<'a>(state: &'a State, request: &HttpRequest) -> Cow<'a, str> {
    let Some(auth) = &state.auth else {
        return Cow::Borrowed(&state.cors_origin);
    };
    let path = request.path();
    // What clients ask before they have a token.
    if auth::is_for_any_origin(path) {
        return Cow::Borrowed("*");
    }
    if auth::is_a_page(path) {
        return Cow::Borrowed("");
    }
    if !state.cors_origin.is_empty() {
        return Cow::Borrowed(&state.cors_origin);
    }
    let origin = request
        .headers()
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok());
    let known = origin.filter(|origin| auth.is_of_an_app(origin));
    Cow::Owned(known.unwrap_or_default().to_owned())
}

fn answer(request: ServiceRequest, response: HttpResponse) -> ServiceResponse<BoxBody> {
    request.into_response(response)
}

fn refuse(request: ServiceRequest, failure: Failure, id: &str) -> ServiceResponse<BoxBody> {
    let format = negotiate::of_failure(request.headers(), "");
    answer(request, failure.into_response(id, format))
}

fn address_length(request: &ServiceRequest) -> usize {
    request.uri().path_and_query().map_or(0, |p| p.as_str().len())
}

/// The client's id when it is one that can stand in a log, else one of ours.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-._".contains(&c);
    let usable = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(plain);
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(usable);
    given.map_or_else(new_id, str::to_owned)
}

/// Random per process and counted within it: it only has to differ from others.
fn new_id() -> String {
    static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one("request id"));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:016x}-{:x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Errors in the HTTP library's words become OperationOutcomes; those of ours, and `/health`, are JSON or XML already, and pages are
/// for people.
fn worded(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|t| t.to_str().ok())
        .unwrap_or_default();
    if !(status.is_client_error() || status.is_server_error())
        || ["json", "xml", "html"].iter().any(|ours| kind.contains(ours))
    {
        return response;
    }
    let (request, _) = response.into_parts();
    let format = negotiate::of_failure(request.headers(), request.query_string());
    ServiceResponse::new(request, Failure::of_status(status).into_response(id, format))
}

fn set_headers(response: &mut ServiceResponse<BoxBody>, id: &str, origin: &str) {
    let preflight = is_preflight(response.request().head());
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        // Browsers and proxies keep answers to themselves and ask again each time, which the ETag makes cheap.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if preflight {
        set(header::ALLOW, "GET, HEAD, POST, OPTIONS");
    }
    if !origin.is_empty() {
        set(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "Allow, ETag, Last-Modified, Retry-After, WWW-Authenticate, X-Request-Id",
        );
        if preflight {
            set(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, OPTIONS");
            let asked = "Accept, Authorization, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, Prefer, X-Request-Id, X-Requested-With";
            set(header::ACCESS_CONTROL_ALLOW_HEADERS, asked);
            set(header::ACCESS_CONTROL_MAX_AGE, "3600");
        }
        if let Ok(origin) = HeaderValue::from_str(origin) {
            if origin != "*" {
                headers.append(header::VARY, HeaderValue::from_static("origin"));
            }
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    // How small bodies keep clear of the compression; as a header it would only puzzle clients.
    if headers.get(header::CONTENT_ENCODING).is_some_and(|e| e == "identity") {
        headers.remove(header::CONTENT_ENCODING);
    }
}

/// HEAD answers with the headers that GET would have, the length included.
fn without_body_of_head(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if response.request().method() != Method::HEAD {
        return response;
    }
    response.map_body(|_, body| BoxBody::new(Bodiless(body.size())))
}

/// A body that tells its size and has nothing in it.
struct Bodiless(BodySize);

impl MessageBody for Bodiless {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_when_they_can_stand_in_a_log() {
        let id = |given: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(given));
            request_id(&headers)
        };
        assert_eq!(id("Ab-1._"), "Ab-1._");
        for bad in [
            "",
            "a b",
            "a\"b",
            "0123456789012345678901234567890123456789012345678901234567890123x",
        ] {
            assert_ne!(id(bad), bad);
        }
        assert_ne!(new_id(), new_id());
    }
}
