//! Patient, from `patient-demographics`, with races, ethnicities and record numbers of other files.

mod children;
mod entity;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::{system, us_core};
use mapper::db::{AnyConnection, AnyDb};
use mapper::param::{
    self, Codes, Interval, Link, Param, Target, Words, date, profiles, reference, string, token, uncoded,
};
use mapper::sql::{Filter, IntoText, Op, Select};
use mapper::{Columns, Loaded, Mapping, Rejected, Rows, Site, Trace, load_rows};

use crate::codes::{GENDER, LANGUAGE};
use crate::kinds::{ORGANIZATION, PATIENT, PROVIDER};
use crate::tables::{
    contact, patient_demographics, patient_demographics_terms, patient_ethnicity, patient_race, patient_superbills,
    searched,
};

use children::{Children, children};
pub use entity::{ENTITY, ETHNICITY, RACE, SUPERBILLS};

/// `patient-demographics` rows.
pub struct Patients;

/// A patient's row and what other tables say of the patient.
pub struct Person {
    row: Demographics,
    told: Children,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = patient_demographics, check_for_backend(AnyDb))]
struct Demographics {
    key: String,
    ssn: Option<String>,
    nameprefix: Option<String>,
    firstname: Option<String>,
    middlename: Option<String>,
    namesuffix: Option<String>,
    preferredname: Option<String>,
    previousfirstname: Option<String>,
    previousmiddlename: Option<String>,
    previouslastname: Option<String>,
    gender: Option<String>,
    birthdate: Option<String>,
    cg_guid: Option<String>,
    cg_last: Option<String>,
    cg_practice: Option<String>,
    cg_updated: NaiveDateTime,
    #[diesel(embed)]
    contact: Contact,
}

#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = contact, check_for_backend(AnyDb))]
struct Contact {
    previousnameenddate: Option<String>,
    isactive: Option<String>,
    mothersmaidenname: Option<String>,
    deathdate: Option<String>,
    ismultiplebirth: Option<String>,
    birthsequence: Option<String>,
    preferredlanguage: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    addresscity: Option<String>,
    addressstate: Option<String>,
    addresszipcode: Option<String>,
    addresscountry: Option<String>,
    addressstartdate: Option<String>,
    addressenddate: Option<String>,
    previousaddress1: Option<String>,
    previousaddress2: Option<String>,
    previousaddresscity: Option<String>,
    previousaddressstate: Option<String>,
    previousaddresszipcode: Option<String>,
    previousaddresscountry: Option<String>,
    previousaddressstartdate: Option<String>,
    previousaddressenddate: Option<String>,
    officephone: Option<String>,
    officephoneextension: Option<String>,
    homephone: Option<String>,
    mobilephone: Option<String>,
    email: Option<String>,
}

impl Mapping for Patients {
    type Table = patient_demographics::table;
    type Row = Person;
    const TARGET: Target = PATIENT;
    const TABLE: &'static str = "patient_demographics";

    fn table() -> patient_demographics::table {
        patient_demographics::table
    }

    fn columns() -> Columns<patient_demographics::table> {
        use patient_demographics as d;
        Columns::new(d::key, d::cg_updated, d::cg_hold)
    }

    fn params() -> Vec<Param<patient_demographics::table>> {
        use patient_demographics as d;
        use patient_superbills as bill;
        let family = || Words::new(d::cg_last, d::cg_family);
        let first = || Words::new(d::firstname, d::cg_given);
        let middle = || Words::new(d::middlename, d::cg_middle);
        let usual = || Words::new(d::preferredname, d::cg_usual);
        let old_family = || Words::new(d::previouslastname, d::cg_old_family);
        let old_first = || Words::new(d::previousfirstname, d::cg_old_given);
        let old_middle = || Words::new(d::previousmiddlename, d::cg_old_middle);
        let titles = [
            Words::new(d::nameprefix, d::cg_prefix),
            Words::new(d::namesuffix, d::cg_suffix),
        ];
        let given = || [first(), middle(), usual(), old_first(), old_middle()];
        let record_numbers = param::column(bill::patientcontactcode, "patientcontactcode").typed("MR");
        let own = vec![
            param::column(d::cg_guid, "patientpracticeguid"),
            param::ids(d::ssn, system::SSN).typed("SS"),
        ];
        let numbers = param::any_of(vec![
            param::or_key(param::any_of(own), d::key),
            param::through(d::key, bill::table, bill::cg_patient, record_numbers),
        ]);
        let terms = patient_demographics_terms::table::of(d::key);
        let language = param::or_words(
            param::mapped(contact::preferredlanguage, &LANGUAGE),
            vec![terms.words("language")],
        );
        let own = vec![
            profiles(&[us_core::PATIENT]),
            uncoded("identifier", numbers),
            string(
                "name",
                [family(), old_family()].into_iter().chain(given()).chain(titles),
            ),
            string("family", [family(), old_family()]).sorted_by(d::cg_family),
            string("given", given()),
            date("birthdate", Interval::civil(d::cg_birth_lo, d::cg_birth_hi)),
            token("gender", param::mapped(d::gender, &GENDER)),
            reference("organization", [Link::column(d::table, d::cg_practice, ORGANIZATION)]),
            // The export does not say whose patient somebody is, so nobody has one.
            reference(
                "general-practitioner",
                [Link::column(d::table, d::cg_clinician, PROVIDER)],
            ),
            date(
                "death-date",
                Interval::new(searched::cg_death_lo, searched::cg_death_hi),
            ),
            token("deceased", param::ids(searched::cg_deceased, system::SPECIAL_VALUES)),
            token("active", param::ids(searched::cg_active, system::SPECIAL_VALUES)),
            token("language", language),
            token("race", race()),
            token("ethnicity", ethnicity()),
        ];
        own.into_iter().chain(terms.address()).chain(terms.telecom()).collect()
    }

    fn load(conn: &mut AnyConnection, rows: Rows<patient_demographics::table>) -> QueryResult<Loaded<Person>> {
        let found = load_rows!(conn, rows, patient_demographics::table, Demographics)?;
        let keys: Vec<&str> = found.iter().map(|(row, _)| row.key.as_str()).collect();
        let mut told = children(conn, &keys)?;
        let with_children = |(row, sort): (Demographics, _)| {
            let told = told.remove(&row.key).unwrap_or_default();
            (Person { row, told }, sort)
        };
        Ok(found.into_iter().map(with_children).collect())
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

/// Every code of a race.
fn race() -> Codes<patient_demographics::table> {
    use patient_race as r;
    let codes = param::when(
        Filter::is_null(r::cg_hold),
        param::ids(r::cg_code, system::RACE_AND_ETHNICITY),
    );
    param::through(patient_demographics::key, r::table, r::cg_patient, codes).shown(us_core::DISPLAYS)
}

/// Every code of an ethnicity, but of categories that contradict each other none.
fn ethnicity() -> Codes<patient_demographics::table> {
    use patient_ethnicity as e;
    let key = patient_demographics::key;
    let categories = us_core::ETHNICITIES.map(|category| category.code);
    let is_category = || Filter::one_of(e::cg_code, categories);
    let served = || Filter::is_null(e::cg_hold);
    let both = Filter::all(categories.map(|code| {
        let rows = served().and(Filter::text(e::cg_code, Op::Eq, code));
        Filter::within(e::cg_patient, Select::new(&e::cg_patient.into_text(), e::table, rows))
    }));
    let told = served().and(is_category().and(both).negate());
    let codes = param::when(told, param::ids(e::cg_code, system::RACE_AND_ETHNICITY));
    param::through(key, e::table, e::cg_patient, codes).shown(us_core::DISPLAYS)
}
