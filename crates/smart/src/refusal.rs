//! What a client did wrong, as OAuth tells it (RFC 6749, sections 4.1.2.1 and 5.2).

/// An error code of OAuth 2.0 or OpenID Connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A parameter is missing, twice there or wrong.
    InvalidRequest,
    /// The client did not prove who it is.
    InvalidClient,
    /// The code or refresh token is not good.
    InvalidGrant,
    /// The client may not ask so.
    UnauthorizedClient,
    /// Another `grant_type` than ours.
    UnsupportedGrantType,
    /// Another `response_type` than `code`.
    UnsupportedResponseType,
    /// Nothing of what was asked for can be granted.
    InvalidScope,
    /// The user said no.
    AccessDenied,
    /// The user is not signed in, and was not to be asked.
    LoginRequired,
    /// The user would have to decide, and was not to be asked.
    ConsentRequired,
    /// A client that registers itself cannot have codes sent there (RFC 7591, section 3.2.2).
    InvalidRedirectUri,
    /// A client that registers itself says something that cannot be.
    InvalidClientMetadata,
    /// The token is not good (RFC 6750, section 3.1).
    InvalidToken,
    /// The server failed.
    ServerError,
}

impl Code {
    /// The code's text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidToken => "invalid_token",
            Self::ServerError => "server_error",
        }
    }
}

/// A request that is refused. The description is for developers: it holds nothing of any secret, and nothing that the
/// client sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct Refusal {
    /// `error`
    pub code: Code,
    /// `error_description`
    pub description: &'static str,
}

impl Refusal {
    /// A refusal.
    #[must_use]
    pub const fn new(code: Code, description: &'static str) -> Self {
        Self { code, description }
    }

    /// The body of the answer (RFC 6749, section 5.2).
    #[must_use]
    pub fn body(&self) -> serde_json::Value {
        serde_json::json!({ "error": self.code.as_str(), "error_description": self.description })
    }
}

/// Why a request is not answered as asked: the client is wrong, or the server is.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The client.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server.
    #[error(transparent)]
    Broken(#[from] crate::Error),
}
