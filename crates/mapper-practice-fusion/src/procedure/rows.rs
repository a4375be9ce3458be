//! Procedures as loaded: two statements for a page.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use mapper::db::{AnyConnection, AnyDb};
use mapper::sql::Filter;
use mapper::{Loaded, Rows, load_rows};

use crate::tables::{patient_encounter_events, patient_encounter_procedures};

/// A procedure.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_encounter_procedures, check_for_backend(AnyDb))]
pub struct Row {
    pub key: String,
    pub procedurecode: Option<String>,
    pub procedurecodesystem: Option<String>,
    pub procedureperformedstatus: Option<String>,
    pub ordernote: Option<String>,
    pub cg_guid: Option<String>,
    pub cg_told_patient: Option<String>,
    pub cg_patient: Option<String>,
    pub cg_told_visit: Option<String>,
    pub cg_visit: Option<String>,
    pub cg_event: Option<String>,
    pub cg_told_performer: Option<String>,
    pub cg_performer: Option<String>,
    pub cg_told_recorder: Option<String>,
    pub cg_recorder: Option<String>,
    pub cg_system: Option<String>,
    pub cg_code: Option<String>,
    pub cg_text: Option<String>,
    pub cg_modifiers: Option<String>,
    pub cg_updated: NaiveDateTime,
}

/// When it was performed, and whether.
#[derive(Queryable, Selectable, Clone)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_encounter_events, check_for_backend(AnyDb))]
pub struct Event {
    pub key: String,
    pub startdatetimeutc: Option<String>,
    pub enddatetimeutc: Option<String>,
    pub eventreasoncodesystem: Option<String>,
    pub eventreasoncode: Option<String>,
    pub eventreasonname: Option<String>,
    pub eventreasonisnegated: Option<String>,
    pub cg_negated: Option<String>,
}

/// Both.
#[cfg_attr(test, derive(Default))]
pub struct Performed {
    pub row: Row,
    pub event: Option<Event>,
}

/// Loads procedures with their events.
pub fn performed(
    conn: &mut AnyConnection,
    rows: Rows<patient_encounter_procedures::table>,
) -> QueryResult<Loaded<Performed>> {
    use patient_encounter_events as e;
    let found = load_rows!(conn, rows, patient_encounter_procedures::table, Row)?;
    let keys: Vec<&str> = found.iter().filter_map(|(row, _)| row.cg_event.as_deref()).collect();
    let mut events: HashMap<String, Event> = HashMap::new();
    if !keys.is_empty() {
        let rows: Vec<Event> = mapper::explain::load(
            conn,
            e::table.select(Event::as_select()).filter(Filter::one_of(e::key, keys)),
        )?;
        events.extend(rows.into_iter().map(|event| (event.key.clone(), event)));
    }
    let both = |(row, sort): (Row, _)| {
        let event = row.cg_event.as_ref().and_then(|key| events.get(key).cloned());
        (Performed { row, event }, sort)
    };
    Ok(found.into_iter().map(both).collect())
}
