//! Practitioner, from `provider`.

mod entity;
#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::types::Identifier;
use fhir::r4::{Practitioner, Resource};
use fhir::{build, system, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, NameParts, cell};
use mapper::param::{self, Param, Target, Words, profiles, string, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::kinds::PRACTITIONER;
use crate::tables::{provider, provider_terms};

pub use entity::ENTITY;

/// `provider` rows.
pub struct Practitioners;

/// A clinician.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = provider, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    provider_id: Option<String>,
    npi: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    cg_npi: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Practitioners {
    rows_of!(provider, Row);
    const TARGET: Target = PRACTITIONER;

    fn params() -> Vec<Param<provider::table>> {
        use provider as p;
        let family = || Words::new(p::last_name, p::cg_family);
        let given = || {
            [
                Words::new(p::first_name, p::cg_given),
                Words::new(p::middle_name, p::cg_middle),
            ]
        };
        let titles = [Words::new(p::prefix, p::cg_prefix), Words::new(p::suffix, p::cg_suffix)];
        let numbers = vec![
            param::column(p::provider_id, "provider_id"),
            param::ids(p::cg_npi, system::NPI),
        ];
        let own = vec![
            profiles(&[us_core::PRACTITIONER]),
            uncoded("identifier", param::or_key(param::any_of(numbers), p::key)),
            string("name", [family()].into_iter().chain(given()).chain(titles)),
            string("family", [family()]),
            string("given", given()),
        ];
        let telecom = provider_terms::table::of(p::key).telecom();
        own.into_iter().chain(telecom).collect()
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        let mut clinician = Practitioner::builder()
            .build()
            .map_err(|_builder| Rejected("not a Practitioner"))?;
        clinician.identifier = identifiers(&row, site, trace).into_iter().map(Some).collect();
        let mut name = element::name(NameParts {
            family: row.last_name.as_deref(),
            first: row.first_name.as_deref(),
            middle: row.middle_name.as_deref(),
            prefix: row.prefix.as_deref(),
            suffix: row.suffix.as_deref(),
        });
        if name.family.is_none() {
            // US Core wants a family name of every clinician.
            name.family_ext = Some(build::absent("unknown"));
        }
        clinician.name = vec![Some(name)];
        let telecom = [
            element::phone(row.phone.as_deref(), None, Some("work")),
            element::email(row.email.as_deref()),
        ];
        clinician.telecom = telecom.into_iter().flatten().map(Some).collect();
        let mut resource = Resource::from(clinician);
        element::set_profiles(&mut resource, &[us_core::PRACTITIONER]);
        Ok(resource)
    }
}

/// The vendor's number, and the NPI when its check digit is right (US Core us-core-17).
fn identifiers(row: &Row, site: &Site, trace: &mut Trace) -> Vec<Identifier> {
    if row.npi.is_some() && row.cg_npi.is_none() {
        trace.lost("identifier:NPI", "npi", "the check digit is wrong");
    }
    let own = cell!(row.provider_id);
    let own = own.text.map(|value| build::identifier(&site.system(own.column), value));
    let npi = row.cg_npi.as_deref().map(|npi| build::identifier(system::NPI, npi));
    let found: Vec<Identifier> = own.into_iter().chain(npi).collect();
    if found.is_empty() {
        vec![build::identifier(&site.system("key"), &row.key)]
    } else {
        found
    }
}
