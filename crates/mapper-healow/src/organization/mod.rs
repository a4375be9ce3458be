//! Organization: the practices. The vendor delivers no table of them: a row is made of each `patients.pmcid` and of the
//! profile's `client_id`; its name comes from the profile (`[names.organization]`) or is said to be unknown.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::{Organization, Resource};
use fhir::system::SPECIAL_VALUES;
use fhir::{build, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, cell};
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::param::{self, Param, Target, Words, no_address, profiles, string, token, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::cells::folded;
use crate::kinds::ORGANIZATION;
use crate::tables::practice;

/// Made rows; see the schema's syntheses.
pub const ENTITY: Entity = Entity {
    name: "practice",
    aliases: &[],
    table: "practice",
    columns: &[Column::new("pmcid"), Column::new("name")],
    layouts: &[],
    computed: &["cg_name"],
    derive,
};

fn derive(cells: &Cells<'_>, _: &Site) -> Derived {
    Derived {
        key: cells.get("pmcid").map(str::to_owned),
        values: vec![folded(cells.get("name"))],
        ..Derived::default()
    }
}

/// `practice` rows.
pub struct Organizations;

/// A practice.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = practice, check_for_backend(AnyDb))]
pub struct Row {
    key: String,
    pmcid: Option<String>,
    name: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Organizations {
    rows_of!(practice, Row);
    const TARGET: Target = ORGANIZATION;

    fn params() -> Vec<Param<practice::table>> {
        use practice as p;
        let own = vec![
            profiles(&[us_core::ORGANIZATION]),
            uncoded("identifier", param::or_key(param::column(p::pmcid, "pmcid"), p::key)),
            string("name", [Words::new(p::name, p::cg_name)]),
            token("active", param::constant(SPECIAL_VALUES, "true")),
        ];
        // Nobody tells where the practice is.
        own.into_iter().chain(no_address()).collect()
    }

    fn translate(row: Row, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let mut practice = Organization::builder()
            .build()
            .map_err(|_builder| Rejected("not an Organization"))?;
        practice.identifier = element::identifiers(site, &row.key, &[cell!(row.pmcid)]);
        // US Core wants to know; the delivery is this practice's.
        practice.active = Some(true);
        match &row.name {
            Some(name) => practice.name = Some(name.clone()),
            None => practice.name_ext = Some(build::absent("unknown")),
        }
        let mut resource = Resource::from(practice);
        element::set_profiles(&mut resource, &[us_core::ORGANIZATION]);
        Ok(resource)
    }
}

#[cfg(test)]
mod tests {
    use super::{Mapping, Organizations, Row};
    use crate::testing::{outcome, s};

    fn told(name: Option<String>) -> String {
        let row = Row {
            key: "2".into(),
            pmcid: s("2"),
            name,
            ..Row::default()
        };
        outcome(|site, trace| Organizations::translate(row, site, trace))
    }

    #[test]
    fn a_practice_with_and_without_name() {
        insta::assert_snapshot!(told(s("Maple Hollow")), @"
        active = true
        identifier[0].system = urn:chartgate:hw:pmcid
        identifier[0].value = 2
        meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
        name = Maple Hollow
        ");
        insta::assert_snapshot!(told(None), @"
        _name.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
        _name.extension[0].valueCode = unknown
        active = true
        identifier[0].system = urn:chartgate:hw:pmcid
        identifier[0].value = 2
        meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
        ");
    }
}
