//! Constructors of data types that always give a value: no `Result` and no panic.
//!
//! Source: <http://hl7.org/fhir/R4/datatypes.html>. Each fills what its arguments say and leaves the rest absent; the fields of the result are
//! public for anything rarer.

mod elements;
mod extensions;
mod times;

pub use elements::*;
pub use extensions::*;
pub use times::*;

#[cfg(test)]
mod tests;
