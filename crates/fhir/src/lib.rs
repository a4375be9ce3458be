//! FHIR R4 without I/O: the resource model, US Core shapes, search requests, and the writers of bundles, outcomes and capability statements.
//!
//! No database and no HTTP here, so that every other crate may lean on this one:
//!
//! * making resources: [`r4`] (the types), [`system`] (code system URIs), [`build`] (constructors), [`us_core`] (US Core's extensions and profiles)
//! * reading requests: [`search`] (the request grammar), [`definitions`] (which search parameters R4 has), [`terminology`] (value sets, and what is below a code)
//! * writing answers: [`json`] (a resource to bytes), [`bundle`], [`outcome`], [`capability`], [`xml`] (any of them in the other format)

pub mod build;
pub mod bundle;
pub mod capability;
pub mod compartment;
pub mod definitions;
pub mod json;
pub mod outcome;
pub mod r4;
pub mod search;
pub mod subset;
pub mod system;
pub mod terminology;
pub mod us_core;
pub mod xml;

mod fields;
