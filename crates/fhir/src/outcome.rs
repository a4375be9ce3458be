//! OperationOutcome: what went wrong or was left out, for a client to read (<http://hl7.org/fhir/R4/operationoutcome.html>).

use serde::Serialize;

use crate::json;

/// How bad an issue is (<http://hl7.org/fhir/R4/valueset-issue-severity.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The action failed and no further checking could be done.
    Fatal,
    /// The action failed.
    Error,
    /// The action succeeded, with something the client should know.
    Warning,
    /// For information only.
    Information,
}

/// The kind of an issue (<http://hl7.org/fhir/R4/valueset-issue-type.html>), named as there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueCode {
    /// Content is invalid against the specification or a profile.
    Invalid,
    /// A structural problem, such as wrong syntax.
    Structure,
    /// A required element is missing.
    Required,
    /// An element's value is not acceptable.
    Value,
    /// A rule between elements is broken.
    Invariant,
    /// An authentication, authorization or permission problem.
    Security,
    /// The client needs to authenticate.
    Login,
    /// The user or system was not recognised.
    Unknown,
    /// The session or token is no longer valid.
    Expired,
    /// The user may not do this.
    Forbidden,
    /// Some information was left out for reasons of security.
    Suppressed,
    /// A processing problem of no more exact kind.
    Processing,
    /// The interaction, parameter or content is not supported.
    NotSupported,
    /// A duplicate record.
    Duplicate,
    /// Several records match where one was expected.
    MultipleMatches,
    /// The thing referred to was not found.
    NotFound,
    /// The thing referred to was there and is deleted.
    Deleted,
    /// The request is larger than the server takes.
    TooLong,
    /// A code or system was not understood.
    CodeInvalid,
    /// An extension was not understood.
    Extension,
    /// The request would cost too much.
    TooCostly,
    /// A business rule failed.
    BusinessRule,
    /// The edit conflicts with another.
    Conflict,
    /// A passing problem: the same request may succeed later.
    Transient,
    /// A lock could not be had.
    LockError,
    /// A store the server needs is not available.
    NoStore,
    /// An unexpected internal error.
    Exception,
    /// An internal time-out.
    Timeout,
    /// Not all of the data was available.
    Incomplete,
    /// The client sends too many requests.
    Throttled,
    /// Information only.
    Informational,
}

/// One issue. No value of the caller is added to it: it says what the caller of this crate put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// How bad.
    pub severity: Severity,
    /// What kind.
    pub code: IssueCode,
    /// What `diagnostics` says, for people, where that is for programs.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "concept")]
    pub details: Option<String>,
    /// A sentence for the client's developer. It must hold no values of the request and no data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<String>,
    /// Where, for a problem of the request's HTTP part: `http.` and the parameter's name. FHIR wants a list; one is enough here.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "listed")]
    pub location: Option<String>,
    /// Where, for a problem in a resource: a FHIRPath.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "listed")]
    pub expression: Option<String>,
}

// serde fixes this signature.
#[allow(clippy::ref_option)]
fn listed<S: serde::Serializer>(value: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(value)
}

/// A CodeableConcept without a code.
#[allow(clippy::ref_option)]
fn concept<S: serde::Serializer>(value: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(value.iter().map(|text| ("text", text)))
}

impl Issue {
    /// An issue that is an error.
    #[must_use]
    pub fn error(code: IssueCode, diagnostics: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, diagnostics)
    }

    /// An issue that is a warning.
    #[must_use]
    pub fn warning(code: IssueCode, diagnostics: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, diagnostics)
    }

    /// An issue of any severity, nowhere in particular.
    #[must_use]
    pub fn new(severity: Severity, code: IssueCode, diagnostics: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            details: None,
            diagnostics: Some(diagnostics.into()),
            location: None,
            expression: None,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    resource_type: &'static str,
    issue: &'a [Issue],
}

/// An OperationOutcome of these issues as JSON. FHIR wants at least one issue, so none at all becomes one that says all is well.
#[must_use]
pub fn outcome(issues: &[Issue]) -> Vec<u8> {
    let well = [Issue::new(
        Severity::Information,
        IssueCode::Informational,
        "All is well",
    )];
    json::plain(&Outcome {
        resource_type: "OperationOutcome",
        issue: if issues.is_empty() { &well } else { issues },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_are_written_with_fhir_names() {
        let mut issue = Issue::error(IssueCode::TooCostly, "say \"no\"\n");
        issue.location = Some("http.code".to_owned());
        let json = String::from_utf8(outcome(&[issue])).unwrap();
        insta::assert_snapshot!(json, @r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"too-costly","diagnostics":"say \"no\"\n","location":["http.code"]}]}"#);
    }

    #[test]
    fn no_issue_is_still_a_valid_outcome() {
        let json = String::from_utf8(outcome(&[])).unwrap();
        insta::assert_snapshot!(json, @r#"{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational","diagnostics":"All is well"}]}"#);
    }
}
