//! The authorization server without HTTP: what it is asked and what it answers.

mod authorize;
mod discovery;
mod introspect;
mod people;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jsonwebtoken::jwk::JwkSet;

use crate::Error;
use crate::client::{Client, Registration, offered};
use crate::keys::Keys;
use crate::refusal::{Code, Failed, Refusal};
use crate::scope::{ResourceScope, Scope, Scopes};
use crate::seal::Seal;
use crate::store::{Seconds, Store};

pub use authorize::{Authorization, LAUNCH_LIFETIME, Launch, Unanswered};
pub use introspect::UserInfo;
pub use people::{Role, Session};
pub use token::Tokens;

/// What is fixed by the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server's own address, without a slash at its end: the issuer of id tokens.
    pub issuer: String,
    /// The FHIR bases that tokens are for, without slashes at their ends; the first is the usual one.
    pub audiences: Vec<String>,
    /// The types that are served, by name: what the consent page offers instead of `*`.
    pub types: Vec<String>,
    /// How long access tokens are good for.
    pub access_lifetime: Seconds,
    /// How long those of backend services are.
    pub service_lifetime: Seconds,
    /// How long a refresh token is good for; each refresh gives a new one.
    pub refresh_lifetime: Seconds,
    /// How long somebody stays signed in.
    pub session_lifetime: Seconds,
    /// Whether tokens can be looked at without proof of who asks: for test kits.
    pub open_introspection: bool,
    /// What clients that register themselves may be granted at most; `None`: none can.
    pub registration: Option<Scopes>,
}

/// Brings the keys of clients that publish them at an address.
pub trait FetchKeys: Send + Sync {
    /// The keys at an address that a registered client has; `None` when they cannot be had. What was fetched before may be given once
    /// more, unless the key `kid` is not in it.
    fn fetch<'a>(
        &'a self,
        uri: &'a str,
        kid: &'a str,
    ) -> Pin<Box<dyn Future<Output = Option<Arc<JwkSet>>> + Send + 'a>>;
}

/// Whether resources can be found as a granular scope says.
pub type Answers = Box<dyn Fn(&ResourceScope) -> bool + Send + Sync>;

/// The authorization server.
pub struct Authority {
    settings: Settings,
    store: Store,
    seal: Seal,
    keys: RwLock<Arc<Keys>>,
    clients: BTreeMap<String, Arc<Client>>,
    fetch: Box<dyn FetchKeys>,
    answers: OnceLock<Answers>,
}

impl Authority {
    /// An authorization server over a state, for the clients of the configuration.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Key`].
    pub async fn open(
        settings: Settings,
        store: Store,
        seal: Seal,
        clients: Vec<Client>,
        fetch: Box<dyn FetchKeys>,
        now: Seconds,
    ) -> Result<Self, Error> {
        let keys = Keys::open(&store, &seal, now).await?;
        let by_id = |client: Client| (client.id.clone(), Arc::new(client));
        Ok(Self {
            settings,
            store,
            seal,
            keys: RwLock::new(Arc::new(keys)),
            clients: clients.into_iter().map(by_id).collect(),
            fetch,
            answers: OnceLock::new(),
        })
    }

    /// From now on grants granular scopes only when `answers` says that they can be answered; until then it grants all. What is said
    /// first counts.
    pub fn grant_what(&self, answers: Answers) {
        let _ = self.answers.set(answers);
    }

    /// What of these scopes can be granted by a server that is only read, and that understands them.
    fn grantable(&self, asked: &str) -> Scopes {
        let understood = |scope: &&Scope| match (scope.resource(), self.answers.get()) {
            (Some(resource), Some(answers)) => !resource.is_granular() || answers(resource),
            _ => true,
        };
        let asked = Scopes::parse(asked).readable();
        asked.iter().filter(understood).cloned().collect()
    }

    /// The configuration.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The state.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The client of this id: of the configuration, or one that registered itself, where such are taken.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn known(&self, id: &str) -> Result<Option<Arc<Client>>, Error> {
        match (self.client(id), &self.settings.registration) {
            (None, Some(_)) => Ok(self.store.registered(id).await?.map(Arc::new)),
            (known, _) => Ok(known),
        }
    }

    /// Registers a client that asks for it (RFC 7591); the answer is the body of the response.
    ///
    /// # Errors
    /// [`Failed`], also where clients do not register themselves.
    pub async fn register(&self, body: &[u8], now: Seconds) -> Result<serde_json::Value, Failed> {
        let closed = Refusal::new(Code::InvalidRequest, "clients do not register themselves here");
        let offered = self.settings.registration.as_ref().map(offered).ok_or(closed)?;
        let asked = Registration::read(body)?;
        let accepted = tokio::task::spawn_blocking(move || asked.accept(&offered)).await;
        let registered = accepted.map_err(|_stopped| Error::Randomness)??;
        self.store.register(&registered.client, now).await?;
        Ok(registered.body(now))
    }

    /// The client of this id in the configuration.
    #[must_use]
    pub fn client(&self, id: &str) -> Option<Arc<Client>> {
        self.clients.get(id).cloned()
    }

    /// Every client of the configuration, by id.
    pub fn clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.values().map(AsRef::as_ref)
    }

    /// Reads the keys again: another server, or the command, may have made new ones.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Key`].
    pub async fn reload_keys(&self, now: Seconds) -> Result<(), Error> {
        let keys = Arc::new(Keys::open(&self.store, &self.seal, now).await?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}
