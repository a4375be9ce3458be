//! Patient, from `users` and `patients`.

mod entity;
mod people;
#[cfg(test)]
mod tests;
mod translate;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::{system, us_core};
use mapper::db::{AnyConnection, AnyDb};
use mapper::param::{
    self, Codes, Interval, Link, Param, Target, Words, date, profiles, reference, string, token, uncoded,
};
use mapper::sql::{Filter, IntoText, Op};
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace, load_rows};

use crate::codes::{GENDER, LANGUAGE};
use crate::kinds::{ORGANIZATION, PATIENT, PRACTITIONER};
use crate::tables::{contact, patients, patients_terms, users, users_terms};
use crate::user;

pub use entity::ENTITY;

/// `users` rows that are patients.
pub struct Patients;

/// A `users` row, and its row of `patients` when there is one.
pub struct Person {
    row: User,
    chart: Chart,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = users, check_for_backend(AnyDb))]
struct User {
    key: String,
    uid: Option<String>,
    ufname: Option<String>,
    uminitial: Option<String>,
    ulname: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
    upreviousname: Option<String>,
    preferredname: Option<String>,
    dob: Option<String>,
    ptdob: Option<String>,
    sex: Option<String>,
    emrsex: Option<String>,
    ssn: Option<String>,
    status: Option<String>,
    cg_provider: Option<String>,
    cg_doctorid: Option<String>,
    cg_client: Option<String>,
    cg_controlno: Option<String>,
    cg_hl7id: Option<String>,
    cg_updated: NaiveDateTime,
    #[diesel(embed)]
    contact: Contact,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = contact, check_for_backend(AnyDb))]
struct Contact {
    upaddress: Option<String>,
    upaddress2: Option<String>,
    upcity: Option<String>,
    upstate: Option<String>,
    zipcode: Option<String>,
    countrycode: Option<String>,
    county: Option<String>,
    upphone: Option<String>,
    umobileno: Option<String>,
    uemail: Option<String>,
}

/// What `patients` adds.
#[derive(Queryable, Selectable, Default)]
#[diesel(table_name = patients, check_for_backend(AnyDb))]
struct Chart {
    key: String,
    straddress: Option<String>,
    straddress2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    maritalstatus: Option<String>,
    deceased: Option<String>,
    deceaseddate: Option<String>,
    language: Option<String>,
    race: Option<String>,
    ethnicity: Option<String>,
}

impl Mapping for Patients {
    type Table = users::table;
    type Row = Person;
    const TARGET: Target = PATIENT;
    const TABLE: &'static str = "users";

    fn table() -> users::table {
        users::table
    }

    fn columns() -> Columns<users::table> {
        let patients = Filter::text(users::cg_kind, Op::Eq, user::PATIENT);
        Columns::new(users::key, users::cg_updated, users::cg_hold).only(patients)
    }

    fn params() -> Vec<Param<users::table>> {
        use users as u;
        let family = || Words::new(u::ulname, u::cg_family);
        let previous = || Words::new(u::upreviousname, u::cg_previous);
        let first = || Words::new(u::ufname, u::cg_given);
        let middle = || Words::new(u::uminitial, u::cg_middle);
        let preferred = || Words::new(u::preferredname, u::cg_preferred);
        let prefix = || Words::new(u::prefix, u::cg_prefix);
        let suffix = || Words::new(u::suffix, u::cg_suffix);
        let names = [family(), previous(), first(), middle(), preferred(), prefix(), suffix()];
        let clinician = Link::column(u::table, u::cg_provider, PRACTITIONER);
        let numbers = vec![
            param::column(u::uid, "uid"),
            param::column(u::cg_controlno, "controlno").typed("MR"),
            param::column(u::cg_hl7id, "hl7id"),
            param::ids(u::ssn, system::SSN).typed("SS"),
        ];
        let own = vec![
            profiles(&[us_core::PATIENT]),
            uncoded("identifier", param::or_key(param::any_of(numbers), u::key)),
            string("name", names),
            string("family", [family(), previous()]).sorted_by(u::cg_family),
            string("given", [first(), middle(), preferred()]),
            date("birthdate", Interval::civil(u::cg_birth_lo, u::cg_birth_hi)),
            token("gender", param::mapped(u::sex, &GENDER)),
            reference("organization", [Link::column(u::table, u::cg_client, ORGANIZATION)]),
            reference("general-practitioner", [clinician.or_told(u::cg_doctorid, "doctorid")]),
            date("death-date", Interval::new(contact::cg_death_lo, contact::cg_death_hi)),
            token("deceased", param::ids(contact::cg_deceased, system::SPECIAL_VALUES)),
            token("active", user::activity(u::status)),
            token("language", language()),
        ];
        let telecom = users_terms::table::of(u::key).telecom();
        own.into_iter().chain(address()).chain(telecom).collect()
    }

    fn load(conn: &mut AnyConnection, rows: Rows<users::table>) -> QueryResult<Loaded<Person>> {
        let found = load_rows!(conn, rows, users::table, User)?;
        let keys: Vec<&str> = found.iter().map(|(row, _)| row.key.as_str()).collect();
        let mut charts = charts(conn, keys)?;
        let with_chart = |(row, sort): (User, _)| {
            let chart = charts.remove(&row.key).unwrap_or_default();
            (Person { row, chart }, sort)
        };
        Ok(found.into_iter().map(with_chart).collect())
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

/// The rows of `patients` of some patients.
fn charts(conn: &mut AnyConnection, keys: Vec<&str>) -> QueryResult<HashMap<String, Chart>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Chart> = mapper::explain::load(
        conn,
        patients::table
            .select(Chart::as_select())
            .filter(Filter::one_of(patients::key, keys)),
    )?;
    Ok(rows.into_iter().map(|chart| (chart.key.clone(), chart)).collect())
}

/// The language of the patient's row of `patients`.
fn language() -> Codes<users::table> {
    use patients as p;
    let spoken = param::through(users::key, p::table, p::key, param::mapped(p::language, &LANGUAGE));
    let words = patients_terms::table::of(users::key).words("language");
    param::or_words(spoken, vec![words])
}

/// The address of `users`; where it has none, the copy in `patients`.
fn address() -> Vec<Param<users::table>> {
    let own = users_terms::table::of(users::key);
    let copy = patients_terms::table::of(users::key);
    let none = || {
        let parts = [
            contact::upaddress.into_text(),
            contact::upaddress2.into_text(),
            contact::upcity.into_text(),
            contact::upstate.into_text(),
            contact::zipcode.into_text(),
        ];
        Filter::all(parts.map(Filter::is_null))
    };
    let any = |what: &[&'static str]| [own.some_of(what), copy.some_of(what).where_(none())];
    let both = |what| any(&[what]);
    let uses = vec![
        own.codes("use", system::ADDRESS_USE),
        param::when(none(), copy.codes("use", system::ADDRESS_USE)),
    ];
    vec![
        string("address", any(&param::ADDRESS)),
        string("address-city", both("city")),
        string("address-state", both("state")),
        string("address-postalcode", both("postalcode")),
        string("address-country", both("country")),
        token("address-use", param::any_of(uses)),
    ]
}
