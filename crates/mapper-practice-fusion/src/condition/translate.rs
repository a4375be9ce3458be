//! A diagnosis as one of US Core's two Conditions.

use fhir::r4::types::{Annotation, AnnotationAuthor, CodeableConcept, Identifier, Reference};
use fhir::r4::{Condition, ConditionAbatement, ConditionOnset, Resource};
use fhir::{build, us_core};
use mapper::element::{self, Cell, cell};
use mapper::time::Moment;
use mapper::{Rejected, Site, Trace};

use super::entity::clinical;
use super::rows::{AtVisit, Diagnosis};
use super::{ENCOUNTER_DIAGNOSIS, PROBLEM_LIST_ITEM};
use crate::cells::{day, utc};
use crate::codes::equivalents;
use crate::kinds::{PROVIDER, USER, patient, refer, visit};

/// Our extension of Condition: `Acute` or `Chronic`. FHIR has no element for it.
const ACUITY: &str = "urn:chartgate:diagnosis-acuity";

/// An item of the problem list.
pub fn problem(row: &Diagnosis, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(site, row.cg_patient.as_deref(), row.cg_told_patient.as_deref());
    let mut condition = condition(row, subject, site, trace)?;
    condition.identifier = identifier(&row.key, row.cg_guid.as_deref(), site);
    condition.category = vec![Some(element::category(PROBLEM_LIST_ITEM))];
    Ok(finished(condition, us_core::CONDITION_PROBLEMS))
}

/// A diagnosis of a visit: all that the diagnosis says, the visit, and what was noted there.
pub fn visit_diagnosis(row: &AtVisit, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let (at, diagnosis) = (&row.visit, row.diagnosis.as_ref());
    let diagnosis = diagnosis.ok_or(Rejected("its diagnosis is not delivered"))?;
    let subject = patient(site, at.cg_patient.as_deref(), at.cg_told_patient.as_deref());
    let mut condition = condition(diagnosis, subject, site, trace)?;
    condition.identifier = identifier(&at.key, at.cg_guid.as_deref(), site);
    condition.category = vec![Some(element::category(ENCOUNTER_DIAGNOSIS))];
    condition.encounter = visit(site, at.cg_visit.as_deref(), at.cg_told_visit.as_deref());
    let own = at.comments.as_deref().and_then(|text| element::note(text, None));
    condition.note.extend(own.map(Some));
    Ok(finished(condition, us_core::CONDITION_ENCOUNTER_DIAGNOSIS))
}

fn identifier(key: &str, guid: Option<&str>, site: &Site) -> Vec<Option<Identifier>> {
    let guid = Cell {
        column: "diagnosisguid",
        text: guid,
    };
    element::identifiers(site, key, &[guid])
}

fn finished(condition: Condition, profile: &str) -> Resource {
    let mut resource = Resource::from(condition);
    element::set_profiles(&mut resource, &[profile]);
    resource
}

/// What both say.
fn condition(
    row: &Diagnosis,
    subject: Option<Reference>,
    site: &Site,
    trace: &mut Trace,
) -> Result<Condition, Rejected> {
    let mut condition = Condition::builder()
        .subject(subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Condition"))?;
    condition.code = Some(code(row, trace));
    condition.clinical_status = Some(element::clinical_status(clinical(row.stopdate.as_deref())));
    let onset = noted(cell!(row.startdate), "onset[x]", day, site, trace);
    condition.onset = onset.as_ref().map(element::date_time).map(ConditionOnset::DateTime);
    let abated = noted(cell!(row.stopdate), "abatement[x]", day, site, trace);
    condition.abatement = abated
        .as_ref()
        .map(element::date_time)
        .map(ConditionAbatement::DateTime);
    let recorded = noted(cell!(row.provenancedatetimeutc), "recordedDate", utc, site, trace);
    condition.recorded_date = recorded.as_ref().map(element::date_time);
    condition.recorder = recorder(row, site);
    condition.note = note(row, site, trace).map(Some).into_iter().collect();
    let acuity = row.diagnosisacuity.as_deref();
    condition.extension = acuity
        .map(|word| build::extension_string(ACUITY, word))
        .into_iter()
        .collect();
    Ok(condition)
}

fn noted(
    cell: Cell<'_>,
    element: &'static str,
    read: fn(Option<&str>, &Site) -> Option<Moment>,
    site: &Site,
    trace: &mut Trace,
) -> Option<Moment> {
    let moment = read(cell.text, site);
    element::note_moment(cell, moment.as_ref(), element, trace);
    moment
}

/// Every code whose label and shape agree; the name, else what the cell of the codes says, as text; else that it is unknown.
fn code(row: &Diagnosis, trace: &mut Trace) -> CodeableConcept {
    let found = row
        .diagnosiscodeequivalents
        .as_deref()
        .map(equivalents)
        .unwrap_or_default();
    for _ in 0..found.lost {
        trace.lost(
            "code.coding",
            "diagnosiscodeequivalents",
            "no code of the system that it is said to be of",
        );
    }
    let coding = |(system, code): &(mapper::codes::System, String)| build::coding(system.uri(), code, None);
    element::concept(found.codes.iter().map(coding).collect(), row.cg_text.as_deref())
}

/// The provider that the user is, else the user.
fn recorder(row: &Diagnosis, site: &Site) -> Option<Reference> {
    let (target, key) = match row.cg_recorder.as_deref() {
        Some(provider) => (PROVIDER, Some(provider)),
        None => (USER, row.cg_recorder_user.as_deref()),
    };
    refer(
        site,
        target,
        key,
        "provenanceehruserguid",
        row.cg_told_recorder.as_deref(),
    )
}

fn note(row: &Diagnosis, site: &Site, trace: &mut Trace) -> Option<Annotation> {
    let text = row.comments.as_deref()?;
    let time = noted(cell!(row.commententereddatetimeutc), "note.time", utc, site, trace);
    let mut note = element::note(text, time.as_ref().map(element::date_time))?;
    let author = refer(
        site,
        PROVIDER,
        row.cg_author.as_deref(),
        "commententeredbyproviderguid",
        row.cg_told_author.as_deref(),
    );
    note.author = author.map(AnnotationAuthor::Reference);
    Some(note)
}
