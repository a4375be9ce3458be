//! What the three tables of Procedures have in common.

use fhir::build;
use fhir::r4::types::{CodeableConcept, Reference};
use fhir::r4::{Procedure, ProcedurePerformed, ProcedurePerformedExtension, Resource};
use fhir::us_core;
use mapper::codes::System;
use mapper::element;
use mapper::time::Moment;
use mapper::{Rejected, Trace};

/// The columns that say what was done.
pub struct Told<'a> {
    /// The tag of the system of `code`.
    pub system: Option<&'a str>,
    /// The code.
    pub code: Option<&'a str>,
    /// What stands for a code and is none, and its column.
    pub uncoded: element::Cell<'a>,
    /// What is to be read.
    pub text: Option<&'a str>,
    /// Modifiers, with commas: of the dictionary's code, then of the row.
    pub modifiers: [Option<&'a str>; 2],
}

impl Told<'_> {
    /// The coding with its modifiers beside it, and the text; else that it is unknown.
    pub fn concept(&self, trace: &mut Trace) -> CodeableConcept {
        let coding = self.system.and_then(System::from_tag).zip(self.code);
        let coding = coding.map(|(system, code)| build::coding(system.uri(), code, None));
        if self.uncoded.text.is_some() {
            trace.lost("code.coding", self.uncoded.column, "no code whose system is certain");
        }
        let mut concept = element::concept(coding.into_iter().collect(), self.text);
        let modifiers = self.modifiers.into_iter().flatten().flat_map(|m| m.split(','));
        concept.extension = modifiers.map(element::modifier).collect();
        concept
    }
}

/// A Procedure of somebody, to be filled in.
pub fn new(subject: Option<Reference>, status: Option<&str>) -> Result<Procedure, Rejected> {
    Procedure::builder()
        .status(element::event_status(status))
        .subject(subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Procedure"))
}

/// When it was done; that it is not known when the row does not say (US Core us-core-7 asks for one of them).
pub fn performed(procedure: &mut Procedure, moment: Option<&Moment>) {
    match moment {
        Some(moment) => procedure.performed = Some(ProcedurePerformed::DateTime(element::date_time(moment))),
        None => procedure.performed_ext = Some(ProcedurePerformedExtension::DateTime(build::absent("unknown"))),
    }
}

/// The resource.
pub fn finished(procedure: Procedure) -> Resource {
    let mut resource = Resource::from(procedure);
    element::set_profiles(&mut resource, &[us_core::PROCEDURE]);
    resource
}

/// The system of `Procedure.status`.
pub const STATUS: &str = "http://hl7.org/fhir/event-status";
/// The status of what has been done.
pub const COMPLETED: &str = "completed";
