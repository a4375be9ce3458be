//! The chain: each record's hash is made of the one before.

use super::record::Key;
use crate::store::Seconds;

/// The keys of the chain and of what records are found by, derived from the server's secret.
#[derive(Clone)]
pub(super) struct ChainKey {
    links: [u8; 32],
    marks: [u8; 32],
}

/// The hash in front of the first record.
pub(super) const START: &str = "";

impl ChainKey {
    pub fn derive(secret: &[u8]) -> Self {
        Self {
            links: blake3::derive_key("chartgate 2026-11 audit chain", secret),
            marks: blake3::derive_key("chartgate 2026-11 audit marks", secret),
        }
    }

    /// The hash of a record behind another one. Every part has its length in front, so that no two lists of parts look alike.
    pub fn link(&self, before: &str, seq: i64, at: Seconds, record: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.links);
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

    /// What stands for something that records are found by: a number, because that is quick to write and small. Two things hardly ever
    /// have the same one, and who searches looks at what is found.
    pub fn mark(&self, key: Key<'_>) -> i64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.marks);
        let (kind, text) = match key {
            Key::Agent(text) => (b"a", text),
            Key::Entity(text) => (b"e", text),
        };
        hasher.update(kind).update(text.as_bytes());
        let mut first = [0; 8];
        hasher.finalize_xof().fill(&mut first);
        i64::from_be_bytes(first)
    }

    /// The marks of a record's keys, each once.
    pub fn marks(&self, keys: &[Key<'_>]) -> Vec<i64> {
        let mut marks: Vec<i64> = keys.iter().map(|key| self.mark(*key)).collect();
        marks.sort_unstable();
        marks.dedup();
        marks
    }
}
