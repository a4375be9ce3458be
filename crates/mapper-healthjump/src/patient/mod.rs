//! Patient, from `demographic`, with the clinicians of `attribution`.

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
use mapper::param::{self, Interval, Link, Param, Target, Words, date, profiles, reference, string, token, uncoded};
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace, load_rows};

use crate::codes::{GENDER, LANGUAGE};
use crate::kinds::{ORGANIZATION, PATIENT, PRACTITIONER};
use crate::tables::{attribution, contact, demographic, demographic_terms};

pub use entity::ENTITY;

/// `demographic` rows.
pub struct Patients;

/// A `demographic` row and the keys of the clinicians that it is attributed to.
pub struct Person {
    row: Demographic,
    clinicians: Vec<String>,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = demographic, check_for_backend(AnyDb))]
struct Demographic {
    key: String,
    demographicid: Option<String>,
    client_patient_id: Option<String>,
    other_id: Option<String>,
    account_id: Option<String>,
    ssn: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
    dob: Option<String>,
    gender: Option<String>,
    birth_sex: Option<String>,
    race: Option<String>,
    ethnicity: Option<String>,
    primary_language: Option<String>,
    death_indication: Option<String>,
    death_date: Option<String>,
    cg_client: Option<String>,
    cg_updated: NaiveDateTime,
    #[diesel(embed)]
    contact: Contact,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = contact, check_for_backend(AnyDb))]
struct Contact {
    phone_number: Option<String>,
    phone_ext: Option<String>,
    phone_type: Option<String>,
    second_number: Option<String>,
    second_ext: Option<String>,
    second_type: Option<String>,
    first_email: Option<String>,
    second_email: Option<String>,
    address_type: Option<String>,
    address_line_1: Option<String>,
    address_line_2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
}

impl Mapping for Patients {
    type Table = demographic::table;
    type Row = Person;
    const TARGET: Target = PATIENT;
    const TABLE: &'static str = "demographic";

    fn table() -> demographic::table {
        demographic::table
    }

    fn columns() -> Columns<demographic::table> {
        Columns::new(demographic::key, demographic::cg_updated, demographic::cg_hold)
    }

    fn params() -> Vec<Param<demographic::table>> {
        use demographic as d;
        let family = || Words::new(d::last_name, d::cg_family);
        let first = || Words::new(d::first_name, d::cg_given);
        let middle = || Words::new(d::middle_name, d::cg_middle);
        let prefix = || Words::new(d::prefix, d::cg_prefix);
        let suffix = || Words::new(d::suffix, d::cg_suffix);
        let clinicians = Link::child(
            d::table,
            d::key,
            attribution::table,
            attribution::cg_patient,
            attribution::cg_provider,
            PRACTITIONER,
        );
        let numbers = vec![
            param::column(d::demographicid, "demographicid"),
            param::column(d::client_patient_id, "client_patient_id").typed("MR"),
            param::column(d::other_id, "other_id"),
            param::column(d::account_id, "account_id").typed("AN"),
            param::ids(d::ssn, system::SSN).typed("SS"),
        ];
        let terms = demographic_terms::table::of(d::key);
        let language = param::or_words(
            param::mapped(d::primary_language, &LANGUAGE),
            vec![terms.words("language")],
        );
        let own = vec![
            profiles(&[us_core::PATIENT]),
            uncoded("identifier", param::or_key(param::any_of(numbers), d::key)),
            string("name", [family(), first(), middle(), prefix(), suffix()]),
            string("family", [family()]),
            string("given", [first(), middle()]),
            date("birthdate", Interval::civil(d::cg_birth_lo, d::cg_birth_hi)),
            token("gender", param::mapped(d::gender, &GENDER)),
            reference("organization", [Link::column(d::table, d::cg_client, ORGANIZATION)]),
            reference("general-practitioner", [clinicians]),
            date("death-date", Interval::new(d::cg_death_lo, d::cg_death_hi)),
            token("deceased", param::ids(contact::cg_deceased, system::SPECIAL_VALUES)),
            token("language", language),
        ];
        let kept = [terms.address(), terms.telecom(), terms.origin()];
        own.into_iter().chain(kept.into_iter().flatten()).collect()
    }

    fn load(conn: &mut AnyConnection, rows: Rows<demographic::table>) -> QueryResult<Loaded<Person>> {
        let found = load_rows!(conn, rows, demographic::table, Demographic)?;
        let keys = found.iter().map(|(row, _)| row.key.as_str());
        let mut clinicians = clinicians(conn, keys)?;
        let with_clinicians = |(row, sort): (Demographic, _)| {
            let clinicians = clinicians.remove(&row.key).unwrap_or_default();
            (Person { row, clinicians }, sort)
        };
        Ok(found.into_iter().map(with_clinicians).collect())
    }

    fn key(person: &Person) -> &str {
        &person.row.key
    }

    fn updated(person: &Person) -> NaiveDateTime {
        person.row.cg_updated
    }

    fn translate(person: Person, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        translate::patient(person, site, trace)
    }
}

/// The clinicians of some patients, each once, by patient.
fn clinicians<'a>(
    conn: &mut AnyConnection,
    patients: impl Iterator<Item = &'a str>,
) -> QueryResult<HashMap<String, Vec<String>>> {
    use attribution as a;
    let patients: Vec<&str> = patients.collect();
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    if patients.is_empty() {
        return Ok(found);
    }
    let pairs: Vec<(Option<String>, Option<String>)> = mapper::explain::load(
        conn,
        a::table
            .select((a::cg_patient, a::cg_provider))
            .distinct()
            .filter(mapper::sql::Filter::one_of(a::cg_patient, patients))
            .filter(a::cg_provider.is_not_null())
            .filter(a::cg_hold.is_null())
            .order((a::cg_patient, a::cg_provider)),
    )?;
    for (patient, provider) in pairs {
        if let (Some(patient), Some(provider)) = (patient, provider) {
            found.entry(patient).or_default().push(provider);
        }
    }
    Ok(found)
}
