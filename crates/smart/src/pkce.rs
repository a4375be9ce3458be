//! Proof key for code exchange (RFC 7636), with `S256` only.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A code challenge as an authorization request brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge(String);

impl Challenge {
    /// Reads `code_challenge` with its method; `None` for another method than `S256`, which is not the default of the
    /// parameter, and for what is not a SHA-256.
    #[must_use]
    pub fn parse(challenge: &str, method: Option<&str>) -> Option<Self> {
        let is_hash = BASE64URL_NOPAD
            .decode(challenge.as_bytes())
            .is_ok_and(|hash| hash.len() == 32);
        (method == Some("S256") && is_hash).then(|| Self(challenge.to_owned()))
    }

    /// A challenge that was stored.
    #[must_use]
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `code_verifier` is the one that it was made of: 43 to 128 unreserved characters (section 4.1).
    #[must_use]
    pub fn is_met(&self, verifier: &str) -> bool {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        let hash = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
        (43..=128).contains(&verifier.len())
            && verifier.bytes().all(unreserved)
            && bool::from(hash.as_bytes().ct_eq(self.0.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_verifier_of_the_challenge_and_no_other_meets_it() {
        let challenge = Challenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.is_met(VERIFIER));
        let longer = format!("{VERIFIER}a");
        for wrong in ["", CHALLENGE, VERIFIER.trim_start_matches('d'), &longer] {
            assert!(!challenge.is_met(wrong), "{wrong}");
        }
    }

    #[test]
    fn other_methods_and_what_is_no_hash_are_refused() {
        for (text, method) in [
            (CHALLENGE, None),
            (CHALLENGE, Some("plain")),
            (CHALLENGE, Some("s256")),
            ("short", Some("S256")),
            ("", Some("S256")),
        ] {
            assert_eq!(Challenge::parse(text, method), None);
        }
    }

    #[test]
    fn short_and_long_verifiers_are_refused_even_when_they_fit() {
        for verifier in ["a".repeat(42), "a".repeat(129), "é".repeat(30)] {
            let hash = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
            assert!(!Challenge::parse(&hash, Some("S256")).unwrap().is_met(&verifier));
        }
    }
}
