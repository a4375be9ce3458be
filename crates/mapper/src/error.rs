//! What can go wrong between a request and its rows.

/// A failure below HTTP. Messages carry no row content and no search value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A database address that cannot be used.
    #[error("database address: {0}; expected sqlite://path or postgres://…")]
    Url(String),
    /// The database cannot be reached, or has no free connection.
    #[error("the database of source `{0}` is not available")]
    Unavailable(String),
    /// Too many requests are waiting for this source.
    #[error("source `{0}` is busy")]
    Busy(String),
    /// A statement ran into the time limit.
    #[error("the database did not answer within the time limit")]
    Timeout,
    /// The database refused a statement. The cause is for the log, not for clients.
    #[error("database query failed")]
    Query(#[source] diesel::result::Error),
    /// A resource could not be written as JSON.
    #[error(transparent)]
    Encode(#[from] fhir::json::Error),
    /// A cursor that this server did not issue for this query, or that is damaged.
    #[error("the page link is not valid for this search")]
    Cursor,
    /// A cursor of this query that was issued too long ago.
    #[error("the page link is older than {} hours; search again", crate::cursor::LIFETIME.num_hours())]
    Expired,
    /// A request that needs more than a limit allows.
    #[error("{0}")]
    TooCostly(String),
    /// A source or profile that is configured wrongly.
    #[error("{0}")]
    Config(String),
}
