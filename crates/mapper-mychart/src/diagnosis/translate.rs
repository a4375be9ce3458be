//! A diagnosis of a contact as US Core Condition Encounter Diagnosis.

use fhir::r4::Resource;
use fhir::us_core;
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use crate::cells::{moment, told_span};
use crate::condition::{self, Told, VISIT_DIAGNOSIS};
use crate::dictionary::{Book, Coded, Named, concept};
use crate::kinds::{patient, visit};

pub fn diagnosis(coded: &Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Coded { row, terms } = coded;
    let named = Named {
        id: cell!(row.dx_id),
        name: row.dx_name.as_deref(),
        text: row.annotation.as_deref(),
    };
    let code = concept(Book::Diagnoses, &named, terms, site, trace);
    let recorded = moment(row.contact_date.as_deref(), site.zone());
    element::note_moment(cell!(row.contact_date), recorded.as_ref(), "recordedDate", trace);
    condition::resource(Told {
        profile: us_core::CONDITION_ENCOUNTER_DIAGNOSIS,
        category: VISIT_DIAGNOSIS,
        identifier: element::identifiers(site, &row.key, &[]),
        subject: patient(site, row.cg_patient.as_deref(), row.cg_pat_id.as_deref()),
        encounter: visit(site, row.cg_encounter.as_deref(), row.pat_enc_csn_id.as_deref()),
        code,
        clinical: row.cg_clinical.as_deref(),
        onset: told_span(problem(row), site.zone(), "onset[x]", trace),
        abated: None,
        recorded,
        recorder: None,
        note: row.comments.as_deref(),
    })
}

/// When the linked problem began.
fn problem(row: &Row) -> [Cell<'_>; 2] {
    let of = |column, text| Cell { column, text };
    [
        of("dx_link_prob_id.noted_date", row.cg_noted.as_deref()),
        of("dx_link_prob_id.noted_end_date", row.cg_noted_end.as_deref()),
    ]
}
