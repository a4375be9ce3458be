//! Encounter, from `PAT_ENC` and the tables in which a contact goes on.

mod derive;
mod entity;
#[cfg(test)]
mod tests;
mod translate;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::{system, us_core};
use mapper::db::{AnyConnection, AnyDb};
use mapper::element::{CLASSES, ROLES};
use mapper::param::{self, Interval, Link, Param, Target, Words, date, profiles, reference, token, uncoded};
use mapper::sql::Filter;
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace, load_rows};

use crate::codes::{DISCHARGE_DISPOSITION, ENCOUNTER_CLASS, VISIT_STATUSES};
use crate::kinds::{ENCOUNTER, LOCATION, ORGANIZATION, PATIENT, PROVIDER};
use crate::tables::{pat_enc, pat_enc_rsn_visit};

pub use entity::{HNO_INFO, PAT_ENC, PAT_ENC_2, PAT_ENC_DISP, PAT_ENC_HSP, PAT_ENC_RSN_VISIT};

/// `PAT_ENC` rows that are visits.
pub struct Encounters;

/// A visit and its reasons, in their order.
pub struct Visit {
    row: Row,
    reasons: Vec<Reason>,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = pat_enc, check_for_backend(AnyDb))]
struct Row {
    key: String,
    pat_enc_csn_id: Option<String>,
    pat_id: Option<String>,
    contact_date: Option<String>,
    effective_date_dttm: Option<String>,
    visit_prov_id: Option<String>,
    department_id: Option<String>,
    primary_loc_id: Option<String>,
    appt_status_c_name: Option<String>,
    calculated_enc_stat_c_name: Option<String>,
    hosp_admsn_time: Option<String>,
    hosp_dischrg_time: Option<String>,
    external_visit_id: Option<String>,
    cg_patient: Option<String>,
    cg_provider: Option<String>,
    cg_location: Option<String>,
    cg_organization: Option<String>,
    cg_status: Option<String>,
    cg_zone: Option<String>,
    cg_class: Option<String>,
    cg_admsn_time: Option<String>,
    cg_disch_time: Option<String>,
    cg_disch_disp: Option<String>,
    cg_updated: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = pat_enc_rsn_visit, check_for_backend(AnyDb))]
struct Reason {
    pat_enc_csn_id: Option<String>,
    enc_reason_id: Option<String>,
    enc_reason_name: Option<String>,
    comments: Option<String>,
}

impl Mapping for Encounters {
    type Table = pat_enc::table;
    type Row = Visit;
    const TARGET: Target = ENCOUNTER;
    const TABLE: &'static str = "pat_enc";

    fn table() -> pat_enc::table {
        pat_enc::table
    }

    fn columns() -> Columns<pat_enc::table> {
        Columns::new(pat_enc::key, pat_enc::cg_updated, pat_enc::cg_hold)
    }

    fn params() -> Vec<Param<pat_enc::table>> {
        use pat_enc as e;
        let patient = || Link::column(e::table, e::cg_patient, PATIENT);
        let provider = || Link::column(e::table, e::cg_provider, PROVIDER);
        let place = Link::column(e::table, e::cg_location, LOCATION);
        let organization = Link::column(e::table, e::cg_organization, ORGANIZATION);
        let numbers = vec![
            param::column(e::pat_enc_csn_id, "pat_enc_csn_id"),
            param::column(e::external_visit_id, "external_visit_id"),
        ];
        let seen = Filter::any([Filter::not_null(e::cg_provider), Filter::not_null(e::visit_prov_id)]);
        let role = param::when(seen, param::constant(system::PARTICIPATION_TYPE, "PPRF"));
        let class = param::mapped(e::cg_class, &ENCOUNTER_CLASS).shown(CLASSES);
        let disposition = param::or_words(
            param::mapped(e::cg_disch_disp, &DISCHARGE_DISPOSITION),
            vec![Words::new(e::cg_disch_disp, e::cg_disch_words)],
        );
        let reasons = {
            use pat_enc_rsn_visit as r;
            let told = param::or_words(
                param::column(r::enc_reason_id, "enc_reason_id"),
                vec![Words::new(r::cg_words, r::cg_words)],
            );
            param::through(e::pat_enc_csn_id, r::table, r::pat_enc_csn_id, told)
        };
        vec![
            profiles(&[us_core::ENCOUNTER]),
            token("participant-type", role.shown(ROLES)),
            token("discharge-disposition", disposition),
            token("reason-code", reasons),
            uncoded("identifier", param::or_key(param::any_of(numbers), e::key)),
            reference("patient", [patient()]),
            reference("subject", [patient().or_told(e::pat_id, "pat_id")]),
            date("date", Interval::new(e::cg_start_lo, e::cg_end_hi)),
            token("status", param::ids(e::cg_status, VISIT_STATUSES)),
            token("class", param::or_absent(class)),
            // The export does not tell what kind of visit it was.
            token("type", param::or_absent(param::or_words(param::none(), vec![]))),
            reference("location", [place.or_told(e::department_id, "department_id")]),
            reference("participant", [provider().or_told(e::visit_prov_id, "visit_prov_id")]),
            reference("practitioner", [provider()]),
            reference(
                "service-provider",
                [organization.or_told(e::primary_loc_id, "primary_loc_id")],
            ),
        ]
    }

    fn load(conn: &mut AnyConnection, rows: Rows<pat_enc::table>) -> QueryResult<Loaded<Visit>> {
        let found = load_rows!(conn, rows, pat_enc::table, Row)?;
        let mut reasons = reasons(conn, found.iter().filter_map(|(row, _)| row.pat_enc_csn_id.as_deref()))?;
        let with_reasons = |(row, sort): (Row, _)| {
            let reasons = row.pat_enc_csn_id.as_ref().and_then(|csn| reasons.remove(csn));
            let reasons = reasons.unwrap_or_default();
            (Visit { row, reasons }, sort)
        };
        Ok(found.into_iter().map(with_reasons).collect())
    }

    fn key(visit: &Visit) -> &str {
        &visit.row.key
    }

    fn updated(visit: &Visit) -> NaiveDateTime {
        visit.row.cg_updated
    }

    fn translate(visit: Visit, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::encounter(&visit, site, trace)
    }
}

/// The reasons of some contacts, by contact.
fn reasons<'a>(
    conn: &mut AnyConnection,
    contacts: impl Iterator<Item = &'a str>,
) -> QueryResult<HashMap<String, Vec<Reason>>> {
    use pat_enc_rsn_visit as r;
    let contacts: Vec<&str> = contacts.collect();
    let mut found: HashMap<String, Vec<Reason>> = HashMap::new();
    if contacts.is_empty() {
        return Ok(found);
    }
    let rows = mapper::explain::load(
        conn,
        r::table
            .select(Reason::as_select())
            .filter(Filter::one_of(r::pat_enc_csn_id, contacts))
            .order((r::cg_place, r::key)),
    )?;
    for reason in rows {
        let contact = reason.pat_enc_csn_id.clone().unwrap_or_default();
        found.entry(contact).or_default().push(reason);
    }
    Ok(found)
}
