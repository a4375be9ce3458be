//! MyChart (Epic EHI export) as FHIR R4.
//!
//! The export is one file per Clarity table. A contact (`PAT_ENC`) is mostly not a visit, most rows name their patient only through
//! another table, one record goes on in `_2`, `_3`, `_4` tables, and diagnoses and procedures are numbers of the
//! organisation's own dictionaries, whose standard codes come in files beside the export. This crate says once per table
//! which column is what (`…/entity.rs`), what can be searched (`…/mod.rs`) and what comes out (`…/translate.rs`);
//! `schema/mychart-holds.sql` says which rows other rows keep from being served, and `schema/mychart-copies.sql` brings to
//! each row what it needs of others.

mod cells;
mod codes;
mod condition;
mod diagnosis;
mod dictionary;
mod encounter;
mod history;
mod kinds;
mod location;
mod operation;
mod order;
mod organization;
mod patient;
mod practitioner;
mod problem;
mod procedure;
mod schema;
mod tables;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod testing;

use mapper::{Vendor, provider};

/// MyChart, for the server's list of vendors.
pub static VENDOR: Vendor = Vendor {
    name: "mychart",
    providers: || {
        vec![
            provider::<patient::Patients>(),
            provider::<encounter::Encounters>(),
            provider::<diagnosis::Diagnoses>(),
            provider::<problem::Problems>(),
            provider::<order::Orders>(),
            provider::<history::Histories>(),
            provider::<operation::Operations>(),
            provider::<practitioner::Providers>(),
            provider::<practitioner::Users>(),
            provider::<location::Departments>(),
            provider::<organization::Organizations>(),
        ]
    },
    schema: &schema::SCHEMA,
    code_maps: &codes::ALL,
    live: None,
};
