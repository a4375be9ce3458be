//! The authorization server over HTTP: its endpoints, and the pages on which people sign in, choose and decide.
//!
//! What is asked and answered is decided in the crate `smart`; here it gets addresses, cookies and a face.

mod access;
mod accounts;
mod cookies;
mod demo;
mod discovery;
mod guard;
mod keys;
mod oauth;
mod pages;
mod registration;
mod registry;
mod throttle;
mod upstream;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use fhir::r4::ResourceType;
use fhir::search::{Limits, Vocabulary};
use mapper::db::{Access, Manager};
use smart::authority::{Authority, Settings};
use smart::client::Client;
use smart::scope::ResourceScope;
use smart::seal::Seal;
use smart::store::{Active, Seconds, Store};

use crate::audit::layer;
use crate::clock::Clock;
use crate::config::{Config, SmartConfig};

use accounts::Accounts;
pub(crate) use accounts::Demo;
use cookies::Cookies;
pub(crate) use guard::{Principal, guard};
use registration::Gatekeeper;
use throttle::Throttle;
use upstream::Upstream;

pub(crate) use discovery::{SMART_CONFIGURATION, smart as smart_configuration};

/// Where everything of this module is.
const PREFIX: &str = "/auth";

/// The authorization server with its pages.
pub struct Auth {
    authority: Authority,
    accounts: Accounts,
    upstream: Option<Upstream>,
    throttle: Throttle,
    cookies: Cookies,
    types: Vec<ResourceType>,
    origins: BTreeSet<String>,
    registration: Option<Gatekeeper>,
    clock: Clock,
}

/// Why it cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// Its state.
    #[error("[smart] database: {0}")]
    State(#[from] smart::Error),
    /// A client, an account or the provider is not as it must be.
    #[error("{0}")]
    Config(String),
}

/// Opens the authorization server's state.
///
/// # Errors
/// [`smart::Error`] when its database cannot be reached or refuses.
pub(crate) async fn state(config: &Config, smart: &SmartConfig) -> Result<Store, smart::Error> {
    let limits = config.limits.database();
    // The state is written at each sign-in, so a statement has no other limit than the pool's.
    let manager = Manager::new(smart.smart.database.clone(), Access::Load, limits.statement);
    Store::open(manager, limits).await
}

impl Auth {
    /// Opens its state and prepares everything; `base_url` is how clients reach the server.
    ///
    /// # Errors
    /// [`Unready`].
    pub async fn open(
        config: &Config,
        smart: &SmartConfig,
        base_url: &str,
        secret: &[u8],
        clock: Clock,
    ) -> Result<Self, Unready> {
        let types = config.types();
        let store = state(config, smart).await?;
        let settings = Settings {
            issuer: base_url.to_owned(),
            audiences: config.bases(base_url),
            types: types.iter().map(|ty| ty.as_str().to_owned()).collect(),
            access_lifetime: smart.smart.access_seconds.get().into(),
            service_lifetime: smart.smart.service_seconds.get().into(),
            refresh_lifetime: smart.smart.refresh_lifetime(),
            session_lifetime: smart.smart.session_lifetime(),
            open_introspection: smart.smart.open_introspection,
            registration: smart
                .smart
                .registration
                .as_ref()
                .map(|registration| registration.scopes.clone()),
        };
        let clients = registry::clients(&smart.clients, base_url).map_err(Unready::Config)?;
        let origins = clients.iter().flat_map(registry::origins).collect();
        let fetch = Box::new(keys::Published::new());
        let now = seconds(clock);
        let authority = Authority::open(settings, store, Seal::derive(secret), clients, fetch, now).await?;
        let accounts = match smart.takes_accounts(config.server.listen.ip()) {
            true => Accounts::new(&smart.accounts)?,
            false => Accounts::default(),
        };
        let upstream = smart.smart.upstream.as_ref();
        let registration = smart.smart.registration.as_ref();
        Ok(Self {
            authority,
            accounts,
            upstream: upstream
                .map(|upstream| Upstream::new(upstream, base_url))
                .transpose()
                .map_err(Unready::Config)?,
            throttle: Throttle::new(),
            cookies: Cookies::new(secret, base_url.starts_with("https:")),
            types,
            origins,
            registration: registration.map(Gatekeeper::new).transpose().map_err(Unready::Config)?,
            clock,
        })
    }

    /// The addresses of OAuth's endpoints by their names, for the CapabilityStatement.
    pub(crate) fn addresses(&self) -> Vec<(&'static str, String)> {
        self.authority.oauth_uris()
    }

    /// The client of this id.
    pub(crate) fn client(&self, id: &str) -> Option<Arc<Client>> {
        self.authority.client(id)
    }

    /// The accounts whose passwords everybody may know.
    pub(crate) fn demo_accounts(&self) -> impl Iterator<Item = Demo<'_>> {
        self.accounts.demo()
    }

    /// Whether the demo app is served.
    pub(crate) fn has_demo(&self) -> bool {
        self.authority.client(demo::CLIENT).is_some()
    }

    /// Checks the searches that say whose records somebody may see: a mistake in one is told now, and not when it hides everything.
    ///
    /// # Errors
    /// A sentence about the first that cannot be answered.
    pub(crate) fn check(&self, vocabulary: &impl Vocabulary, limits: &Limits) -> Result<(), String> {
        let accounts = self.accounts.searches();
        let accounts = accounts.map(|(login, sees)| (format!("account `{login}`: sees"), sees));
        let clients = self.authority.clients();
        let clients = clients.filter_map(|c| Some((format!("client `{}`: patients", c.id), c.patients.as_deref()?)));
        for (what, query) in accounts.chain(clients) {
            if !access::is_search(query, vocabulary, limits) {
                return Err(format!(
                    "{what}: `{query}` is no search of patients that this server can answer"
                ));
            }
        }
        Ok(())
    }

    /// Has scopes granted only when these parameters can answer them: a scope that shows nothing is better not granted, so that its app is
    /// told.
    pub(crate) fn grant_what<V>(&self, vocabulary: &Arc<V>, limits: Limits)
    where
        V: Vocabulary + Send + Sync + 'static,
    {
        let vocabulary = Arc::clone(vocabulary);
        let answers = move |scope: &ResourceScope| access::is_answered(scope, &*vocabulary, &limits);
        self.authority.grant_what(Box::new(answers));
    }

    /// Whether an app that is registered here has its pages at this origin.
    pub(crate) fn is_of_an_app(&self, origin: &str) -> bool {
        self.origins.contains(origin)
    }

    /// The access token, when it is good and its user is one still.
    async fn access(&self, token: &str) -> Result<Option<Active>, smart::Error> {
        let active = self.authority.access(token, self.now()).await?;
        Ok(active.and_then(|active| self.still(active)))
    }

    /// The token, access or refresh, when it is good and its user is one still.
    async fn token(&self, token: &str) -> Result<Option<Active>, smart::Error> {
        let active = self.authority.token_of(token, self.now()).await?;
        Ok(active.and_then(|active| self.still(active)))
    }

    fn still(&self, active: Active) -> Option<Active> {
        let grant = self.accounts.still(active.grant.clone())?;
        Some(Active { grant, ..active })
    }

    fn now(&self) -> Seconds {
        seconds(self.clock)
    }

    /// Forgets what has expired, now and then, for as long as the server runs.
    pub async fn sweep(self: Arc<Self>) {
        const EACH: Duration = Duration::from_secs(600);
        loop {
            tokio::time::sleep(EACH).await;
            self.throttle.sweep();
            if self.authority.store().sweep(self.now()).await.is_err() {
                tracing::warn!(target: "chartgate", "the state of [smart] could not be swept");
            }
            if self.authority.reload_keys(self.now()).await.is_err() {
                tracing::warn!(target: "chartgate", "the keys of [smart] could not be read again");
            }
        }
    }
}

fn seconds(clock: Clock) -> Seconds {
    clock().and_utc().timestamp()
}

/// Whether web pages of any origin may ask there: what apps in browsers need before they have a token, and to get one
/// (<https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#considerations-for-cross-origin-resource-sharing-cors-support>).
pub(crate) fn is_for_any_origin(path: &str) -> bool {
    const OPEN: [&str; 6] = [
        "/auth/register",
        "/auth/token",
        "/auth/revoke",
        "/auth/introspect",
        "/auth/jwks",
        "/auth/userinfo",
    ];
    OPEN.contains(&path) || path.ends_with("/metadata") || path.contains("/.well-known/")
}

/// Whether it is one of the pages for people, which no page of another origin reads.
pub(crate) fn is_a_page(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The routes.
pub fn configure(auth: Data<Auth>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config.configure(discovery::configure);
        if auth.has_demo() {
            config.configure(demo::configure);
        }
        config.service(
            web::scope(PREFIX)
                .configure(oauth::configure)
                .configure(registration::configure)
                .configure(pages::configure)
                .wrap(from_fn(layer::steps)),
        );
        config.app_data(auth);
    }
}
