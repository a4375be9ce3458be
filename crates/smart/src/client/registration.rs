//! Clients that register themselves (RFC 7591).

use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use serde_json::{Value, json};

use super::address::{is_safe, may_take_codes};
use super::{Client, Proof};
use crate::password;
use crate::refusal::{Code, Failed, Refusal};
use crate::scope::{Level, Scope, Scopes};
use crate::secret::Secret;

/// What a client says of itself (section 2). What is not known here is not looked at.
#[derive(Debug, Clone, Deserialize)]
pub struct Registration {
    #[serde(default)]
    redirect_uris: Vec<String>,
    client_name: Option<String>,
    token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    grant_types: Vec<String>,
    #[serde(default)]
    response_types: Vec<String>,
    scope: Option<String>,
    jwks: Option<JwkSet>,
    jwks_uri: Option<String>,
    /// Where launches begin.
    initiate_login_uri: Option<String>,
}

/// A client that has registered, and what it is told once.
#[derive(Debug)]
pub struct Registered {
    /// The client.
    pub client: Client,
    secret: Option<Secret>,
    method: &'static str,
}

/// Characters of a name that people are shown.
const LONGEST_NAME: usize = 80;

/// How it may prove who it is.
const METHODS: [&str; 4] = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];

impl Registration {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`Code::InvalidClientMetadata`].
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body)
            .map_err(|_json| refused("the body is no JSON object with the metadata of a client"))
    }

    /// Makes a client of it that may be granted `offered` at most. A secret is hashed, which takes its time.
    ///
    /// # Errors
    /// [`Refusal`]; or the server's own failure.
    pub fn accept(self, offered: &Scopes) -> Result<Registered, Failed> {
        self.check()?;
        let asked = self
            .token_endpoint_auth_method
            .as_deref()
            .unwrap_or("client_secret_basic");
        let method = METHODS.into_iter().find(|known| *known == asked);
        let method = method.ok_or(refused("token_endpoint_auth_method is none that is supported"))?;
        let secret = if method.starts_with("client_secret") {
            Some(Secret::new()?)
        } else {
            None
        };
        let proof = match (&secret, method) {
            (Some(secret), _) => Proof::SecretHash(password::hash(secret.expose())?),
            (None, "none") => Proof::Public,
            (None, _) => Proof::Jwks(
                self.jwks
                    .ok_or(refused("private_key_jwt takes the public keys as `jwks`"))?,
            ),
        };
        let scopes = match &self.scope {
            Some(scope) => offered.limit(&Scopes::parse(scope).readable()),
            None => offered.clone(),
        };
        if scopes.is_empty() {
            return Err(refused("nothing of scope can be granted to a client that registers itself").into());
        }
        let name = self.client_name.unwrap_or_else(|| "An app without a name".to_owned());
        let client = Client {
            id: Secret::new()?.expose().to_owned(),
            name: name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect(),
            proof,
            redirect_uris: self.redirect_uris,
            launch_uri: self.initiate_login_uri,
            scopes,
            without_pkce: false,
            patients: None,
            introspects: false,
            by_itself: true,
        };
        Ok(Registered { client, secret, method })
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > 20 {
            return Err(Refusal::new(
                Code::InvalidRedirectUri,
                "redirect_uris has to have one address, and 20 at most",
            ));
        }
        if !self.redirect_uris.iter().all(|uri| may_take_codes(uri)) {
            let why = "a redirect_uri is neither https, nor on the user's own machine, nor of an app's own scheme";
            return Err(Refusal::new(Code::InvalidRedirectUri, why));
        }
        if self.initiate_login_uri.as_deref().is_some_and(|uri| !is_safe(uri)) {
            return Err(refused("initiate_login_uri must be https"));
        }
        if self.jwks_uri.is_some() {
            // The server would ask whatever address anybody names.
            return Err(refused(
                "jwks_uri is not taken of clients that register themselves; send `jwks`",
            ));
        }
        let known = |given: &[String], known: &[&str]| given.iter().all(|one| known.contains(&one.as_str()));
        if !known(&self.grant_types, &["authorization_code", "refresh_token"])
            || !known(&self.response_types, &["code"])
        {
            return Err(refused(
                "grant_types and response_types can be those of the authorization code only",
            ));
        }
        Ok(())
    }
}

impl Registered {
    /// The body of the answer (section 3.2.1). The secret is in no other place.
    #[must_use]
    pub fn body(&self, now: i64) -> Value {
        let client = &self.client;
        let mut body = json!({
            "client_id": client.id,
            "client_id_issued_at": now,
            "client_name": client.name,
            "redirect_uris": client.redirect_uris,
            "token_endpoint_auth_method": self.method,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": client.scopes.to_string(),
        });
        let keys = match &client.proof {
            Proof::Jwks(keys) => serde_json::to_value(keys).ok(),
            Proof::Public | Proof::SecretHash(_) | Proof::JwksUri(_) => None,
        };
        let more = [
            (
                "client_secret",
                self.secret.as_ref().map(|secret| json!(secret.expose())),
            ),
            ("client_secret_expires_at", self.secret.as_ref().map(|_| json!(0))),
            ("jwks", keys),
            ("initiate_login_uri", client.launch_uri.as_ref().map(|uri| json!(uri))),
        ];
        if let Some(object) = body.as_object_mut() {
            object.extend(
                more.into_iter()
                    .filter_map(|(name, value)| Some((name.to_owned(), value?))),
            );
        }
        body
    }
}

/// What clients that register themselves may be granted: nothing that no person allows.
#[must_use]
pub(crate) fn offered(scopes: &Scopes) -> Scopes {
    let by_people = |scope: &&Scope| scope.resource().is_none_or(|resource| resource.level != Level::System);
    scopes.iter().filter(by_people).cloned().collect()
}

const fn refused(why: &'static str) -> Refusal {
    Refusal::new(Code::InvalidClientMetadata, why)
}
