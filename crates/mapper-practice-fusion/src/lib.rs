//! Practice Fusion (EHI export, data dictionary v9) as FHIR R4.
//!
//! The export is a folder of tab-separated files, one per table, whose rows refer to each other by GUID. Clinicians have three
//! key spaces, visits neither status nor class, and one cell of a diagnosis holds codes of three systems. This crate says once
//! per entity which column is what (`…/entity.rs`), what can be searched (`…/mod.rs`) and what comes out
//! (`…/translate.rs`); what rows need from other rows is decided in `schema/practice-fusion-holds.sql` and `-copies.sql`.

mod appointment;
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
mod withheld;

use mapper::{Vendor, provider};

/// Practice Fusion, for the server's list of vendors.
pub static VENDOR: Vendor = Vendor {
    name: "practice-fusion",
    providers: || {
        vec![
            provider::<patient::Patients>(),
            provider::<encounter::Encounters>(),
            provider::<appointment::Appointments>(),
            provider::<condition::Problems>(),
            provider::<condition::VisitDiagnoses>(),
            provider::<procedure::Procedures>(),
            provider::<practitioner::Providers>(),
            provider::<practitioner::Profiles>(),
            provider::<practitioner::Users>(),
            provider::<location::Locations>(),
            provider::<organization::Organizations>(),
        ]
    },
    schema: &schema::SCHEMA,
    code_maps: &codes::ALL,
    live: None,
};
