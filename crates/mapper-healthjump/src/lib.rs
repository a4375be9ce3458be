//! Healthjump (an integration engine, now part of Datavant): API v3 pages and bulk files as FHIR R4.
//!
//! The feed spells one id in up to four ways and two types, calls clinicians providers and patients clients, and
//! refers to places and practices that it does not deliver. This crate says once per entity which column is what
//! (`…/entity.rs`), what can be searched (`…/mod.rs`) and what comes out (`…/translate.rs`).

mod appointment;
mod attribution;
mod cells;
mod codes;
mod condition;
mod encounter;
mod kinds;
mod location;
mod organization;
mod patient;
mod practitioner;
mod procedure;
mod schema;
mod tables;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod testing;
mod vitals;

use mapper::{Vendor, provider};

/// Healthjump, for the server's list of vendors.
pub static VENDOR: Vendor = Vendor {
    name: "healthjump",
    providers: || {
        vec![
            provider::<patient::Patients>(),
            provider::<encounter::Encounters>(),
            provider::<appointment::Appointments>(),
            provider::<condition::Conditions>(),
            provider::<procedure::Procedures>(),
            provider::<practitioner::Practitioners>(),
            provider::<location::Locations>(),
            provider::<organization::Organizations>(),
        ]
    },
    schema: &schema::SCHEMA,
    code_maps: &codes::ALL,
    live: None,
};
