//! Secrets that clients hold: codes, tokens, cookies. The server keeps only what tells one from others.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::Error;

/// A secret on its way to a client or back: 256 random bits in base64url. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// [`Error::Randomness`] when the system has none to give.
    pub fn new() -> Result<Self, Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_none| Error::Randomness)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// One that a client sent.
    #[must_use]
    pub fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, for the client.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored of it. The secret has 256 random bits, so that nothing slower than SHA-256 is needed; a database looks it
    /// up by equality, and the time which that takes tells about the hash only.
    #[must_use]
    pub fn hash(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_do_not_show_themselves() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.expose().len(), 43);
        assert_eq!(one.hash(), Secret::sent(one.expose()).hash());
        assert!(!format!("{one:?}{}", one.hash()).contains(one.expose()));
    }
}
