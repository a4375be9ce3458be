//! A problem as US Core Condition Problems and Health Concerns.

use fhir::r4::Resource;
use fhir::us_core;
use mapper::element::{self, Cell, cell};
use mapper::time::Moment;
use mapper::{Rejected, Site, Trace};

use super::{RESOLVED, Row};
use crate::cells::{moment, told_span};
use crate::codes::CLINICAL_STATUS;
use crate::condition::{self, PROBLEM_ITEM, Told};
use crate::dictionary::{Book, Coded, Named, concept};
use crate::kinds::{USER, patient};

pub fn problem(coded: &Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Coded { row, terms } = coded;
    let named = Named {
        id: cell!(row.dx_id),
        name: row.dx_name.as_deref(),
        text: row.description.as_deref(),
    };
    let code = concept(Book::Diagnoses, &named, terms, site, trace);
    let abated = noted(cell!(row.resolved_date), "abatement[x]", site, trace);
    let first_entry = Cell {
        column: "hx_date_of_entry",
        text: row.cg_recorded.as_deref(),
    };
    condition::resource(Told {
        profile: us_core::CONDITION_PROBLEMS,
        category: PROBLEM_ITEM,
        identifier: element::identifiers(site, &row.key, &[cell!(row.problem_list_id)]),
        subject: patient(site, row.cg_patient.as_deref(), row.cg_pat_id.as_deref()),
        encounter: None,
        code,
        clinical: clinical(cell!(row.problem_status_c_name), abated.is_some(), site, trace),
        onset: told_span(
            [cell!(row.noted_date), cell!(row.noted_end_date)],
            site.zone(),
            "onset[x]",
            trace,
        ),
        abated,
        recorded: noted(first_entry, "recordedDate", site, trace),
        recorder: element::reference(site, USER, row.cg_recorder.as_deref(), cell!(row.entry_user_id)),
        note: row.problem_cmt.as_deref(),
    })
}

fn noted(cell: Cell<'_>, element: &'static str, site: &Site, trace: &mut Trace) -> Option<Moment> {
    let moment = moment(cell.text, site.zone());
    element::note_moment(cell, moment.as_ref(), element, trace);
    moment
}

/// How far it has come; an end makes it resolved.
fn clinical(status: Cell<'_>, ended: bool, site: &Site, trace: &mut Trace) -> Option<&'static str> {
    let told = element::code(status, &CLINICAL_STATUS, site, trace);
    if !ended {
        return told;
    }
    if told.is_some_and(|code| code != RESOLVED) {
        trace.adjusted("clinicalStatus", status.column, "a condition with an end is resolved");
    }
    Some(RESOLVED)
}
