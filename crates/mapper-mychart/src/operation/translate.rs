//! A procedure of the operating room's log as US Core Procedure.

use fhir::build;
use fhir::r4::Resource;
use fhir::r4::types::CodeableConcept;
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use crate::cells::{Span, moment};
use crate::dictionary::{Book, Coded, Term};
use crate::kinds::{PROVIDER, patient};
use crate::procedure::{self, Performed, Told};

pub fn operation(coded: &Coded<Row>, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Coded { row, terms } = coded;
    let day = Cell {
        column: "surgery_date",
        text: row.cg_surgery_date.as_deref(),
    };
    let performed = moment(day.text, site.zone());
    element::note_moment(day, performed.as_ref(), "performed[x]", trace);
    let physician = Cell {
        column: "primary_phys_id",
        text: row.cg_physician.as_deref(),
    };
    procedure::resource(Told {
        identifier: element::identifiers(site, &row.key, &[]),
        status: row.cg_status.as_deref().unwrap_or(UNKNOWN),
        reason: row.cg_not_performed.as_deref(),
        subject: patient(site, row.cg_patient.as_deref(), row.cg_pat_id.as_deref()),
        encounter: None,
        code: code(row, terms, site),
        performed: Performed::At(Span::new(performed, None)),
        performer: element::reference(site, PROVIDER, row.cg_provider.as_deref(), physician),
        site: row.lrb_c_name.as_deref(),
        notes: vec![],
    })
}

/// `Procedure.status` of a case whose log says none.
const UNKNOWN: &str = "unknown";

/// The operating room has a dictionary of its own; its records may name one of the other's, which has standard codes.
fn code(row: &Row, terms: &[Term], site: &Site) -> CodeableConcept {
    let name = row.or_proc_name.as_deref();
    let own = cell!(row.or_proc_id);
    let own = own.text.map(|id| build::coding(&site.system(own.column), id, name));
    let other = Book::Procedures.codings(row.proc_eap_id.as_deref(), None, terms, site);
    element::concept(
        own.into_iter().chain(other).collect(),
        name.or_else(|| Book::Procedures.name(terms)),
    )
}
