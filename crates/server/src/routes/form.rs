//! The parameters of a search by POST (<http://hl7.org/fhir/R4/http.html#search-post>).

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Payload;
use fhir::search::parse_query_string;

use super::{body, query};
use crate::audit::Ledger;
use crate::error::Failure;
use crate::negotiate;

/// Names and values of the address and of the body.
pub(crate) async fn parameters(
    request: &HttpRequest,
    body: Payload,
    limit: usize,
) -> Result<Vec<(String, String)>, Failure> {
    let mut pairs = query(request)?;
    let body = text(request, body, limit).await?;
    if let Some(ledger) = Ledger::of(request) {
        ledger.asks_in_body(&body);
    }
    pairs.extend(parse_query_string(&body).map_err(|problem| Failure::problems(&[problem]))?);
    Ok(pairs)
}

/// The body's text. A body without type is taken when it is empty: the parameters are then all in the address.
async fn text(request: &HttpRequest, payload: Payload, limit: usize) -> Result<String, Failure> {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE).map(|k| k.to_str().unwrap_or("?"));
    let media = kind.map(|k| k.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    if body::is_encoded(request)
        || kind.is_some_and(|kind| !negotiate::is_utf8(kind))
        || media
            .as_deref()
            .is_some_and(|m| m != "application/x-www-form-urlencoded")
    {
        return Err(Failure::not_a_form());
    }
    let body = body::bytes(payload, limit).await?;
    if media.is_none() && !body.is_empty() {
        return Err(Failure::not_a_form());
    }
    String::from_utf8(body.to_vec()).map_err(|_not_utf8| Failure::body_broken())
}
