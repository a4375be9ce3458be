//! One access.

use serde::{Deserialize, Serialize};

use crate::store::Seconds;

/// What was done, as `restful-interaction` codes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interaction {
    /// One resource was read.
    Read,
    /// A version of one was read.
    Vread,
    /// The versions of one were read.
    HistoryInstance,
    /// Resources were searched.
    Search,
    /// Several requests in one.
    Batch,
    /// An operation, `$everything` and the like.
    Operation,
}

impl Interaction {
    /// The code in <http://hl7.org/fhir/restful-interaction>.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Vread => "vread",
            Self::HistoryInstance => "history-instance",
            Self::Search => "search",
            Self::Batch => "batch",
            Self::Operation => "operation",
        }
    }
}

/// How it ended (AuditEvent.outcome).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was answered.
    Success,
    /// It was refused, or wrong: 4xx.
    Minor,
    /// The server failed: 5xx.
    Serious,
}

impl Outcome {
    /// Of an HTTP status.
    #[must_use]
    pub fn of(status: u16) -> Self {
        match status {
            0..400 => Self::Success,
            400..500 => Self::Minor,
            500.. => Self::Serious,
        }
    }

    /// The code in <http://hl7.org/fhir/audit-event-outcome>.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Success => "0",
            Self::Minor => "4",
            Self::Serious => "8",
        }
    }
}

/// One access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When.
    pub at: Seconds,
    /// What was done.
    pub interaction: Interaction,
    /// How it ended.
    pub outcome: Outcome,
    /// The HTTP status.
    pub status: u16,
    /// The request's id, as in the log and the `X-Request-Id` header.
    pub request: String,
    /// The path, `/fhir/Condition`.
    pub path: String,
    /// The query, which may hold what a patient's record holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The client's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The grant that allowed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The user's resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The patients concerned, `Patient/…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patients: Vec<String>,
    /// The resources returned, `Condition/…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}
