//! A procedure as US Core Procedure.

use fhir::r4::codes::EventStatus;
use fhir::r4::types::CodeableConcept;
use fhir::r4::{Procedure, ProcedurePerformed, ProcedurePerformedExtension, Resource};
use fhir::{build, us_core};
use mapper::codes::{self, System};
use mapper::element::{self, Cell, cell};
use mapper::{Rejected, Site, Trace};

use super::rows::{Event, Performed, Row};
use crate::cells::{Span, flag, utc};
use crate::codes::{PROCEDURE_STATUS, PROCEDURE_SYSTEM};
use crate::kinds::{PROVIDER, patient, refer, visit};

/// The resource.
pub fn procedure(performed: &Performed, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let (row, event) = (&performed.row, performed.event.as_ref());
    let subject = patient(site, row.cg_patient.as_deref(), row.cg_told_patient.as_deref());
    let told = element::code(cell!(row.procedureperformedstatus), &PROCEDURE_STATUS, site, trace);
    let negated = event.is_some_and(|event| event.cg_negated.is_some());
    let status = element::event_status(if negated { Some("not-done") } else { told });
    let mut procedure = Procedure::builder()
        .status(status)
        .subject(subject.ok_or(Rejected("no patient"))?)
        .build()
        .map_err(|_builder| Rejected("not a Procedure"))?;
    let guid = Cell {
        column: "procedureguid",
        text: row.cg_guid.as_deref(),
    };
    procedure.identifier = element::identifiers(site, &row.key, &[guid]);
    procedure.encounter = visit(site, row.cg_visit.as_deref(), row.cg_told_visit.as_deref());
    procedure.code = Some(code(row, site, trace));
    when(event, status, &mut procedure, site, trace);
    let reason = event.and_then(|event| reason(event, trace));
    if negated {
        procedure.status_reason = reason;
    } else {
        procedure.reason_code = reason.map(Some).into_iter().collect();
    }
    people(row, &mut procedure, site);
    let note = row.ordernote.as_deref().and_then(|text| element::note(text, None));
    procedure.note = note.map(Some).into_iter().collect();
    let mut resource = Resource::from(procedure);
    element::set_profiles(&mut resource, &[us_core::PROCEDURE]);
    Ok(resource)
}

/// Who performed it and who recorded it.
fn people(row: &Row, procedure: &mut Procedure, site: &Site) {
    let performer = refer(
        site,
        PROVIDER,
        row.cg_performer.as_deref(),
        "onbehalfofproviderguid",
        row.cg_told_performer.as_deref(),
    );
    procedure.performer = performer.and_then(element::performer).map(Some).into_iter().collect();
    procedure.recorder = refer(
        site,
        PROVIDER,
        row.cg_recorder.as_deref(),
        "createdbyproviderguid",
        row.cg_told_recorder.as_deref(),
    );
}

/// When it was performed, as its event says; of what has been begun that it is not known (US Core us-core-7 asks for one of them).
fn when(event: Option<&Event>, status: EventStatus, procedure: &mut Procedure, site: &Site, trace: &mut Trace) {
    let span = event.map(|event| {
        let at = |cell: &Option<String>| utc(cell.as_deref(), site);
        let span = Span::new(at(&event.startdatetimeutc), at(&event.enddatetimeutc));
        let (start, end) = (cell!(event.startdatetimeutc), cell!(event.enddatetimeutc));
        span.note(start, end, ["performed[x]", "performedPeriod.end"], trace);
        span
    });
    let span = span.unwrap_or_default();
    procedure.performed = match (&span.start, &span.end) {
        (Some(start), None) => Some(ProcedurePerformed::DateTime(element::date_time(start))),
        _ => span.period().map(ProcedurePerformed::Period),
    };
    let begun = matches!(status, EventStatus::Completed | EventStatus::InProgress);
    if procedure.performed.is_none() && begun {
        procedure.performed_ext = Some(ProcedurePerformedExtension::DateTime(build::absent("unknown")));
    }
}

/// The coding when its system is said and its shape is right, its modifiers beside it; the name, else the code, as text.
fn code(row: &Row, site: &Site, trace: &mut Trace) -> CodeableConcept {
    element::code(cell!(row.procedurecodesystem), &PROCEDURE_SYSTEM, site, trace);
    let system = row.cg_system.as_deref().and_then(System::from_tag);
    let coding = system
        .zip(row.cg_code.as_deref())
        .map(|(system, code)| build::coding(system.uri(), code, None));
    if coding.is_none() && row.procedurecode.is_some() {
        trace.lost("code.coding", "procedurecode", "no code whose system is certain");
    }
    let mut concept = element::concept(coding.into_iter().collect(), row.cg_text.as_deref());
    let modifiers = row.cg_modifiers.iter().flat_map(|m| m.split(','));
    concept.extension = modifiers.map(element::modifier).collect();
    concept
}

/// Why it was done, or not. A reason that is said not to be one is none.
fn reason(event: &Event, trace: &mut Trace) -> Option<CodeableConcept> {
    let (raw, name) = (event.eventreasoncode.as_deref(), event.eventreasonname.as_deref());
    raw.or(name)?;
    if flag(event.eventreasonisnegated.as_deref()) == Some(true) {
        trace.lost("reasonCode", "eventreasonisnegated", "said not to be the reason");
        return None;
    }
    let label = event.eventreasoncodesystem.as_deref();
    let read = raw
        .zip(label)
        .map(|(raw, label)| codes::diagnosis(raw, Some(label), None))
        .unwrap_or_default();
    if raw.is_some() && read.coding.is_none() {
        trace.lost(
            "reasonCode.coding",
            "eventreasoncode",
            "no code whose system is certain",
        );
    }
    let text = name.or(raw.filter(|_| read.coding.is_none()));
    let coding = read
        .coding
        .map(|(system, code)| build::coding(system.uri(), &code, None));
    Some(element::concept(coding.into_iter().collect(), text))
}
