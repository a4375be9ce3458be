//! `[audit]`: the record of accesses.

use mapper::db::Url;
use serde::Deserialize;

use super::file;

/// `[audit]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// The database that holds it; without, that of `[smart]`.
    #[serde(deserialize_with = "file::some_database")]
    pub database: Option<Url>,
    /// Whether an answer waits until the record of the access is on disk.
    pub durable: bool,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            database: None,
            durable: true,
        }
    }
}

/// Where accesses are recorded, and how.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The database.
    pub database: Url,
    /// See [`Audit::durable`].
    pub durable: bool,
}
