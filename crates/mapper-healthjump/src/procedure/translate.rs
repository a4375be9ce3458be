//! A procedure as US Core Procedure.

use fhir::build;
use fhir::r4::types::CodeableConcept;
use fhir::r4::{Procedure, ProcedurePerformed, ProcedurePerformedExtension, Resource};
use fhir::us_core;
use mapper::codes::System;
use mapper::element::{self, cell};
use mapper::{Rejected, Site, Trace};

use super::Row;
use crate::cells::visit;
use crate::codes::PROCEDURE_STATUS;
use crate::kinds::{ENCOUNTER, PRACTITIONER, patient};

pub fn procedure(row: &Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let subject = patient(
        site,
        row.cg_patient.as_deref(),
        row.patient_id.as_deref(),
        cell!(row.client_patient_id),
    );
    let mut procedure = Procedure::builder()
        .status(element::event_status(element::code(
            cell!(row.status),
            &PROCEDURE_STATUS,
            site,
            trace,
        )))
        .subject(subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Procedure"))?;
    let ids = [
        cell!(row.procedureid),
        cell!(row.procedure_id),
        cell!(row.source_procedure_id),
    ];
    procedure.identifier = element::identifiers(site, &row.key, &ids);
    let visit = if row.encounterid.is_some() {
        cell!(row.encounterid)
    } else {
        cell!(row.encounter_id)
    };
    procedure.encounter = element::reference(site, ENCOUNTER, row.cg_encounter.as_deref(), visit);
    procedure.code = Some(code(row, trace));
    performed(row, &mut procedure, site, trace);
    let who = element::reference(site, PRACTITIONER, row.cg_provider.as_deref(), cell!(row.provider_id));
    procedure.performer = who.and_then(element::performer).map(Some).into_iter().collect();
    let mut resource = Resource::from(procedure);
    element::set_profiles(&mut resource, &[us_core::PROCEDURE]);
    Ok(resource)
}

/// When it was done; that it is not known when the row does not say (US Core us-core-7 asks for one of them).
fn performed(row: &Row, procedure: &mut Procedure, site: &Site, trace: &mut Trace) {
    let done = visit(
        row.procedure_date.as_deref(),
        row.procedure_time.as_deref(),
        None,
        None,
        site,
    );
    element::note_moment(
        cell!(row.procedure_date),
        done.span.start.as_ref(),
        "performed[x]",
        trace,
    );
    if done.time_lost {
        trace.lost("performed[x]", "procedure_time", "not a time of day, or without a day");
    }
    match &done.span.start {
        Some(moment) => procedure.performed = Some(ProcedurePerformed::DateTime(element::date_time(moment))),
        None => procedure.performed_ext = Some(ProcedurePerformedExtension::DateTime(build::absent("unknown"))),
    }
}

/// The coding when its system is certain, its modifiers beside it; the description, else what the cell says, as text;
/// else that it is unknown.
fn code(row: &Row, trace: &mut Trace) -> CodeableConcept {
    let system = row.cg_system.as_deref().and_then(System::from_tag);
    let coding = system
        .zip(row.cg_code.as_deref())
        .map(|(system, code)| build::coding(system.uri(), code, None));
    if coding.is_none() && row.procedure_code.is_some() {
        trace.lost("code.coding", "procedure_code", "no code whose system is certain");
    }
    let text = row.cg_text.as_deref();
    let mut concept = element::concept(coding.into_iter().collect(), text);
    concept.extension = row
        .cg_modifiers
        .iter()
        .flat_map(|m| m.split(','))
        .map(element::modifier)
        .collect();
    concept
}
