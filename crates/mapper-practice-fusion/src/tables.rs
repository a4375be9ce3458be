//! Tables as Diesel sees them: the columns that are searched or served. The whole tables are in `schema/practice-fusion.sql`.

// The macros write undocumented public items.
#![allow(missing_docs)]

mod clinical;
mod patient;
mod people;

pub use clinical::*;
pub use patient::*;
pub use people::*;
