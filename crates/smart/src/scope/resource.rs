//! Scopes of resources: `patient/Condition.rs?category=…` and, of version 1, `patient/Condition.read`.

use std::fmt;

use fhir::r4::ResourceType;
use fhir::search::parse_query_string;

use super::Permissions;

/// Whose resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Those of the patient in context.
    Patient,
    /// Those that the user may see.
    User,
    /// Those that the client itself may see.
    System,
}

impl Level {
    const ALL: [Self; 3] = [Self::Patient, Self::User, Self::System];

    fn name(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::User => "user",
            Self::System => "system",
        }
    }
}

/// Of which types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Types {
    /// `*`
    All,
    /// One.
    One(ResourceType),
}

impl Types {
    /// Whether resources of a type are meant.
    #[must_use]
    pub fn contain(self, ty: ResourceType) -> bool {
        self == Self::All || self == Self::One(ty)
    }
}

/// How the permissions were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `read`, `write`, `*` (App Launch 1)
    Words,
    /// `cruds`
    Letters,
}

/// A scope of resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceScope {
    /// Whose.
    pub level: Level,
    /// Of which types.
    pub types: Types,
    /// What may be done with them.
    pub permissions: Permissions,
    /// How that was written.
    pub notation: Notation,
    /// Only those that match these search parameters, as they were written behind `?`; all without.
    query: Option<String>,
}

impl ResourceScope {
    /// A scope of all resources of its types, in letters.
    #[must_use]
    pub fn new(level: Level, types: Types, permissions: Permissions) -> Self {
        Self {
            level,
            types,
            permissions,
            notation: Notation::Letters,
            query: None,
        }
    }

    /// The same for resources that match search parameters; `None` when they cannot be read, or for a scope in words.
    #[must_use]
    pub fn only(&self, query: &str) -> Option<Self> {
        let pairs = parse_query_string(query).ok()?;
        let named = !pairs.is_empty() && pairs.iter().all(|(name, value)| !name.is_empty() && !value.is_empty());
        let printable = query.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
        (named && printable && self.notation == Notation::Letters).then(|| Self {
            query: Some(query.to_owned()),
            ..self.clone()
        })
    }

    /// The same for one type.
    #[must_use]
    pub fn of(&self, ty: ResourceType) -> Self {
        Self {
            types: Types::One(ty),
            ..self.clone()
        }
    }

    /// Reads `patient/Condition.rs?category=…`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (head, query) = match text.split_once('?') {
            Some((head, query)) => (head, Some(query)),
            None => (text, None),
        };
        let (level, rest) = head.split_once('/')?;
        let level = Level::ALL.into_iter().find(|l| l.name() == level)?;
        let (types, permissions) = rest.split_once('.')?;
        let types = match types {
            "*" => Types::All,
            name => Types::One(name.parse().ok()?),
        };
        let (permissions, notation) = match permissions {
            "read" => (Permissions::READ_AND_SEARCH, Notation::Words),
            "write" => (Permissions::WRITE, Notation::Words),
            "*" => (Permissions::ALL, Notation::Words),
            letters => (Permissions::parse(letters)?, Notation::Letters),
        };
        let all = Self {
            level,
            types,
            permissions,
            notation,
            query: None,
        };
        match query {
            None => Some(all),
            Some(query) => all.only(query),
        }
    }

    /// The search parameters that its resources match, names and values decoded; empty for all resources.
    #[must_use]
    pub fn criteria(&self) -> Vec<(String, String)> {
        let query = self.query.as_deref().unwrap_or_default();
        parse_query_string(query).unwrap_or_default()
    }

    /// Whether it is limited by search parameters.
    #[must_use]
    pub fn is_granular(&self) -> bool {
        self.query.is_some()
    }

    /// Whether whoever has this has the other. Search parameters are compared, not understood: a granular scope covers
    /// those that say the same and more.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let types = self.types == Types::All || self.types == other.types;
        let theirs = other.criteria();
        let criteria = self.criteria().iter().all(|mine| theirs.contains(mine));
        self.level == other.level && types && self.permissions.contain(other.permissions) && criteria
    }

    /// Without permissions to write; `None` when nothing is left.
    pub(super) fn readable(&self) -> Option<Self> {
        Some(Self {
            permissions: self.permissions.and(Permissions::READ_AND_SEARCH)?,
            ..self.clone()
        })
    }
}

impl fmt::Display for ResourceScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.level.name())?;
        match self.types {
            Types::All => f.write_str("*")?,
            Types::One(ty) => f.write_str(ty.as_str())?,
        }
        match (self.notation, self.permissions) {
            (Notation::Words, Permissions::READ_AND_SEARCH) => f.write_str(".read")?,
            (Notation::Words, Permissions::WRITE) => f.write_str(".write")?,
            (Notation::Words, Permissions::ALL) => f.write_str(".*")?,
            (_, permissions) => write!(f, ".{permissions}")?,
        }
        match &self.query {
            Some(query) => write!(f, "?{query}"),
            None => Ok(()),
        }
    }
}
