//! An order that was carried out as US Core Procedure.

use fhir::r4::Resource;
use mapper::element::{self, cell};
use mapper::{Rejected, Site, Trace};

use super::{COMPLETED, Row};
use crate::cells::{Span, moment, told_span};
use crate::dictionary::{Book, Coded, Named, concept};
use crate::kinds::{PROVIDER, patient, visit};
use crate::procedure::{self, Performed, Told};

pub fn order(coded: &Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Coded { row, terms } = coded;
    let named = Named {
        id: cell!(row.proc_id),
        name: row.proc_name.as_deref(),
        text: row.display_name.as_deref().or(row.description.as_deref()),
    };
    let code = concept(Book::Procedures, &named, terms, site, trace);
    let performer = if row.billing_prov_id.is_some() {
        cell!(row.billing_prov_id)
    } else {
        cell!(row.authrzing_prov_id)
    };
    procedure::resource(Told {
        identifier: element::identifiers(site, &row.key, &[cell!(row.order_proc_id)]),
        status: COMPLETED,
        reason: None,
        subject: patient(site, row.cg_patient.as_deref(), row.pat_id.as_deref()),
        encounter: visit(site, row.cg_encounter.as_deref(), row.pat_enc_csn_id.as_deref()),
        code,
        performed: Performed::At(performed(row, site, trace)),
        performer: element::reference(site, PROVIDER, row.cg_provider.as_deref(), performer),
        site: None,
        notes: vec![],
    })
}

/// From the start to the end; the start is `PROC_START_TIME`, without `PROC_BGN_TIME`.
fn performed(row: &Row, site: &Site, trace: &mut Trace) -> Span {
    const ELEMENT: &str = "performed[x]";
    let started = cell!(row.proc_start_time);
    let start = if moment(started.text, site.zone()).is_some() {
        started
    } else {
        element::note_moment(started, None, ELEMENT, trace);
        cell!(row.proc_bgn_time)
    };
    told_span([start, cell!(row.proc_ending_time)], site.zone(), ELEMENT, trace)
}
