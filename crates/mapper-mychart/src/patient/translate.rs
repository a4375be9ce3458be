//! A patient as US Core Patient.

use fhir::build;
use fhir::r4::codes::NameUse;
use fhir::r4::types::{CodeableConcept, Extension, HumanName, Identifier};
use fhir::r4::{Patient, PatientCommunication, PatientDeceased, PatientMultipleBirth, Resource};
use fhir::system::SSN;
use fhir::us_core::{self, Category};
use mapper::element::{self, Cell, NameParts, cell};
use mapper::{Rejected, Site, Trace, time};

use super::contact::{addresses, telecom};
use super::{More, Person, Row};
use crate::cells::EPIC;
use crate::codes::{BIRTH_SEX, DECEASED, ETHNICITY, GENDER, LANGUAGE, RACE};
use crate::kinds::{ORGANIZATION, PROVIDER};

pub fn patient(person: &Person, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
    let Person { row, .. } = person;
    let mut patient = Patient::builder()
        .build()
        .map_err(|_builder| Rejected("not a Patient"))?;
    patient.identifier = identifiers(person, site).into_iter().map(Some).collect();
    patient.name = names(row).into_iter().map(Some).collect();
    patient.telecom = telecom(person, site, trace).into_iter().map(Some).collect();
    patient.gender = Some(element::gender(element::code(
        cell!(row.sex_c_name),
        &GENDER,
        site,
        trace,
    )));
    patient.birth_date = element::date(cell!(row.birth_date), EPIC, "birthDate", trace);
    patient.deceased = deceased(&row.more, site, trace);
    patient.address = addresses(person, site, trace).into_iter().map(Some).collect();
    patient.multiple_birth = multiple_birth(&row.more, trace);
    patient.communication = communication(&row.more, site, trace).into_iter().map(Some).collect();
    let provider = element::reference(site, PROVIDER, row.cg_provider.as_deref(), cell!(row.cur_pcp_prov_id));
    patient.general_practitioner = provider.map(Some).into_iter().collect();
    let organization = row.cg_organization.as_deref();
    patient.managing_organization = element::reference(site, ORGANIZATION, organization, cell!(row.cur_prim_loc_id));
    patient.extension = extensions(person, site, trace);
    let mut resource = Resource::from(patient);
    element::set_profiles(&mut resource, &[us_core::PATIENT]);
    Ok(resource)
}

/// The numbers of the row, then those of `IDENTITY_ID` with their kind in words.
fn identifiers(person: &Person, site: &Site) -> Vec<Identifier> {
    let Person { row, details } = person;
    let (own, record) = (cell!(row.pat_id), cell!(row.pat_mrn_id));
    let mut found = vec![];
    found.extend(own.text.map(|id| build::identifier(&site.system(own.column), id)));
    found.extend(
        record
            .text
            .map(|id| build::identifier_typed(&site.system(record.column), id, "MR", Some("Medical record number"))),
    );
    found.extend(row.ssn.as_deref().map(social));
    for detail in details {
        let (Some(system), Some(number)) = (&detail.system, &detail.number) else {
            continue;
        };
        if system == SSN {
            found.push(social(number));
            continue;
        }
        let mut identifier = build::identifier(&site.system(system), number);
        identifier.r#type = detail.text.as_deref().map(build::text);
        found.push(identifier);
    }
    if found.is_empty() {
        // A row without any number has its key made of its content; that key is then its number.
        found.push(build::identifier(&site.system("key"), &row.key));
    }
    found
}

fn social(number: &str) -> Identifier {
    build::identifier_typed(SSN, number, "SS", Some("Social Security number"))
}

/// The legal name, the one that the patient goes by, and the maiden name.
fn names(row: &Row) -> Vec<HumanName> {
    let mut official = element::name(NameParts {
        family: row.cg_last.as_deref(),
        first: row.cg_first.as_deref(),
        middle: row.cg_middle.as_deref(),
        prefix: row.pat_title_c_name.as_deref(),
        suffix: row.pat_name_suffix_c_name.as_deref(),
    });
    official.r#use = Some(NameUse::Official);
    let other = |used: NameUse, family: Option<&str>, given: &[&str]| {
        let mut name = build::human_name(family, given);
        name.r#use = Some(used);
        name
    };
    let preferred = row.cg_preferred.as_deref();
    let maiden = row.cg_maiden.as_deref();
    [
        Some(official),
        preferred.map(|name| other(NameUse::Usual, None, &[name])),
        maiden.map(|name| other(NameUse::Maiden, Some(name), &[])),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A date of death wins over the labels; its time of day may stand in a column of its own.
fn deceased(more: &More, site: &Site, trace: &mut Trace) -> Option<PatientDeceased> {
    if let Some(day) = more.death_date.as_deref() {
        let clock = more.cg_death_tm.as_deref().map(time_of_day).unwrap_or_default();
        let formats = [time::TimeFormat::Second12, time::TimeFormat::Minute12];
        let died = time::date_with_time(day, EPIC, clock, &formats).ok();
        if died.is_some_and(|d| d.time_error.is_some()) {
            trace.lost("deceased[x]", "death_tm", "not a time of day");
        }
        let moment = died.map(|d| time::resolve(d.civil.midnight_as_day(), site.zone()));
        element::note_moment(cell!(more.death_date), moment.as_ref(), "deceased[x]", trace);
        if let Some(moment) = moment {
            return Some(PatientDeceased::DateTime(element::date_time(&moment)));
        }
    }
    let living = Cell {
        column: "pat_living_stat_c_name",
        text: more.cg_living.as_deref(),
    };
    let mut said = |cell| element::code(cell, &DECEASED, site, trace);
    let code = said(cell!(more.pat_status_c_name)).or_else(|| said(living));
    code.map(|code| PatientDeceased::Boolean(code == "true"))
}

/// The time in a cell that may have a date in front of it.
pub fn time_of_day(cell: &str) -> &str {
    match cell.split_once(' ') {
        Some((date, time)) if date.contains('/') => time.trim(),
        _ => cell,
    }
}

/// The number among those born together; else whether there were several.
fn multiple_birth(more: &More, trace: &mut Trace) -> Option<PatientMultipleBirth> {
    let order = cell!(more.ped_mult_birth_ord);
    if let Some(text) = order.text {
        match text.parse() {
            Ok(number) => return Some(PatientMultipleBirth::Integer(number)),
            Err(_) => trace.lost("multipleBirth[x]", order.column, "not a number"),
        }
    }
    let several = cell!(more.ped_multi_birth_yn);
    match several.text? {
        "Y" | "y" => Some(PatientMultipleBirth::Boolean(true)),
        "N" | "n" => Some(PatientMultipleBirth::Boolean(false)),
        _ => {
            trace.lost("multipleBirth[x]", several.column, "neither Y nor N");
            None
        }
    }
}

/// The languages of a patient, each once; `LANGUAGE` is the preferred one.
fn communication(more: &More, site: &Site, trace: &mut Trace) -> Vec<PatientCommunication> {
    let cells = [
        cell!(more.language_c_name),
        cell!(more.lang_care_c_name),
        cell!(more.lang_writ_c_name),
    ];
    let mut seen: Vec<&str> = vec![];
    let mut found = vec![];
    for (place, cell) in cells.into_iter().enumerate() {
        let Some(word) = cell.text.filter(|word| !seen.contains(word)) else {
            continue;
        };
        seen.push(word);
        let language = language(cell, site, trace);
        if let Ok(mut communication) = PatientCommunication::builder().language(language).build() {
            communication.preferred = (place == 0).then_some(true);
            found.push(communication);
        }
    }
    found
}

fn language(cell: Cell<'_>, site: &Site, trace: &mut Trace) -> CodeableConcept {
    let code = element::code(cell, &LANGUAGE, site, trace);
    let coding = code.map(|code| build::coding(LANGUAGE.system, code, None));
    build::concept(coding.into_iter().collect(), cell.text)
}

fn extensions(person: &Person, site: &Site, trace: &mut Trace) -> Vec<Extension> {
    let Person { row, .. } = person;
    let birth_sex = Cell {
        column: "sex_asgn_at_birth_c_name",
        text: row.more.cg_birth_sex.as_deref(),
    };
    let found = [
        race(person, site, trace),
        ethnicity(&row.more, site, trace),
        element::code(birth_sex, &BIRTH_SEX, site, trace).map(element::birth_sex),
    ];
    found.into_iter().flatten().collect()
}

/// Each race has a row of its own.
fn race(person: &Person, site: &Site, trace: &mut Trace) -> Option<Extension> {
    let rows = person.details.iter().filter(|d| d.what == "patient_race");
    let words: Vec<&str> = rows.filter_map(|d| d.text.as_deref()).collect();
    let mut known: Vec<Category> = vec![];
    for word in &words {
        let cell = Cell {
            column: "patient_race_c_name",
            text: Some(word),
        };
        known.extend(element::code(cell, &RACE, site, trace).and_then(us_core::category));
    }
    (!words.is_empty()).then(|| us_core::race(&known, vec![], &words.join(", ")))
}

fn ethnicity(more: &More, site: &Site, trace: &mut Trace) -> Option<Extension> {
    let text = more.ethnic_group_c_name.as_deref()?;
    let category = element::code(cell!(more.ethnic_group_c_name), &ETHNICITY, site, trace);
    Some(us_core::ethnicity(category.and_then(us_core::category), vec![], text))
}
