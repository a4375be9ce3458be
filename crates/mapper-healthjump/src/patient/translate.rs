//! A `demographic` row as US Core Patient.

use fhir::build;
use fhir::r4::codes::AddressUse;
use fhir::r4::types::{Address, ContactPoint, Extension, Identifier};
use fhir::r4::{Patient, PatientCommunication, PatientDeceased, Resource};
use fhir::system::SSN;
use fhir::us_core;
use mapper::element::{self, AddressParts, Cell, NameParts, cell};
use mapper::{Rejected, Site, Trace, id, time};

use super::entity::{APART, address_use, is_dead};
use super::{Contact, Demographic, Person};
use crate::cells::day;
use crate::codes::{BIRTH_SEX, ETHNICITY, GENDER, LANGUAGE, PHONE_USE, RACE};
use crate::kinds::{ORGANIZATION, PRACTITIONER};

pub fn patient(person: Person, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Person { row, clinicians } = person;
    let mut patient = Patient::builder()
        .build()
        .map_err(|_builder| Rejected("not a Patient"))?;
    patient.identifier = identifiers(&row, site).into_iter().map(Some).collect();
    patient.name = vec![Some(element::name(NameParts {
        family: row.last_name.as_deref(),
        first: row.first_name.as_deref(),
        middle: row.middle_name.as_deref(),
        prefix: row.prefix.as_deref(),
        suffix: row.suffix.as_deref(),
    }))];
    patient.telecom = telecom(&row.contact, site, trace).into_iter().map(Some).collect();
    patient.gender = Some(element::gender(element::code(cell!(row.gender), &GENDER, site, trace)));
    patient.birth_date = element::date(cell!(row.dob), time::US_DAYS_AND_STAMPS, "birthDate", trace);
    patient.deceased = deceased(&row, site, trace);
    patient.address = address(&row.contact).map(Some).into_iter().collect();
    patient.communication = communication(&row, site, trace).map(Some).into_iter().collect();
    patient.general_practitioner = clinicians
        .iter()
        .map(|key| {
            let id = id::encode(site.name(), PRACTITIONER.kind, key);
            Some(build::reference(PRACTITIONER.ty, &id, None))
        })
        .collect();
    let nowhere = Cell {
        column: "client_id",
        text: None,
    };
    patient.managing_organization = element::reference(site, ORGANIZATION, row.cg_client.as_deref(), nowhere);
    patient.extension = extensions(&row, site, trace);
    let mut resource = Resource::from(patient);
    element::set_profiles(&mut resource, &[us_core::PATIENT]);
    Ok(resource)
}

/// Every number of the row, each with the system of its own column; see [`Site::system`].
fn identifiers(row: &Demographic, site: &Site) -> Vec<Identifier> {
    let own = |cell: Cell<'_>| Some(build::identifier(&site.system(cell.column), cell.text?));
    let typed = |cell: Cell<'_>, code: &str, display: &str| {
        Some(build::identifier_typed(
            &site.system(cell.column),
            cell.text?,
            code,
            Some(display),
        ))
    };
    let numbers = [
        own(cell!(row.demographicid)),
        typed(cell!(row.client_patient_id), "MR", "Medical record number"),
        own(cell!(row.other_id)),
        typed(cell!(row.account_id), "AN", "Account number"),
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

fn telecom(contact: &Contact, site: &Site, trace: &mut Trace) -> Vec<ContactPoint> {
    let first = element::code(cell!(contact.phone_type), &PHONE_USE, site, trace);
    let second = element::code(cell!(contact.second_type), &PHONE_USE, site, trace);
    [
        element::phone(contact.phone_number.as_deref(), contact.phone_ext.as_deref(), first),
        element::phone(contact.second_number.as_deref(), contact.second_ext.as_deref(), second),
        element::email(contact.first_email.as_deref()),
        element::email(contact.second_email.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn address(contact: &Contact) -> Option<Address> {
    let used = match contact.address_type.as_deref().and_then(address_use) {
        Some("home") => Some(AddressUse::Home),
        Some("work") => Some(AddressUse::Work),
        _ => None,
    };
    element::address(AddressParts {
        lines: [contact.address_line_1.as_deref(), contact.address_line_2.as_deref()],
        city: contact.city.as_deref(),
        state: contact.state.as_deref(),
        zip: contact.zip.as_deref(),
        used,
    })
}

/// A date of death wins over the flag; a flag that is neither yes nor no says nothing.
fn deceased(row: &Demographic, site: &Site, trace: &mut Trace) -> Option<PatientDeceased> {
    let died = day(row.death_date.as_deref(), site);
    element::note_moment(cell!(row.death_date), died.as_ref(), "deceased[x]", trace);
    if let Some(moment) = died {
        return Some(PatientDeceased::DateTime(element::date_time(&moment)));
    }
    let flag = row.death_indication.as_deref()?;
    let dead = is_dead(flag);
    if dead.is_none() {
        trace.lost("deceased[x]", "death_indication", "neither yes nor no");
    }
    dead.map(PatientDeceased::Boolean)
}

fn communication(row: &Demographic, site: &Site, trace: &mut Trace) -> Option<PatientCommunication> {
    let text = row.primary_language.as_deref()?;
    let code = element::code(cell!(row.primary_language), &LANGUAGE, site, trace);
    let codings = code
        .map(|c| build::coding(LANGUAGE.system, c, None))
        .into_iter()
        .collect();
    PatientCommunication::builder()
        .language(build::concept(codings, Some(text)))
        .build()
        .ok()
}

fn extensions(row: &Demographic, site: &Site, trace: &mut Trace) -> Vec<Extension> {
    [
        // Several races may stand in one cell.
        element::races(cell!(row.race), &APART, &RACE, site, trace),
        ethnicity(row, site, trace),
        birth_sex(row, site, trace),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn ethnicity(row: &Demographic, site: &Site, trace: &mut Trace) -> Option<Extension> {
    let text = row.ethnicity.as_deref()?;
    let category = element::code(cell!(row.ethnicity), &ETHNICITY, site, trace).and_then(us_core::category);
    Some(us_core::ethnicity(category, vec![], text))
}

fn birth_sex(row: &Demographic, site: &Site, trace: &mut Trace) -> Option<Extension> {
    element::code(cell!(row.birth_sex), &BIRTH_SEX, site, trace).map(element::birth_sex)
}
