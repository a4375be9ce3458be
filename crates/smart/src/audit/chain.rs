//! The chain: each record's hash is made of the one before.

use crate::store::Seconds;

/// The key of the chain, derived from the server's secret.
#[derive(Clone)]
pub(super) struct ChainKey([u8; 32]);

/// The hash in front of the first record.
pub(super) const START: &str = "";

impl ChainKey {
    pub fn derive(secret: &[u8]) -> Self {
        Self(blake3::derive_key("chartgate 2026-11 audit chain", secret))
    }

    /// The hash of a record behind another one. Every part has its length in front, so that no two lists of parts look alike.
    pub fn link(&self, before: &str, seq: i64, at: Seconds, record: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in [
            before.as_bytes(),
            &seq.to_be_bytes(),
            &at.to_be_bytes(),
            record.as_bytes(),
        ] {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hasher.update(&length.to_be_bytes());
            hasher.update(part);
        }
        hasher.finalize().to_hex().to_string()
    }
}
