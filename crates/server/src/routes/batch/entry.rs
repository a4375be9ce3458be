//! One request of a batch.

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use chrono::DateTime;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use crate::app::{Served, State};
use crate::edge::MAX_ADDRESS;
use crate::error::Failure;
use crate::respond::http_date;

/// What an entry asks for.
pub(super) struct Entry {
    pub method: Method,
    /// Its path and query, from the root of the server.
    pub uri: Uri,
    /// What the client has already: `If-None-Match` and `If-Modified-Since`.
    pub conditions: Vec<(HeaderName, HeaderValue)>,
}

/// What clients leave as it is in the `url` of an entry and HTTP does not allow.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^');

impl Entry {
    pub fn read(entry: &Value, state: &State, served: &Served) -> Result<Self, Failure> {
        let request = entry.get("request");
        let text = |name: &str| request.and_then(|request| request.get(name)).and_then(Value::as_str);
        let method = match text("method") {
            Some("GET") => Method::GET,
            Some("HEAD") => Method::HEAD,
            Some(_) => return Err(Failure::method("GET, HEAD")),
            None => return Err(Failure::bad_entry()),
        };
        let url = text("url")
            .filter(|url| !url.is_empty())
            .ok_or_else(Failure::bad_entry)?;
        Ok(Self {
            method,
            uri: address(url, state, served)?,
            conditions: conditions(text("ifNoneMatch"), text("ifModifiedSince"))?,
        })
    }
}

/// The address of a relative URL, or of an absolute one that is this server's own.
fn address(url: &str, state: &State, served: &Served) -> Result<Uri, Failure> {
    let own = state.served.iter().find_map(|own| {
        let rest = url.strip_prefix(own.base.as_str())?;
        (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((own.prefix.as_str(), rest))
    });
    let (prefix, rest) = match own {
        Some((prefix, rest)) => (prefix, rest.to_owned()),
        None if url.contains("://") && !url.contains('?') || url.starts_with("//") => {
            return Err(Failure::foreign_entry());
        }
        None if url.starts_with(['/', '?']) => (served.prefix.as_str(), url.to_owned()),
        None => (served.prefix.as_str(), format!("/{url}")),
    };
    let path = format!("{prefix}{}", utf8_percent_encode(&rest, ENCODED));
    if path.len() > MAX_ADDRESS {
        return Err(Failure::address_too_long(MAX_ADDRESS));
    }
    path.parse().map_err(|_uri| Failure::foreign_entry())
}

/// Conditions as headers. FHIR writes the time as an instant and HTTP in a form of its own.
fn conditions(tag: Option<&str>, since: Option<&str>) -> Result<Vec<(HeaderName, HeaderValue)>, Failure> {
    let since = since.map(|text| DateTime::parse_from_rfc3339(text).map(|at| http_date(at.naive_utc())));
    let since = since.transpose().map_err(|_no_instant| Failure::bad_entry())?;
    let tag = tag.map(|tag| (header::IF_NONE_MATCH, tag.to_owned()));
    let since = since.map(|date| (header::IF_MODIFIED_SINCE, date));
    let headers = tag.into_iter().chain(since);
    let header = |(name, text): (HeaderName, String)| HeaderValue::from_str(&text).map(|value| (name, value));
    headers
        .map(header)
        .collect::<Result<_, _>>()
        .map_err(|_control| Failure::bad_entry())
}
