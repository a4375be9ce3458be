//! Scopes (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html>): what an app asks for, what it
//! is granted, and what a grant covers.
//!
//! A scope is kept in the form in which it was asked for, so that it can be echoed exactly. No operation here widens one.

mod permissions;
mod resource;
#[cfg(test)]
mod tests;

use std::fmt;

use fhir::r4::ResourceType;

pub use permissions::Permissions;
pub use resource::{Level, Notation, ResourceScope, Types};

/// One scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// `openid`: who the user is.
    OpenId,
    /// `fhirUser`: the user's own resource, in the id token.
    FhirUser,
    /// `launch`: the context of the EHR that launches.
    Launch,
    /// `launch/patient`: a patient, chosen when the EHR has not chosen one.
    LaunchPatient,
    /// `launch/encounter`: an encounter, likewise.
    LaunchEncounter,
    /// `offline_access`: refresh tokens that outlive the session.
    OfflineAccess,
    /// `online_access`: refresh tokens while the user is signed in.
    OnlineAccess,
    /// Resources.
    Resource(ResourceScope),
}

impl Scope {
    /// Reads one scope; `None` for one that this server does not know.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let named = NAMED.iter().find(|(name, _)| *name == text);
        match named {
            Some((_, scope)) => Some(scope.clone()),
            None => ResourceScope::parse(text).map(Self::Resource),
        }
    }

    /// The scope, when it is one of resources.
    #[must_use]
    pub fn resource(&self) -> Option<&ResourceScope> {
        if let Self::Resource(resource) = self {
            Some(resource)
        } else {
            None
        }
    }

    /// Whether whoever has this scope has the other.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Resource(mine), Self::Resource(theirs)) => mine.covers(theirs),
            // Tokens that outlive the session also live as long as it.
            (Self::OfflineAccess, Self::OnlineAccess) => true,
            _ => self == other,
        }
    }
}

/// Scopes that are a name.
const NAMED: [(&str, Scope); 7] = [
    ("openid", Scope::OpenId),
    ("fhirUser", Scope::FhirUser),
    ("launch", Scope::Launch),
    ("launch/patient", Scope::LaunchPatient),
    ("launch/encounter", Scope::LaunchEncounter),
    ("offline_access", Scope::OfflineAccess),
    ("online_access", Scope::OnlineAccess),
];

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(resource) => resource.fmt(f),
            Self::OpenId
            | Self::FhirUser
            | Self::Launch
            | Self::LaunchPatient
            | Self::LaunchEncounter
            | Self::OfflineAccess
            | Self::OnlineAccess => {
                let name = NAMED.iter().find(|(_, scope)| scope == self).map(|(name, _)| *name);
                f.write_str(name.unwrap_or_default())
            }
        }
    }
}

/// Scopes, each once, in the order in which they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads a `scope` parameter (RFC 6749, section 3.3). What this server does not know is left out: a server may
    /// grant less than it was asked for and tells what.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split_ascii_whitespace().filter_map(Scope::parse).collect()
    }

    /// The scopes.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// Those of resources.
    pub fn resources(&self) -> impl Iterator<Item = &ResourceScope> {
        self.0.iter().filter_map(Scope::resource)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this very scope is among them.
    #[must_use]
    pub fn has(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// What is left of them on a server that is only read: permissions to write are taken off, and scopes of nothing else.
    #[must_use]
    pub fn readable(&self) -> Self {
        let readable = |scope: &Scope| match scope.resource() {
            Some(resource) => resource.readable().map(Scope::Resource),
            None => Some(scope.clone()),
        };
        self.0.iter().filter_map(readable).collect()
    }

    /// Those of `asked` that these cover: what a client is allowed at most, or a grant that is refreshed.
    #[must_use]
    pub fn limit(&self, asked: &Self) -> Self {
        let covered = |scope: &&Scope| self.0.iter().any(|mine| mine.covers(scope));
        asked.0.iter().filter(covered).cloned().collect()
    }

    /// The scopes of resources of one level that allow `permission` on a type.
    pub fn allowing(
        &self,
        level: Level,
        ty: ResourceType,
        permission: Permissions,
    ) -> impl Iterator<Item = &ResourceScope> {
        self.resources()
            .filter(move |r| r.level == level && r.types.contain(ty) && r.permissions.contain(permission))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut all = Self::default();
        for scope in scopes {
            if !all.has(&scope) {
                all.0.push(scope);
            }
        }
        all
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, scope) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            scope.fmt(f)?;
        }
        Ok(())
    }
}
