//! Search requests: the grammar of <http://hl7.org/fhir/R4/search.html>, with every value typed while it is parsed.
//!
//! [`parse_query_string`] gives names and values, [`parse`] makes a [`Request`] of them or says what is wrong. Three kinds of input are told apart:
//!
//! * a parameter, modifier, include or sort key that this server does not have: refused under [`Handling::Strict`]; otherwise dropped, left out of
//!   [`Request::query`] and listed in [`Request::ignored`]
//! * a value that is not of its parameter's type, or empty: always refused
//! * more than [`Limits`] allow: refused, but a large `_count` is lowered
//!
//! Problems name the parameter and never repeat a value, because values may be somebody's name or birth date.

mod control;
mod date;
mod escape;
mod limits;
mod modifier;
mod pairs;
mod parse;
mod problem;
mod query;
mod reference;
mod request;
mod several;
mod suggest;
mod value;
mod values;
mod vocabulary;

pub use control::NAMES as CONTROLS;
pub use date::{Date, Precision};
pub use escape::escape;
pub use limits::{Limits, MAX_CHAIN, MAX_COUNT, MAX_CURSOR_LENGTH, MAX_PARAMETERS, MAX_VALUE_LENGTH, MAX_VALUES};
pub use modifier::Modifier;
pub use pairs::parse_query_string;
pub use parse::{Handling, parse};
pub use problem::{Problem, ProblemKind};
pub use reference::Reference;
pub use request::{Clause, Criterion, Include, Request, Sort, Step, Total, Values};
pub use several::parse_several;
pub use value::{Number, OfType, Prefix, Quantity, Token};
pub use vocabulary::{ParamType, Vocabulary};

#[cfg(test)]
mod tests;
