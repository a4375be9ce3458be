//! A `patient-demographics` row as US Core Patient.

use fhir::r4::codes::NameUse;
use fhir::r4::types::{ContactPoint, Extension, HumanName, Identifier};
use fhir::r4::{Patient, PatientCommunication, PatientDeceased, PatientMultipleBirth, Resource};
use fhir::system::SSN;
use fhir::{build, us_core};
use mapper::element::{self, Cell, NameParts, cell};
use mapper::{Rejected, Site, Trace};

use super::entity::died;
use super::{Contact, Demographics, Person};
use crate::cells::{DATES, day, noted_flag};
use crate::codes::{GENDER, LANGUAGE};
use crate::kinds::practice;

mod address;
mod race;

pub use race::{ETHNICITY_CODES, cdc};

/// FHIR's extension for the mother's maiden name.
const MOTHERS_MAIDEN_NAME: &str = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName";

/// The resource.
pub fn patient(person: &Person, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let (row, contact) = (&person.row, &person.row.contact);
    let mut patient = Patient::builder()
        .build()
        .map_err(|_builder| Rejected("not a Patient"))?;
    patient.identifier = identifiers(person, site).into_iter().map(Some).collect();
    patient.active = noted_flag(cell!(contact.isactive), "active", trace);
    patient.name = names(row, site, trace).into_iter().map(Some).collect();
    patient.telecom = telecom(contact).into_iter().map(Some).collect();
    patient.gender = Some(element::gender(element::code(cell!(row.gender), &GENDER, site, trace)));
    patient.birth_date = element::date(cell!(row.birthdate), DATES, "birthDate", trace);
    patient.deceased = deceased(contact, site, trace);
    patient.address = address::addresses(contact, site, trace).into_iter().map(Some).collect();
    patient.multiple_birth = multiple_birth(contact, trace);
    patient.communication = communication(contact, site, trace).map(Some).into_iter().collect();
    patient.managing_organization = practice(site, row.cg_practice.as_deref());
    patient.extension = extensions(person, trace);
    let mut resource = Resource::from(patient);
    element::set_profiles(&mut resource, &[us_core::PATIENT]);
    Ok(resource)
}

/// The patient's GUID, the record numbers of the superbills, and the social security number where that is read.
fn identifiers(person: &Person, site: &Site) -> Vec<Identifier> {
    let row = &person.row;
    let ssn = row.ssn.as_deref();
    let own = match (row.cg_guid.as_deref(), ssn) {
        (Some(guid), _) => Some(build::identifier(&site.system("patientpracticeguid"), guid)),
        (None, Some(_)) => None,
        (None, None) => Some(build::identifier(&site.system("key"), &row.key)),
    };
    let record = |number: &String| {
        let system = site.system("patientcontactcode");
        build::identifier_typed(&system, number, "MR", Some("Medical record number"))
    };
    let ssn = ssn.map(|ssn| build::identifier_typed(SSN, ssn, "SS", Some("Social Security number")));
    own.into_iter()
        .chain(person.told.numbers.iter().map(record))
        .chain(ssn)
        .collect()
}

/// The name of today, what the patient wants to be called, and the name of former times.
fn names(row: &Demographics, site: &Site, trace: &mut Trace) -> Vec<HumanName> {
    let mut official = element::name(NameParts {
        family: row.cg_last.as_deref(),
        first: row.firstname.as_deref(),
        middle: row.middlename.as_deref(),
        prefix: row.nameprefix.as_deref(),
        suffix: row.namesuffix.as_deref(),
    });
    official.r#use = Some(NameUse::Official);
    let usual = row.preferredname.as_deref().map(|preferred| {
        let mut name = build::human_name(None, &[preferred]);
        name.r#use = Some(NameUse::Usual);
        name
    });
    [Some(official), usual, former(row, site, trace)]
        .into_iter()
        .flatten()
        .collect()
}

fn former(row: &Demographics, site: &Site, trace: &mut Trace) -> Option<HumanName> {
    let parts = NameParts {
        family: row.previouslastname.as_deref(),
        first: row.previousfirstname.as_deref(),
        middle: row.previousmiddlename.as_deref(),
        ..NameParts::default()
    };
    parts.family.or(parts.first).or(parts.middle)?;
    let contact = &row.contact;
    let until = day(contact.previousnameenddate.as_deref(), site);
    element::note_moment(
        cell!(contact.previousnameenddate),
        until.as_ref(),
        "name.period.end",
        trace,
    );
    let mut name = element::name(parts);
    name.r#use = Some(NameUse::Old);
    name.period = build::period(None, until.as_ref().map(element::date_time));
    Some(name)
}

fn telecom(contact: &Contact) -> Vec<ContactPoint> {
    let extension = contact.officephoneextension.as_deref();
    [
        element::phone(contact.officephone.as_deref(), extension, Some("work")),
        element::phone(contact.homephone.as_deref(), None, Some("home")),
        element::phone(contact.mobilephone.as_deref(), None, Some("mobile")),
        element::email(contact.email.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The time of death; midnight stands for the day.
fn deceased(contact: &Contact, site: &Site, trace: &mut Trace) -> Option<PatientDeceased> {
    let died = died(contact.deathdate.as_deref(), site);
    element::note_moment(cell!(contact.deathdate), died.as_ref(), "deceased[x]", trace);
    Some(PatientDeceased::DateTime(element::date_time(&died?)))
}

/// Which of several children; else whether there were several.
fn multiple_birth(contact: &Contact, trace: &mut Trace) -> Option<PatientMultipleBirth> {
    let number = |text: &str| text.parse::<i32>().ok().filter(|n| *n > 0);
    match contact.birthsequence.as_deref().map(number) {
        Some(Some(n)) => return Some(PatientMultipleBirth::Integer(n)),
        Some(None) => trace.lost("multipleBirth[x]", "birthsequence", "not a number of a child"),
        None => {}
    }
    noted_flag(cell!(contact.ismultiplebirth), "multipleBirth[x]", trace).map(PatientMultipleBirth::Boolean)
}

fn communication(contact: &Contact, site: &Site, trace: &mut Trace) -> Option<PatientCommunication> {
    let told: Cell<'_> = cell!(contact.preferredlanguage);
    let text = told.text?;
    let code = element::code(told, &LANGUAGE, site, trace);
    let codings = code.map(|c| build::coding(LANGUAGE.system, c, None));
    PatientCommunication::builder()
        .language(build::concept(codings.into_iter().collect(), Some(text)))
        .preferred(true)
        .build()
        .ok()
}

fn extensions(person: &Person, trace: &mut Trace) -> Vec<Extension> {
    let maiden = person.row.contact.mothersmaidenname.as_deref();
    [
        race::race(&person.told.races, trace),
        race::ethnicity(&person.told.ethnicities, trace),
        maiden.map(|name| build::extension_string(MOTHERS_MAIDEN_NAME, name)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
