//! What the outside tests share: databases, loading, the in-process server, and the oracle.
//!
//! * [`support`] makes databases on SQLite and PostgreSQL, loads deliveries into them and asks a server over them
//! * [`oracle`] says what FHIR R4 search must answer, without SQL and without the code under test

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "test code: it should fail on the spot"
)]

pub mod oracle;
pub mod support;
