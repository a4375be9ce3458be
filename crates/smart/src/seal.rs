//! Encryption of what is stored and must not be read there: private keys.

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;

use crate::Error;

/// The key of the state, derived from the server's secret. Servers that share a state have the same secret.
#[derive(Clone)]
pub struct Seal(XChaCha20Poly1305);

impl Seal {
    /// The key that belongs to a server's secret.
    #[must_use]
    pub fn derive(secret: &[u8]) -> Self {
        let key = blake3::derive_key("chartgate 2026-11 authorization server keys", secret);
        Self(XChaCha20Poly1305::new(&Key::from(key)))
    }

    /// Encrypts; `name` goes with it, so that one thing cannot be put in the place of another.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<String, Error> {
        let nonce = XNonce::try_generate().map_err(|_none| Error::Randomness)?;
        let payload = Payload {
            msg: plain,
            aad: name.as_bytes(),
        };
        let cipher = self.0.encrypt(&nonce, payload).map_err(|_cipher| Error::Randomness)?;
        Ok(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &cipher].concat()))
    }

    /// Decrypts; `None` for another secret, another name or an altered text.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let (nonce, msg) = bytes.split_at_checked(NONCE)?;
        let payload = Payload {
            msg,
            aad: name.as_bytes(),
        };
        self.0.decrypt(&XNonce::try_from(nonce).ok()?, payload).ok()
    }
}

/// Bytes of a nonce.
const NONCE: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_and_name_open_it() {
        let seal = Seal::derive(b"secret");
        let sealed = seal.seal("a", b"plain").unwrap();
        assert_eq!(seal.open("a", &sealed).unwrap(), b"plain");
        assert_eq!(seal.open("b", &sealed), None);
        assert_eq!(Seal::derive(b"other").open("a", &sealed), None);
        let altered = sealed.replace(['A', 'B', 'C', 'D'], "E");
        assert!(altered == sealed || seal.open("a", &altered).is_none());
        assert_eq!(seal.open("a", ""), None);
        assert_eq!(seal.open("a", "é"), None);
    }
}
