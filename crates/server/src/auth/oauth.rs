//! The endpoints that clients call: token, introspection, revocation, keys, userinfo.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use smart::audit::Interaction;
use smart::client::{Client, Credentials};
use smart::refusal::{Code, Failed, Refusal};
use smart::secret::Secret;
use smart::store::Active;

use super::discovery::public;
use super::throttle::Wait;
use super::{Auth, pages};
use crate::audit::Step;
use crate::peer;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/token", web::post().to(token));
    config.route("/introspect", web::post().to(introspect));
    config.route("/revoke", web::post().to(revoke));
    config.route("/jwks", web::get().to(jwks));
    config.route("/userinfo", web::get().to(userinfo));
    config.route("/userinfo", web::post().to(userinfo));
    config.route("/smart-style.json", web::get().to(style));
}

/// Bytes of a form. Assertions with key chains are the longest part.
const MAX_FORM: usize = 64 * 1024;

/// `POST /auth/token` (RFC 6749, section 3.2).
async fn token(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let answer = async {
        let form = asked(&request, &auth, body).await?;
        let step = Step::new(match field(&form, "grant_type") {
            Some("refresh_token") => Interaction::Refresh,
            _ => Interaction::Token,
        });
        claimed(step.clone(), &request, &form).tell(&request);
        let tokens = auth.authority.token(authorization(&request), &form, auth.now()).await?;
        step.on(tokens.grant()).tell(&request);
        Ok(tokens.body())
    };
    respond(answer.await)
}

/// A step of a client that has not proved yet who it is.
fn claimed(step: Step, request: &HttpRequest, form: &[(String, String)]) -> Step {
    match Credentials::read(authorization(request), form) {
        Ok(credentials) => step.with(credentials.id()),
        Err(_refused_later) => step,
    }
}

/// `POST /auth/introspect` (RFC 7662): by clients that may, or with an access token of one.
async fn introspect(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let answer = async {
        let form = asked(&request, &auth, body).await?;
        let step = Step::new(Interaction::Introspect);
        claimed(step.clone(), &request, &form).tell(&request);
        let client = may_introspect(&request, &auth, &form).await?;
        let step = client.iter().fold(step, |step, client| step.with(&client.id));
        step.clone().tell(&request);
        let token = field(&form, "token").ok_or(Refusal::new(Code::InvalidRequest, "there is no token"))?;
        let active = auth.token(token).await?;
        if let Some(grant) = active.as_ref().map(|active| &active.grant) {
            // Who is told is the client; whom it is told about, the grant's user and patient.
            step.of(&grant.id)
                .about(grant.context.patient.as_deref())
                .tell(&request);
        }
        Ok(auth.authority.introspect(active.as_ref()))
    };
    respond(answer.await)
}

/// The client that asks about tokens; `None` where nobody has to say who they are.
async fn may_introspect(
    request: &HttpRequest,
    auth: &Auth,
    form: &[(String, String)],
) -> Result<Option<Arc<Client>>, Failed> {
    if auth.authority.settings().open_introspection {
        return Ok(None);
    }
    let client = match bearer(request) {
        Some(token) => {
            let active = auth.access(token).await?;
            active.and_then(|active| auth.authority.client(&active.grant.client))
        }
        None => {
            let credentials = Credentials::read(authorization(request), form)?;
            Some(auth.authority.prove(credentials, auth.now()).await?)
        }
    };
    let refused = Refusal::new(Code::InvalidClient, "this client may not look at tokens");
    client
        .filter(|client| client.introspects)
        .map(Some)
        .ok_or_else(|| refused.into())
}

/// `POST /auth/revoke` (RFC 7009): a client gives a token back.
async fn revoke(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let answer = async {
        let form = asked(&request, &auth, body).await?;
        claimed(Step::new(Interaction::Revoke), &request, &form).tell(&request);
        let credentials = Credentials::read(authorization(&request), &form)?;
        let client = auth.authority.prove(credentials, auth.now()).await?;
        let token = field(&form, "token").ok_or(Refusal::new(Code::InvalidRequest, "there is no token"))?;
        let store = auth.authority.store();
        store.give_back(&Secret::sent(token), &client.id, auth.now()).await?;
        Ok(json!({}))
    };
    respond(answer.await)
}

async fn jwks(auth: Data<Auth>) -> HttpResponse {
    public(&auth.authority.jwks())
}

/// `smart_style_url` (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#styling>): the colours of these pages.
async fn style() -> HttpResponse {
    public(&pages::style())
}

/// `GET /auth/userinfo` (OpenID Connect Core, section 5.3).
async fn userinfo(request: HttpRequest, auth: Data<Auth>) -> HttpResponse {
    let active = match bearer(&request) {
        Some(token) => auth.access(token).await,
        None => Ok(None),
    };
    let step = Step::new(Interaction::UserInfo);
    let step = match &active {
        Ok(Some(active)) => step.on(&active.grant),
        Ok(None) | Err(_) => step,
    };
    step.tell(&request);
    match active {
        Ok(Some(active)) => told(&auth, &active),
        Ok(None) => challenged(StatusCode::UNAUTHORIZED, "invalid_token"),
        Err(error) => respond(Err(error.into())),
    }
}

fn told(auth: &Auth, active: &Active) -> HttpResponse {
    match auth.authority.user_info(active) {
        Some(info) => unstored(StatusCode::OK).json(info),
        None => challenged(StatusCode::FORBIDDEN, "insufficient_scope"),
    }
}

/// RFC 6750, section 3.
fn challenged(status: StatusCode, error: &str) -> HttpResponse {
    unstored(status)
        .insert_header((header::WWW_AUTHENTICATE, format!("Bearer error=\"{error}\"")))
        .json(json!({ "error": error }))
}

/// The form of a client that does not ask too often.
async fn asked(request: &HttpRequest, auth: &Auth, body: Payload) -> Result<Vec<(String, String)>, Failure> {
    auth.throttle.token(address(request))?;
    Ok(form(request, body).await?)
}

/// The address that a request comes from, for limits.
pub(super) fn address(request: &HttpRequest) -> IpAddr {
    // Only in tests there is none.
    peer::address(request).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// Names and values of a form.
pub(super) async fn form(request: &HttpRequest, body: Payload) -> Result<Vec<(String, String)>, Refusal> {
    let invalid = |why| Refusal::new(Code::InvalidRequest, why);
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let media = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(invalid("the body must be a form (application/x-www-form-urlencoded)"));
    }
    let body = body.to_bytes_limited(MAX_FORM).await;
    let body = body.map_err(|_exceeded| invalid("the form is too long"))?;
    let body = body.map_err(|_transport| invalid("the form broke off"))?;
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    Ok(pairs)
}

pub(super) fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let value = form.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    value.filter(|value| !value.is_empty())
}

fn authorization(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()
}

/// The token of an `Authorization: Bearer …`.
pub(crate) fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = authorization(request)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Why there is no answer.
pub(super) enum Failure {
    Failed(Failed),
    TooOften(Wait),
}

impl<E: Into<Failed>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Wait> for Failure {
    fn from(wait: Wait) -> Self {
        Self::TooOften(wait)
    }
}

/// An answer as OAuth has it: never to be kept by anybody between.
pub(super) fn respond(answer: Result<Value, Failure>) -> HttpResponse {
    match answer {
        Ok(body) => unstored(StatusCode::OK).json(body),
        Err(Failure::Failed(Failed::Refused(refusal))) => {
            let challenges = [
                (Code::InvalidClient, "Basic realm=\"Chartgate\""),
                (Code::InvalidToken, "Bearer"),
            ];
            let challenge = challenges.iter().find(|(code, _)| *code == refusal.code);
            let status = challenge.map_or(StatusCode::BAD_REQUEST, |_| StatusCode::UNAUTHORIZED);
            let mut response = unstored(status);
            if let Some((_, challenge)) = challenge {
                response.insert_header((header::WWW_AUTHENTICATE, *challenge));
            }
            response.json(refusal.body())
        }
        Err(Failure::TooOften(Wait(seconds))) => {
            let body = json!({ "error": "temporarily_unavailable", "error_description": "too many requests" });
            unstored(StatusCode::TOO_MANY_REQUESTS)
                .insert_header((header::RETRY_AFTER, seconds))
                .json(body)
        }
        Err(Failure::Failed(Failed::Broken(error))) => {
            tracing::error!(target: "chartgate", %error, "the authorization server failed");
            let refusal = Refusal::new(Code::ServerError, "the server failed");
            unstored(StatusCode::INTERNAL_SERVER_ERROR).json(refusal.body())
        }
    }
}

fn unstored(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"));
    response
}
