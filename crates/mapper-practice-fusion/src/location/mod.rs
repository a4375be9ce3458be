//! Location, from `facilities`. The export has no zones: a profile names those of places whose clocks are not the source's.

#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::codes::ContactPointSystem;
use fhir::r4::types::{Address, ContactPoint};
use fhir::r4::{Location, Resource};
use fhir::{build, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, AddressParts, Cell};
use mapper::load::terms::{self, Terms};
use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::param::{self, Link, Param, Target, Words, profiles, reference, string, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::cells::{self, key, told};
use crate::kinds::{LOCATION, ORGANIZATION, practice};
use crate::tables::{facilities, facilities_terms};

/// All columns.
pub const ENTITY: Entity = Entity {
    name: "facilities",
    aliases: &[],
    table: "facilities",
    columns: &[
        Column::new("facilityguid"),
        Column::new("name"),
        Column::new("address1"),
        Column::new("address2"),
        Column::new("address3"),
        Column::new("city"),
        Column::new("state"),
        Column::new("zipcode"),
        Column::new("county"),
        Column::new("officephone"),
        Column::new("officefax"),
    ],
    layouts: &[],
    computed: &["cg_guid", "cg_name", "cg_practice"],
    derive: |cells, site| Derived {
        key: key(cells, "facilityguid"),
        values: vec![
            told(cells, "facilityguid"),
            values::folded(cells.get("name")),
            cells::practice(site),
        ],
        exploded: kept(cells).rows(),
        ..Derived::default()
    },
};

fn kept(cells: &Cells<'_>) -> Terms {
    let at = |column| cells.get(column);
    let lines = ["address1", "address2", "address3"].map(at);
    let mut told = lines.iter().copied().flatten();
    Terms::default()
        .address(&terms::Address {
            lines: [told.next(), told.next()],
            city: at("city"),
            district: at("county"),
            state: at("state"),
            zip: at("zipcode"),
            ..terms::Address::default()
        })
        .and("line", told.next())
}

/// `facilities` rows.
pub struct Locations;

/// A place.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = facilities, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    name: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    address3: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zipcode: Option<String>,
    county: Option<String>,
    officephone: Option<String>,
    officefax: Option<String>,
    cg_guid: Option<String>,
    cg_practice: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Locations {
    rows_of!(facilities, Row);
    const TARGET: Target = LOCATION;

    fn params() -> Vec<Param<facilities::table>> {
        use facilities as f;
        let own = vec![
            profiles(&[us_core::LOCATION]),
            uncoded(
                "identifier",
                param::or_key(param::column(f::cg_guid, "facilityguid"), f::key),
            ),
            string("name", [Words::new(f::name, f::cg_name)]),
            reference("organization", [Link::column(f::table, f::cg_practice, ORGANIZATION)]),
        ];
        let address = facilities_terms::table::of(f::key).address();
        own.into_iter().chain(address).collect()
    }

    fn translate(row: Row, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let mut place = Location::builder()
            .build()
            .map_err(|_builder| Rejected("not a Location"))?;
        let guid = Cell {
            column: "facilityguid",
            text: row.cg_guid.as_deref(),
        };
        place.identifier = element::identifiers(site, &row.key, &[guid]);
        place.telecom = telecom(&row).into_iter().map(Some).collect();
        place.address = address(&row);
        // US Core wants a name; where nobody has told it, that is said instead of one made up.
        match row.name {
            Some(name) => place.name = Some(name),
            None => place.name_ext = Some(build::absent("unknown")),
        }
        place.managing_organization = practice(site, row.cg_practice.as_deref());
        let mut resource = Resource::from(place);
        element::set_profiles(&mut resource, &[us_core::LOCATION]);
        Ok(resource)
    }
}

fn telecom(row: &Row) -> Vec<ContactPoint> {
    let mut fax = element::phone(row.officefax.as_deref(), None, Some("work"));
    if let Some(fax) = &mut fax {
        fax.system = Some(ContactPointSystem::Fax);
    }
    let phone = element::phone(row.officephone.as_deref(), None, Some("work"));
    phone.into_iter().chain(fax).collect()
}

fn address(row: &Row) -> Option<Address> {
    let lines = [&row.address1, &row.address2, &row.address3];
    let mut lines = lines.into_iter().filter_map(Option::as_deref);
    let parts = AddressParts {
        lines: [lines.next(), lines.next()],
        city: row.city.as_deref(),
        state: row.state.as_deref(),
        zip: row.zipcode.as_deref(),
        used: None,
    };
    let mut address = element::address(parts)?;
    address.line.extend(lines.map(|line| Some(line.to_owned())));
    address.district = row.county.clone();
    Some(address)
}
