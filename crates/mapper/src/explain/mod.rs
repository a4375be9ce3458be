//! `_explain`: how an answer came about, told by what really ran.
//!
//! A request that asks for it carries a [`Recording`]. While a database thread works for such a request it records: which parameter
//! became which condition, the text of each statement (from Diesel's instrumentation, so that nothing is described twice), the plan that
//! the database has for it, rows and times. Other requests pay one look at a thread's variable per statement.
//!
//! Nothing that is recorded holds a value, of the request or of a row: statements have placeholders, and of plans only the names
//! of tables and indexes and numbers are taken.

mod plan;
mod record;
mod step;

pub use plan::{Access, How};
pub use record::{Recording, load};
pub use step::{Statement, Step};

pub(crate) use record::{Purpose, Watch, at, is_recording, micros, note, visit};
pub(crate) use step::{Condition, sql_of};
