//! A `labdata` row as US Core Procedure.

use fhir::r4::Resource;
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use super::when;
use crate::cells::resolve;
use crate::codes::PROCEDURE_STATUS;
use crate::kinds::{ENCOUNTER, patient};
use crate::procedure::{self, Told};

pub fn procedure(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(site, row.cg_patient.as_deref(), row.cg_patientid.as_deref());
    let status = element::code(cell!(row.received), &PROCEDURE_STATUS, site, trace);
    let mut done = procedure::new(subject, status)?;
    done.identifier = element::identifiers(site, &row.key, &[cell!(row.reportid)]);
    let visit = Cell {
        column: "encounterid",
        text: row.cg_visitid.as_deref(),
    };
    done.encounter = element::reference(site, ENCOUNTER, row.cg_encounter.as_deref(), visit);
    let told = Told {
        system: row.cg_system.as_deref(),
        code: row.cg_code.as_deref(),
        uncoded: Cell {
            column: "itemdetail.value",
            text: row.cg_uncoded.as_deref(),
        },
        text: row.cg_text.as_deref(),
        modifiers: [row.cg_item_modifiers.as_deref(), None],
    };
    done.code = Some(told.concept(trace));
    let when = when::Told {
        colldate: cell!(row.colldate),
        colltime: cell!(row.colltime),
        resultdate: cell!(row.resultdate),
    };
    let when = when.read();
    for (column, why) in &when.lost {
        trace.lost("performed[x]", column, why);
    }
    let zone = site.zone_named(row.cg_zone.as_deref());
    let moment = when.civil.map(|civil| resolve(civil, zone, site));
    let cell = Cell {
        column: when.column,
        text: None,
    };
    element::note_moment(cell, moment.as_ref(), "performed[x]", trace);
    procedure::performed(&mut done, moment.as_ref());
    Ok(procedure::finished(done))
}
