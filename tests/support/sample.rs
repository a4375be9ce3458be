//! The vendors' sample deliveries. Everything about them is found by the vendor's name, V:
//!
//! | in `fixtures/` | what |
//! |---|---|
//! | `V/` | the delivery |
//! | `V.toml` | the profile that it is loaded and served under |
//! | `sources/V.toml` | a configuration with the one source: its name and zone |
//! | `V-traps.json`, `V.md` | what must come out of it, for tests and for people |
//! | `V-bad/`, `V-bad.json` | deliveries that must be refused, and how |
//!
//! So a new vendor is tested without a change to any test.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chrono_tz::Tz;
use mapper::load::{LoadError, Report};
use mapper::{Profile, Site, Vendor};
use serde_json::Value;
use server::config::Config;
use server::vendors::VENDORS;

use super::database::{Database, Kind};
use super::source::{load_of, load_time};

/// The folder of the sample deliveries.
#[must_use]
pub fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// A vendor's sample delivery.
pub struct Sample {
    pub vendor: &'static Vendor,
    /// Its source: name, zone and profile.
    pub site: Site,
    /// The profile's file.
    pub profile: PathBuf,
    /// The delivery's folder.
    pub delivery: PathBuf,
    loaded: [OnceLock<(Database, Report)>; 2],
}

/// Every vendor's, in the order of the vendors.
#[must_use]
pub fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| VENDORS.iter().map(|vendor| Sample::of(vendor)).collect())
}

/// The bases of a server over all samples: that of all together first, then each alone.
pub fn bases() -> Vec<String> {
    let alone = samples().iter().map(|sample| format!("/{}/fhir", sample.name()));
    std::iter::once("/fhir".to_owned()).chain(alone).collect()
}

/// The first vendor's delivery once more, as another source on the other side of the world: the same keys twice, and every
/// time at another instant. What must keep sources apart is seen to, however few vendors there are.
#[must_use]
pub fn twin() -> &'static Sample {
    static TWIN: OnceLock<Sample> = OnceLock::new();
    TWIN.get_or_init(|| {
        let first = Sample::of(VENDORS[0]);
        let profile = first.site.profile().clone();
        let site = first.vendor.site("twin", Tz::Pacific__Auckland, profile).unwrap();
        Sample { site, ..first }
    })
}

impl Sample {
    fn of(vendor: &'static Vendor) -> Self {
        let file = fixtures().join(format!("sources/{}.toml", vendor.name));
        let config = Config::read(Some(&file)).unwrap_or_else(|e| panic!("{e}"));
        let [source] = config.sources.as_slice() else {
            panic!("{} is to have one source", file.display());
        };
        assert_eq!(source.vendor.name, vendor.name, "{}", file.display());
        let profile = fixtures().join(format!("{}.toml", vendor.name));
        let told = Profile::parse(&read(&profile)).unwrap();
        let same = source.site.profile().fingerprint() == told.fingerprint();
        assert!(same, "{} names another profile", file.display());
        Self {
            vendor,
            site: source.site.clone(),
            profile,
            delivery: fixtures().join(vendor.name),
            loaded: [OnceLock::new(), OnceLock::new()],
        }
    }

    /// The source's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.site.name()
    }

    /// Loads the delivery, which must be right.
    pub fn load_into(&self, db: &Database) -> Report {
        self.load(db, std::slice::from_ref(&self.delivery))
            .unwrap_or_else(|e| panic!("{}: {e}", self.delivery.display()))
    }

    /// Loads files and folders as this source's.
    ///
    /// # Errors
    /// As the loader.
    pub fn load(&self, db: &Database, paths: &[PathBuf]) -> Result<Report, LoadError> {
        load_of(self.vendor, load_time(), db, &self.site, paths)
    }

    /// A database with the delivery, loaded once per run: for tests that only read.
    #[must_use]
    pub fn loaded(&self, kind: Kind) -> &Database {
        &self.once(kind).0
    }

    /// What the load of [`Sample::loaded`] said.
    #[must_use]
    pub fn report(&self, kind: Kind) -> &Report {
        &self.once(kind).1
    }

    fn once(&self, kind: Kind) -> &(Database, Report) {
        self.loaded[usize::from(kind == Kind::Postgres)].get_or_init(|| {
            let db = Database::new(kind);
            let report = self.load_into(&db);
            (db, report)
        })
    }

    /// The entries of `V-traps.json`.
    #[must_use]
    pub fn traps(&self) -> Vec<Value> {
        entries(&fixtures().join(format!("{}-traps.json", self.vendor.name)))
    }

    /// The text of `V.md`.
    #[must_use]
    pub fn explanation(&self) -> String {
        read(&fixtures().join(format!("{}.md", self.vendor.name)))
    }

    /// The entries of `V-bad.json`.
    #[must_use]
    pub fn bad(&self) -> Vec<Value> {
        entries(&fixtures().join(format!("{}-bad.json", self.vendor.name)))
    }

    /// `V-bad/`.
    #[must_use]
    pub fn bad_folder(&self) -> PathBuf {
        fixtures().join(format!("{}-bad", self.vendor.name))
    }
}

fn entries(file: &Path) -> Vec<Value> {
    serde_json::from_str(&read(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}
