//! The record of every access: written before its answer goes out, so that nothing is disclosed that is not recorded.
//!
//! `layer` stands around every FHIR base and around the authorization server; handlers tell a `Ledger` what they show and a `Step` what
//! they allow. `events` serves the records.

pub(crate) mod events;
pub(crate) mod layer;
mod ledger;
mod step;

use std::sync::Arc;

use mapper::db::{Access, Manager};
use smart::audit::{Record, Trail};
use smart::store::Store;

use crate::config::{Config, Recording};

pub(crate) use ledger::Ledger;
pub(crate) use step::Step;

/// The trail of a server, and how strict it is about it.
pub struct Audit {
    pub(crate) trail: Trail,
    /// Whether answers wait until their records are on disk.
    durable: bool,
}

impl Audit {
    /// Opens the trail where the configuration says; `None` when it says nowhere.
    ///
    /// # Errors
    /// [`smart::Error`] when its database cannot be reached or refuses.
    pub async fn open(config: &Config, secret: &[u8]) -> Result<Option<Arc<Self>>, smart::Error> {
        let Some(Recording { database, durable }) = config.recording() else {
            return Ok(None);
        };
        let limits = mapper::Limits {
            // Records are seldom searched, and written by a thread of their own.
            threads: 1,
            ..config.limits.database()
        };
        let manager = Manager::new(database, Access::Load, limits.statement);
        let store = Store::open(manager.clone(), limits).await?;
        let trail = Trail::open(Arc::new(store), manager, secret)?;
        Ok(Some(Arc::new(Self { trail, durable })))
    }

    /// Has an access recorded. When this returns, its answer may go out.
    async fn write(&self, record: &Record) -> Result<(), smart::Error> {
        match self.durable {
            true => self.trail.write(record).await,
            false => self.trail.write_later(record).await,
        }
    }
}
