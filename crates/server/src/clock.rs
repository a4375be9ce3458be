//! The one clock of the process.

use chrono::NaiveDateTime;

/// Tells the time in UTC. Tests give their own to [`State::new`](crate::app::State::new).
pub type Clock = fn() -> NaiveDateTime;

/// The system's time in UTC.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the edge of the process: from here on time is a parameter"
)]
pub fn now() -> NaiveDateTime {
    chrono::Utc::now().naive_utc()
}
