//! A diagnosis as one of US Core's two Conditions.

use fhir::build;
use fhir::r4::types::CodeableConcept;
use fhir::r4::{Condition, ConditionAbatement, ConditionOnset, DateTime, Resource};
use fhir::us_core;
use mapper::codes::System;
use mapper::element::{self, Cell, cell};
use mapper::{Mapped, Rejected, Site, Trace};

use super::{PROBLEM, RESOLVED, Row, VISIT_DIAGNOSIS};
use crate::cells::day;
use crate::codes::{CONDITION_CLINICAL, CONDITION_VERIFICATION};
use crate::kinds::{ENCOUNTER, PRACTITIONER, patient};

pub fn condition(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(
        site,
        row.cg_patient.as_deref(),
        row.patient_id.as_deref(),
        cell!(row.client_patient_id),
    );
    let mut condition = Condition::builder()
        .subject(subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Condition"))?;
    let ids = [
        cell!(row.diagnosisid),
        cell!(row.diagnosis_id),
        cell!(row.source_diagnosis_id),
    ];
    condition.identifier = element::identifiers(site, &row.key, &ids);
    let visit = if row.encounterid.is_some() {
        cell!(row.encounterid)
    } else {
        cell!(row.encounter_id)
    };
    condition.encounter = element::reference(site, ENCOUNTER, row.cg_encounter.as_deref(), visit);
    let (category, profile) = match visit.text {
        Some(_) => (VISIT_DIAGNOSIS, us_core::CONDITION_ENCOUNTER_DIAGNOSIS),
        None => (PROBLEM, us_core::CONDITION_PROBLEMS),
    };
    condition.category = vec![Some(element::category(category))];
    condition.code = Some(code(row, trace));
    condition.onset = moment(cell!(row.onset_date), "onset[x]", site, trace).map(ConditionOnset::DateTime);
    condition.abatement =
        moment(cell!(row.resolved_date), "abatement[x]", site, trace).map(ConditionAbatement::DateTime);
    condition.recorded_date = moment(cell!(row.diagnosis_date), "recordedDate", site, trace);
    condition.recorder = element::reference(site, PRACTITIONER, row.cg_provider.as_deref(), cell!(row.provider_id));
    let ended = condition.abatement.is_some();
    let (clinical, verification) = statuses(cell!(row.status), ended, site, trace);
    condition.clinical_status = clinical.map(element::clinical_status);
    condition.verification_status = verification.map(element::verification_status);
    let mut resource = Resource::from(condition);
    element::set_profiles(&mut resource, &[profile]);
    Ok(resource)
}

fn moment(cell: Cell<'_>, element: &'static str, site: &Site, trace: &mut Trace) -> Option<DateTime> {
    let moment = day(cell.text, site);
    element::note_moment(cell, moment.as_ref(), element, trace);
    moment.as_ref().map(element::date_time)
}

/// The coding when its system is certain; the description, else what the cell says, as text; else that it is unknown.
fn code(row: &Row, trace: &mut Trace) -> CodeableConcept {
    let system = row.cg_system.as_deref().and_then(System::from_tag);
    let coding = system
        .zip(row.cg_code.as_deref())
        .map(|(system, code)| build::coding(system.uri(), code, None));
    if coding.is_none() && row.diagnosis_code.is_some() {
        trace.lost("code.coding", "diagnosis_code", "no code whose system is certain");
    }
    let text = row.cg_text.as_deref();
    element::concept(coding.into_iter().collect(), text)
}

/// One column says either how far the condition has come or how sure it is; an end of its own makes it resolved.
fn statuses(
    status: Cell<'_>,
    ended: bool,
    site: &Site,
    trace: &mut Trace,
) -> (Option<&'static str>, Option<&'static str>) {
    let clinical = site.code(&CONDITION_CLINICAL, status.text);
    let verification = site.code(&CONDITION_VERIFICATION, status.text);
    if let (Mapped::Unmapped(_), Mapped::Unmapped(_), Some(word)) = (clinical, verification, status.text) {
        trace.unmapped(CONDITION_CLINICAL.name, word);
    }
    if ended && clinical.code().is_some_and(|code| code != RESOLVED) {
        trace.adjusted("clinicalStatus", status.column, "a condition with an end is resolved");
    }
    (
        if ended { Some(RESOLVED) } else { clinical.code() },
        verification.code(),
    )
}
