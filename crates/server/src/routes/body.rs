//! Bodies that clients send.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Bytes, Payload};
use fhir::xml;
use serde_json::Value;

use crate::error::Failure;
use crate::negotiate::{self, Format};

/// The whole body, when it is not too long.
pub(super) async fn bytes(body: Payload, limit: usize) -> Result<Bytes, Failure> {
    let body = body.to_bytes_limited(limit).await;
    let body = body.map_err(|_exceeded| Failure::body_too_long(limit))?;
    body.map_err(|_transport| Failure::body_broken())
}

/// Whether the body is compressed or the like, which no interaction takes: a few bytes could then stand for very many.
pub(super) fn is_encoded(request: &HttpRequest) -> bool {
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    encoding.is_some_and(|encoding| encoding != "identity")
}

/// The resource in the body, which is of type `ty`; `None` where there is no body.
pub(super) async fn resource(
    request: &HttpRequest,
    body: Payload,
    ty: &'static str,
    limit: usize,
) -> Result<Option<Value>, Failure> {
    let format = negotiate::of_body(request.headers()).filter(|_| !is_encoded(request));
    let body = bytes(body, limit).await?;
    let said_nothing = body.is_empty() && !request.headers().contains_key(header::CONTENT_TYPE);
    let Some(format) = format else {
        return if said_nothing {
            Ok(None)
        } else {
            Err(Failure::not_a_resource(ty))
        };
    };
    if body.is_empty() {
        return Ok(None);
    }
    let resource: Option<Value> = match format {
        Format::Json => serde_json::from_slice(&body).ok(),
        Format::Xml => std::str::from_utf8(&body).ok().and_then(|text| xml::to_json(text).ok()),
    };
    let resource = resource.filter(|resource| resource.get("resourceType").and_then(Value::as_str) == Some(ty));
    resource.ok_or_else(|| Failure::unreadable(ty)).map(Some)
}
