//! How clients reach the server: TLS of its own, or of a proxy in front.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};

use super::Server;
use crate::peer::{Network, Proxies};

/// `[server] tls`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The file with the certificate, in PEM.
    pub certificate: PathBuf,
    /// The file with its private key.
    pub key: PathBuf,
}

impl Server {
    /// The proxies that are believed; `None` when there is none in front.
    #[must_use]
    pub fn believed(&self) -> Option<Proxies> {
        self.behind_proxy.then(|| Proxies {
            networks: self.proxies.clone().unwrap_or_else(Network::loopback),
            header: self.proxy_header,
        })
    }

    /// The scheme of the address that it listens on.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }
}

/// Addresses and networks.
pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Network>>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let networks = texts.iter().map(|text| text.parse()).collect::<Result<_, String>>();
    networks.map(Some).map_err(de::Error::custom)
}
