//! Location: the places that rows refer to by `location_id`. Healthjump has no endpoint for them, so a row is made per practice and
//! number; its name comes from the profile (`[names.location]`) or is said to be unknown.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::{Location, Resource};
use fhir::{build, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, Cell, cell};
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::param::{self, Link, Param, Target, Words, no_address, profiles, reference, string, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::cells::{client, folded, link, scoped};
use crate::kinds::{LOCATION, ORGANIZATION};
use crate::tables::location;

/// Made rows; see the schema's syntheses.
pub const ENTITY: Entity = Entity {
    name: "location",
    aliases: &[],
    table: "location",
    columns: &[
        Column::new("client_id"),
        Column::new("location_id"),
        Column::new("name"),
    ],
    layouts: &[],
    computed: &["cg_client", "cg_name"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let client = client(cells, site);
    Derived {
        key: cells.get("location_id").map(|number| scoped(client, number)),
        values: vec![link(client), folded(cells.get("name"))],
        ..Derived::default()
    }
}

/// `location` rows.
pub struct Locations;

/// A place.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = location, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    location_id: Option<String>,
    name: Option<String>,
    cg_client: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Locations {
    rows_of!(location, Row);
    const TARGET: Target = LOCATION;

    fn params() -> Vec<Param<location::table>> {
        use location as l;
        let own = vec![
            profiles(&[us_core::LOCATION]),
            uncoded("identifier", param::column(l::location_id, "location_id")),
            string("name", [Words::new(l::name, l::cg_name)]),
            reference("organization", [Link::column(l::table, l::cg_client, ORGANIZATION)]),
        ];
        // Nobody tells where the places are.
        own.into_iter().chain(no_address()).collect()
    }

    fn translate(row: Row, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let mut place = Location::builder()
            .build()
            .map_err(|_builder| Rejected("not a Location"))?;
        let number = cell!(row.location_id);
        place.identifier = number
            .text
            .map(|value| Some(build::identifier(&site.system(number.column), value)))
            .into_iter()
            .collect();
        // US Core wants a name; where nobody has told it, that is said instead of one made up.
        match &row.name {
            Some(name) => place.name = Some(name.clone()),
            None => place.name_ext = Some(build::absent("unknown")),
        }
        let nowhere = Cell {
            column: "client_id",
            text: None,
        };
        place.managing_organization = element::reference(site, ORGANIZATION, row.cg_client.as_deref(), nowhere);
        let mut resource = Resource::from(place);
        element::set_profiles(&mut resource, &[us_core::LOCATION]);
        Ok(resource)
    }
}
