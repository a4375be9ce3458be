//! What the server knows of terminologies: small value sets, for `:in`, and code systems whose codes say what is below them, for `:below`.

mod hierarchy;
mod value_sets;

pub use hierarchy::{HIERARCHIES, ancestors, subtree};
pub use value_sets::{ValueSet, value_set, value_sets};
