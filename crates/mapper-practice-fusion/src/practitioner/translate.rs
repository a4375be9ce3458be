//! A clinician of any key space as US Core Practitioner.

use fhir::r4::{Practitioner, Resource};
use fhir::{build, system, us_core};
use mapper::element::{self, Cell, NameParts};
use mapper::{Rejected, Site};

/// What a row of any of the three tables tells.
pub struct Told<'a> {
    /// The row's key.
    pub key: &'a str,
    /// Its GUIDs.
    pub guids: &'a [Cell<'a>],
    /// The National Provider Identifier of the superbills.
    pub npi: Option<&'a str>,
    /// `Dr.`
    pub title: Option<&'a str>,
    /// The first name.
    pub first: Option<&'a str>,
    /// The middle name, or its initial.
    pub middle: Option<&'a str>,
    /// The family name.
    pub last: Option<&'a str>,
    /// `MD`
    pub suffix: Option<&'a str>,
}

/// The resource.
pub fn practitioner(told: &Told<'_>, site: &Site) -> Result<Resource, Rejected> {
    let mut clinician = Practitioner::builder()
        .build()
        .map_err(|_builder| Rejected("not a Practitioner"))?;
    let npi = told.npi.map(|npi| build::identifier(system::NPI, npi));
    let numbered = npi.is_some() || told.guids.iter().any(|cell| cell.text.is_some());
    let guids = told
        .guids
        .iter()
        .filter_map(|cell| Some(build::identifier(&site.system(cell.column), cell.text?)));
    let key = (!numbered).then(|| build::identifier(&site.system("key"), told.key));
    clinician.identifier = guids.chain(npi).chain(key).map(Some).collect();
    let mut name = element::name(NameParts {
        family: told.last,
        first: told.first,
        middle: told.middle,
        prefix: told.title,
        suffix: told.suffix,
    });
    if name.family.is_none() {
        // US Core wants a family name of every clinician.
        name.family_ext = Some(build::absent("unknown"));
    }
    clinician.name = vec![Some(name)];
    let mut resource = Resource::from(clinician);
    element::set_profiles(&mut resource, &[us_core::PRACTITIONER]);
    Ok(resource)
}
