//! Clients that register themselves (RFC 7591), where the configuration lets them.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use smart::refusal::{Code, Refusal};
use subtle::ConstantTimeEq;

use super::Auth;
use super::oauth::{Failure, address, bearer, respond};
use crate::config::Registration;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/register", web::post().to(register));
}

/// Bytes of a registration. Keys are the longest part.
const MAX_BODY: usize = 32 * 1024;

/// Who may register clients.
pub(super) struct Gatekeeper {
    /// The hash of the initial access token, where one is needed.
    token: Option<blake3::Hash>,
}

impl Gatekeeper {
    /// By the configuration; the token is in the environment.
    pub fn new(config: &Registration) -> Result<Self, String> {
        let token = match &config.token_env {
            Some(name) => match std::env::var(name) {
                Ok(token) if token.len() >= 16 => Some(blake3::hash(token.as_bytes())),
                Ok(_) => return Err(format!("[smart.registration] {name} has to have 16 characters or more")),
                Err(_) => return Err(format!("[smart.registration] the environment has no {name}")),
            },
            None => None,
        };
        Ok(Self { token })
    }

    /// Section 3: a request may have to bring a token.
    fn admits(&self, request: &HttpRequest) -> Result<(), Refusal> {
        let sent = bearer(request).map(|sent| blake3::hash(sent.as_bytes()));
        let fits = match (&self.token, sent) {
            (None, _) => true,
            (Some(token), Some(sent)) => bool::from(token.as_bytes().ct_eq(sent.as_bytes())),
            (Some(_), None) => false,
        };
        let refused = Refusal::new(
            Code::InvalidToken,
            "registering a client takes the initial access token",
        );
        fits.then_some(()).ok_or(refused)
    }
}

/// `POST /auth/register`
async fn register(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let answer = async {
        auth.throttle.token(address(&request))?;
        if let Some(gatekeeper) = &auth.registration {
            gatekeeper.admits(&request)?;
        }
        let invalid = |why| Refusal::new(Code::InvalidClientMetadata, why);
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        if !json.is_some_and(|kind| kind.trim_start().starts_with("application/json")) {
            return Err(Failure::from(invalid("the body must be JSON (application/json)")));
        }
        let body = body.to_bytes_limited(MAX_BODY).await;
        let body = body.map_err(|_exceeded| invalid("the body is too long"))?;
        let body = body.map_err(|_transport| invalid("the body broke off"))?;
        Ok(auth.authority.register(&body, auth.now()).await?)
    };
    let answer = answer.await;
    let registered = answer.is_ok();
    let mut response = respond(answer);
    if registered {
        *response.status_mut() = StatusCode::CREATED;
    }
    response
}
