//! A `problemlist` row as US Core Condition Problems and Health Concerns.

use fhir::r4::{Condition, ConditionAbatement, ConditionOnset, DateTime, Resource};
use fhir::us_core;
use mapper::element::{self, Cell, cell};
use mapper::{Mapped, Rejected, Site, Trace};

use super::Row;
use crate::cells::day;
use crate::codes::{CONDITION_CLINICAL, CONDITION_VERIFICATION};
use crate::condition::Told;
use crate::kinds::{ENCOUNTER, PRACTITIONER, patient};

/// What every row is.
pub const CATEGORY: &str = "problem-list-item";

pub fn condition(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(site, row.cg_patient.as_deref(), row.patientid.as_deref());
    let mut condition = Condition::builder()
        .subject(subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Condition"))?;
    let told = Told {
        system: row.cg_system.as_deref(),
        code: row.cg_code.as_deref(),
        uncoded: row.cg_uncoded.as_deref(),
        text: row.cg_text.as_deref(),
        told_snomed: cell!(row.snomed),
        snomed: row.cg_snomed.as_deref(),
    };
    condition.identifier = element::identifiers(site, &row.key, &[cell!(row.slno)]);
    condition.encounter = element::reference(site, ENCOUNTER, row.cg_encounter.as_deref(), cell!(row.encounterid));
    condition.category = vec![Some(element::category(CATEGORY))];
    condition.code = Some(told.concept(trace));
    condition.clinical_status = clinical(row, site, trace).map(element::clinical_status);
    let verification = element::code(cell!(row.wustatus), &CONDITION_VERIFICATION, site, trace);
    condition.verification_status = verification.map(element::verification_status);
    condition.onset = moment(cell!(row.onsetdate), "onset[x]", site, trace).map(ConditionOnset::DateTime);
    condition.abatement = moment(cell!(row.resolvedon), "abatement[x]", site, trace).map(ConditionAbatement::DateTime);
    condition.recorded_date = moment(cell!(row.addeddate), "recordedDate", site, trace);
    condition.recorder = element::reference(site, PRACTITIONER, row.cg_recorder.as_deref(), cell!(row.userid));
    condition.note = told.notes([row.specify.as_deref(), row.notes.as_deref()]);
    let mut resource = Resource::from(condition);
    element::set_profiles(&mut resource, &[us_core::CONDITION_PROBLEMS]);
    Ok(resource)
}

fn moment(cell: Cell<'_>, element: &'static str, site: &Site, trace: &mut Trace) -> Option<DateTime> {
    let moment = day(cell.text, site);
    element::note_moment(cell, moment.as_ref(), element, trace);
    moment.as_ref().map(element::date_time)
}

/// Decided at load from four columns. A word that says something else, or nothing, is noted.
fn clinical<'r>(row: &'r Row, site: &Site, trace: &mut Trace) -> Option<&'r str> {
    match (site.code(&CONDITION_CLINICAL, row.condition.as_deref()), &row.condition) {
        (Mapped::Unmapped(_), Some(word)) => trace.unmapped(CONDITION_CLINICAL.name, word),
        (Mapped::Known(code), _) if row.cg_clinical.as_deref() != Some(code) => {
            trace.adjusted("clinicalStatus", "condition", "flags and days win over the word");
        }
        _ => {}
    }
    row.cg_clinical.as_deref()
}
