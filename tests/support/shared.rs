//! Databases that many tests read and none writes: made once per run.

use std::path::PathBuf;
use std::sync::OnceLock;

use mapper::Site;

use super::clinic;
use super::database::{Database, Kind};
use super::source::{SOURCE, load_folder, site};

/// The sample deliveries of the repository.
#[must_use]
pub fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// The profile that the sample delivery is loaded and served under.
#[must_use]
pub fn sample_profile() -> PathBuf {
    fixtures().join("healthjump.toml")
}

/// The site of the sample delivery.
#[must_use]
pub fn sample_site() -> Site {
    site(SOURCE, &std::fs::read_to_string(sample_profile()).unwrap())
}

static FIXTURES: [OnceLock<Database>; 2] = [OnceLock::new(), OnceLock::new()];
static CLINIC: [OnceLock<Database>; 2] = [OnceLock::new(), OnceLock::new()];

/// The sample delivery of Healthjump, loaded.
#[must_use]
pub fn sample(kind: Kind) -> &'static Database {
    once(&FIXTURES, kind, |db| {
        load_folder(db, &sample_site(), &fixtures().join("healthjump"));
    })
}

/// The little clinic of [`clinic()`], loaded.
#[must_use]
pub fn clinic(kind: Kind) -> &'static Database {
    once(&CLINIC, kind, |db| clinic::load(db, SOURCE))
}

fn once(of: &'static [OnceLock<Database>; 2], kind: Kind, fill: impl FnOnce(&Database)) -> &'static Database {
    of[usize::from(kind == Kind::Postgres)].get_or_init(|| {
        let db = Database::new(kind);
        fill(&db);
        db
    })
}
