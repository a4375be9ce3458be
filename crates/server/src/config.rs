//! The configuration: a TOML file, read completely and checked before anything is done.
//!
//! Database addresses hold passwords. They are kept in [`mapper::db::Url`], which never shows them, and messages about
//! the file give line and column but never repeat a line of it.

mod audit;
mod file;
mod network;
mod secret;
mod smart;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use fhir::r4::ResourceType;
use mapper::db::{Access, Manager, Url};
use mapper::{Profile, Site, Vendor};

use crate::tls;

pub use self::audit::{Audit, Recording};
pub use self::smart::{Account, Claims, Registration, Requirement, Smart, SmartConfig, Upstream};
pub use file::{Limits, Server};
pub use network::Tls;

/// The documented default configuration, as `chartgate config` prints it.
pub const DEFAULT: &str = include_str!("config/default.toml");

/// The file that is read when none is named.
pub const FILE: &str = "chartgate.toml";

/// Names that a source cannot have, because addresses of the server's own begin so.
const RESERVED: [&str; 4] = ["app", "auth", "fhir", "health"];

/// A checked configuration.
#[derive(Debug)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[limits]`
    pub limits: Limits,
    /// `[smart]` and the files it names; without it nobody is asked who they are.
    pub smart: Option<SmartConfig>,
    /// `[audit]`; its database is that of `[smart]` when it names none.
    pub audit: Audit,
    /// Every `[[source]]`, at least one.
    pub sources: Vec<Source>,
    /// The folder that relative names of files are relative to.
    folder: PathBuf,
}

/// A source, ready to be opened or loaded.
pub struct Source {
    /// Its vendor.
    pub vendor: &'static Vendor,
    /// Its database.
    pub url: Url,
    /// Its name, zone and profile.
    pub site: Site,
    /// Whether the database holds the vendor's own tables, and not rows that `chartgate load` brought.
    pub live: bool,
}

impl Source {
    /// Opens connections to its database, to read.
    #[must_use]
    pub fn manager(&self, statement_timeout: Duration) -> Manager {
        let manager = Manager::new(self.url.clone(), Access::ReadOnly, statement_timeout);
        if self.live {
            manager.live(self.vendor, &self.site)
        } else {
            manager
        }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, vendor) = (self.site.name(), self.vendor.name);
        f.debug_struct("Source")
            .field("name", &name)
            .field("vendor", &vendor)
            .finish_non_exhaustive()
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is none.
    #[error("there is no {FILE} here; write one with `chartgate config > {FILE}`, or name yours with --config FILE")]
    Missing,
    /// A file that cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// Something in the file is wrong.
    #[error("{}, line {line}, column {column}: {message}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The character of the line, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// Something that has no place in the file is wrong.
    #[error("{0}")]
    Other(String),
}

impl Config {
    /// Reads the file that was named, else [`FILE`] in the working directory.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn read(named: Option<&Path>) -> Result<Self, ConfigError> {
        let path = named.unwrap_or(Path::new(FILE));
        let text = std::fs::read_to_string(path).map_err(|source| match named {
            None if source.kind() == std::io::ErrorKind::NotFound => ConfigError::Missing,
            _ => ConfigError::Io {
                path: path.to_owned(),
                source,
            },
        })?;
        Self::parse(&text, path)
    }

    /// Reads a configuration's text; `path` is for messages and what relative file names are relative to.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let file = file::File::parse(text, path)?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let mut sources = vec![];
        add(&mut sources, file.sources, text, path)?;
        if let Some(more) = &file.server.sources {
            for path in toml_files(&folder.join(more))? {
                let text = read(&path)?;
                add(&mut sources, file::Sources::parse(&text, &path)?.sources, &text, &path)?;
            }
        }
        if sources.is_empty() {
            return Err(file::wrong(text, path, text.len(), "there is no [[source]]".to_owned()));
        }
        let of_smart = file.smart.as_ref().map(|smart| smart.database.clone());
        Ok(Self {
            audit: Audit {
                database: file.audit.database.or(of_smart),
                ..file.audit
            },
            server: file.server,
            limits: file.limits,
            smart: file.smart.map(|smart| SmartConfig::read(smart, &folder)).transpose()?,
            sources,
            folder,
        })
    }

    /// The FHIR bases below `base_url`: that of all sources first.
    #[must_use]
    pub fn bases(&self, base_url: &str) -> Vec<String> {
        let sources = self
            .sources
            .iter()
            .map(|source| format!("{base_url}/{}/fhir", source.site.name()));
        std::iter::once(format!("{base_url}/fhir")).chain(sources).collect()
    }

    /// The types that its sources have, by name.
    #[must_use]
    pub fn types(&self) -> Vec<ResourceType> {
        let mut all: Vec<ResourceType> = vec![];
        for provider in self.sources.iter().flat_map(|source| (source.vendor.providers)()) {
            let own = provider.target().ty;
            let told = provider.provenance().map(|provenance| provenance.target().ty);
            for ty in std::iter::once(own).chain(told) {
                if !all.contains(&ty) {
                    all.push(ty);
                }
            }
        }
        all.sort_by_key(ResourceType::as_str);
        all
    }

    /// The files of the server's certificate.
    #[must_use]
    pub fn tls(&self) -> Option<tls::Files> {
        self.server.tls.as_ref().map(|tls| tls::Files {
            certificate: self.folder.join(&tls.certificate),
            key: self.folder.join(&tls.key),
        })
    }

    /// Where accesses are recorded; `None` when no database for it is configured.
    #[must_use]
    pub fn recording(&self) -> Option<Recording> {
        let database = self.audit.database.clone()?;
        Some(Recording {
            database,
            durable: self.audit.durable,
        })
    }

    /// The source of this name.
    ///
    /// # Errors
    /// [`ConfigError::Other`] naming those there are.
    pub fn source(&self, name: &str) -> Result<&Source, ConfigError> {
        self.sources.iter().find(|s| s.site.name() == name).ok_or_else(|| {
            let known: Vec<&str> = self.sources.iter().map(|s| s.site.name()).collect();
            ConfigError::Other(format!(
                "there is no source `{name}` in the configuration; there is: {}",
                known.join(", ")
            ))
        })
    }

    /// The server's secret, made at the first start; see [`DEFAULT`] for where it is.
    ///
    /// # Errors
    /// When it cannot be read or written, or is too short.
    pub fn secret(&self) -> Result<Vec<u8>, ConfigError> {
        secret::secret(&self.secret_file(), std::env::var("CHARTGATE_SECRET").ok())
    }

    fn secret_file(&self) -> PathBuf {
        const NAME: &str = "chartgate.secret";
        let beside_database = || {
            Some(
                self.sources
                    .iter()
                    .find_map(|s| s.url.sqlite_path())?
                    .parent()?
                    .join(NAME),
            )
        };
        match &self.server.secret_file {
            Some(file) => self.folder.join(file),
            None => beside_database().unwrap_or_else(|| self.folder.join(NAME)),
        }
    }
}

/// Adds the sources of one file, which relative names of files are relative to.
fn add(sources: &mut Vec<Source>, entries: Vec<file::Entry>, text: &str, path: &Path) -> Result<(), ConfigError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    for entry in entries {
        let at = entry.name.span().start;
        let told = |message: String| file::wrong(text, path, at, message);
        let (name, vendor) = (entry.name.get_ref(), entry.vendor.0);
        if RESERVED.contains(&name.as_str()) {
            return Err(told(format!("a source cannot be named `{name}`")));
        }
        if sources.iter().any(|s| s.site.name() == name) {
            return Err(told(format!("two sources are named `{name}`")));
        }
        if entry.live && vendor.live.is_none() {
            return Err(told(format!(
                "the tables of vendor `{}` cannot be served live",
                vendor.name
            )));
        }
        let file = entry.profile.map(|file| folder.join(file));
        let profile = file.as_deref().map(read_profile).transpose()?.unwrap_or_default();
        let Some(zone) = entry.zone.map(|zone| zone.0).or(profile.zone) else {
            return Err(told(format!("source `{name}` has no zone, and its profile names none")));
        };
        let site = vendor.site(name, zone, profile).map_err(|e| match &file {
            Some(file) => ConfigError::Other(format!("{}: {e}", file.display())),
            None => told(e.to_string()),
        })?;
        sources.push(Source {
            vendor,
            url: entry.url.0,
            site,
            live: entry.live,
        });
    }
    Ok(())
}

/// The TOML files of a folder, by name.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let failed = |source| ConfigError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut files = vec![];
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Io {
        path: path.to_owned(),
        source,
    })
}

fn read_profile(path: &Path) -> Result<Profile, ConfigError> {
    Profile::parse(&read(path)?).map_err(|e| ConfigError::Other(format!("{}: {e}", path.display())))
}

/// An address to listen on, `127.0.0.1:8080`; `localhost` is taken for `127.0.0.1`.
///
/// # Errors
/// A sentence that says what is expected.
pub fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let local = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    local
        .map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
        .or_else(|| text.parse().ok())
        .ok_or_else(|| "expected an address and a port, such as 127.0.0.1:8080".to_owned())
}

#[cfg(test)]
mod tests;
