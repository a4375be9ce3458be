//! Location: departments, from `CLARITY_DEP`.

#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::{Location, Resource};
use fhir::{build, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, cell};
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::param::{self, Param, Target, Words, no_address, profiles, string, uncoded};
use mapper::sql::Value;
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::cells::{companion, folded, named};
use crate::kinds::LOCATION;
use crate::tables::clarity_dep;

/// Departments. What zone one is in the profile says (`[zones]`).
pub const CLARITY_DEP: Entity = Entity {
    name: "clarity_dep",
    aliases: &[],
    table: "clarity_dep",
    columns: &[
        Column::new("department_id"),
        Column::new("department_name"),
        Column::new("external_name"),
    ],
    layouts: &[],
    computed: &["cg_name", "cg_folded_name"],
    derive,
};

/// The kind of a department.
pub const CLARITY_DEP_4: Entity = Entity {
    name: "clarity_dep_4",
    aliases: &[],
    table: "clarity_dep_4",
    columns: &[Column::new("department_id"), Column::new("dep_type_c_name")],
    layouts: &[],
    computed: &[],
    derive: |cells, _| companion(cells, "department_id", vec![]),
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let id = cells.get("department_id");
    let told = cells.first(&["external_name", "department_name"]);
    let name = told.or_else(|| named(site, "location", id));
    Derived {
        key: id.map(str::to_owned),
        values: vec![Value::from(name.map(str::to_owned)), folded(name)],
        ..Derived::default()
    }
}

/// `CLARITY_DEP` rows.
pub struct Departments;

/// A department.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = clarity_dep, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    department_id: Option<String>,
    cg_name: Option<String>,
    cg_dep_type: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Departments {
    rows_of!(clarity_dep, Row);
    const TARGET: Target = LOCATION;

    fn params() -> Vec<Param<clarity_dep::table>> {
        use clarity_dep as d;
        let number = param::column(d::department_id, "department_id");
        let own = vec![
            profiles(&[us_core::LOCATION]),
            uncoded("identifier", param::or_key(number, d::key)),
            string("name", [Words::new(d::cg_name, d::cg_folded_name)]),
        ];
        own.into_iter().chain(no_address()).collect()
    }

    fn translate(row: Row, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let mut place = Location::builder()
            .build()
            .map_err(|_builder| Rejected("not a Location"))?;
        place.identifier = element::identifiers(site, &row.key, &[cell!(row.department_id)]);
        // US Core wants a name; where nobody has told it, that is said instead of one made up.
        match &row.cg_name {
            Some(name) => place.name = Some(name.clone()),
            None => place.name_ext = Some(build::absent("unknown")),
        }
        place.r#type = row.cg_dep_type.iter().map(|kind| Some(build::text(kind))).collect();
        let mut resource = Resource::from(place);
        element::set_profiles(&mut resource, &[us_core::LOCATION]);
        Ok(resource)
    }
}
