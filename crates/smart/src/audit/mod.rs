//! The trail of accesses: who asked for what, and what they got. Written before the answer goes out, chained so that a record that was
//! altered or removed is found.

mod append;
mod chain;
mod event;
mod index;
mod indexer;
mod queue;
mod record;
mod row;
mod search;
#[cfg(test)]
mod tests;
mod trail;
mod verify;

pub use chain::Head;
pub use queue::UnderWay;
pub use record::{Interaction, Outcome, Record};
pub use search::{Entry, Wanted};
pub use trail::Trail;
pub use verify::Verdict;
