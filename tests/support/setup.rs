//! How a server in this process is set up.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Data;
use server::app::{Guards, State, app};
use server::audit::Audit;
use server::auth::Auth;
use server::clock::Clock;
use server::config::Config;

use super::database::{Database, Kind};
use super::multiplied::multiplied;
use super::sample::{Sample, samples};
use super::server::{Answering, ORIGIN, Response, Server, now};
use super::source::{SOURCE, ZONE};

/// What a server is started with.
pub struct Setup {
    sources: Vec<String>,
    settings: String,
    secret: Vec<u8>,
    clock: Clock,
}

impl Setup {
    /// One sample, served under its profile.
    #[must_use]
    pub fn sample(kind: Kind, sample: &Sample) -> Self {
        Self::new(vec![]).and_sample(kind, sample)
    }

    /// One sample's source over the database at this address.
    #[must_use]
    pub fn sample_at(sample: &Sample, url: &str) -> Self {
        Self::new(vec![]).and_sample_at(url, sample)
    }

    /// Every vendor's sample: together under `/fhir`, each under `/{source}/fhir`.
    #[must_use]
    pub fn all(kind: Kind) -> Self {
        let none = Self::new(vec![]);
        samples()
            .iter()
            .fold(none, |setup, sample| setup.and_sample(kind, sample))
    }

    /// One source over this database.
    #[must_use]
    pub fn over(db: &Database) -> Self {
        Self::at(&db.url())
    }

    /// One source over the database at this address.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self::new(vec![config_entry(SOURCE, url)])
    }

    fn new(sources: Vec<String>) -> Self {
        Self {
            sources,
            settings: String::new(),
            secret: b"a secret of tests".to_vec(),
            clock: now,
        }
    }

    /// One sample many times over, see [`multiplied()`], with these settings of PostgreSQL.
    #[must_use]
    pub fn multiplied(kind: Kind, sample: &'static Sample, settings: &[&str]) -> Self {
        Self::new(vec![]).and_sample_at(&multiplied(kind, sample).url_with(settings), sample)
    }

    /// One more sample.
    #[must_use]
    pub fn and_sample(self, kind: Kind, sample: &Sample) -> Self {
        self.and_sample_at(&sample.loaded(kind).url(), sample)
    }

    /// One sample, from a database that it was loaded into.
    #[must_use]
    pub fn sample_in(db: &Database, sample: &Sample) -> Self {
        Self::new(vec![]).and_sample_at(&db.url(), sample)
    }

    fn and_sample_at(mut self, url: &str, sample: &Sample) -> Self {
        let (name, vendor, zone) = (sample.name(), sample.vendor.name, sample.site.zone().name());
        let profile = &sample.profile;
        self.sources.push(format!(
            "\n[[source]]\nname = {name:?}\nvendor = {vendor:?}\nurl = {url:?}\nzone = {zone:?}\nprofile = {profile:?}\n"
        ));
        self
    }

    /// One more source.
    #[must_use]
    pub fn and(mut self, name: &str, db: &Database) -> Self {
        self.sources.push(config_entry(name, &db.url()));
        self
    }

    /// One more source, over the database at this address.
    #[must_use]
    pub fn and_at(mut self, name: &str, url: &str) -> Self {
        self.sources.push(config_entry(name, url));
        self
    }

    /// Settings before the sources, such as `[limits]`.
    #[must_use]
    pub fn with(mut self, settings: &str) -> Self {
        settings.clone_into(&mut self.settings);
        self
    }

    #[must_use]
    pub fn secret(mut self, secret: &[u8]) -> Self {
        self.secret = secret.to_vec();
        self
    }

    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What it serves without asking who is there, to be reached at `origin`.
    #[must_use]
    pub fn state(self, origin: &str) -> State {
        State::new(&self.config(), origin, &self.secret, self.clock, None).unwrap()
    }

    fn config(&self) -> Config {
        let text = format!("{}{}", self.settings, self.sources.concat());
        Config::parse(&text, Path::new("test.toml")).unwrap_or_else(|e| panic!("{e}"))
    }

    /// What it serves, to be reached at `origin`, with the authorization server that `[smart]` configures and the trail of `[audit]`.
    pub async fn guarded_state(self, origin: &str) -> State {
        let config = self.config();
        let auth = match &config.smart {
            Some(smart) => {
                let auth = Auth::open(&config, smart, origin, &self.secret, self.clock).await;
                Some(Arc::new(auth.unwrap_or_else(|e| panic!("{e}"))))
            }
            None => None,
        };
        let audit = Audit::open(&config, &self.secret)
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        State::new(&config, origin, &self.secret, self.clock, Guards { auth, audit }).unwrap()
    }

    /// Starts it.
    pub async fn start(self) -> Server {
        self.start_at(ORIGIN).await
    }

    /// Starts it, to be reached at `origin`.
    pub async fn start_at(self, origin: &str) -> Server {
        let state = self.guarded_state(origin).await;
        let service = Rc::new(init_service(app(Data::new(state))).await);
        let send = move |request: TestRequest| -> Answering {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let answer = service
                    .call(request.to_request())
                    .await
                    .expect("every failure has a response");
                let (_, answer) = answer.into_parts();
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                let body = to_bytes(answer.into_body())
                    .await
                    .unwrap_or_else(|_| panic!("the body breaks off"))
                    .to_vec();
                Response { status, headers, body }
            })
        };
        Server { send: Rc::new(send) }
    }
}

/// `[[source]]` of a configuration, for a delivery of the tests' own.
#[must_use]
pub fn config_entry(name: &str, url: &str) -> String {
    format!(
        "\n[[source]]\nname = {name:?}\nvendor = \"healthjump\"\nurl = {url:?}\nzone = {:?}\n",
        ZONE.name()
    )
}
