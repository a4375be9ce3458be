//! The place where the next page begins, in a link that tells nothing and cannot be altered.
//!
//! A cursor is stateless: sealed with the server's key, it survives a restart and works on any server that has the
//! same key. It carries the last row's place, the search it belongs to and when it was issued. It is encrypted
//! because sort values and keys come from patients' rows.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::sql::SortKey;

/// How long a page link is good for.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// How far the clocks of servers with one secret may be apart.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// The key that seals cursors: 32 bytes, derived from the server's secret.
#[derive(Clone)]
pub struct CursorKey(XChaCha20Poly1305);

/// The last row of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its source's name.
    #[serde(rename = "n")]
    pub source: String,
    /// Its mapping's kind.
    #[serde(rename = "k")]
    pub kind: String,
    /// Its sort values.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub sort: SortKey,
    /// Its key.
    #[serde(rename = "r")]
    pub key: String,
}

/// What a page link carries: where its page begins, and of which loads the page before was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// The last row of the page before.
    #[serde(flatten)]
    pub position: Position,
    /// The newest load of each source that pages were made of so far.
    #[serde(rename = "g", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub generations: BTreeMap<String, i64>,
}

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    /// Issued at, Unix seconds.
    #[serde(rename = "t")]
    issued: i64,
    #[serde(flatten)]
    content: T,
}

impl CursorKey {
    /// The key that belongs to a server's secret.
    #[must_use]
    pub fn derive(secret: &[u8]) -> Self {
        let key = blake3::derive_key("chartgate 2026-11 page cursors", secret);
        Self(XChaCha20Poly1305::new(&Key::from(key)))
    }

    /// Seals a place, a [`Bookmark`] say, for the search with this fingerprint.
    ///
    /// # Errors
    /// [`Error::Cursor`] when the system has no randomness to give.
    pub fn seal<T: Serialize>(&self, content: &T, fingerprint: &str, now: NaiveDateTime) -> Result<String, Error> {
        let sealed = Sealed {
            issued: now.and_utc().timestamp(),
            content,
        };
        let plain = serde_json::to_vec(&sealed).map_err(|_json| Error::Cursor)?;
        let nonce = XNonce::try_generate().map_err(|_no_randomness| Error::Cursor)?;
        let payload = Payload {
            msg: &plain,
            aad: fingerprint.as_bytes(),
        };
        let cipher = self.0.encrypt(&nonce, payload).map_err(|_cipher| Error::Cursor)?;
        Ok(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &cipher].concat()))
    }

    /// Opens a cursor.
    ///
    /// # Errors
    /// [`Error::Cursor`] when it was not sealed with this key, belongs to another search or is damaged, and [`Error::Expired`] when it
    /// is older than [`LIFETIME`].
    pub fn open<T: DeserializeOwned>(&self, cursor: &str, fingerprint: &str, now: NaiveDateTime) -> Result<T, Error> {
        let bytes = BASE64URL_NOPAD
            .decode(cursor.as_bytes())
            .map_err(|_encoding| Error::Cursor)?;
        let (nonce, cipher) = bytes.split_at_checked(24).ok_or(Error::Cursor)?;
        let nonce = XNonce::try_from(nonce).map_err(|_length| Error::Cursor)?;
        let payload = Payload {
            msg: cipher,
            aad: fingerprint.as_bytes(),
        };
        let plain = self.0.decrypt(&nonce, payload).map_err(|_forged| Error::Cursor)?;
        let sealed: Sealed<T> = serde_json::from_slice(&plain).map_err(|_content| Error::Cursor)?;
        let issued = DateTime::from_timestamp(sealed.issued, 0)
            .ok_or(Error::Cursor)?
            .naive_utc();
        let age = now - issued;
        if age > LIFETIME {
            return Err(Error::Expired);
        }
        if age < -CLOCKS_DIFFER {
            return Err(Error::Cursor);
        }
        Ok(sealed.content)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn now() -> NaiveDateTime {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap().naive_utc()
    }

    fn bookmark() -> Bookmark {
        Bookmark {
            position: Position {
                source: "hj".into(),
                kind: "dx".into(),
                sort: vec![Some("2024-01-01 00:00:00".into()), None],
                key: "7".into(),
            },
            generations: [("hj".to_owned(), 3)].into(),
        }
    }

    fn open(key: &CursorKey, sealed: &str, fingerprint: &str, now: NaiveDateTime) -> Result<Bookmark, Error> {
        key.open(sealed, fingerprint, now)
    }

    #[test]
    fn a_cursor_comes_back_on_another_server_with_the_same_secret() {
        let sealed = CursorKey::derive(b"secret").seal(&bookmark(), "search", now()).unwrap();
        assert_eq!(
            open(&CursorKey::derive(b"secret"), &sealed, "search", now()).unwrap(),
            bookmark()
        );
    }

    #[test]
    fn foreign_altered_and_old_cursors_are_refused() {
        let key = CursorKey::derive(b"secret");
        let sealed = key.seal(&bookmark(), "search", now()).unwrap();
        assert!(open(&CursorKey::derive(b"other"), &sealed, "search", now()).is_err());
        assert!(open(&key, &sealed, "another search", now()).is_err());
        let late = open(&key, &sealed, "search", now() + LIFETIME + TimeDelta::seconds(1));
        assert!(matches!(late, Err(Error::Expired)));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(open(&key, &altered, "search", now()).is_err(), "byte {at}");
        }
        for junk in ["", "A", "!!", "AAAA"] {
            assert!(open(&key, junk, "search", now()).is_err());
        }
    }

    #[test]
    fn nothing_of_the_row_can_be_read_in_a_cursor() {
        let sealed = CursorKey::derive(b"secret").seal(&bookmark(), "search", now()).unwrap();
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("2024"));
    }
}
