//! Shapes that US Core adds to R4: profiles, and the extensions of Patient.
//!
//! Source: the packages hl7.fhir.us.core 6.1.0 and 7.0.0 (<http://hl7.org/fhir/us/core/>).

mod combinations;
mod extensions;
mod profiles;
mod states;

pub use combinations::{Combination, Expectation, combinations};
pub use extensions::*;
pub use profiles::*;
pub use states::*;

#[cfg(test)]
mod tests;
