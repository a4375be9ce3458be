//! What every vendor mapper is made of: declarations of tables and search parameters, filters that become SQL,
//! the connection to either database, cursors, and the loader of deliveries.
//!
//! A vendor crate writes [`Mapping`]s (a table, a row, its parameters, a pure translation); the server sees a
//! [`View`] of [`Source`]s that answers reads and searches. Nothing here knows HTTP.

pub mod check;
pub mod codes;
pub mod cursor;
pub mod db;
pub mod element;
pub mod explain;
pub mod history;
pub mod id;
pub mod live;
pub mod load;
pub mod param;
pub mod sql;
pub mod testing;
pub mod time;
pub mod words;

mod access;
mod bound;
mod code_map;
mod dictionary;
mod error;
mod everything;
mod fold;
pub mod lineage;
mod mapping;
mod merge;
mod partial;
mod provenance;
mod provider;
mod site;
mod slots;
mod source;
mod trace;
mod view;
mod workers;

pub use access::Access;
pub use bound::provider;
pub use code_map::CodeMap;
pub use dictionary::Dictionary;
pub use error::Error;
pub use everything::Part;
pub use fold::fold;
pub use mapping::{Columns, Loaded, Mapping, Rows};
pub use partial::Partial;
pub use provider::{Declared, Found, Hit, Plan, Provider, Refers, Review};
pub use site::{Mapped, Profile, Site};
pub use source::{Ask, Batch, Included, MAX_INCLUDED, Place, Source, Vendor, Want};
pub use trace::{Lost, Rejected, Trace, Unmapped};
pub use view::{Asked, Page, View};
pub use workers::{Limits, Workers};
