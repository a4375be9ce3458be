//! A visit as US Core Encounter.

use fhir::build;
use fhir::r4::types::CodeableConcept;
use fhir::r4::{Encounter, EncounterHospitalization, Resource};
use fhir::us_core;
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::{Reason, Row, Visit};
use crate::cells::{Span, moment, told_span};
use crate::codes::{APPT_STATUS, DISCHARGE_DISPOSITION, ENCOUNTER_CLASS, ENCOUNTER_STATUS};
use crate::kinds::{LOCATION, ORGANIZATION, PROVIDER, patient};

pub fn encounter(visit: &Visit, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Visit { row, reasons } = visit;
    let subject = patient(site, row.cg_patient.as_deref(), row.pat_id.as_deref()).ok_or(Rejected("no patient"))?;
    let class = Cell {
        column: "adt_pat_class_c_name",
        text: row.cg_class.as_deref(),
    };
    let class = element::act_class(element::code(class, &ENCOUNTER_CLASS, site, trace));
    let mut encounter = Encounter::builder()
        .status(element::encounter_status(row.cg_status.as_deref()))
        .class(class)
        .build()
        .map_err(|_builder| Rejected("not an Encounter"))?;
    note_status(row, site, trace);
    encounter.subject = Some(subject);
    let numbers = [cell!(row.pat_enc_csn_id), cell!(row.external_visit_id)];
    encounter.identifier = element::identifiers(site, &row.key, &numbers);
    // US Core wants a kind of visit, which the export does not tell.
    encounter.r#type = vec![Some(build::absent_concept())];
    encounter.reason_code = reasons.iter().filter_map(|r| reason(r, site)).map(Some).collect();
    encounter.period = when(row, site, trace).period();
    let provider = element::reference(site, PROVIDER, row.cg_provider.as_deref(), cell!(row.visit_prov_id));
    let participant = provider.and_then(|who| element::participant(who, "PPRF", None));
    encounter.participant = participant.map(Some).into_iter().collect();
    let place = element::reference(site, LOCATION, row.cg_location.as_deref(), cell!(row.department_id));
    encounter.location = place.and_then(element::place).map(Some).into_iter().collect();
    let organization = row.cg_organization.as_deref();
    encounter.service_provider = element::reference(site, ORGANIZATION, organization, cell!(row.primary_loc_id));
    encounter.hospitalization = discharge(row, site, trace);
    let mut resource = Resource::from(encounter);
    element::set_profiles(&mut resource, &[us_core::ENCOUNTER]);
    Ok(resource)
}

/// The status itself is found at load; here only words that say none are noted.
fn note_status(row: &Row, site: &Site, trace: &mut Trace) {
    let appointment = element::code(cell!(row.appt_status_c_name), &APPT_STATUS, site, trace);
    if appointment.is_none() {
        element::code(cell!(row.calculated_enc_stat_c_name), &ENCOUNTER_STATUS, site, trace);
    }
}

/// The name of a reason, else what was written in its place, beside the organisation's number.
fn reason(reason: &Reason, site: &Site) -> Option<CodeableConcept> {
    let id = cell!(reason.enc_reason_id);
    let name = reason.enc_reason_name.as_deref();
    let text = name.or(reason.comments.as_deref());
    let coding = id.text.map(|code| build::coding(&site.system(id.column), code, name));
    (coding.is_some() || text.is_some()).then(|| build::concept(coding.into_iter().collect(), text))
}

/// A stay's times first, then the contact's own; of each side the first cell that is a date.
fn when(row: &Row, site: &Site, trace: &mut Trace) -> Span {
    let of = |column, text| Cell { column, text };
    let begun = [
        of("pat_enc_hsp.hosp_admsn_time", row.cg_admsn_time.as_deref()),
        cell!(row.hosp_admsn_time),
        cell!(row.effective_date_dttm),
        cell!(row.contact_date),
    ];
    let ended = [
        of("pat_enc_hsp.hosp_disch_time", row.cg_disch_time.as_deref()),
        cell!(row.hosp_dischrg_time),
    ];
    let zone = site.zone_named(row.cg_zone.as_deref());
    let start = first(&begun, zone, "period.start", trace);
    let end = first(&ended, zone, "period.end", trace);
    told_span([start, end], zone, "period", trace)
}

/// The first cell that is a date; those before it that are none are noted.
fn first<'a>(cells: &[Cell<'a>], zone: chrono_tz::Tz, element: &'static str, trace: &mut Trace) -> Cell<'a> {
    for cell in cells.iter().filter(|cell| cell.text.is_some()) {
        if moment(cell.text, zone).is_some() {
            return *cell;
        }
        element::note_moment(*cell, None, element, trace);
    }
    Cell { column: "", text: None }
}

/// Where the patient went from a stay.
fn discharge(row: &Row, site: &Site, trace: &mut Trace) -> Option<EncounterHospitalization> {
    let told = Cell {
        column: "disch_disp_c_name",
        text: row.cg_disch_disp.as_deref(),
    };
    let text = told.text?;
    let code = element::code(told, &DISCHARGE_DISPOSITION, site, trace);
    let coding = code.map(|code| build::coding(DISCHARGE_DISPOSITION.system, code, None));
    let concept = build::concept(coding.into_iter().collect(), Some(text));
    EncounterHospitalization::builder()
        .discharge_disposition(concept)
        .build()
        .ok()
}
