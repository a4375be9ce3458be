//! A `billingdata` row as US Core Procedure.

use fhir::build;
use fhir::r4::types::CodeableConcept;
use fhir::r4::{Procedure, ProcedurePerformed, Resource};
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace, codes, time};

use super::Row;
use super::entity::days;
use crate::cells::{DAYS, modifier};
use crate::kinds::{ENCOUNTER, PRACTITIONER, patient};
use crate::procedure::{self, COMPLETED, Told};

pub fn procedure(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(site, row.cg_patient.as_deref(), row.cg_patientid.as_deref());
    let mut done = procedure::new(subject, Some(COMPLETED))?;
    done.identifier = element::identifiers(site, &row.key, &[cell!(row.id)]);
    done.encounter = element::reference(site, ENCOUNTER, row.cg_encounter.as_deref(), cell!(row.encounterid));
    let told = Told {
        system: row.cg_system.as_deref(),
        code: row.cg_code.as_deref(),
        uncoded: Cell {
            column: "itemdetail.value",
            text: row.cg_uncoded.as_deref(),
        },
        text: row.cg_text.as_deref(),
        modifiers: [row.cg_item_modifiers.as_deref(), row.cg_modifiers.as_deref()],
    };
    note_modifiers(row, trace);
    done.code = Some(told.concept(trace));
    performed(row, &mut done, site, trace);
    let who = element::reference(site, PRACTITIONER, row.cg_provider.as_deref(), cell!(row.providerid));
    done.performer = who.and_then(element::performer).map(Some).into_iter().collect();
    done.reason_code = reasons(row, trace);
    Ok(procedure::finished(done))
}

fn note_modifiers(row: &Row, trace: &mut Trace) {
    for cell in [cell!(row.mod1), cell!(row.mod2), cell!(row.mod3), cell!(row.mod4)] {
        if cell.text.is_some_and(|text| modifier(text).is_none()) {
            trace.lost("code.extension", cell.column, "not a modifier");
        }
    }
}

/// The day, or from the first one to the last.
fn performed(row: &Row, done: &mut Procedure, site: &Site, trace: &mut Trace) {
    let (first, last) = days(row.date.as_deref(), row.enddate.as_deref(), site);
    element::note_moment(cell!(row.date), first.as_ref(), "performed[x]", trace);
    let one_day = row.enddate == row.date || row.enddate.is_none();
    if last.is_none() && !one_day {
        trace.lost("performed[x]", "enddate", "not a later day than `date`");
    }
    let moment = |m: &time::Moment| Some(element::date_time(m));
    let period = last
        .as_ref()
        .and_then(|last| build::period(first.as_ref().and_then(moment), moment(last)));
    match period {
        Some(period) => done.performed = Some(ProcedurePerformed::Period(period)),
        None => procedure::performed(done, first.as_ref()),
    }
}

/// The diagnoses as billed. Which ICD they are of is told by their form and the day.
fn reasons(row: &Row, trace: &mut Trace) -> Vec<Option<CodeableConcept>> {
    let day = row.date.as_deref().and_then(|cell| time::parse(cell, DAYS).ok());
    let cells = [
        cell!(row.icdcode1),
        cell!(row.icdcode2),
        cell!(row.icdcode3),
        cell!(row.icdcode4),
    ];
    let mut found = vec![];
    for cell in cells {
        let Some(text) = cell.text else { continue };
        let read = codes::diagnosis(text, None, day.map(time::Civil::date));
        let coding = read
            .coding
            .map(|(system, code)| build::coding(system.uri(), &code, None));
        if coding.is_none() {
            trace.lost("reasonCode.coding", cell.column, "no code whose system is certain");
        }
        let coded = coding.is_some();
        let text = read.text.as_deref().or(Some(text).filter(|_| !coded));
        found.push(Some(element::concept(coding.into_iter().collect(), text)));
    }
    found
}
