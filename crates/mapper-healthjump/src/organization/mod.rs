//! Organization: the practices (`client_id`), from the `client_ids` endpoint or, where it was not delivered, from the rows that refer to
//! them.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::{Organization, Resource};
use fhir::{build, system, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, AddressParts, cell};
use mapper::load::terms::{Address, Terms};
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::param::{self, Param, Target, Words, profiles, string, token, uncoded};
use mapper::sql::Value;
use mapper::{Mapping, Rejected, Site, Trace, codes, rows_of};

use crate::cells::{folded, stamps};
use crate::kinds::ORGANIZATION;
use crate::tables::{client_ids, client_ids_terms};

/// The practices that a login may read.
pub const ENTITY: Entity = Entity {
    name: "client_ids",
    aliases: &["client_id", "clients", "client"],
    table: "client_ids",
    columns: &[
        Column::new("client_id").or(&["clientid", "id"]),
        Column::new("name").or(&["client_name", "practice_name", "client"]),
        Column::new("npi"),
        Column::new("phone").or(&["phone_number"]),
        Column::new("address_line_1").or(&["address1", "address"]),
        Column::new("address_line_2").or(&["address2"]),
        Column::new("city"),
        Column::new("state"),
        Column::new("zip").or(&["zip_code", "postal_code"]),
        Column::new("hj_create_timestamp"),
        Column::new("hj_modify_timestamp"),
    ],
    layouts: &[],
    computed: &["cg_name", "cg_npi"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    let npi = cells.get("npi").filter(|npi| codes::valid_npi(npi));
    Derived {
        key: cells.get("client_id").map(str::to_owned),
        identifying: &["name"],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: None,
        values: vec![folded(cells.get("name")), npi.map_or(Value::Null, Value::from)],
        exploded: Terms::default()
            .address(&Address {
                lines: [cells.get("address_line_1"), cells.get("address_line_2")],
                city: cells.get("city"),
                state: cells.get("state"),
                zip: cells.get("zip"),
                ..Address::default()
            })
            .rows(),
        ..Derived::default()
    }
}

/// `client_ids` rows.
pub struct Organizations;

/// A practice.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = client_ids, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    client_id: Option<String>,
    name: Option<String>,
    npi: Option<String>,
    phone: Option<String>,
    address_line_1: Option<String>,
    address_line_2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip: Option<String>,
    cg_npi: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Organizations {
    rows_of!(client_ids, Row);
    const TARGET: Target = ORGANIZATION;

    fn params() -> Vec<Param<client_ids::table>> {
        use client_ids as c;
        let numbers = vec![
            param::column(c::client_id, "client_id"),
            param::ids(c::cg_npi, system::NPI),
        ];
        let own = vec![
            profiles(&[us_core::ORGANIZATION]),
            uncoded("identifier", param::any_of(numbers)),
            string("name", [Words::new(c::name, c::cg_name)]),
            token("active", param::constant(system::SPECIAL_VALUES, "true")),
        ];
        let address = client_ids_terms::table::of(c::key).address();
        own.into_iter().chain(address).collect()
    }

    fn translate(row: Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected> {
        if row.npi.is_some() && row.cg_npi.is_none() {
            trace.lost("identifier:NPI", "npi", "the check digit is wrong");
        }
        let mut practice = Organization::builder()
            .build()
            .map_err(|_builder| Rejected("not an Organization"))?;
        let number = cell!(row.client_id);
        let own = number
            .text
            .map(|value| build::identifier(&site.system(number.column), value));
        let npi = row.cg_npi.as_deref().map(|npi| build::identifier(system::NPI, npi));
        practice.identifier = own.into_iter().chain(npi).map(Some).collect();
        // US Core wants to know; the feed lists the practices that it is being read from.
        practice.active = Some(true);
        match &row.name {
            Some(name) => practice.name = Some(name.clone()),
            None => practice.name_ext = Some(build::absent("unknown")),
        }
        practice.telecom = element::phone(row.phone.as_deref(), None, None)
            .map(Some)
            .into_iter()
            .collect();
        practice.address = element::address(AddressParts {
            lines: [row.address_line_1.as_deref(), row.address_line_2.as_deref()],
            city: row.city.as_deref(),
            state: row.state.as_deref(),
            zip: row.zip.as_deref(),
            used: None,
        })
        .map(Some)
        .into_iter()
        .collect();
        let mut resource = Resource::from(practice);
        element::set_profiles(&mut resource, &[us_core::ORGANIZATION]);
        Ok(resource)
    }
}
