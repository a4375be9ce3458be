//! Organization: the organisation's locations, from `CLARITY_LOC`.

#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::{Organization, Resource};
use fhir::system::SPECIAL_VALUES;
use fhir::{build, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, cell};
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::param::{self, Param, Target, Words, no_address, profiles, string, token, uncoded};
use mapper::sql::Value;
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::cells::{folded, named};
use crate::kinds::ORGANIZATION;
use crate::tables::clarity_loc;

/// Epic calls them locations; each is a part of the organisation, with departments of its own.
pub const CLARITY_LOC: Entity = Entity {
    name: "clarity_loc",
    aliases: &[],
    table: "clarity_loc",
    columns: &[Column::new("loc_id"), Column::new("loc_name")],
    layouts: &[],
    computed: &["cg_name", "cg_folded_name"],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let id = cells.get("loc_id");
    let name = cells.get("loc_name").or_else(|| named(site, "organization", id));
    Derived {
        key: id.map(str::to_owned),
        values: vec![Value::from(name.map(str::to_owned)), folded(name)],
        ..Derived::default()
    }
}

/// `CLARITY_LOC` rows.
pub struct Organizations;

/// A part of the organisation.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = clarity_loc, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    loc_id: Option<String>,
    cg_name: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Organizations {
    rows_of!(clarity_loc, Row);
    const TARGET: Target = ORGANIZATION;

    fn params() -> Vec<Param<clarity_loc::table>> {
        use clarity_loc as l;
        let own = vec![
            profiles(&[us_core::ORGANIZATION]),
            token("active", param::constant(SPECIAL_VALUES, "true")),
            uncoded("identifier", param::or_key(param::column(l::loc_id, "loc_id"), l::key)),
            string("name", [Words::new(l::cg_name, l::cg_folded_name)]),
        ];
        own.into_iter().chain(no_address()).collect()
    }

    fn translate(row: Row, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let mut organization = Organization::builder()
            .build()
            .map_err(|_builder| Rejected("not an Organization"))?;
        organization.identifier = element::identifiers(site, &row.key, &[cell!(row.loc_id)]);
        // US Core wants to know; the export is of an organisation that is at work.
        organization.active = Some(true);
        match &row.cg_name {
            Some(name) => organization.name = Some(name.clone()),
            None => organization.name_ext = Some(build::absent("unknown")),
        }
        let mut resource = Resource::from(organization);
        element::set_profiles(&mut resource, &[us_core::ORGANIZATION]);
        Ok(resource)
    }
}
