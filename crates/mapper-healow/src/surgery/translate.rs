//! A `surgicalhistory` row as US Core Procedure.

use fhir::r4::{ProcedurePerformed, Resource};
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use crate::cells::day;
use crate::kinds::patient;
use crate::procedure::{self, COMPLETED, Told};

pub fn procedure(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(site, row.cg_patient.as_deref(), row.cg_patientid.as_deref());
    let mut done = procedure::new(subject, Some(COMPLETED))?;
    done.identifier = element::identifiers(site, &row.key, &[]);
    let told = Told {
        system: row.cg_system.as_deref(),
        code: row.cg_code.as_deref(),
        uncoded: Cell {
            text: row.cptcode.as_deref().filter(|_| row.cg_code.is_none()),
            ..cell!(row.cptcode)
        },
        text: row.cg_text.as_deref(),
        modifiers: [None, None],
    };
    done.code = Some(told.concept(trace));
    match (day(row.date.as_deref(), site), &row.date) {
        // Words say when it was as well.
        (None, Some(words)) => done.performed = Some(ProcedurePerformed::String(words.clone())),
        (moment, _) => procedure::performed(&mut done, moment.as_ref()),
    }
    Ok(procedure::finished(done))
}
