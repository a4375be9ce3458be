//! Tables as Diesel sees them: the columns that are searched or served. The whole tables are in `schema/mychart.sql`.

// The macros write undocumented public items.
#![allow(missing_docs)]

mod people;
mod procedures;
mod visits;

pub use people::*;
pub use procedures::*;
pub use visits::*;
