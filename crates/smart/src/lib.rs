//! SMART App Launch 2.2 (<https://hl7.org/fhir/smart-app-launch/STU2.2/>): who may see what, as apps and patients agree on it.

pub mod audit;
pub mod authority;
pub mod client;
pub mod consent;
mod error;
pub mod keys;
pub mod password;
pub mod pkce;
pub mod refusal;
pub mod scope;
pub mod seal;
pub mod secret;
pub mod store;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod testing;

pub use error::Error;
