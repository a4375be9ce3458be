//! Answers: what a handler gives back, and how it becomes a response.

use std::borrow::Cow;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use chrono::NaiveDateTime;
use fhir::xml;
use futures_util::FutureExt;

use crate::edge::RequestId;
use crate::error::Failure;
use crate::log::Told;
use crate::negotiate::{self, Format, Wanted};

/// Bodies above this become XML on a thread that may take its time, so that other requests of the worker do not wait.
const LARGE: usize = 32 * 1024;

/// Bodies below this are sent as they are: gzip would save less than a packet and cost its own header.
pub const SMALL: usize = 1024;

/// A request that is answered with what it asked for.
#[derive(Debug, Default)]
pub struct Reply {
    /// The body: JSON without blanks; empty for [`Reply::not_modified`].
    pub body: Bytes,
    /// How the body is to look.
    pub wanted: Wanted,
    /// `meta.versionId`, for the ETag.
    pub version: Option<String>,
    /// `meta.lastUpdated`, UTC.
    pub modified: Option<NaiveDateTime>,
    /// The client has this version already.
    pub not_modified: bool,
    /// Resources in the body, for the log.
    pub rows: usize,
}

/// Runs a handler. Whatever it does, a panic included, the client gets a response.
pub async fn run(request: &HttpRequest, work: impl Future<Output = Result<Reply, Failure>>) -> HttpResponse {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    match done.unwrap_or_else(|_panic| Err(Failure::internal("a handler panicked"))) {
        Ok(reply) => {
            Told::rows(request, reply.rows);
            match reply.into_response().await {
                Ok(response) => response,
                Err(failure) => fail(request, failure),
            }
        }
        Err(failure) => fail(request, failure),
    }
}

/// A failure as the response to this request, in the format that it asks for in its address or head.
pub fn fail(request: &HttpRequest, failure: Failure) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    failure.into_response(
        id.as_deref().unwrap_or("-"),
        negotiate::of_failure(request.headers(), request.query_string()),
    )
}

impl Reply {
    async fn into_response(self) -> Result<HttpResponse, Failure> {
        let mut response = if self.not_modified {
            HttpResponse::NotModified()
                .insert_header((header::VARY, HeaderValue::from_static("accept")))
                .finish()
        } else {
            let (body, wanted) = (self.body, self.wanted);
            let body = if wanted.format == Format::Xml && body.len() > LARGE {
                let written = web::block(move || written(body, wanted)).await;
                written.map_err(|_stopped| Failure::internal("no thread to write XML"))??
            } else {
                written(body, wanted)?
            };
            resource(StatusCode::OK, body, wanted.format, None)
        };
        let headers = response.headers_mut();
        let etag = self
            .version
            .and_then(|v| HeaderValue::from_str(&format!("W/\"{v}\"")).ok());
        let modified = self.modified.and_then(|at| HeaderValue::from_str(&http_date(at)).ok());
        for (name, value) in [(header::ETAG, etag), (header::LAST_MODIFIED, modified)] {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
        Ok(response)
    }
}

/// JSON without blanks as it is wanted.
fn written(json: Bytes, wanted: Wanted) -> Result<Bytes, Failure> {
    match (wanted.format, wanted.pretty) {
        (Format::Json, false) => Ok(json),
        (Format::Json, true) => Ok(pretty(&json).into()),
        (Format::Xml, pretty) => xml::from_json(&json, pretty)
            .map(Bytes::from)
            .map_err(|error| Failure::internal(error.to_string())),
    }
}

/// An OperationOutcome in JSON as a response.
pub fn outcome(
    status: StatusCode,
    json: Vec<u8>,
    format: Format,
    extra: Option<(HeaderName, Cow<'static, str>)>,
) -> HttpResponse {
    let wanted = Wanted {
        format,
        ..Wanted::default()
    };
    // Our own outcomes can be written as XML; if one could not, JSON would be better than nothing.
    match written(json.clone().into(), wanted) {
        Ok(body) => resource(status, body, format, extra),
        Err(_) => resource(status, json.into(), Format::Json, extra),
    }
}

/// A FHIR resource as a response. `Content-Encoding: identity` on a small one keeps it from being compressed; the
/// [edge](crate::edge) takes that header off again.
fn resource(
    status: StatusCode,
    body: Bytes,
    format: Format,
    extra: Option<(HeaderName, Cow<'static, str>)>,
) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    let [media, ..] = format.media();
    response.insert_header((header::CONTENT_TYPE, format!("{media}; charset=utf-8")));
    response.insert_header((header::VARY, HeaderValue::from_static("accept")));
    if body.len() < SMALL {
        response.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")));
    }
    if let Some(extra) = extra {
        response.insert_header((extra.0, extra.1.as_ref()));
    }
    response.body(body)
}

/// How HTTP writes times (RFC 9110 section 5.6.7).
pub const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// A time as HTTP writes it; fractions of a second are cut off.
#[must_use]
pub fn http_date(at: NaiveDateTime) -> String {
    at.format(HTTP_DATE).to_string()
}

/// JSON without blanks, indented by two. The order of keys stays, as FHIR's readers expect `resourceType` first.
#[must_use]
pub fn pretty(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.resize(out.len() + 2 * depth, b' ');
    };
    for (at, &byte) in json.iter().enumerate() {
        if quoted {
            out.push(byte);
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        let closes_empty = matches!(json.get(at + 1), Some(b'}' | b']'));
        let after_open = matches!(at.checked_sub(1).and_then(|before| json.get(before)), Some(b'{' | b'['));
        match byte {
            b'{' | b'[' => {
                out.push(byte);
                depth += 1;
                if !closes_empty {
                    line(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if !after_open {
                    line(&mut out, depth);
                }
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => {
                quoted = byte == b'"';
                out.push(byte);
            }
        }
    }
    out.push(b'\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_means_the_same() {
        let flat = r#"{"a":[],"b":{},"c":[1,{"d":"x\\","e":"[\"{,:"}],"f":"é"}"#;
        let text = String::from_utf8(pretty(flat.as_bytes())).unwrap();
        let expected = "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    {\n      \"d\": \"x\\\\\",\n      \"e\": \"[\\\"{,:\"\n    }\n  ],\n  \"f\": \"é\"\n}\n";
        assert_eq!(text, expected);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&text), value(flat));
    }

    #[test]
    fn dates_are_written_as_http_does() {
        let at = NaiveDateTime::parse_from_str("2024-05-05 10:00:00.9", "%F %T%.f").unwrap();
        assert_eq!(http_date(at), "Sun, 05 May 2024 10:00:00 GMT");
    }
}
