//! Organization: the practice whose export it is, from `practice`, or made of the profile's `client_id` where that was not
//! delivered.

#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::{Organization, Resource};
use fhir::system::SPECIAL_VALUES;
use fhir::{build, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, AddressParts, Cell};
use mapper::load::terms::{Address, Terms};
use mapper::load::{Column, Derived, Entity, values};
use mapper::param::{self, Param, Target, Words, profiles, string, token, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::cells::{key, told};
use crate::kinds::ORGANIZATION;
use crate::tables::{practice, practice_terms};

/// The columns are not documented for version 9; these are what a practice has.
pub const ENTITY: Entity = Entity {
    name: "practice",
    aliases: &[],
    table: "practice",
    columns: &[
        Column::new("practiceguid"),
        Column::new("name"),
        Column::new("address1"),
        Column::new("address2"),
        Column::new("city"),
        Column::new("state"),
        Column::new("zipcode"),
        Column::new("phone"),
    ],
    layouts: &[],
    computed: &["cg_guid", "cg_name"],
    derive: |cells, _| Derived {
        key: key(cells, "practiceguid"),
        values: vec![told(cells, "practiceguid"), values::folded(cells.get("name"))],
        exploded: Terms::default()
            .address(&Address {
                lines: [cells.get("address1"), cells.get("address2")],
                city: cells.get("city"),
                state: cells.get("state"),
                zip: cells.get("zipcode"),
                ..Address::default()
            })
            .rows(),
        ..Derived::default()
    },
};

/// `practice` rows.
pub struct Organizations;

/// A practice.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = practice, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    name: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zipcode: Option<String>,
    phone: Option<String>,
    cg_guid: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Organizations {
    rows_of!(practice, Row);
    const TARGET: Target = ORGANIZATION;

    fn params() -> Vec<Param<practice::table>> {
        use practice as p;
        let own = vec![
            profiles(&[us_core::ORGANIZATION]),
            token("active", param::constant(SPECIAL_VALUES, "true")),
            uncoded(
                "identifier",
                param::or_key(param::column(p::cg_guid, "practiceguid"), p::key),
            ),
            string("name", [Words::new(p::name, p::cg_name)]),
        ];
        let address = practice_terms::table::of(p::key).address();
        own.into_iter().chain(address).collect()
    }

    fn translate(row: Row, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let mut practice = Organization::builder()
            .build()
            .map_err(|_builder| Rejected("not an Organization"))?;
        let guid = Cell {
            column: "practiceguid",
            text: row.cg_guid.as_deref(),
        };
        practice.identifier = element::identifiers(site, &row.key, &[guid]);
        // US Core wants to know; the export is of this practice.
        practice.active = Some(true);
        let phone = element::phone(row.phone.as_deref(), None, None);
        practice.telecom = phone.map(Some).into_iter().collect();
        let address = element::address(AddressParts {
            lines: [row.address1.as_deref(), row.address2.as_deref()],
            city: row.city.as_deref(),
            state: row.state.as_deref(),
            zip: row.zipcode.as_deref(),
            used: None,
        });
        practice.address = address.map(Some).into_iter().collect();
        match row.name {
            Some(name) => practice.name = Some(name),
            None => practice.name_ext = Some(build::absent("unknown")),
        }
        let mut resource = Resource::from(practice);
        element::set_profiles(&mut resource, &[us_core::ORGANIZATION]);
        Ok(resource)
    }
}
