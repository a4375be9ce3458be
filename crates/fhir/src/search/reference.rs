//! Values of references.

use std::fmt;

use crate::r4::ResourceType;

use super::escape::{Bad, escape, unescape};

/// A reference, in its three forms (<http://hl7.org/fhir/R4/search.html#reference>). A version is cut off: a search is for the resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reference {
    /// `id`, of whatever type.
    Id(String),
    /// `Type/id`, or an id under a `:[type]` modifier.
    Typed {
        /// The type.
        ty: ResourceType,
        /// The logical id.
        id: String,
    },
    /// An absolute URL, which may be this server's own or a canonical one.
    Absolute {
        /// The URL or URN.
        url: String,
    },
}

const BAD_REFERENCE: Bad = "it must be an id, Type/id or an absolute URL";

impl Reference {
    /// Parses a reference; `within` is the type of a `:[type]` modifier.
    pub(super) fn parse(text: &str, within: Option<ResourceType>) -> Result<Self, Bad> {
        let text = unescape(text)?;
        let reference = if text.contains("://") || text.starts_with("urn:") {
            absolute(&text)?
        } else {
            relative(&text)?
        };
        match within {
            Some(ty) => reference.within(ty),
            None => Ok(reference),
        }
    }

    fn within(self, ty: ResourceType) -> Result<Self, Bad> {
        let fits = match &self {
            Self::Id(_) => true,
            Self::Typed { ty: own, .. } => *own == ty,
            Self::Absolute { url } => url.rsplit('/').nth(1) == Some(ty.as_str()),
        };
        match self {
            _ if !fits => Err("it is of another type than the modifier"),
            Self::Id(id) => Ok(Self::Typed { ty, id }),
            typed @ (Self::Typed { .. } | Self::Absolute { .. }) => Ok(typed),
        }
    }
}

fn relative(text: &str) -> Result<Reference, Bad> {
    let parts: Vec<&str> = text.split('/').collect();
    let typed = |ty: &str, id: &str| {
        let ty = ty.parse().ok().ok_or("its type is not one of FHIR's")?;
        let id = id.to_owned();
        Ok(Reference::Typed { ty, id })
    };
    match *parts.as_slice() {
        [id] if is_id(id) => Ok(Reference::Id(id.to_owned())),
        [ty, id] if is_id(id) => typed(ty, id),
        [ty, id, "_history", version] if is_id(id) && is_id(version) => typed(ty, id),
        _ => Err(BAD_REFERENCE),
    }
}

fn absolute(text: &str) -> Result<Reference, Bad> {
    if text.contains(|c: char| c.is_whitespace() || c == '#') {
        return Err(BAD_REFERENCE);
    }
    let url = match text.rsplit_once("/_history/") {
        Some((url, version)) if is_id(version) => url,
        _ => text,
    };
    let rest = url
        .split_once("://")
        .map_or_else(|| url.strip_prefix("urn:"), |(_, rest)| Some(rest));
    if rest.is_none_or(str::is_empty) {
        return Err(BAD_REFERENCE);
    }
    let url = url.to_owned();
    Ok(Reference::Absolute { url })
}

/// A logical id: 1 to 64 letters, digits, `-` and `.` (<http://hl7.org/fhir/R4/datatypes.html#id>).
fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}

impl fmt::Display for Reference {
    /// The canonical, escaped form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => f.write_str(id),
            Self::Typed { ty, id } => write!(f, "{ty}/{id}"),
            Self::Absolute { url } => f.write_str(&escape(url)),
        }
    }
}
