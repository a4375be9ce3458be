//! The app: its routes, and what they share.
//!
//! `/` says what this is and `/health` whether each database answers. FHIR is served under `/fhir` for all sources together and under
//! `/{source}/fhir` for one; what there is below these bases is the list `ENDPOINTS` in `routes`.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, ServiceConfig};
use fhir::search;
use mapper::cursor::CursorKey;
use mapper::{Source, View};

use crate::audit::{self, Audit};
use crate::auth::{self, Auth};
use crate::capability;
use crate::clock::Clock;
use crate::config::Config;
use crate::crowd::Crowd;
use crate::gate::{Gate, Refusal};
use crate::peer::Proxies;
use crate::routes::batch::Inside;
use crate::{edge, endpoint, openapi, routes};

/// The base of all sources together.
const ALL: &str = "/fhir";

/// What all requests share.
pub struct State {
    pub(crate) clock: Clock,
    pub(crate) limits: search::Limits,
    pub(crate) default_count: u32,
    pub(crate) max_body: usize,
    pub(crate) cors_origin: String,
    pub(crate) crowd: Crowd,
    /// How long `/health` waits for a database.
    pub(crate) patience: Duration,
    pub(crate) bases: Arc<[String]>,
    /// Whether searches over all sources do without those that are away.
    pub(crate) partial_answers: bool,
    /// All sources together first, then each alone.
    pub(crate) served: Vec<Arc<Served>>,
    pub(crate) gates: Vec<Arc<Gate>>,
    /// Who tells the addresses of clients.
    pub(crate) proxies: Option<Proxies>,
    /// Who may see what; `None`: whoever asks may see all.
    pub(crate) auth: Option<Arc<Auth>>,
    /// Where accesses are recorded; `None`: nowhere.
    pub(crate) audit: Option<Arc<Audit>>,
}

/// What stands between records and those who ask for them.
#[derive(Default)]
pub struct Guards {
    /// Who may see what; `None`: whoever asks may see all.
    pub auth: Option<Arc<Auth>>,
    /// Where accesses are recorded; `None`: nowhere.
    pub audit: Option<Arc<Audit>>,
}

impl From<Option<Arc<Auth>>> for Guards {
    fn from(auth: Option<Arc<Auth>>) -> Self {
        Self { auth, audit: None }
    }
}

impl Guards {
    /// Whether records of accesses are served, to those who may see them.
    fn show_accesses(&self) -> bool {
        self.auth.is_some() && self.audit.is_some()
    }
}

/// One base address.
pub(crate) struct Served {
    /// The path of the base, `/fhir` or `/{source}/fhir`.
    pub prefix: String,
    /// The whole address of the base.
    pub base: String,
    /// `all`, or the source's name; for the log.
    pub name: String,
    pub view: View,
    /// The CapabilityStatement as JSON.
    pub metadata: actix_web::web::Bytes,
    /// The same for tools that know OpenAPI.
    pub openapi: actix_web::web::Bytes,
    pub gates: Vec<Arc<Gate>>,
}

impl State {
    /// Opens the configured sources. No database is needed for it. `base_url` is how clients reach the server, without
    /// `/fhir`; `secret` seals page links; `guards` decide who may see what, and keep a record of it.
    ///
    /// # Errors
    /// [`mapper::Error::Config`] when database threads cannot be started.
    pub fn new(
        config: &Config,
        base_url: &str,
        secret: &[u8],
        clock: Clock,
        guards: impl Into<Guards>,
    ) -> Result<Self, mapper::Error> {
        let guards = guards.into();
        let limits = config.limits.database();
        let mut sources = vec![];
        for source in &config.sources {
            let gate = Arc::new(Gate::new(source, limits));
            let manager = source.manager(limits.statement);
            let opened = Source::open(source.vendor, source.site.clone(), manager, limits)?;
            sources.push((Arc::new(opened), gate));
        }
        let key = CursorKey::derive(secret);
        let serve = |prefix: String, name: &str, of: &[(Arc<Source>, Arc<Gate>)]| {
            let base = format!("{base_url}{prefix}");
            let view = View::new(of.iter().map(|(source, _)| Arc::clone(source)).collect(), key.clone());
            let about = capability::About {
                base: &base,
                cors: guards.auth.is_some() || !config.server.cors_origin.is_empty(),
                now: clock(),
                auth: guards.auth.as_deref(),
                // Of all sources together: a record may be about several.
                accesses: guards.show_accesses() && prefix == ALL,
            };
            let metadata = capability::metadata(&view, &about).into();
            let beside = openapi::Beside {
                accesses: about.accesses,
                issuer: guards.auth.is_some().then_some(base_url),
            };
            let openapi = openapi::document(&view, &base, beside).into();
            let gates = of.iter().map(|(_, gate)| Arc::clone(gate)).collect();
            Arc::new(Served {
                prefix,
                base,
                name: name.to_owned(),
                view,
                metadata,
                openapi,
                gates,
            })
        };
        let mut served = vec![serve(ALL.to_owned(), "all", &sources)];
        for one in &sources {
            let name = one.0.name();
            served.push(serve(format!("/{name}/fhir"), name, std::slice::from_ref(one)));
        }
        let asking = search::Limits {
            count: config.limits.max_count.get(),
            explain: config.server.explains(),
            ..search::Limits::default()
        };
        if let (Some(auth), Some(all)) = (&guards.auth, served.first()) {
            auth.grant_what(all.view.shared_dictionary(), asking);
        }
        Ok(Self {
            clock,
            limits: asking,
            default_count: config.limits.default_count.get(),
            max_body: config.server.max_body,
            cors_origin: config.server.cors_origin.clone(),
            crowd: Crowd::new(config.limits.per_client),
            patience: limits.connect,
            partial_answers: config.server.partial_answers,
            bases: served.iter().map(|s| s.base.clone()).collect(),
            served,
            gates: sources.into_iter().map(|(_, gate)| gate).collect(),
            proxies: config.server.believed(),
            auth: guards.auth,
            audit: guards.audit,
        })
    }

    /// Checks, before anything is served, that each database was loaded by the rules it is to be served by, and that who may see what
    /// can be told. Databases that are away are checked when they come back; their names are returned.
    ///
    /// # Errors
    /// A sentence about the first database that was loaded otherwise, or not at all; or about a search of `[smart]`.
    pub fn verify(&self) -> Result<Vec<String>, String> {
        if let (Some(auth), Some(all)) = (&self.auth, self.served.first()) {
            auth.check(all.view.dictionary(), &self.limits)?;
        }
        let mut away = vec![];
        for gate in &self.gates {
            match gate.check() {
                Ok(()) => {}
                Err(Refusal::Away) => away.push(gate.source().to_owned()),
                Err(Refusal::Rules(text)) => return Err(text),
            }
        }
        Ok(away)
    }
}

/// The whole app with its middleware, for a server and for `actix_web::test::init_service`.
pub fn app(
    state: web::Data<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(Rc::new(Inside::new(state.clone())))
        .configure(configure(state))
        .wrap(Compress::default())
        .wrap(from_fn(edge::edge))
}

/// The routes without middleware.
pub fn configure(state: web::Data<State>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        endpoint::apart(config, "/", web::to(routes::health::index));
        endpoint::apart(config, "/health", web::to(routes::health::health));
        endpoint::apart(config, routes::OPENAPI, web::to(routes::openapi::all));
        for served in &state.served {
            let data = web::Data::from(Arc::clone(served));
            let mut scope = web::scope(&served.prefix).app_data(data);
            if state.auth.is_some() {
                // Before `{type}/{id}`, which would take it.
                scope = scope.route(auth::SMART_CONFIGURATION, web::get().to(auth::smart_configuration));
            }
            if state.auth.is_some() && state.audit.is_some() && served.prefix == ALL {
                scope = audit::events::routes(scope);
            }
            let scope = endpoint::scope(scope);
            config.service(scope.wrap(from_fn(auth::guard)).wrap(from_fn(audit::layer::requests)));
        }
        if let Some(auth) = &state.auth {
            config.configure(auth::configure(web::Data::from(Arc::clone(auth))));
        }
        config.app_data(state);
        config.default_service(web::to(routes::elsewhere));
    }
}

#[cfg(test)]
mod tests;
