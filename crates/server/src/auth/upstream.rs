//! Signing in at the organisation's own identity provider (OpenID Connect, authorization code with PKCE and nonce).

mod claims;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::web;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenFields, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse, http,
};
use serde::{Deserialize, Serialize};
use smart::authority::Session;
use smart::client::address::is_safe;
use smart::secret::Secret;
use smart::store::{Pending, Seconds};
use ureq::Agent;

use crate::{config, outward};
use claims::Extra;

/// How long an answer of the provider may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read.
const MAX_BODY: u64 = 1024 * 1024;
/// How long its configuration and keys are believed; a signature by another key has them read again at once.
const FRESH: Duration = Duration::from_secs(600);

/// Where the provider sends people back to.
pub(super) const CALLBACK: &str = "/auth/callback";

/// The identity provider.
pub(super) struct Upstream {
    known: Arc<Known>,
    kept: Arc<Kept>,
}

struct Known {
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    secret: Option<ClientSecret>,
    config: config::Upstream,
    agent: Agent,
}

/// Somebody is at the provider; the secret is the `state` that they come back with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Away {
    /// The authorization request that waits for them.
    pub request: Option<String>,
    /// The browser that went there, by the token of its forms.
    pub browser: String,
    nonce: Nonce,
    verifier: String,
}

impl Pending for Away {
    const KIND: &'static str = "upstream";
}

/// Why somebody could not sign in there.
#[derive(Debug, thiserror::Error)]
pub(super) enum Denied {
    /// The provider cannot be reached, or answers what cannot be believed.
    #[error("the identity provider gave no answer that can be believed: {0}")]
    Provider(String),
    /// What they are there is nothing here.
    #[error("{0}")]
    Person(String),
}

type Provider = Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<
        IdTokenFields<
            Extra,
            EmptyExtraTokenFields,
            CoreGenderClaim,
            CoreJweContentEncryptionAlgorithm,
            CoreJwsSigningAlgorithm,
        >,
        CoreTokenType,
    >,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Upstream {
    /// The provider of the configuration; it is asked when somebody first signs in.
    ///
    /// # Errors
    /// A sentence about an address that cannot be used, or a secret that is not there.
    pub fn new(config: &config::Upstream, base_url: &str) -> Result<Self, String> {
        if !is_safe(&config.issuer) {
            return Err("[smart.upstream] issuer must be https, or on this machine".to_owned());
        }
        let secret = match &config.client_secret_env {
            Some(name) => Some(
                std::env::var(name)
                    .map(ClientSecret::new)
                    .map_err(|_absent| format!("[smart.upstream] the environment has no {name}"))?,
            ),
            None => None,
        };
        let known = Known {
            issuer: IssuerUrl::new(config.issuer.clone()).map_err(|e| format!("[smart.upstream] issuer: {e}"))?,
            redirect: RedirectUrl::new(format!("{base_url}{CALLBACK}")).map_err(|e| format!("base_url: {e}"))?,
            secret,
            config: config.clone(),
            agent: outward::agent(PATIENCE),
        };
        Ok(Self {
            known: Arc::new(known),
            kept: Arc::default(),
        })
    }

    /// What people know it as.
    pub fn name(&self) -> &str {
        &self.known.config.name
    }

    /// Where to send somebody, and what to remember of it under the secret.
    ///
    /// # Errors
    /// [`Denied::Provider`].
    pub async fn begin(
        &self,
        state: &Secret,
        request: Option<String>,
        browser: String,
    ) -> Result<(String, Away), Denied> {
        let state = CsrfToken::new(state.expose().to_owned());
        self.with_provider(move |known, provider| {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            let mut asked = provider
                .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, Nonce::new_random)
                .set_pkce_challenge(challenge);
            for scope in &known.config.scopes {
                asked = asked.add_scope(Scope::new(scope.clone()));
            }
            let (url, _, nonce) = asked.url();
            let away = Away {
                request,
                browser,
                nonce,
                verifier: verifier.secret().clone(),
            };
            Ok((url.to_string(), away))
        })
        .await
    }

    /// Who comes back with this code.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn finish(&self, away: &Away, code: String, now: Seconds) -> Result<Session, Denied> {
        let (nonce, verifier) = (away.nonce.clone(), away.verifier.clone());
        let kept = Arc::clone(&self.kept);
        self.with_provider(move |known, provider| {
            let asked = provider
                .exchange_code(AuthorizationCode::new(code))
                .map_err(|error| wrong("its token endpoint", &error))?
                .set_pkce_verifier(PkceCodeVerifier::new(verifier));
            let answer = asked
                .request(&|request| known.send(request))
                .map_err(|error| wrong("the exchange of the code", &error))?;
            let token = answer.id_token();
            let token = token.ok_or_else(|| Denied::Provider("there is no id token".to_owned()))?;
            let unsound = |error| wrong("its id token", &error);
            // A code is good once: when the provider signs with a new key by now, that is read, and nobody has to come again.
            let renewed;
            let claims = match token.claims(&provider.id_token_verifier(), &nonce) {
                Err(ClaimsVerificationError::SignatureVerification(_)) => {
                    renewed = known.provider(known.discover(&kept)?);
                    token.claims(&renewed.id_token_verifier(), &nonce).map_err(unsound)?
                }
                judged => judged.map_err(unsound)?,
            };
            claims::session(&known.config, claims, now).map_err(Denied::Person)
        })
        .await
    }

    /// Runs `work` with the provider's configuration, on a thread that may wait.
    async fn with_provider<T, F>(&self, work: F) -> Result<T, Denied>
    where
        T: Send + 'static,
        F: FnOnce(&Known, Provider) -> Result<T, Denied> + Send + 'static,
    {
        let (known, kept) = (Arc::clone(&self.known), Arc::clone(&self.kept));
        let done = web::block(move || {
            let metadata = match recent(&kept) {
                Some(metadata) => metadata,
                None => known.discover(&kept)?,
            };
            work(&known, known.provider(metadata))
        });
        done.await.map_err(|error| wrong("its answer", &error))?
    }
}

/// Its configuration and keys, and when they were read.
type Kept = Mutex<Option<(Instant, CoreProviderMetadata)>>;

fn recent(kept: &Kept) -> Option<CoreProviderMetadata> {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let recent = kept.as_ref().filter(|(at, _)| at.elapsed() < FRESH);
    recent.map(|(_, metadata)| metadata.clone())
}

impl Known {
    /// Reads configuration and keys of the provider.
    fn discover(&self, kept: &Kept) -> Result<CoreProviderMetadata, Denied> {
        let metadata = CoreProviderMetadata::discover(&self.issuer, &|request| self.send(request))
            .map_err(|error| wrong("its configuration", &error))?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn provider(&self, metadata: CoreProviderMetadata) -> Provider {
        let id = ClientId::new(self.config.client_id.clone());
        let provider = Client::from_provider_metadata(metadata, id, self.secret.clone());
        provider.set_redirect_uri(self.redirect.clone())
    }
}

/// What is wrong with it, for the log: the library's words, which hold no token.
fn wrong(what: &str, error: &dyn std::error::Error) -> Denied {
    let mut said = format!("{what}: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(&format!(": {error}"));
        cause = error.source();
    }
    Denied::Provider(said)
}

impl Known {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let mut response = self.agent.run(request)?;
        let body = response.body_mut().with_config().limit(MAX_BODY).read_to_vec()?;
        let (parts, _) = response.into_parts();
        Ok(http::Response::from_parts(parts, body))
    }
}
