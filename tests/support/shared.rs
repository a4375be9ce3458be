//! A database that many tests read and none writes: made once per run. See [`super::sample`] for those of the samples.

use std::sync::OnceLock;

use super::clinic;
use super::database::{Database, Kind};
use super::source::SOURCE;

static CLINIC: [OnceLock<Database>; 2] = [OnceLock::new(), OnceLock::new()];

/// The little clinic of [`clinic()`], loaded.
#[must_use]
pub fn clinic(kind: Kind) -> &'static Database {
    CLINIC[usize::from(kind == Kind::Postgres)].get_or_init(|| {
        let db = Database::new(kind);
        clinic::load(&db, SOURCE);
        db
    })
}
