//! One access, or one step of somebody towards access.

use serde::{Deserialize, Serialize};

use crate::store::Seconds;

/// What was done.
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
    /// Somebody signed in, or tried to.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// A user decided what an app may see.
    Consent,
    /// An app got its first token of a grant, or a service one for itself.
    Token,
    /// An app got further tokens of a grant.
    Refresh,
    /// A token was given back, or a grant taken back.
    Revoke,
    /// A client was told about a token.
    Introspect,
    /// An app was told who its user is.
    UserInfo,
}

impl Interaction {
    /// All there are.
    pub const ALL: [Self; 14] = [
        Self::Read,
        Self::Vread,
        Self::HistoryInstance,
        Self::Search,
        Self::Batch,
        Self::Operation,
        Self::SignIn,
        Self::SignOut,
        Self::Consent,
        Self::Token,
        Self::Refresh,
        Self::Revoke,
        Self::Introspect,
        Self::UserInfo,
    ];

    /// Its name in the trail: for requests the code in <http://hl7.org/fhir/restful-interaction>.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Vread => "vread",
            Self::HistoryInstance => "history-instance",
            Self::Search => "search",
            Self::Batch => "batch",
            Self::Operation => "operation",
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::Consent => "consent",
            Self::Token => "token",
            Self::Refresh => "refresh",
            Self::Revoke => "revoke",
            Self::Introspect => "introspect",
            Self::UserInfo => "user-info",
        }
    }

    /// Whether it is a request for records; the others are about who may make such requests.
    #[must_use]
    pub fn is_request(self) -> bool {
        match self {
            Self::Read | Self::Vread | Self::HistoryInstance | Self::Search | Self::Batch | Self::Operation => true,
            Self::SignIn
            | Self::SignOut
            | Self::Consent
            | Self::Token
            | Self::Refresh
            | Self::Revoke
            | Self::Introspect
            | Self::UserInfo => false,
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
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Success, Self::Minor, Self::Serious];

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
    /// The query, of a search by POST with what its body says. It may hold what a patient's record holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// What the entries of a batch asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<String>,
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

impl Record {
    /// What it can be found by, see [`Key`].
    pub(super) fn keys(&self) -> Vec<Key<'_>> {
        let agents = [&self.client, &self.subject, &self.person];
        let agents = agents.into_iter().flatten().map(|agent| Key::Agent(agent));
        let entities = self
            .patients
            .iter()
            .chain(&self.resources)
            .map(|what| Key::Entity(what));
        let done = [Key::Interaction(self.interaction), Key::Outcome(self.outcome)];
        agents.chain(entities).chain(done).collect()
    }
}

/// Something that a record can be found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// Who did it: a client, a user, or a user's resource.
    Agent(&'a str),
    /// What it was about, `Patient/…` and each resource that was returned.
    Entity(&'a str),
    /// What was done.
    Interaction(Interaction),
    /// How it ended.
    Outcome(Outcome),
}
