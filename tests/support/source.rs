//! Sites of Healthjump, whose format the tests' own deliveries have, and loading into databases.

use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use mapper::load::{LoadError, Report};
use mapper::{Profile, Site, Vendor};

use super::database::Database;

/// The source's name in tests that make their own delivery.
pub const SOURCE: &str = "healthjump";
/// Its zone.
pub const ZONE: Tz = Tz::America__New_York;

/// The vendor whose format the tests' own deliveries have; see [`super::sample`] for tests of every vendor.
///
/// # Panics
/// When the server does not know it.
#[must_use]
pub fn vendor() -> &'static Vendor {
    server::vendors::find("healthjump").expect("the server knows Healthjump")
}

/// A site that follows this profile (TOML).
#[must_use]
pub fn site(name: &str, profile: &str) -> Site {
    vendor().site(name, ZONE, Profile::parse(profile).unwrap()).unwrap()
}

/// The time of every load in process, so that what is stored does not depend on the clock.
#[must_use]
pub fn load_time() -> NaiveDateTime {
    "2026-03-01T12:00:00".parse().unwrap()
}

/// Loads files and folders of Healthjump.
///
/// # Errors
/// As the loader.
pub fn load(db: &Database, site: &Site, paths: &[PathBuf]) -> Result<Report, LoadError> {
    load_of(vendor(), load_time(), db, site, paths)
}

/// Loads files and folders of any vendor.
///
/// # Errors
/// As the loader.
pub fn load_of(
    vendor: &Vendor,
    now: NaiveDateTime,
    db: &Database,
    site: &Site,
    paths: &[PathBuf],
) -> Result<Report, LoadError> {
    mapper::load::load(&mut db.connect(), vendor.schema, site, paths, now, &mut ())
}

/// Loads a folder of Healthjump that must be right.
pub fn load_folder(db: &Database, site: &Site, folder: &Path) -> Report {
    load(db, site, &[folder.to_owned()]).unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
}
