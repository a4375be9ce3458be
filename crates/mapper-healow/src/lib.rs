//! Healthsoft / healow (the eClinicalWorks `mobiledoc` tables) as FHIR R4.
//!
//! One `users` table has patients, clinicians, staff and rooms; one `enc` row is an appointment, a visit or the shell of
//! something else; procedures stand in three tables, and codes in a dictionary of items. This crate says once per table
//! which column is what (`…/entity.rs`), what can be searched (`…/mod.rs`) and what comes out (`…/translate.rs`); what
//! rows decide about each other is SQL (`schema/healow-holds.sql`, `schema/healow-copies.sql`).

mod billing;
mod cells;
mod codes;
mod condition;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod decisions;
mod diagnosis;
mod dictionary;
mod encounter;
mod hospitalization;
mod kinds;
mod lab;
mod live;
mod location;
mod organization;
mod patient;
mod practitioner;
mod problem;
mod procedure;
mod schema;
mod surgery;
mod tables;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod testing;
mod user;

use mapper::{Vendor, provider};

/// Healow, for the server's list of vendors.
pub static VENDOR: Vendor = Vendor {
    name: "healow",
    providers: || {
        vec![
            provider::<patient::Patients>(),
            provider::<practitioner::Practitioners>(),
            provider::<encounter::Encounters>(),
            provider::<diagnosis::Diagnoses>(),
            provider::<problem::Problems>(),
            provider::<surgery::Surgeries>(),
            provider::<billing::BilledLines>(),
            provider::<lab::Procedures>(),
            provider::<location::Locations>(),
            provider::<organization::Organizations>(),
        ]
    },
    schema: &schema::SCHEMA,
    code_maps: &codes::ALL,
    live: Some(&live::LIVE),
};
