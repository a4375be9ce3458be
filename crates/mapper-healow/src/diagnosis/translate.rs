//! A `diagnosis` row as US Core Condition Encounter Diagnosis.

use fhir::r4::{Condition, ConditionOnset, Resource};
use fhir::us_core;
use mapper::element::{self, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use crate::cells::day;
use crate::condition::Told;
use crate::kinds::{ENCOUNTER, patient};

/// What every row is.
pub const CATEGORY: &str = "encounter-diagnosis";

pub fn condition(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(site, row.cg_patient.as_deref(), row.cg_patientid.as_deref());
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
    let onset = day(row.asmtonsetdate.as_deref(), site);
    element::note_moment(cell!(row.asmtonsetdate), onset.as_ref(), "onset[x]", trace);
    condition.onset = onset.as_ref().map(element::date_time).map(ConditionOnset::DateTime);
    condition.note = told.notes([row.specify.as_deref(), row.notes.as_deref()]);
    let mut resource = Resource::from(condition);
    element::set_profiles(&mut resource, &[us_core::CONDITION_ENCOUNTER_DIAGNOSIS]);
    Ok(resource)
}
