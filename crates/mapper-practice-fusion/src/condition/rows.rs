//! Diagnoses as loaded: two statements for a page of visits' diagnoses.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use mapper::db::{AnyConnection, AnyDb};
use mapper::sql::Filter;
use mapper::{Loaded, Rows, load_rows};

use crate::tables::{patient_diagnoses, patient_encounter_diagnoses};

/// A diagnosis of the problem list.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_diagnoses, check_for_backend(AnyDb))]
pub struct Diagnosis {
    pub key: String,
    pub diagnosiscodeequivalents: Option<String>,
    pub diagnosisacuity: Option<String>,
    pub startdate: Option<String>,
    pub stopdate: Option<String>,
    pub comments: Option<String>,
    pub commententereddatetimeutc: Option<String>,
    pub provenancedatetimeutc: Option<String>,
    pub cg_guid: Option<String>,
    pub cg_told_patient: Option<String>,
    pub cg_patient: Option<String>,
    pub cg_told_recorder: Option<String>,
    pub cg_recorder_user: Option<String>,
    pub cg_recorder: Option<String>,
    pub cg_told_author: Option<String>,
    pub cg_author: Option<String>,
    pub cg_text: Option<String>,
    pub cg_updated: NaiveDateTime,
}

/// That it was diagnosed at a visit.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_encounter_diagnoses, check_for_backend(AnyDb))]
pub struct Visit {
    pub key: String,
    pub comments: Option<String>,
    pub cg_guid: Option<String>,
    pub cg_told_patient: Option<String>,
    pub cg_patient: Option<String>,
    pub cg_told_visit: Option<String>,
    pub cg_visit: Option<String>,
    pub cg_diagnosis: Option<String>,
    pub cg_updated: NaiveDateTime,
}

/// Both. Rows whose diagnosis is not there are on hold, so `diagnosis` is always there in what is served.
pub struct AtVisit {
    pub visit: Visit,
    pub diagnosis: Option<Rc<Diagnosis>>,
}

impl AtVisit {
    pub fn key(&self) -> &str {
        &self.visit.key
    }

    pub fn updated(&self) -> NaiveDateTime {
        self.visit.cg_updated
    }
}

/// Loads visits' diagnoses.
pub fn at_visits(
    conn: &mut AnyConnection,
    rows: Rows<patient_encounter_diagnoses::table>,
) -> QueryResult<Loaded<AtVisit>> {
    use patient_diagnoses as d;
    let visits = load_rows!(conn, rows, patient_encounter_diagnoses::table, Visit)?;
    let keys: Vec<&str> = visits
        .iter()
        .filter_map(|(row, _)| row.cg_diagnosis.as_deref())
        .collect();
    let mut found: HashMap<String, Rc<Diagnosis>> = HashMap::new();
    if !keys.is_empty() {
        let rows: Vec<Diagnosis> = mapper::explain::load(
            conn,
            d::table
                .select(Diagnosis::as_select())
                .filter(Filter::one_of(d::key, keys)),
        )?;
        found.extend(rows.into_iter().map(|row| (row.key.clone(), Rc::new(row))));
    }
    let both = |(visit, sort): (Visit, _)| {
        let diagnosis = visit.cg_diagnosis.as_ref().and_then(|key| found.get(key).cloned());
        (AtVisit { visit, diagnosis }, sort)
    };
    Ok(visits.into_iter().map(both).collect())
}
