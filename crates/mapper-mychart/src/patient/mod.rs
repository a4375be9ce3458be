//! Patient, from `PATIENT` and the tables in which it goes on.

mod contact;
mod detail;
mod entity;
mod identity;
mod searched;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::us_core;
use mapper::db::{AnyConnection, AnyDb};
use mapper::param::{self, Interval, Link, Param, Target, Words, date, profiles, reference, string, token, uncoded};
use mapper::sql::{Filter, Op};
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace, load_rows};

use crate::codes::GENDER;
use crate::kinds::{self, ORGANIZATION, PROVIDER};
use crate::tables::{patient, patient_detail, patient_more};

use detail::Detail;

pub use detail::{DETAIL, OTHER_COMMUNCTN, PAT_ADDR_CHNG_HX, PAT_ADDRESS, PATIENT_RACE};
pub use entity::{PATIENT, PATIENT_2, PATIENT_3, PATIENT_4};
pub use identity::IDENTITY_ID;

/// `PATIENT` rows.
pub struct Patients;

/// A patient with its lines in other tables.
pub struct Person {
    row: Row,
    details: Vec<Detail>,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient, check_for_backend(AnyDb))]
struct Row {
    key: String,
    pat_id: Option<String>,
    pat_mrn_id: Option<String>,
    ssn: Option<String>,
    pat_title_c_name: Option<String>,
    pat_name_suffix_c_name: Option<String>,
    cg_last: Option<String>,
    cg_first: Option<String>,
    cg_middle: Option<String>,
    cg_maiden: Option<String>,
    cg_preferred: Option<String>,
    birth_date: Option<String>,
    sex_c_name: Option<String>,
    cur_pcp_prov_id: Option<String>,
    cur_prim_loc_id: Option<String>,
    cg_provider: Option<String>,
    cg_organization: Option<String>,
    cg_updated: NaiveDateTime,
    #[diesel(embed)]
    more: More,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_more, check_for_backend(AnyDb))]
struct More {
    ethnic_group_c_name: Option<String>,
    language_c_name: Option<String>,
    lang_care_c_name: Option<String>,
    lang_writ_c_name: Option<String>,
    city: Option<String>,
    state_c_name: Option<String>,
    county_c_name: Option<String>,
    country_c_name: Option<String>,
    zip: Option<String>,
    tmp_city: Option<String>,
    tmp_state_c_name: Option<String>,
    tmp_zip: Option<String>,
    tmp_addr_start_dt: Option<String>,
    tmp_addr_end_dt: Option<String>,
    home_phone: Option<String>,
    work_phone: Option<String>,
    email_address: Option<String>,
    death_date: Option<String>,
    pat_status_c_name: Option<String>,
    ped_mult_birth_ord: Option<String>,
    ped_multi_birth_yn: Option<String>,
    cg_death_tm: Option<String>,
    cg_living: Option<String>,
    cg_birth_sex: Option<String>,
}

impl Mapping for Patients {
    type Table = patient::table;
    type Row = Person;
    const TARGET: Target = kinds::PATIENT;
    const TABLE: &'static str = "patient";

    fn table() -> patient::table {
        patient::table
    }

    fn columns() -> Columns<patient::table> {
        Columns::new(patient::key, patient::cg_updated, patient::cg_hold)
    }

    fn params() -> Vec<Param<patient::table>> {
        use patient as p;
        let last = || Words::new(p::cg_last, p::cg_folded_last);
        let first = || Words::new(p::cg_first, p::cg_folded_first);
        let middle = || Words::new(p::cg_middle, p::cg_folded_middle);
        let prefix = Words::new(p::pat_title_c_name, p::cg_folded_prefix);
        let suffix = Words::new(p::pat_name_suffix_c_name, p::cg_folded_suffix);
        let maiden = || Words::new(p::cg_maiden, p::cg_folded_maiden);
        let preferred = || Words::new(p::cg_preferred, p::cg_folded_preferred);
        let organization = Link::column(p::table, p::cg_organization, ORGANIZATION);
        let provider = Link::column(p::table, p::cg_provider, PROVIDER);
        let own = vec![
            profiles(&[us_core::PATIENT]),
            uncoded("identifier", param::or_key(numbers(), p::key)),
            string(
                "name",
                [last(), first(), middle(), prefix, suffix, maiden(), preferred()],
            ),
            string("family", [last(), maiden()]).sorted_by(p::cg_folded_last),
            string("given", [first(), middle(), preferred()]),
            date("birthdate", Interval::civil(p::cg_birth_lo, p::cg_birth_hi)),
            token("gender", param::mapped(p::sex_c_name, &GENDER)),
            reference(
                "organization",
                [organization.or_told(p::cur_prim_loc_id, "cur_prim_loc_id")],
            ),
            reference(
                "general-practitioner",
                [provider.or_told(p::cur_pcp_prov_id, "cur_pcp_prov_id")],
            ),
        ];
        own.into_iter().chain(searched::params()).collect()
    }

    fn load(conn: &mut AnyConnection, rows: Rows<patient::table>) -> QueryResult<Loaded<Person>> {
        let found = load_rows!(conn, rows, patient::table, Row)?;
        let mut details = detail::load(conn, found.iter().filter_map(|(row, _)| row.pat_id.as_deref()))?;
        let with_details = |(row, sort): (Row, _)| {
            let details = row.pat_id.as_ref().and_then(|id| details.remove(id));
            let details = details.unwrap_or_default();
            (Person { row, details }, sort)
        };
        Ok(found.into_iter().map(with_details).collect())
    }

    fn key(person: &Person) -> &str {
        &person.row.key
    }

    fn updated(person: &Person) -> NaiveDateTime {
        person.row.cg_updated
    }

    fn translate(person: Person, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::patient(&person, site, trace)
    }
}

/// The numbers of a patient: two of its row, and those of `IDENTITY_ID`.
fn numbers() -> param::Codes<patient::table> {
    use patient as p;
    use patient_detail as d;
    let social = Filter::text(d::system, Op::Eq, fhir::system::SSN);
    let social = param::when(social, param::ids(d::number, fhir::system::SSN)).typed("SS");
    let others = param::any_of(vec![param::stated(d::system, d::number), social]);
    param::any_of(vec![
        param::column(p::pat_id, "pat_id"),
        param::column(p::pat_mrn_id, "pat_mrn_id").typed("MR"),
        param::ids(p::ssn, fhir::system::SSN).typed("SS"),
        param::through(p::pat_id, d::table, d::pat_id, others),
    ])
}
