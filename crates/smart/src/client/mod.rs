//! Apps and services that may ask, and how they prove who they are
//! (<https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html>, RFC 6749 section 2.3).

pub mod address;
mod assertion;
mod credentials;
mod registration;
#[cfg(test)]
mod tests;

use jsonwebtoken::jwk::JwkSet;
use serde::{Deserialize, Serialize};

use crate::scope::Scopes;

pub use assertion::{ASSERTION_TYPE, Assertion};
pub use credentials::Credentials;
pub(crate) use registration::offered;
pub use registration::{Registered, Registration};

/// How a client proves who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// It cannot: it runs where anybody can look into it.
    Public,
    /// A secret, of which this is the argon2id hash.
    SecretHash(String),
    /// Signed assertions; these are the public keys.
    Jwks(JwkSet),
    /// Signed assertions; the public keys are found at this address.
    JwksUri(String),
}

/// A client as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// `client_id`
    pub id: String,
    /// What people are shown.
    pub name: String,
    /// How it proves who it is.
    pub proof: Proof,
    /// Where codes may be sent: exactly these.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where the launcher sends people.
    #[serde(default)]
    pub launch_uri: Option<String>,
    /// The most it may be granted.
    #[serde(with = "as_text")]
    pub scopes: Scopes,
    /// It may ask without PKCE; public clients never may.
    #[serde(default)]
    pub without_pkce: bool,
    /// It may get tokens for itself (`client_credentials`), and then sees what matches this search of patients: all with an
    /// empty text, none without.
    #[serde(default)]
    pub patients: Option<String>,
    /// It may look at tokens of other clients (RFC 7662).
    #[serde(default)]
    pub introspects: bool,
    /// It registered itself (RFC 7591): its name is what it says.
    #[serde(skip)]
    pub by_itself: bool,
}

impl Client {
    /// Whether it can keep a secret.
    #[must_use]
    pub fn is_confidential(&self) -> bool {
        self.proof != Proof::Public
    }

    /// Whether codes may be sent there: the address is compared as it is (RFC 9700, section 2.1). Of an address on the
    /// client's own machine the port may differ (RFC 8252, section 7.3).
    #[must_use]
    pub fn may_redirect(&self, uri: &str) -> bool {
        let native = |registered: &str| {
            let registered = loopback(registered);
            !self.is_confidential() && registered.is_some() && registered == loopback(uri)
        };
        self.redirect_uris
            .iter()
            .any(|registered| registered == uri || native(registered))
    }
}

/// Scheme, address and path of `http://127.0.0.1:PORT/path`, when the address is the machine's own.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = ["127.0.0.1", "[::1]"].into_iter().find(|host| {
        let port = authority
            .strip_prefix(host)
            .map(|port| port.strip_prefix(':').unwrap_or(port));
        port.is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()))
    })?;
    Some((host, path))
}

pub(crate) mod as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::scope::Scopes;

    pub fn serialize<S: Serializer>(scopes: &Scopes, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(scopes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Scopes, D::Error> {
        Ok(Scopes::parse(&String::deserialize(from)?))
    }
}
