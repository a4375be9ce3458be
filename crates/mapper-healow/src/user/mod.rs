//! `users`: everybody, and the rooms. Patients and clinicians are mappings of their own over it; see [`crate::patient`] and
//! [`crate::practitioner`].

mod entity;
#[cfg(test)]
mod tests;

use mapper::Trace;
use mapper::element::Cell;
use mapper::param::{self, Codes};
use mapper::sql::{Filter, IntoText, Op};

pub use entity::ENTITY;

/// What `cg_kind` holds for a patient.
pub const PATIENT: &str = "patient";
/// What it holds for everybody else who is a person.
pub const PRACTITIONER: &str = "practitioner";

/// `users.status` is the wrong way round: 0 is active, 1 inactive.
pub fn active(status: Cell<'_>, trace: &mut Trace) -> Option<bool> {
    match status.text? {
        "0" => Some(true),
        "1" => Some(false),
        _ => {
            trace.lost("active", status.column, "neither 0 nor 1");
            None
        }
    }
}

/// The same as a search parameter.
pub fn activity<T: 'static>(status: impl IntoText<T>) -> Codes<T> {
    let status = status.into_text();
    let is = |word| Filter::text(status.clone(), Op::Eq, word);
    param::flag(is("0"), is("1"))
}
