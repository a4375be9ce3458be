//! Failures as HTTP: the only place that knows which status tells which failure.
//!
//! | failure | status | issue | why this one |
//! |---|---|---|---|
//! | a value, a parameter under `handling=strict`, an encoding | 400 | as the problem says | the client must change the request |
//! | no token, or one that is not good | 401 + WWW-Authenticate | login | RFC 6750 section 3 |
//! | a token without a scope for it | 403 + WWW-Authenticate | forbidden | |
//! | a page link of another search, or too old | 400 | value | it is a parameter's value like any other |
//! | a request that needs more than a limit allows | 400 | too-costly | asking for less helps, asking again does not |
//! | an unknown id, a malformed one, a row that is held back | 404 | not-found | the three must not be told apart |
//! | a type that is not served, an operation | 404 | not-supported | R4 http.html, "resource type not supported" |
//! | the lineage of a live source's row | 501 | not-supported | the operation is there, but not for this source |
//! | a method that an address does not take | 405 + Allow | not-supported | the server is read-only |
//! | a format other than JSON and XML | 406 | not-supported | |
//! | a row that the vendor marked deleted | 410 | deleted | the client may drop its copy |
//! | a body, or an address, longer than the limit | 413, 414 | too-long | |
//! | a `_search` body that is no form | 415 | not-supported | |
//! | too many requests of one client at a time | 429 + Retry-After | throttled | that client should slow down |
//! | the server's own queue is full | 503 + Retry-After | transient | not this client's doing, hence not 429 |
//! | the database is away | 503 + Retry-After | transient | it comes back; the request is fine |
//! | the record of the access cannot be written | 503 + Retry-After | transient | what is not recorded is not disclosed |
//! | a statement ran into its time limit | 504 | timeout | the database is upstream of this server |
//! | anything else | 500 | exception | constant text: the cause is for the log |
//!
//! No message holds a value of the request or a cell of a row.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use chrono::NaiveDateTime;
use fhir::outcome::{Issue, IssueCode, Severity, outcome};
use fhir::search::Problem;

use crate::negotiate::Format;
use crate::respond;

/// A request that is not answered with what it asked for.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    issues: Vec<Issue>,
    header: Option<(HeaderName, Cow<'static, str>)>,
    /// For the log; never for the client.
    cause: Option<String>,
}

/// Seconds until a client should try again when its or our queue is full.
const SOON: &str = "1";
/// Seconds until a client should try again when the database is away.
const LATER: &str = "5";

impl Failure {
    fn new(status: StatusCode, code: IssueCode, text: impl Into<String>) -> Self {
        Self {
            status,
            issues: vec![Issue::error(code, text)],
            header: None,
            cause: None,
        }
    }

    fn with(mut self, name: HeaderName, value: impl Into<Cow<'static, str>>) -> Self {
        self.header = Some((name, value.into()));
        self
    }

    /// Parameters that are wrong, or that a strict client wants refused.
    #[must_use]
    pub fn problems(problems: &[Problem]) -> Self {
        let issues = problems.iter().map(|p| p.issue(Severity::Error)).collect();
        Self {
            status: StatusCode::BAD_REQUEST,
            issues,
            header: None,
            cause: None,
        }
    }

    /// Parameters that this interaction does not have, under strict handling.
    #[must_use]
    pub fn unsupported(issues: Vec<Issue>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            issues,
            header: None,
            cause: None,
        }
    }

    /// No such resource, or none that may be shown.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, IssueCode::NotFound, "There is no such resource")
    }

    /// Nobody has said who they are.
    #[must_use]
    pub fn no_token() -> Self {
        let text = "An access token is needed; /.well-known/smart-configuration says where to get one";
        Self::new(StatusCode::UNAUTHORIZED, IssueCode::Login, text).with(header::WWW_AUTHENTICATE, "Bearer")
    }

    /// A token that is none of ours, has expired or was taken back.
    #[must_use]
    pub fn bad_token() -> Self {
        let text = "The access token is not good, or not any more";
        let challenge = "Bearer error=\"invalid_token\"";
        Self::new(StatusCode::UNAUTHORIZED, IssueCode::Login, text).with(header::WWW_AUTHENTICATE, challenge)
    }

    /// A token that does not allow this.
    #[must_use]
    pub fn insufficient_scope() -> Self {
        let text = "The access token has no scope for this";
        let challenge = "Bearer error=\"insufficient_scope\"";
        Self::new(StatusCode::FORBIDDEN, IssueCode::Forbidden, text).with(header::WWW_AUTHENTICATE, challenge)
    }

    /// A type that is not served.
    #[must_use]
    pub fn unknown_type() -> Self {
        let text = "This server has no resources of this type; its CapabilityStatement lists those it has";
        Self::new(StatusCode::NOT_FOUND, IssueCode::NotSupported, text)
    }

    /// A type that no compartment of this kind holds.
    #[must_use]
    pub fn not_in_compartment() -> Self {
        let text = "Resources of this type are not in such a compartment";
        Self::new(StatusCode::NOT_FOUND, IssueCode::NotSupported, text)
    }

    /// A `_type` that is not served, or not in the compartment.
    #[must_use]
    pub fn no_such_type() -> Self {
        let text = "A value of _type is not a type that can be found here";
        let mut failure = Self::new(StatusCode::BAD_REQUEST, IssueCode::NotSupported, text);
        failure
            .issues
            .iter_mut()
            .for_each(|issue| issue.location = Some("http._type".to_owned()));
        failure
    }

    /// An address under a base that is no interaction of this server.
    #[must_use]
    pub fn not_supported() -> Self {
        let text = "This server has no such interaction; its CapabilityStatement lists those it has";
        Self::new(StatusCode::NOT_FOUND, IssueCode::NotSupported, text)
    }

    /// An address under no base, such as one of a source that is not configured.
    #[must_use]
    pub fn nowhere() -> Self {
        let text = "There is nothing at this address; FHIR is served under /fhir";
        Self::new(StatusCode::NOT_FOUND, IssueCode::NotFound, text)
    }

    /// A method that this address does not take; `allow` are those it takes.
    #[must_use]
    pub fn method(allow: impl Into<Cow<'static, str>>) -> Self {
        let allow = allow.into();
        let text = format!("This address takes {allow} only; the server is read-only");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, IssueCode::NotSupported, text).with(header::ALLOW, allow)
    }

    /// A version that a resource never had. `since` is the time of the first load, since which every version is known; without
    /// it only the current one is.
    #[must_use]
    pub fn no_version(since: Option<NaiveDateTime>) -> Self {
        let text = match since {
            Some(since) => {
                let since = since.format("%Y-%m-%dT%H:%M:%SZ");
                format!(
                    "The resource never had this version; all since its source was first loaded, {since}, are known"
                )
            }
            None => "The resource does not have this version; of this source only the current one is known".to_owned(),
        };
        Self::new(StatusCode::NOT_FOUND, IssueCode::NotFound, text)
    }

    /// A format that the client insists on and this server does not write.
    #[must_use]
    pub fn not_acceptable() -> Self {
        let text =
            "This server answers in JSON and XML: application/fhir+json and application/fhir+xml, of FHIR version 4.0";
        Self::new(StatusCode::NOT_ACCEPTABLE, IssueCode::NotSupported, text)
    }

    /// A row that the vendor marked as deleted.
    #[must_use]
    pub fn gone() -> Self {
        Self::new(
            StatusCode::GONE,
            IssueCode::Deleted,
            "The resource was deleted at its source",
        )
    }

    /// Lineage of a source whose rows were not loaded.
    #[must_use]
    pub fn no_lineage() -> Self {
        let text = "This source reads the vendor's own tables; lineage is told of rows that were loaded";
        Self::new(StatusCode::NOT_IMPLEMENTED, IssueCode::NotSupported, text)
    }

    /// A body longer than `limit` bytes.
    #[must_use]
    pub fn body_too_long(limit: usize) -> Self {
        let text = format!("The body of a request may have {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, IssueCode::TooLong, text)
    }

    /// An address longer than `limit` bytes.
    #[must_use]
    pub fn address_too_long(limit: usize) -> Self {
        let text = format!("An address may have {limit} bytes; a search can be sent by POST to _search instead");
        Self::new(StatusCode::URI_TOO_LONG, IssueCode::TooLong, text)
    }

    /// A search by POST whose next page would have an address of more than `limit` bytes.
    #[must_use]
    pub fn no_next_link(limit: usize) -> Self {
        let text = format!(
            "The link to the next page would be longer than the {limit} bytes that an address may have; ask for fewer values, or for all in one page by _count"
        );
        Self::new(StatusCode::BAD_REQUEST, IssueCode::TooCostly, text)
    }

    /// A body that is not what `_search` takes.
    #[must_use]
    pub fn not_a_form() -> Self {
        let text = "A search by POST has a body of type application/x-www-form-urlencoded, without content encoding";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, IssueCode::NotSupported, text)
    }

    /// A body that is not of a type in which resources are sent.
    #[must_use]
    pub fn not_a_resource(ty: &str) -> Self {
        let text = format!(
            "The body is a {ty} of type application/fhir+json or application/fhir+xml, of FHIR version 4.0, in UTF-8, without content encoding"
        );
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, IssueCode::NotSupported, text)
    }

    /// A body that is not what its type says, or another resource than the one that is expected.
    #[must_use]
    pub fn unreadable(ty: &str) -> Self {
        let text = format!("The body is not a readable {ty}");
        Self::new(StatusCode::BAD_REQUEST, IssueCode::Structure, text)
    }

    /// Parameters in a body that an address could not have.
    #[must_use]
    pub fn not_simple() -> Self {
        let text = "Each parameter has a name and one value of a primitive type";
        Self::new(StatusCode::BAD_REQUEST, IssueCode::Value, text)
    }

    /// One parameter's value is wrong.
    #[must_use]
    pub fn bad_parameter(name: &'static str, what: &str) -> Self {
        let mut issue = Issue::error(IssueCode::Value, format!("{name} {what}"));
        issue.location = Some(format!("http.{name}"));
        Self::unsupported(vec![issue])
    }

    /// A transaction.
    #[must_use]
    pub fn transaction() -> Self {
        let text = "This server is read-only and takes no transactions; send a Bundle of type batch";
        Self::new(StatusCode::BAD_REQUEST, IssueCode::NotSupported, text)
    }

    /// A Bundle that is no batch.
    #[must_use]
    pub fn no_batch() -> Self {
        let text = "What is sent here is a Bundle of type batch";
        Self::new(StatusCode::BAD_REQUEST, IssueCode::Invalid, text)
    }

    /// More entries in a batch than `limit`.
    #[must_use]
    pub fn too_many_entries(limit: usize) -> Self {
        let text = format!("A batch may have {limit} entries; send several");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, IssueCode::TooCostly, text)
    }

    /// An entry of a batch after answers of more than `limit` bytes.
    #[must_use]
    pub fn answer_too_long(limit: usize) -> Self {
        let text = format!("The answers before this one have {limit} bytes already; send this request alone");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, IssueCode::TooCostly, text)
    }

    /// An entry of a batch without method or address, or with a condition that is none.
    #[must_use]
    pub fn bad_entry() -> Self {
        let text = "An entry of a batch has a request with method and url, and ifModifiedSince is an instant";
        Self::new(StatusCode::BAD_REQUEST, IssueCode::Required, text)
    }

    /// An entry of a batch with an address of another server, or that is none.
    #[must_use]
    pub fn foreign_entry() -> Self {
        let text = "The url of an entry is relative to this server's base, or begins with it";
        Self::new(StatusCode::BAD_REQUEST, IssueCode::Value, text)
    }

    /// An entry of a batch whose answer should be XML, or compressed.
    #[must_use]
    pub fn not_in_a_bundle() -> Self {
        let text = "The answer to an entry is a part of the answer to the batch, whose format it has: _format=xml is for the batch";
        Self::new(StatusCode::NOT_ACCEPTABLE, IssueCode::NotSupported, text)
    }

    /// A body that breaks off.
    #[must_use]
    pub fn body_broken() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            IssueCode::Invalid,
            "The body could not be read to its end as UTF-8",
        )
    }

    /// More requests at a time than one client may have.
    #[must_use]
    pub fn too_many() -> Self {
        let text = "Too many requests of this client are running; send fewer at a time";
        Self::new(StatusCode::TOO_MANY_REQUESTS, IssueCode::Throttled, text).with(header::RETRY_AFTER, SOON)
    }

    /// An access that cannot be recorded, and so is not answered.
    #[must_use]
    pub fn unrecorded() -> Self {
        let text = "Accesses cannot be recorded at the moment, so nothing is answered";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, IssueCode::Transient, text).with(header::RETRY_AFTER, LATER)
    }

    /// Something that should not happen; `cause` goes to the log and must hold no values and no data.
    #[must_use]
    pub fn internal(cause: impl Into<String>) -> Self {
        let failure = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            IssueCode::Exception,
            "internal error",
        );
        Self {
            cause: Some(cause.into()),
            ..failure
        }
    }

    /// What a status says by itself, for responses that the HTTP library made.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            404 => Self::nowhere(),
            406 => Self::new(
                status,
                IssueCode::NotSupported,
                "No encoding that is accepted can be given",
            ),
            413 | 414 | 431 => Self::new(status, IssueCode::TooLong, "The request is too long"),
            429 => Self::too_many(),
            400..=499 => Self::new(
                status,
                IssueCode::Invalid,
                "The request is not valid HTTP for this address",
            ),
            _ => Self::internal("the HTTP library failed"),
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The failure as a response: an OperationOutcome. A failure of the server's own names the request, so that it can
    /// be found in the log.
    #[must_use]
    pub fn into_response(mut self, request_id: &str, format: Format) -> HttpResponse {
        if self.status == StatusCode::INTERNAL_SERVER_ERROR {
            let cause = self.cause.as_deref().unwrap_or("unknown");
            tracing::error!(request_id, cause, "a request failed");
            for issue in &mut self.issues {
                issue.diagnostics = Some(format!("internal error; request id {request_id}"));
            }
        }
        respond::outcome(self.status, outcome(&self.issues), format, self.header)
    }
}

impl From<mapper::Error> for Failure {
    fn from(error: mapper::Error) -> Self {
        use mapper::Error as E;
        let text = error.to_string();
        match error {
            E::Unavailable(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, IssueCode::Transient, text).with(header::RETRY_AFTER, LATER)
            }
            E::Busy(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, IssueCode::Transient, text).with(header::RETRY_AFTER, SOON)
            }
            E::Timeout => Self::new(StatusCode::GATEWAY_TIMEOUT, IssueCode::Timeout, text),
            E::Cursor | E::Expired => Self::new(StatusCode::BAD_REQUEST, IssueCode::Value, text),
            E::TooCostly(_) => Self::new(StatusCode::BAD_REQUEST, IssueCode::TooCostly, text),
            E::Query(_) | E::Encode(_) | E::Config(_) | E::Url(_) => Self::internal(text),
        }
    }
}

#[cfg(test)]
mod tests;
