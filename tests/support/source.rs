//! Sites of Healthjump, loading into databases, and sources over them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use mapper::db::Url;
use mapper::load::{LoadError, Report};
use mapper::{Limits, Profile, Site, Source};
use mapper_healthjump::VENDOR;

use super::database::Database;

/// The source's name in every test.
pub const SOURCE: &str = "healthjump";
/// Its zone.
pub const ZONE: Tz = Tz::America__New_York;

/// A site that follows this profile (TOML).
#[must_use]
pub fn site(name: &str, profile: &str) -> Site {
    VENDOR.site(name, ZONE, Profile::parse(profile).unwrap()).unwrap()
}

/// The time of every load in process, so that what is stored does not depend on the clock.
#[must_use]
pub fn load_time() -> NaiveDateTime {
    "2026-03-01T12:00:00".parse().unwrap()
}

/// Loads files and folders.
///
/// # Errors
/// As the loader.
pub fn load(db: &Database, site: &Site, paths: &[PathBuf]) -> Result<Report, LoadError> {
    load_at(load_time(), db, site, paths)
}

/// Loads files and folders at another time.
///
/// # Errors
/// As the loader.
pub fn load_at(now: NaiveDateTime, db: &Database, site: &Site, paths: &[PathBuf]) -> Result<Report, LoadError> {
    mapper::load::load(&mut db.connect(), VENDOR.schema, site, paths, now, &mut ())
}

/// Loads a folder that must be right.
pub fn load_folder(db: &Database, site: &Site, folder: &Path) -> Report {
    load(db, site, &[folder.to_owned()]).unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
}

/// A source over a database.
#[must_use]
pub fn open(db: &Database, site: Site) -> Arc<Source> {
    let limits = Limits {
        threads: 2,
        ..Limits::default()
    };
    Arc::new(Source::open(&VENDOR, site, Url::parse(&db.url()).unwrap(), limits).unwrap())
}
