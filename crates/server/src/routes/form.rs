//! The parameters of a search by POST (<http://hl7.org/fhir/R4/http.html#search-post>).

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Payload;
use fhir::search::parse_query_string;

use super::query;
use crate::error::Failure;

/// Names and values of the address and of the body.
pub(super) async fn parameters(
    request: &HttpRequest,
    body: Payload,
    limit: usize,
) -> Result<Vec<(String, String)>, Failure> {
    let mut pairs = query(request)?;
    let body = text(request, body, limit).await?;
    pairs.extend(parse_query_string(&body).map_err(|problem| Failure::problems(&[problem]))?);
    Ok(pairs)
}

/// The body's text. A body without type is taken when it is empty: the parameters are then all in the address.
async fn text(request: &HttpRequest, body: Payload, limit: usize) -> Result<String, Failure> {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE).map(|k| k.to_str().unwrap_or("?"));
    let media = kind.map(|k| k.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let encoded = headers.get(header::CONTENT_ENCODING).is_some_and(|e| e != "identity");
    if encoded
        || media
            .as_deref()
            .is_some_and(|m| m != "application/x-www-form-urlencoded")
    {
        return Err(Failure::not_a_form());
    }
    let body = body
        .to_bytes_limited(limit)
        .await
        .map_err(|_exceeded| Failure::body_too_long(limit))?;
    let body = body.map_err(|_transport| Failure::body_broken())?;
    if media.is_none() && !body.is_empty() {
        return Err(Failure::not_a_form());
    }
    String::from_utf8(body.to_vec()).map_err(|_not_utf8| Failure::body_broken())
}
