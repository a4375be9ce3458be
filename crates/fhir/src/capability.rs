//! CapabilityStatement: what the server can do, written from the declarations that also build its SQL
//! (<http://hl7.org/fhir/R4/capabilitystatement.html>).

mod operation;
mod write;

pub use operation::{On, Operation, Parameter};

use chrono::NaiveDateTime;

use crate::r4::ResourceType;
use crate::search::ParamType;

/// What the server can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// The version of this software.
    pub software_version: String,
    /// The base URL this statement is for, without a slash at its end.
    pub base_url: String,
    /// What is behind the base URL, in a sentence.
    pub description: String,
    /// When the statement last changed, in UTC.
    pub date: NaiveDateTime,
    /// What holds for every type, in a paragraph.
    pub documentation: String,
    /// How to get access.
    pub security: Security,
    /// Whether web pages of other origins may ask.
    pub cors: bool,
    /// What can be done with the system as a whole.
    pub interactions: Vec<SystemInteraction>,
    /// The operations, of the system and of types; each knows where it is.
    pub operations: Vec<&'static Operation>,
    /// Canonical URLs of the compartments that can be searched.
    pub compartments: Vec<&'static str>,
    /// The types served, each once.
    pub resources: Vec<ResourceCapability>,
}

/// How to get access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Security {
    /// In a sentence.
    pub description: String,
    /// The addresses of OAuth's endpoints by their names (`authorize`, `token`, …), where access is by SMART App Launch; empty without
    /// (<http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris>).
    pub oauth: Vec<(&'static str, String)>,
}

/// What the server can do with one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceCapability {
    /// The type.
    pub ty: ResourceType,
    /// Canonical URLs of the profiles its resources follow.
    pub profiles: Vec<String>,
    /// What can be done.
    pub interactions: Vec<Interaction>,
    /// How it can be searched, each name once.
    pub params: Vec<ParamCapability>,
    /// What `_include` takes, `Condition:encounter`.
    pub includes: Vec<String>,
    /// What `_revinclude` takes.
    pub rev_includes: Vec<String>,
}

/// An interaction with a type (<http://hl7.org/fhir/R4/valueset-type-restful-interaction.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interaction {
    /// Read the current state of a resource.
    Read,
    /// Read one version of a resource.
    Vread,
    /// The versions of one resource.
    HistoryInstance,
    /// The changes of a type.
    HistoryType,
    /// Search the type.
    SearchType,
}

impl Interaction {
    /// Its code in the value set.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Vread => "vread",
            Self::HistoryInstance => "history-instance",
            Self::HistoryType => "history-type",
            Self::SearchType => "search-type",
        }
    }
}

/// An interaction with the whole system (<http://hl7.org/fhir/R4/valueset-system-restful-interaction.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemInteraction {
    /// Several requests in one, each for itself.
    Batch,
    /// Search several types.
    SearchSystem,
    /// The changes of all types.
    HistorySystem,
}

impl SystemInteraction {
    /// Its code in the value set.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::SearchSystem => "search-system",
            Self::HistorySystem => "history-system",
        }
    }
}

/// A search parameter of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamCapability {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ParamType,
    /// Its canonical URL, from [`crate::definitions`].
    pub definition: String,
    /// Anything a client should know.
    pub documentation: Option<String>,
    /// Modifiers it takes, `exact`. FHIR has no element for them here, so they are told in its documentation and by [`MODIFIER`].
    pub modifiers: Vec<String>,
    /// Whether `_sort` takes it; told by [`SORTABLE`].
    pub sortable: bool,
}

/// The extension of `searchParam` that names a modifier which the parameter takes, `exact`; once for each.
pub const MODIFIER: &str = "urn:chartgate:capability:modifier";
/// The extension of `searchParam` that says whether `_sort` takes the parameter.
pub const SORTABLE: &str = "urn:chartgate:capability:sortable";

impl Capability {
    /// The statement as a CapabilityStatement in JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        write::statement(self)
    }
}

#[cfg(test)]
mod tests;
