//! `users`: everybody, and the rooms. Patients and clinicians are mappings of their own over it; see [`crate::patient`] and
//! [`crate::practitioner`].

mod entity;
#[cfg(test)]
mod tests;

use mapper::Trace;
use mapper::element::Cell;

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
