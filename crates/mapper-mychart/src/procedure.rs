//! What orders, the surgical history and the operating room's log have in common: US Core Procedure.

use fhir::r4::types::{CodeableConcept, Identifier, Reference};
use fhir::r4::{Procedure, ProcedurePerformed, ProcedurePerformedExtension, Resource};
use fhir::{build, us_core};
use mapper::{Rejected, element};

use crate::cells::{Span, Spanned, spanned};

/// What all tell.
pub struct Told<'a> {
    /// The row's numbers.
    pub identifier: Vec<Option<Identifier>>,
    /// `Procedure.status`.
    pub status: &'a str,
    /// Why it was not done.
    pub reason: Option<&'a str>,
    /// The patient.
    pub subject: Option<Reference>,
    /// The contact.
    pub encounter: Option<Reference>,
    /// What was done.
    pub code: CodeableConcept,
    /// When.
    pub performed: Performed,
    /// By whom.
    pub performer: Option<Reference>,
    /// Where on the body.
    pub site: Option<&'a str>,
    /// What was written beside it.
    pub notes: Vec<&'a str>,
}

/// When something was done.
pub enum Performed {
    /// A moment, a period, or not known.
    At(Span),
    /// As somebody wrote it.
    Text(String),
}

/// The resource.
pub fn resource(told: Told<'_>) -> Result<Resource, Rejected> {
    let mut procedure = Procedure::builder()
        .status(element::event_status(Some(told.status)))
        .subject(told.subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Procedure"))?;
    procedure.identifier = told.identifier;
    procedure.status_reason = told.reason.map(build::text);
    procedure.encounter = told.encounter;
    procedure.code = Some(told.code);
    procedure.performed = match told.performed {
        Performed::At(span) => spanned(&span).map(|at| match at {
            Spanned::Moment(at) => ProcedurePerformed::DateTime(at),
            Spanned::Period(period) => ProcedurePerformed::Period(period),
        }),
        Performed::Text(text) => Some(ProcedurePerformed::String(text)),
    };
    // US Core us-core-7 asks for it of what was done.
    if procedure.performed.is_none() && ["completed", "in-progress"].contains(&told.status) {
        procedure.performed_ext = Some(ProcedurePerformedExtension::DateTime(build::absent("unknown")));
    }
    procedure.performer = told
        .performer
        .and_then(element::performer)
        .map(Some)
        .into_iter()
        .collect();
    procedure.body_site = told.site.map(|site| Some(build::text(site))).into_iter().collect();
    let notes = told.notes.into_iter().filter_map(|text| element::note(text, None));
    procedure.note = notes.map(Some).collect();
    let mut resource = Resource::from(procedure);
    element::set_profiles(&mut resource, &[us_core::PROCEDURE]);
    Ok(resource)
}
