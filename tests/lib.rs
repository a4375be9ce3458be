//! What the outside tests share: databases, loading, the in-process server, and the oracle.
//!
//! * [`fuzz`] makes requests that nobody should send
//! * [`support`] makes databases on SQLite and PostgreSQL, loads deliveries into them and asks a server over them
//! * [`oracle`] says what FHIR R4 search must answer, without SQL and without the code under test

pub mod fuzz;
pub mod oracle;
pub mod support;
