//! Conditions and orders as data: typed at the edges, a plain tree in the middle, rendered by Diesel.
//!
//! A [`Filter`] over a query source can only be built from Diesel columns of that source and of the right SQL
//! type, so a wrong table or type does not compile. Between constructor and renderer it is an ordinary tree that
//! can be cloned, negated, tested for [`Filter::is_never`] and rendered for both databases without a connection.
//! There is no raw-SQL variant; every value travels as a bind.

mod column;
mod filter;
mod order;
mod query;
mod render;
mod value;
pub(crate) mod watch;

pub use column::{IntoText, IntoTime, TextColumn, Textual, TimeColumn, Timed};
pub use filter::{Filter, Op, Select};
pub use order::{Direction, Keyset, Order, OrderBy, SortColumn, SortKey, SortTerm, SortText};
pub use query::{count, count_by};
pub(crate) use render::Sql;
pub use render::{Fragment, golden};
pub use value::Value;
