//! A `users` row with its `patients` row as US Core Patient.

use fhir::build;
use fhir::r4::codes::{AddressUse, NameUse};
use fhir::r4::types::{Address, CodeableConcept, ContactPoint, HumanName, Identifier};
use fhir::r4::{Date, Patient, PatientCommunication, PatientDeceased, Resource};
use fhir::system::SSN;
use fhir::us_core;
use mapper::element::{self, AddressParts, Cell, NameParts, cell};
use mapper::time;
use mapper::{Rejected, Site, Trace};

use super::people::extensions;
use super::{Chart, Contact, Person, User};
use crate::cells::{DAYS, day};
use crate::codes::{GENDER, LANGUAGE, MARITAL_STATUS};
use crate::kinds::{PRACTITIONER, practice};
use crate::user;

pub fn patient(person: &Person, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Person { row, chart } = person;
    let mut patient = Patient::builder()
        .build()
        .map_err(|_builder| Rejected("not a Patient"))?;
    patient.identifier = identifiers(row, site).into_iter().map(Some).collect();
    patient.active = user::active(cell!(row.status), trace);
    patient.name = names(row).into_iter().map(Some).collect();
    patient.telecom = telecom(&row.contact).into_iter().map(Some).collect();
    patient.gender = Some(element::gender(element::code(cell!(row.sex), &GENDER, site, trace)));
    patient.birth_date = birth_date(row, trace);
    patient.deceased = deceased(chart, site, trace);
    patient.address = address(&row.contact, chart).map(Some).into_iter().collect();
    patient.marital_status = marital_status(chart, site, trace);
    patient.communication = communication(chart, site, trace).map(Some).into_iter().collect();
    let doctor = Cell {
        column: "doctorid",
        text: row.cg_doctorid.as_deref(),
    };
    patient.general_practitioner = element::reference(site, PRACTITIONER, row.cg_provider.as_deref(), doctor)
        .map(Some)
        .into_iter()
        .collect();
    patient.managing_organization = practice(site, row.cg_client.as_deref());
    patient.extension = extensions(person, site, trace);
    let mut resource = Resource::from(patient);
    element::set_profiles(&mut resource, &[us_core::PATIENT]);
    Ok(resource)
}

/// Every number of the person, each with the system of its own column; see [`Site::system`].
fn identifiers(row: &User, site: &Site) -> Vec<Identifier> {
    let own = |column: &str, number: &Option<String>| Some(build::identifier(&site.system(column), number.as_deref()?));
    let chart = |number: &str| {
        let display = Some("Medical record number");
        build::identifier_typed(&site.system("controlno"), number, "MR", display)
    };
    let numbers = [
        own("uid", &row.uid),
        row.cg_controlno.as_deref().map(chart),
        own("hl7id", &row.cg_hl7id),
        row.ssn
            .as_deref()
            .map(|ssn| build::identifier_typed(SSN, ssn, "SS", Some("Social Security number"))),
    ];
    let found: Vec<Identifier> = numbers.into_iter().flatten().collect();
    if found.is_empty() {
        // A row without any number has its key made of its content; that key is then its number.
        return vec![build::identifier(&site.system("key"), &row.key)];
    }
    found
}

/// The name in use, the family name before it, and what the patient likes to be called.
fn names(row: &User) -> Vec<HumanName> {
    let used = |used: NameUse, parts: NameParts<'_>| {
        let mut name = element::name(parts);
        name.r#use = Some(used);
        name
    };
    let official = NameParts {
        family: row.ulname.as_deref(),
        first: row.ufname.as_deref(),
        middle: row.uminitial.as_deref(),
        prefix: row.prefix.as_deref(),
        suffix: row.suffix.as_deref(),
    };
    let old = row.upreviousname.as_deref().map(|family| NameParts {
        family: Some(family),
        ..NameParts::default()
    });
    let usual = row.preferredname.as_deref().map(|first| NameParts {
        first: Some(first),
        ..NameParts::default()
    });
    [
        Some(used(NameUse::Official, official)),
        old.map(|parts| used(NameUse::Old, parts)),
        usual.map(|parts| used(NameUse::Usual, parts)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn telecom(contact: &Contact) -> Vec<ContactPoint> {
    [
        element::phone(contact.upphone.as_deref(), None, Some("home")),
        element::phone(contact.umobileno.as_deref(), None, Some("mobile")),
        element::email(contact.uemail.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The date-time column is the better one: the text column has whatever form the site types.
fn birth_date(row: &User, trace: &mut Trace) -> Option<Date> {
    if time::parse(row.ptdob.as_deref().unwrap_or_default(), DAYS).is_ok() {
        return element::date(cell!(row.ptdob), DAYS, "birthDate", trace);
    }
    element::date(cell!(row.ptdob), DAYS, "birthDate", trace);
    element::date(cell!(row.dob), DAYS, "birthDate", trace)
}

/// A date of death wins over the flag.
fn deceased(chart: &Chart, site: &Site, trace: &mut Trace) -> Option<PatientDeceased> {
    let died = day(chart.deceaseddate.as_deref(), site);
    element::note_moment(cell!(chart.deceaseddate), died.as_ref(), "deceased[x]", trace);
    if let Some(moment) = died {
        return Some(PatientDeceased::DateTime(element::date_time(&moment)));
    }
    match chart.deceased.as_deref()? {
        "1" => Some(PatientDeceased::Boolean(true)),
        "0" => Some(PatientDeceased::Boolean(false)),
        _ => {
            trace.lost("deceased[x]", "deceased", "neither 0 nor 1");
            None
        }
    }
}

/// The address of `users`, else the copy in `patients`: never parts of both, since one of them is old.
fn address(contact: &Contact, chart: &Chart) -> Option<Address> {
    let own = element::address(AddressParts {
        lines: [contact.upaddress.as_deref(), contact.upaddress2.as_deref()],
        city: contact.upcity.as_deref(),
        state: contact.upstate.as_deref(),
        zip: contact.zipcode.as_deref(),
        used: Some(AddressUse::Home),
    });
    if let Some(mut address) = own {
        address.district = contact.county.clone();
        address.country = contact.countrycode.clone();
        return Some(address);
    }
    element::address(AddressParts {
        lines: [chart.straddress.as_deref(), chart.straddress2.as_deref()],
        city: chart.city.as_deref(),
        state: chart.state.as_deref(),
        zip: chart.zip.as_deref(),
        used: Some(AddressUse::Home),
    })
}

fn marital_status(chart: &Chart, site: &Site, trace: &mut Trace) -> Option<CodeableConcept> {
    let text = chart.maritalstatus.as_deref()?;
    let code = element::code(cell!(chart.maritalstatus), &MARITAL_STATUS, site, trace);
    let coding = code.map(|code| build::coding(MARITAL_STATUS.system, code, None));
    Some(build::concept(coding.into_iter().collect(), Some(text)))
}

fn communication(chart: &Chart, site: &Site, trace: &mut Trace) -> Option<PatientCommunication> {
    let text = chart.language.as_deref()?;
    let code = element::code(cell!(chart.language), &LANGUAGE, site, trace);
    let coding = code.map(|code| build::coding(LANGUAGE.system, code, None));
    PatientCommunication::builder()
        .language(build::concept(coding.into_iter().collect(), Some(text)))
        .build()
        .ok()
}
