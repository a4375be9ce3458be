//! Location, from `edi_facilities`. Billing addresses, payees, tax numbers and bank accounts stand in this table: only
//! declared columns are ever read.

mod entity;
#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::codes::{ContactPointSystem, LocationStatus};
use fhir::r4::types::{ContactPoint, Identifier};
use fhir::r4::{Location, Resource};
use fhir::{build, system, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, AddressParts, cell};
use mapper::param::{self, Link, Param, Target, Words, profiles, reference, string, token, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::kinds::{LOCATION, ORGANIZATION, practice};
use crate::tables::{edi_facilities, edi_facilities_terms};

pub use entity::ENTITY;

/// `edi_facilities` rows.
pub struct Locations;

/// A place.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = edi_facilities, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    id: Option<String>,
    name: Option<String>,
    facilitytype: Option<String>,
    addressline1: Option<String>,
    addressline2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    tel: Option<String>,
    fax: Option<String>,
    email: Option<String>,
    npi: Option<String>,
    cg_client: Option<String>,
    cg_npi: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Locations {
    rows_of!(edi_facilities, Row);
    const TARGET: Target = LOCATION;

    fn params() -> Vec<Param<edi_facilities::table>> {
        use edi_facilities as f;
        let numbers = vec![param::column(f::id, "id"), param::ids(f::cg_npi, system::NPI)];
        let own = vec![
            profiles(&[us_core::LOCATION]),
            token("status", param::constant(system::LOCATION_STATUS, "active")),
            uncoded("identifier", param::or_key(param::any_of(numbers), f::key)),
            string("name", [Words::new(f::name, f::cg_name)]),
            reference("organization", [Link::column(f::table, f::cg_client, ORGANIZATION)]),
        ];
        let address = edi_facilities_terms::table::of(f::key).address();
        own.into_iter().chain(address).collect()
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        let mut place = Location::builder()
            .build()
            .map_err(|_builder| Rejected("not a Location"))?;
        place.identifier = identifiers(&row, site, trace);
        // A deleted place is not served.
        place.status = Some(LocationStatus::Active);
        // US Core wants a name; where the row has none, that is said instead of one made up.
        match &row.name {
            Some(name) => place.name = Some(name.clone()),
            None => place.name_ext = Some(build::absent("unknown")),
        }
        let kind = row.facilitytype.as_deref().map(build::text);
        place.r#type = kind.map(Some).into_iter().collect();
        place.telecom = telecom(&row).into_iter().map(Some).collect();
        place.address = element::address(AddressParts {
            lines: [row.addressline1.as_deref(), row.addressline2.as_deref()],
            city: row.city.as_deref(),
            state: row.state.as_deref(),
            zip: row.zip.as_deref(),
            used: None,
        });
        place.managing_organization = practice(site, row.cg_client.as_deref());
        let mut resource = Resource::from(place);
        element::set_profiles(&mut resource, &[us_core::LOCATION]);
        Ok(resource)
    }
}

/// The vendor's number, and the NPI when its check digit is right.
fn identifiers(row: &Row, site: &Site, trace: &mut Trace) -> Vec<Option<Identifier>> {
    if row.npi.is_some() && row.cg_npi.is_none() {
        trace.lost("identifier:NPI", "npi", "the check digit is wrong");
    }
    let npi = row.cg_npi.as_deref().map(|npi| build::identifier(system::NPI, npi));
    let own = row.id.is_some() || npi.is_none();
    let own = own.then(|| element::identifiers(site, &row.key, &[cell!(row.id)]));
    own.into_iter().flatten().chain(npi.map(Some)).collect()
}

fn telecom(row: &Row) -> Vec<ContactPoint> {
    let fax = element::phone(row.fax.as_deref(), None, None).map(|mut fax| {
        fax.system = Some(ContactPointSystem::Fax);
        fax
    });
    [
        element::phone(row.tel.as_deref(), None, None),
        fax,
        element::email(row.email.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
