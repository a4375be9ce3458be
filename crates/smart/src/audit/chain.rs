//! The chain: each record's hash is made of the one before.

use super::record::Key;

/// The keys of the chain and of what records are found by, derived from the server's secret.
#[derive(Clone)]
pub(super) struct ChainKey {
    links: [u8; 32],
    marks: [u8; 32],
}

/// The end of the trail, or of what has been looked at. Kept somewhere else, it also shows that later nothing was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The number of the last record; 0 for none.
    pub seq: i64,
    /// Its hash; of none, the empty text.
    pub hash: String,
}

impl ChainKey {
    pub fn derive(secret: &[u8]) -> Self {
        Self {
            links: blake3::derive_key("chartgate 2026-11 audit chain", secret),
            marks: blake3::derive_key("chartgate 2026-11 audit marks", secret),
        }
    }

    /// The head when a record comes behind `before`. Every part has its length in front, so that no two lists of parts look alike.
    pub fn link(&self, before: &Head, record: &str) -> Head {
        let seq = before.seq + 1;
        let mut hasher = blake3::Hasher::new_keyed(&self.links);
        for part in [before.hash.as_bytes(), &seq.to_be_bytes(), record.as_bytes()] {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hasher.update(&length.to_be_bytes());
            hasher.update(part);
        }
        let hash = hasher.finalize().to_hex().to_string();
        Head { seq, hash }
    }

    /// What stands for something that records are found by: a number, because that is quick to write and small. Two things hardly ever
    /// have the same one, and who searches looks at what is found.
    pub fn mark(&self, key: Key<'_>) -> i64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.marks);
        let (kind, text) = match key {
            Key::Agent(text) => (b"a", text),
            Key::Entity(text) => (b"e", text),
            Key::Interaction(interaction) => (b"i", interaction.code()),
            Key::Outcome(outcome) => (b"o", outcome.code()),
        };
        hasher.update(kind).update(text.as_bytes());
        let mut first = [0; 8];
        hasher.finalize_xof().fill(&mut first);
        i64::from_be_bytes(first)
    }
}
