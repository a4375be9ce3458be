//! Logical ids: `{source}.{kind}.{key}`, stable across reloads and reversible without a table.
//!
//! FHIR allows `[A-Za-z0-9\-.]{1,64}` (R4, section 2.24.0.1 `id`). A key may hold anything: every other byte, and the dot, is written as
//! `.` and two hexadecimal digits. Keys too long for that are replaced at load by a hash (see [`row_key`]).

use std::fmt::Write;

/// The longest escaped key; with a source of 16 and a kind of 6 characters the id stays within 64: 4 of a
/// mapping, 2 more of its provenance.
pub const MAX_ESCAPED_KEY: usize = 40;

/// The logical id of a row.
#[must_use]
pub fn encode(source: &str, kind: &str, key: &str) -> String {
    let mut id = String::with_capacity(source.len() + kind.len() + key.len() + 2);
    id.push_str(source);
    id.push('.');
    id.push_str(kind);
    id.push('.');
    escape(key, &mut id);
    id
}

/// A logical id taken apart: source, kind and key. `None` for text that [`encode`] cannot have written.
#[must_use]
pub fn decode(id: &str) -> Option<(&str, &str, String)> {
    let (source, rest) = id.split_once('.')?;
    let (kind, escaped) = rest.split_once('.')?;
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'.' => bytes.push(hex(rest.next()?)? << 4 | hex(rest.next()?)?),
            plain if plain.is_ascii_alphanumeric() || plain == b'-' => bytes.push(plain),
            _ => return None,
        }
    }
    let key = String::from_utf8(bytes).ok().filter(|k| !k.is_empty())?;
    // One row, one id: another spelling of the same key (`.41` for `A`) is not an id.
    (encode(source, kind, &key) == id).then_some((source, kind, key))
}

/// The key that a row is stored under: the vendor's, or `~` and a hash where that cannot be part of an id.
#[must_use]
pub fn row_key(vendor_key: &str) -> String {
    let mut escaped = String::new();
    escape(vendor_key, &mut escaped);
    if escaped.len() <= MAX_ESCAPED_KEY {
        vendor_key.to_owned()
    } else {
        hash_key(&[vendor_key])
    }
}

/// The key of a row that has none: `~` and 128 bits of a hash of its identifying cells.
#[must_use]
pub fn hash_key(cells: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for cell in cells {
        // Length first: ["ab", "c"] and ["a", "bc"] are different rows.
        hasher.update(&u64::try_from(cell.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(cell.as_bytes());
    }
    std::iter::once('~')
        .chain(hasher.finalize().to_hex().chars().take(32))
        .collect()
}

fn escape(key: &str, out: &mut String) {
    if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        out.push_str(key);
        return;
    }
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, ".{byte:02x}");
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_read_well_and_come_back() {
        assert_eq!(encode("healthjump", "dx", "610001"), "healthjump.dx.610001");
        assert_eq!(encode("hj", "enc", "E-99/7.A"), "hj.enc.E-99.2f7.2eA");
        assert_eq!(decode("hj.enc.E-99.2f7.2eA"), Some(("hj", "enc", "E-99/7.A".into())));
    }

    #[test]
    fn other_spellings_of_an_id_are_no_ids() {
        for wrong in [
            "",
            "hj",
            "hj.enc",
            "hj.enc.",
            "hj.enc.a_b",
            "hj.enc.a.2",
            "hj.enc.a.2F",
            "hj.enc..41",
            "hj.enc..ff",
        ] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_key_has_a_valid_reversible_id(vendor_key in "\\PC{1,80}") {
            let key = row_key(&vendor_key);
            let id = encode("abcdefghijklmnop", "p-abcd", &key);
            prop_assert!(id.len() <= 64, "{id}");
            prop_assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.'));
            prop_assert_eq!(decode(&id), Some(("abcdefghijklmnop", "p-abcd", key)));
        }

        #[test]
        fn decoding_never_panics(id in "\\PC{0,80}") {
            let _ = decode(&id);
        }
    }
}
