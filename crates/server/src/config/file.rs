//! The file's shape. Values are checked while they are read, so that the message knows line and column.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mapper::Vendor;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::ConfigError;
use super::audit::Audit;
use super::network::{self, Tls};
use super::smart::Smart;
use crate::peer::{Network, ProxyHeader};
use crate::vendors;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub server: Server,
    #[serde(default)]
    pub limits: Limits,
    pub smart: Option<Smart>,
    #[serde(default)]
    pub audit: Audit,
    #[serde(default, rename = "source")]
    pub sources: Vec<Entry>,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Where to listen.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// How clients reach the server, without a slash at its end.
    #[serde(deserialize_with = "base_url")]
    pub base_url: Option<String>,
    /// Threads that answer requests; one per processor when absent.
    pub workers: Option<NonZeroUsize>,
    /// The longest body of a POST, in bytes.
    pub max_body: usize,
    /// The file with the server's secret.
    pub secret_file: Option<PathBuf>,
    /// The origin that may read answers in a browser: `*`, one, or empty for none.
    pub cors_origin: String,
    /// A folder of TOML files with further `[[source]]` tables.
    pub sources: Option<PathBuf>,
    /// Whether searches over all sources are answered, with a warning, when one is away.
    pub partial_answers: bool,
    /// Whether a proxy in front speaks TLS, so that plain HTTP is taken from other machines: its.
    pub behind_proxy: bool,
    /// Whose word is taken for the addresses of clients; this machine's own without.
    #[serde(deserialize_with = "network::networks")]
    pub proxies: Option<Vec<Network>>,
    /// Where they tell them.
    pub proxy_header: ProxyHeader,
    /// The certificate to speak TLS with.
    pub tls: Option<Tls>,
    /// Whether `_explain` is answered; absent: when only this machine can connect.
    pub explain: Option<bool>,
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Database threads per source.
    pub threads: NonZeroUsize,
    /// Requests that may wait per source.
    pub queue: NonZeroUsize,
    /// How long a statement may run, in seconds.
    pub statement_seconds: NonZeroU64,
    /// How long to wait for a connection, in seconds.
    pub connect_seconds: NonZeroU64,
    /// Resources in a page without `_count`.
    pub default_count: NonZeroU32,
    /// Resources in a page at most.
    pub max_count: NonZeroU32,
    /// Requests that one client address may have running; 0 is no limit.
    pub per_client: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub name: Spanned<String>,
    pub vendor: KnownVendor,
    pub url: Url,
    /// The profile's without.
    pub zone: Option<Zone>,
    pub profile: Option<PathBuf>,
    /// Whether the database holds the vendor's own tables.
    #[serde(default)]
    pub live: bool,
}

/// A file of the sources' folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sources {
    #[serde(rename = "source")]
    pub sources: Vec<Entry>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            base_url: None,
            workers: None,
            max_body: 65_536,
            secret_file: None,
            cors_origin: String::new(),
            sources: None,
            partial_answers: false,
            behind_proxy: false,
            proxies: None,
            proxy_header: ProxyHeader::default(),
            tls: None,
            explain: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let database = mapper::Limits::default();
        Self {
            threads: NonZeroUsize::new(database.threads).unwrap_or(NonZeroUsize::MIN),
            queue: NonZeroUsize::new(database.queue).unwrap_or(NonZeroUsize::MIN),
            statement_seconds: NonZeroU64::new(database.statement.as_secs()).unwrap_or(NonZeroU64::MIN),
            connect_seconds: NonZeroU64::new(database.connect.as_secs()).unwrap_or(NonZeroU64::MIN),
            default_count: NonZeroU32::new(50).unwrap_or(NonZeroU32::MIN),
            max_count: NonZeroU32::new(fhir::search::MAX_COUNT).unwrap_or(NonZeroU32::MIN),
            per_client: 0,
        }
    }
}

impl Server {
    /// Whether `_explain` is answered.
    #[must_use]
    pub fn explains(&self) -> bool {
        self.explain
            .unwrap_or_else(|| self.listen.ip().to_canonical().is_loopback())
    }
}

impl Limits {
    /// How a source uses its database.
    #[must_use]
    pub fn database(&self) -> mapper::Limits {
        mapper::Limits {
            threads: self.threads.get(),
            queue: self.queue.get(),
            statement: Duration::from_secs(self.statement_seconds.get()),
            connect: Duration::from_secs(self.connect_seconds.get()),
        }
    }
}

impl File {
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let file: Self = read(text, path)?;
        if file.limits.default_count > file.limits.max_count {
            let at = text
                .find("default_count")
                .or_else(|| text.find("max_count"))
                .unwrap_or(0);
            return Err(wrong(text, path, at, "default_count is more than max_count".to_owned()));
        }
        Ok(file)
    }
}

impl Sources {
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        read(text, path)
    }
}

pub(super) fn read<T: de::DeserializeOwned>(text: &str, path: &Path) -> Result<T, ConfigError> {
    // The parser's own display would repeat the line, password and all.
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        wrong(text, path, at, error.message().to_owned())
    })
}

/// An error at a byte of the text.
pub(super) fn wrong(text: &str, path: &Path, at: usize, message: String) -> ConfigError {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    ConfigError::Content {
        path: path.to_owned(),
        line,
        column,
        message,
    }
}

/// A vendor by its name.
pub(super) struct KnownVendor(pub &'static Vendor);

impl<'de> Deserialize<'de> for KnownVendor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        vendors::find(&name).map(Self).ok_or_else(|| {
            let known: Vec<&str> = vendors::VENDORS.iter().map(|v| v.name).collect();
            de::Error::custom(format!("unknown vendor `{name}`; there is: {}", known.join(", ")))
        })
    }
}

/// A database's address.
pub(super) struct Url(pub mapper::db::Url);

impl<'de> Deserialize<'de> for Url {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let url = String::deserialize(deserializer)?;
        mapper::db::Url::parse(&url).map(Self).map_err(de::Error::custom)
    }
}

/// [`Url`] for fields that hold the address itself.
pub(super) fn database<'de, D: Deserializer<'de>>(deserializer: D) -> Result<mapper::db::Url, D::Error> {
    Url::deserialize(deserializer).map(|url| url.0)
}

/// [`database`] for fields that may be absent.
pub(super) fn some_database<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<mapper::db::Url>, D::Error> {
    database(deserializer).map(Some)
}

/// A time zone of the IANA database.
pub(super) struct Zone(pub chrono_tz::Tz);

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = |_parse| format!("unknown time zone `{name}`; expected a name such as America/New_York");
        name.parse().map(Self).map_err(|e| de::Error::custom(unknown(e)))
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    super::listen_address(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn base_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let usable = url::Url::parse(&text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
    });
    if usable {
        Ok(Some(text.trim_end_matches('/').to_owned()))
    } else {
        Err(de::Error::custom(
            "expected an address such as https://fhir.example.org, without query",
        ))
    }
}
