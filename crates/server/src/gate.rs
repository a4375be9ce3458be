//! Rows are served only by the rules they were loaded by: another zone or profile would say something else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::web;
use mapper::Partial;
use mapper::db::Manager;
use mapper::load::Installed;
use tokio::sync::Mutex;

use crate::config::Source;
use crate::error::Failure;

/// After a vain attempt to reach a database the next one waits this long.
const PAUSE: Duration = Duration::from_secs(1);

/// The check of one source's database, passed once.
pub(crate) struct Gate {
    source: String,
    manager: Manager,
    /// Without for a live source, whose rows nobody loaded.
    expected: Option<Installed>,
    patience: Duration,
    passed: AtomicBool,
    /// One attempt at a time; when the last one was in vain.
    attempt: Arc<Mutex<Option<Instant>>>,
}

/// Why a database is not served.
pub(crate) enum Refusal {
    /// It cannot be reached.
    Away,
    /// It was loaded by other rules, or not at all; a sentence.
    Rules(String),
}

impl Gate {
    pub fn new(source: &Source, limits: mapper::Limits) -> Self {
        Self {
            source: source.site.name().to_owned(),
            manager: source.manager(limits.statement),
            expected: (!source.live).then(|| Installed::expected(source.vendor.schema, &source.site)),
            patience: limits.connect,
            passed: AtomicBool::new(false),
            attempt: Arc::default(),
        }
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// Looks into the database, on this thread.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.passed.load(Ordering::Acquire) {
            return Ok(());
        }
        let name = &self.source;
        let mut conn = self
            .manager
            .open()
            .map_err(|error| match self.manager.refused_views(&error) {
                // It is there but lacks tables of a live source; that does not pass by itself.
                Some(cause) => Refusal::Rules(format!(
                    "source `{name}`: its database does not hold the vendor's tables as expected: {cause}"
                )),
                None => Refusal::Away,
            })?;
        let Some(expected) = &self.expected else {
            self.passed.store(true, Ordering::Release);
            return Ok(());
        };
        let installed = Installed::read(&mut conn).map_err(|_away| Refusal::Away)?;
        let wrong = match installed {
            None => format!("source `{name}`: nothing has been loaded into its database; run `chartgate load`"),
            Some(installed) => match installed.difference(expected) {
                None => {
                    self.passed.store(true, Ordering::Release);
                    return Ok(());
                }
                Some(how) => format!(
                    "source `{name}`: its database was loaded {how}; serve it by its own rules, or load a fresh database"
                ),
            },
        };
        Err(Refusal::Rules(wrong))
    }

    /// Lets a request through once the check has passed; a database that was away at the start is checked here.
    pub async fn pass(self: &Arc<Self>) -> Result<(), Failure> {
        self.admit(&mut Partial::allowed(false)).await
    }

    async fn outcome(self: &Arc<Self>) -> Result<(), Refusal> {
        if self.passed.load(Ordering::Acquire) {
            return Ok(());
        }
        tokio::time::timeout(self.patience, self.attempt())
            .await
            .unwrap_or(Err(Refusal::Away))
    }

    /// As [`Gate::pass`]; a database that is away is noted where an answer may do without it.
    pub async fn admit(self: &Arc<Self>, partial: &mut Partial) -> Result<(), Failure> {
        match self.outcome().await {
            Ok(()) => Ok(()),
            Err(Refusal::Rules(text)) => Err(Failure::internal(text)),
            Err(Refusal::Away) => {
                let away = Err(mapper::Error::Unavailable(self.source.clone()));
                partial.allow::<()>(&self.source, away)?;
                Ok(())
            }
        }
    }

    async fn attempt(self: &Arc<Self>) -> Result<(), Refusal> {
        let mut last = Arc::clone(&self.attempt).lock_owned().await;
        if last.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(Refusal::Away);
        }
        let gate = Arc::clone(self);
        // The lock goes along, so that a request that gives up waiting does not let another attempt begin.
        let checked = web::block(move || {
            let outcome = gate.check();
            *last = outcome.is_err().then(Instant::now);
            outcome
        });
        checked.await.unwrap_or(Err(Refusal::Away))
    }
}
