//! What can go wrong in the authorization server itself. What clients do wrong is [`Refusal`](crate::Refusal).

/// An error of the server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the threads of the state's database say.
    #[error("the authorization server's state: {0}")]
    State(#[from] mapper::Error),
    /// The system has no randomness to give.
    #[error("the system has no random bytes to give")]
    Randomness,
    /// What is stored cannot be read: it was altered, or another version of the program wrote it.
    #[error("the authorization server's state holds a {0} that cannot be read")]
    Stored(&'static str),
    /// An access cannot be recorded.
    #[error("accesses cannot be recorded")]
    Trail,
    /// A signing key cannot be made or used.
    #[error("the signing key: {0}")]
    Key(&'static str),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::State(mapper::Error::Query(error))
    }
}
