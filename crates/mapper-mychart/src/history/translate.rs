//! A surgery that a patient tells of as US Core Procedure.

use fhir::r4::Resource;
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::entity::{partial, performed};
use super::{COMPLETED, Row};
use crate::cells::moment;
use crate::dictionary::{Book, Coded, Named, concept};
use crate::kinds::{ENCOUNTER, patient};
use crate::procedure::{self, Performed, Told};

pub fn history(coded: &Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Coded { row, terms } = coded;
    let named = Named {
        id: cell!(row.proc_id),
        name: row.proc_name.as_deref(),
        text: None,
    };
    let code = concept(Book::Procedures, &named, terms, site, trace);
    procedure::resource(Told {
        identifier: element::identifiers(site, &row.key, &[]),
        status: COMPLETED,
        reason: None,
        subject: patient(site, row.cg_patient.as_deref(), row.cg_pat_id.as_deref()),
        encounter: element::reference(site, ENCOUNTER, row.cg_encounter.as_deref(), cell!(row.hx_lnk_enc_csn)),
        code,
        performed: when(row, site, trace),
        performer: None,
        site: row.surg_laterality_c_name.as_deref(),
        notes: row
            .comments
            .iter()
            .chain(&row.proc_comments)
            .map(String::as_str)
            .collect(),
    })
}

/// Days, else the text: as a date when it is one, as it stands when not.
fn when(row: &Row, site: &Site, trace: &mut Trace) -> Performed {
    const ELEMENT: &str = "performed[x]";
    let told = row.surgical_hx_date.as_deref();
    let span = performed(
        row.surg_hx_start_dt.as_deref(),
        row.surg_hx_end_dt.as_deref(),
        told,
        site,
    );
    let start = moment(row.surg_hx_start_dt.as_deref(), site.zone());
    element::note_moment(cell!(row.surg_hx_start_dt), start.as_ref(), ELEMENT, trace);
    if row.surg_hx_end_dt.is_some() && span.end.is_none() {
        let Cell { column, .. } = cell!(row.surg_hx_end_dt);
        trace.lost(ELEMENT, column, "not a date, or before the start");
    }
    match told {
        Some(text) if span.start.is_none() && span.end.is_none() && partial(told, site).is_none() => {
            Performed::Text(text.to_owned())
        }
        _ => Performed::At(span),
    }
}
