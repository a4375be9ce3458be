//! The one place that turns FHIR's types into bytes.
//!
//! Each crate that serialises [`r4::Resource`] costs seconds of every debug build, because serde's code for all of FHIR is generated there. So it
//! happens here, in functions without type parameters, and everything else passes bytes on.

use std::ops::Range;

use bytes::Bytes;
use memchr::{memchr, memmem};
use serde::Serialize;
use twox_hash::XxHash3_64;

use crate::r4;

/// A resource as JSON, and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The resource, UTF-8 JSON without blanks, with `meta.versionId`.
    pub json: Bytes,
    /// `meta.versionId`: 16 hexadecimal digits that depend on the content only. The ETag is `W/"…"` of it.
    pub version: String,
}

/// A resource could not be written as JSON.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value that FHIR's JSON cannot say, such as a year below 1000 of year precision.
    #[error("a resource could not be written as JSON")]
    Serialise(#[from] serde_json::Error),
    /// The version's place was not found, so the resource would go out without one.
    #[error("a resource was written without its version")]
    Version,
}

/// What stands for the version while the content is hashed; as long as a version.
const PLACE: &str = "0000000000000000";
/// How the place looks in the JSON. The first one is the right one: only `resourceType` and `id` precede `meta`, and a quote inside them is escaped.
const MARK: &[u8] = br#""versionId":"0000000000000000""#;
/// Bytes before the digits in [`MARK`].
const LEAD: usize = br#""versionId":""#.len();
/// Room for most resources, so that the buffer seldom grows.
const ROOM: usize = 2048;

/// Where a resource stands in a buffer, and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its bytes.
    pub at: Range<usize>,
    /// See [`Encoded::version`].
    pub version: String,
}

/// Writes a resource as JSON and gives it a version that depends on its content: XXH3 (64 bits) over the JSON with zeros in
/// the version's place. Equal resources give equal bytes. It tells versions apart and protects nothing, so it need not be a cryptographic hash,
/// which would cost a seventh of a page.
///
/// # Errors
/// When a value cannot be written (see [`Error`]).
pub fn encode(resource: &mut r4::Resource) -> Result<Encoded, Error> {
    let mut json = Vec::with_capacity(ROOM);
    let Placed { version, .. } = encode_into(&mut json, resource)?;
    Ok(Encoded {
        json: json.into(),
        version,
    })
}

/// The same, behind what the buffer holds: the resources of a page share one.
///
/// # Errors
/// As [`encode`]; the buffer then ends with a part of the resource.
pub fn encode_into(out: &mut Vec<u8>, resource: &mut r4::Resource) -> Result<Placed, Error> {
    set_version(resource, PLACE);
    let from = out.len();
    serde_json::to_writer(&mut *out, resource)?;
    drop_controls(out, from);
    let json = out.get_mut(from..).ok_or(Error::Version)?;
    let version = version(json);
    let at = memmem::find(json, MARK).ok_or(Error::Version)? + LEAD;
    json.get_mut(at..at + PLACE.len())
        .ok_or(Error::Version)?
        .copy_from_slice(version.as_bytes());
    Ok(Placed {
        at: from..out.len(),
        version,
    })
}

/// A version that depends on these bytes only.
#[must_use]
pub fn version(content: &[u8]) -> String {
    format!("{:016x}", XxHash3_64::oneshot(content))
}

/// Takes out control characters, which a vendor's text may hold and FHIR's strings may not, other than tab, line feed and carriage return
/// (<http://hl7.org/fhir/R4/datatypes.html#string>). In JSON they can only stand as the escapes `\\u00xx`, `\\b` and `\\f`.
fn drop_controls(json: &mut Vec<u8>, from: usize) {
    let Some(first) = json.get(from..).and_then(|tail| memchr(b'\\', tail)) else {
        return;
    };
    let tail = json.split_off(from + first);
    let mut rest = tail.as_slice();
    while let Some((byte, after)) = rest.split_first() {
        rest = match (byte, after) {
            (b'\\', [b'u', b'0', b'0', _, _, after @ ..]) | (b'\\', [b'b' | b'f', after @ ..]) => after,
            (b'\\', [escaped, after @ ..]) => {
                json.extend([b'\\', *escaped]);
                after
            }
            _ => {
                json.push(*byte);
                after
            }
        };
    }
}

fn set_version(resource: &mut r4::Resource, version: &str) {
    resource
        .as_base_resource_mut()
        .meta_mut()
        .get_or_insert_with(|| crate::build::meta(&[], None))
        .version_id = Some(version.to_owned());
}

/// Our own small structs as JSON. Their keys are strings and a vector takes every byte, so this cannot fail; if it ever did, the answer would be empty.
pub(crate) fn plain<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
