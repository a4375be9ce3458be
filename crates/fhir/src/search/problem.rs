//! What is wrong with a request.

use crate::outcome::{Issue, IssueCode, Severity};

/// The kind of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The type has no parameter of this name here.
    UnknownParameter,
    /// FHIR has this parameter and the server does not support it: control parameters, chains, `_has`.
    UnsupportedParameter,
    /// The modifier does not exist, does not fit the parameter's type, or is not supported.
    UnsupportedModifier,
    /// The include cannot be answered.
    UnsupportedInclude,
    /// The sort key cannot be sorted by.
    UnsupportedSort,
    /// A value is not of its parameter's type, or empty.
    Value,
    /// The request itself is malformed: encoding, or a control parameter given twice.
    Syntax,
    /// More than the limits allow.
    Limit,
}

impl ProblemKind {
    /// The issue type that tells a client this kind.
    #[must_use]
    pub fn code(self) -> IssueCode {
        match self {
            Self::UnknownParameter
            | Self::UnsupportedParameter
            | Self::UnsupportedModifier
            | Self::UnsupportedInclude
            | Self::UnsupportedSort => IssueCode::NotSupported,
            Self::Value => IssueCode::Value,
            Self::Syntax => IssueCode::Invalid,
            Self::Limit => IssueCode::TooCostly,
        }
    }
}

/// Something wrong with one parameter of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// The parameter's name as given, with its modifier, or a placeholder where it cannot be one; empty when the request as a whole is meant.
    pub parameter: String,
    /// A sentence for the client's developer. It never holds a value.
    pub message: String,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, parameter: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            parameter: shown(parameter),
            message: message.into(),
        }
    }

    /// A parameter that `what`, which is no search, does not take.
    #[must_use]
    pub fn not_taken(parameter: &str, what: &str) -> Self {
        let shown = shown(parameter);
        let message = format!("{what} does not take {shown}");
        Self {
            kind: ProblemKind::UnsupportedParameter,
            parameter: shown,
            message,
        }
    }

    /// The problem as an issue: an error where the request is refused for it, a warning where the parameter was ignored.
    #[must_use]
    pub fn issue(&self, severity: Severity) -> Issue {
        let mut issue = Issue::new(severity, self.kind.code(), self.message.clone());
        if !self.parameter.is_empty() {
            issue.location = Some(format!("http.{}", self.parameter));
        }
        issue
    }
}

/// The longest name that is repeated to the client.
const LONGEST: usize = 64;

/// A name as it may be repeated. What cannot be a parameter's name is probably a value in the wrong place, and is not repeated.
pub(super) fn shown(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:*".contains(c);
    if name.len() <= LONGEST && name.chars().all(plain) {
        name.to_owned()
    } else {
        "(unreadable name)".to_owned()
    }
}
