//! Practitioner: providers, from `CLARITY_SER`, and users who wrote something down, from `CLARITY_EMP`. Their numbers are of two
//! different spaces, and nothing tells which user is which provider.

mod entity;
#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::{Practitioner, Resource};
use fhir::{build, us_core};
use mapper::db::AnyDb;
use mapper::element::{self, Cell, NameParts, cell};
use mapper::param::{self, Param, Target, Words, no_telecom, profiles, string, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::kinds::{PROVIDER, USER};
use crate::tables::{clarity_emp, clarity_ser};

pub use entity::{CLARITY_EMP, CLARITY_SER};

/// `CLARITY_SER` rows of people.
pub struct Providers;

/// A provider.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = clarity_ser, check_for_backend(AnyDb))]
pub struct Provider {
    key: String,
    prov_id: Option<String>,
    external_name: Option<String>,
    cg_last: Option<String>,
    cg_first: Option<String>,
    cg_middle: Option<String>,
    cg_suffix: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Providers {
    rows_of!(clarity_ser, Provider);
    const TARGET: Target = PROVIDER;

    fn params() -> Vec<Param<clarity_ser::table>> {
        use clarity_ser as s;
        let parts = [
            Words::new(s::cg_last, s::cg_folded_last),
            Words::new(s::cg_first, s::cg_folded_first),
            Words::new(s::cg_middle, s::cg_folded_middle),
            Words::new(s::cg_suffix, s::cg_folded_suffix),
            Words::new(s::external_name, s::cg_folded_text),
        ];
        let own = vec![
            profiles(&[us_core::PRACTITIONER]),
            uncoded(
                "identifier",
                param::or_key(param::column(s::prov_id, "prov_id"), s::key),
            ),
            string("name", parts),
            string("family", [Words::new(s::cg_last, s::cg_folded_last)]),
            string(
                "given",
                [
                    Words::new(s::cg_first, s::cg_folded_first),
                    Words::new(s::cg_middle, s::cg_folded_middle),
                ],
            ),
        ];
        own.into_iter().chain(no_telecom()).collect()
    }

    fn translate(row: Provider, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let name = NameParts {
            family: row.cg_last.as_deref(),
            first: row.cg_first.as_deref(),
            middle: row.cg_middle.as_deref(),
            prefix: None,
            suffix: row.cg_suffix.as_deref(),
        };
        resource(site, &row.key, cell!(row.prov_id), name, row.external_name.as_deref())
    }
}

/// `CLARITY_EMP` rows of people who wrote something down that is served.
pub struct Users;

/// A user.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = clarity_emp, check_for_backend(AnyDb))]
pub struct User {
    key: String,
    user_id: Option<String>,
    cg_last: Option<String>,
    cg_first: Option<String>,
    cg_middle: Option<String>,
    cg_suffix: Option<String>,
    cg_updated: NaiveDateTime,
}

impl Mapping for Users {
    rows_of!(clarity_emp, User);
    const TARGET: Target = USER;

    fn params() -> Vec<Param<clarity_emp::table>> {
        use clarity_emp as e;
        let parts = [
            Words::new(e::cg_last, e::cg_folded_last),
            Words::new(e::cg_first, e::cg_folded_first),
            Words::new(e::cg_middle, e::cg_folded_middle),
            Words::new(e::cg_suffix, e::cg_folded_suffix),
        ];
        let own = vec![
            profiles(&[us_core::PRACTITIONER]),
            uncoded(
                "identifier",
                param::or_key(param::column(e::user_id, "user_id"), e::key),
            ),
            string("name", parts),
            string("family", [Words::new(e::cg_last, e::cg_folded_last)]),
            string(
                "given",
                [
                    Words::new(e::cg_first, e::cg_folded_first),
                    Words::new(e::cg_middle, e::cg_folded_middle),
                ],
            ),
        ];
        own.into_iter().chain(no_telecom()).collect()
    }

    fn translate(row: User, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let name = NameParts {
            family: row.cg_last.as_deref(),
            first: row.cg_first.as_deref(),
            middle: row.cg_middle.as_deref(),
            prefix: None,
            suffix: row.cg_suffix.as_deref(),
        };
        resource(site, &row.key, cell!(row.user_id), name, None)
    }
}

fn resource(
    site: &Site,
    key: &str,
    number: Cell<'_>,
    parts: NameParts<'_>,
    text: Option<&str>,
) -> Result<Resource, Rejected> {
    let mut person = Practitioner::builder()
        .build()
        .map_err(|_builder| Rejected("not a Practitioner"))?;
    person.identifier = element::identifiers(site, key, &[number]);
    let mut name = element::name(parts);
    if name.family.is_none() {
        // US Core wants a family name of everybody.
        name.family_ext = Some(build::absent("unknown"));
    }
    name.text = text.map(str::to_owned);
    person.name = vec![Some(name)];
    let mut resource = Resource::from(person);
    element::set_profiles(&mut resource, &[us_core::PRACTITIONER]);
    Ok(resource)
}
