//! What problems and visits' diagnoses have in common: US Core's two Conditions.

use fhir::r4::types::{CodeableConcept, Identifier, Reference};
use fhir::r4::{Condition, ConditionAbatement, ConditionOnset, Resource};
use mapper::Rejected;
use mapper::element;
use mapper::time::Moment;

use crate::cells::{Span, Spanned, spanned};

/// `Condition.category` of a row of `PAT_ENC_DX`.
pub const VISIT_DIAGNOSIS: &str = "encounter-diagnosis";
/// `Condition.category` of a row of `PROBLEM_LIST`.
pub const PROBLEM_ITEM: &str = "problem-list-item";

/// What both tell.
pub struct Told<'a> {
    /// US Core's profile.
    pub profile: &'static str,
    /// The category.
    pub category: &'static str,
    /// The row's numbers.
    pub identifier: Vec<Option<Identifier>>,
    /// The patient.
    pub subject: Option<Reference>,
    /// The contact.
    pub encounter: Option<Reference>,
    /// What it is.
    pub code: CodeableConcept,
    /// How far it has come.
    pub clinical: Option<&'a str>,
    /// When it began; with an end, within what time.
    pub onset: Span,
    /// When it ended.
    pub abated: Option<Moment>,
    /// When it was first written down.
    pub recorded: Option<Moment>,
    /// Who wrote it down.
    pub recorder: Option<Reference>,
    /// What was written beside it.
    pub note: Option<&'a str>,
}

/// The resource.
pub fn resource(told: Told<'_>) -> Result<Resource, Rejected> {
    let mut condition = Condition::builder()
        .subject(told.subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Condition"))?;
    condition.identifier = told.identifier;
    condition.encounter = told.encounter;
    condition.category = vec![Some(element::category(told.category))];
    condition.code = Some(told.code);
    condition.clinical_status = told.clinical.map(element::clinical_status);
    condition.onset = spanned(&told.onset).map(|onset| match onset {
        Spanned::Moment(at) => ConditionOnset::DateTime(at),
        Spanned::Period(period) => ConditionOnset::Period(period),
    });
    let at = |moment: Option<Moment>| moment.as_ref().map(element::date_time);
    condition.abatement = at(told.abated).map(ConditionAbatement::DateTime);
    condition.recorded_date = at(told.recorded);
    condition.recorder = told.recorder;
    condition.note = told
        .note
        .and_then(|text| element::note(text, None))
        .map(Some)
        .into_iter()
        .collect();
    let mut resource = Resource::from(condition);
    element::set_profiles(&mut resource, &[told.profile]);
    Ok(resource)
}
