//! The token endpoint (RFC 6749 section 3.2, RFC 6749 section 6, SMART backend services).

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Authority;
use crate::Error;
use crate::client::{Assertion, Client, Credentials, Proof};
use crate::password;
use crate::refusal::{Code as ErrorCode, Failed, Refusal};
use crate::scope::{Level, Scope, Scopes};
use crate::secret::Secret;
use crate::store::{Grant, Kind, Reach, Redeemed, Refreshed, Seconds};

/// What the token endpoint answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokens {
    body: Map<String, Value>,
    grant: Grant,
}

impl Tokens {
    /// The grant that they are of.
    #[must_use]
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The body of the answer.
    #[must_use]
    pub fn body(self) -> Value {
        Value::Object(self.body)
    }
}

const fn refused(code: ErrorCode, why: &'static str) -> Refusal {
    Refusal::new(code, why)
}

/// The claims of an id token (OpenID Connect Core section 2, SMART `fhirUser`).
#[derive(Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: Seconds,
    iat: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(rename = "fhirUser", skip_serializing_if = "Option::is_none")]
    fhir_user: Option<String>,
}

/// How long an id token is good for.
const ID_TOKEN_LIFETIME: Seconds = 3600;

impl Authority {
    /// Answers a token request.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn token(
        &self,
        authorization: Option<&str>,
        form: &[(String, String)],
        now: Seconds,
    ) -> Result<Tokens, Failed> {
        let field = |name: &str| {
            let found = form.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
            found.filter(|value| !value.is_empty())
        };
        let grant_type = field("grant_type").ok_or(refused(ErrorCode::InvalidRequest, "there is no grant_type"))?;
        if !["authorization_code", "refresh_token", "client_credentials"].contains(&grant_type) {
            return Err(refused(ErrorCode::UnsupportedGrantType, "no such grant_type is supported").into());
        }
        let nameless = authorization.is_none() && Credentials::FIELDS.iter().all(|name| field(name).is_none());
        let owner = match field("refresh_token").filter(|_| nameless && grant_type == "refresh_token") {
            Some(token) => self.store.owner(&Secret::sent(token)).await?,
            None => None,
        };
        let credentials = match owner {
            // SMART's JavaScript client does not name itself here, and need not: what is public proves nothing anyway. A client
            // that could prove who it is has still to do so.
            Some(client) => Credentials::Id(client),
            None => Credentials::read(authorization, form)?,
        };
        let client = self.prove(credentials, now).await?;
        match grant_type {
            "authorization_code" => {
                let code = field("code").ok_or(refused(ErrorCode::InvalidRequest, "there is no code"))?;
                self.by_code(&client, code, (field("redirect_uri"), field("code_verifier")), now)
                    .await
            }
            "refresh_token" => {
                let why = "there is no refresh_token";
                let token = field("refresh_token").ok_or(refused(ErrorCode::InvalidRequest, why))?;
                self.by_refresh(&client, token, field("scope"), now).await
            }
            _ => self.for_itself(&client, field("scope"), now).await,
        }
    }

    /// The client, once it has proved who it is.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidClient`], for every reason alike.
    pub async fn prove(&self, credentials: Credentials, now: Seconds) -> Result<Arc<Client>, Failed> {
        let unknown = refused(
            ErrorCode::InvalidClient,
            "the client is not known, or did not prove who it is",
        );
        let client = self.known(credentials.id()).await?;
        if let Credentials::Assertion { id, jwt } = &credentials {
            let client = client.ok_or_else(|| unknown.clone())?;
            let keys = self.keys_of(&client, jwt).await.ok_or(unknown)?;
            let assertion = Assertion::verify(jwt, id, &keys, &self.endpoint("token"), now)?;
            if !self.store.first_use(id, &assertion.jti, assertion.expires).await? {
                return Err(refused(ErrorCode::InvalidClient, "the assertion was used before").into());
            }
            return Ok(client);
        }
        // Argon2 takes its time, for clients that there are and that there are not.
        let secret = matches!(credentials, Credentials::Secret { .. });
        let fits = move |client: Option<Arc<Client>>| match client {
            Some(client) if credentials.fit(&client) => Some(client),
            Some(_) => None,
            None => {
                if secret {
                    password::pretend("");
                }
                None
            }
        };
        let proved = if secret {
            tokio::task::spawn_blocking(move || fits(client)).await.ok().flatten()
        } else {
            fits(client)
        };
        Ok(proved.ok_or(unknown)?)
    }

    async fn keys_of(&self, client: &Client, jwt: &str) -> Option<Arc<JwkSet>> {
        match &client.proof {
            Proof::Jwks(keys) => Some(Arc::new(keys.clone())),
            Proof::JwksUri(uri) => {
                let (kid, jku) = Assertion::claimed_key(jwt)?;
                // A `jku` may repeat the registered address and say no other.
                let same = jku.is_none_or(|claimed| claimed == *uri);
                if same { self.fetch.fetch(uri, &kid).await } else { None }
            }
            Proof::Public | Proof::SecretHash(_) => None,
        }
    }

    async fn by_code(
        &self,
        client: &Client,
        code: &str,
        (redirect_uri, verifier): (Option<&str>, Option<&str>),
        now: Seconds,
    ) -> Result<Tokens, Failed> {
        let wrong = |why| Failed::from(refused(ErrorCode::InvalidGrant, why));
        let (code, grant) = match self.store.redeem(&Secret::sent(code), now).await? {
            Redeemed::Good(both) => *both,
            Redeemed::Again => return Err(wrong("the code was used before; what it allowed has ended")),
            Redeemed::Unknown => return Err(wrong("the code is not known, or too old")),
        };
        if grant.client != client.id {
            return Err(wrong("the code is another client's"));
        }
        if redirect_uri != Some(&code.redirect_uri) {
            return Err(wrong("redirect_uri is not the one that the code was sent to"));
        }
        let met = match (&code.challenge, verifier) {
            (Some(challenge), Some(verifier)) => challenge.is_met(verifier),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !met {
            return Err(wrong("code_verifier does not fit the code_challenge"));
        }
        let scopes = grant.scopes.clone();
        self.give(
            &grant,
            scopes,
            code.nonce.as_deref(),
            self.settings.access_lifetime,
            now,
        )
        .await
    }

    async fn by_refresh(
        &self,
        client: &Client,
        token: &str,
        scope: Option<&str>,
        now: Seconds,
    ) -> Result<Tokens, Failed> {
        let wrong = |why| Failed::from(refused(ErrorCode::InvalidGrant, why));
        let asked = scope.map(Scopes::parse);
        if let Some(asked) = &asked {
            // Before the token is used up: who asked for too much may ask again.
            let owned = self.store.token(&Secret::sent(token), now).await?;
            let owned = owned.filter(|owned| owned.grant.client == client.id);
            if owned.is_some_and(|owned| owned.grant.scopes.limit(asked).is_empty()) {
                let why = "nothing that was asked for was granted";
                return Err(refused(ErrorCode::InvalidScope, why).into());
            }
        }
        let grant = match self.store.refresh(&Secret::sent(token), &client.id, now).await? {
            Refreshed::Good(grant) => *grant,
            Refreshed::Again => return Err(wrong("the refresh token was used before; what it allowed has ended")),
            Refreshed::Unknown => return Err(wrong("the refresh token is not known, or too old")),
        };
        let scopes = match asked {
            Some(asked) => grant.scopes.limit(&asked),
            None => grant.scopes.clone(),
        };
        self.give(&grant, scopes, None, self.settings.access_lifetime, now)
            .await
    }

    /// A backend service's token: signed assertions only, scopes of `system/` only.
    async fn for_itself(&self, client: &Client, scope: Option<&str>, now: Seconds) -> Result<Tokens, Failed> {
        let signs = matches!(client.proof, Proof::Jwks(_) | Proof::JwksUri(_));
        let Some(patients) = client.patients.clone().filter(|_| signs) else {
            return Err(refused(ErrorCode::UnauthorizedClient, "the client is no backend service").into());
        };
        let asked = self.grantable(scope.unwrap_or_default());
        let own = |scope: &&Scope| scope.resource().is_some_and(|r| r.level == Level::System);
        let asked: Scopes = asked.iter().filter(own).cloned().collect();
        let scopes = client.scopes.limit(&asked);
        if scopes.is_empty() {
            return Err(refused(
                ErrorCode::InvalidScope,
                "no scope of system/ that was asked for can be granted",
            )
            .into());
        }
        let grant = Grant {
            id: Secret::new()?.hash(),
            client: client.id.clone(),
            subject: None,
            person: None,
            role: None,
            reach: Reach::Search(patients),
            scopes: scopes.clone(),
            context: crate::store::Context::default(),
            session: None,
            created: now,
            ended: None,
        };
        self.store.grant(&grant).await?;
        self.give(&grant, scopes, None, self.settings.service_lifetime, now)
            .await
    }

    /// Tokens of a grant, with what the launch is about.
    async fn give(
        &self,
        grant: &Grant,
        scopes: Scopes,
        nonce: Option<&str>,
        lifetime: Seconds,
        now: Seconds,
    ) -> Result<Tokens, Failed> {
        let access = self
            .store
            .give_token(Kind::Access, grant, &scopes, now, lifetime)
            .await?;
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("access_token", json!(access.expose()));
        put("token_type", json!("Bearer"));
        put("expires_in", json!(lifetime));
        put("scope", json!(scopes.to_string()));
        let stays = grant.scopes.has(&Scope::OfflineAccess) || grant.scopes.has(&Scope::OnlineAccess);
        if stays {
            let lifetime = self.settings.refresh_lifetime;
            let refresh = self
                .store
                .give_token(Kind::Refresh, grant, &grant.scopes, now, lifetime)
                .await?;
            put("refresh_token", json!(refresh.expose()));
        }
        if let Some(subject) = grant.subject.as_deref().filter(|_| scopes.has(&Scope::OpenId)) {
            put("id_token", json!(self.id_token(grant, subject, &scopes, nonce, now)?));
        }
        if grant.context.patient.is_some() {
            put("smart_style_url", json!(self.endpoint("smart-style.json")));
        }
        if let Ok(Value::Object(context)) = serde_json::to_value(&grant.context) {
            body.extend(context);
        }
        Ok(Tokens {
            body,
            grant: grant.clone(),
        })
    }

    fn id_token(
        &self,
        grant: &Grant,
        subject: &str,
        scopes: &Scopes,
        nonce: Option<&str>,
        now: Seconds,
    ) -> Result<String, Error> {
        self.keys().sign(&IdClaims {
            iss: &self.settings.issuer,
            sub: subject,
            aud: &grant.client,
            exp: now + ID_TOKEN_LIFETIME,
            iat: now,
            nonce,
            fhir_user: self.fhir_user(grant, scopes),
        })
    }

    /// The address of the user's own resource, when the client may know it.
    pub(super) fn fhir_user(&self, grant: &Grant, scopes: &Scopes) -> Option<String> {
        let person = grant.person.as_deref().filter(|_| scopes.has(&Scope::FhirUser))?;
        let base = self.settings.audiences.first()?;
        Some(format!("{base}/{person}"))
    }

    /// The address of one of the server's own endpoints.
    pub(super) fn endpoint(&self, name: &str) -> String {
        format!("{}/auth/{name}", self.settings.issuer)
    }
}
