//! Practitioner, from `providers`, and from `provider-profiles` and `users` where these are not the same person as a provider.

mod entity;
#[cfg(test)]
mod tests;
mod translate;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use fhir::r4::Resource;
use fhir::{system, us_core};
use mapper::db::AnyDb;
use mapper::element::Cell;
use mapper::param::{self, Param, Target, Words, no_telecom, profiles, string, uncoded};
use mapper::{Mapping, Rejected, Site, Trace, rows_of};

use crate::kinds::{PROFILE, PROVIDER, USER};
use crate::tables::{provider_profiles, providers, users};

pub use entity::{PROFILES, PROVIDERS, USERS};
use translate::{Told, practitioner};

/// `providers` rows.
pub struct Providers;
/// `provider-profiles` rows that are no provider.
pub struct Profiles;
/// `users` rows that are no provider.
pub struct Users;

/// A clinician of the first key space, with the ids of the other two.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = providers, check_for_backend(AnyDb))]
pub struct Provider {
    key: String,
    title: Option<String>,
    firstname: Option<String>,
    middlename: Option<String>,
    lastname: Option<String>,
    suffix: Option<String>,
    cg_guid: Option<String>,
    cg_profile: Option<String>,
    cg_user: Option<String>,
    cg_npi: Option<String>,
    cg_updated: NaiveDateTime,
}

/// A clinician of the second key space.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = provider_profiles, check_for_backend(AnyDb))]
pub struct Profile {
    key: String,
    title: Option<String>,
    firstname: Option<String>,
    middlename: Option<String>,
    lastname: Option<String>,
    suffix: Option<String>,
    cg_guid: Option<String>,
    cg_npi: Option<String>,
    cg_updated: NaiveDateTime,
}

/// Somebody of the third key space.
#[derive(Queryable, Selectable)]
#[cfg_attr(test, derive(Default))]
#[diesel(table_name = users, check_for_backend(AnyDb))]
pub struct User {
    key: String,
    title: Option<String>,
    firstname: Option<String>,
    middleinitial: Option<String>,
    lastname: Option<String>,
    suffix: Option<String>,
    cg_guid: Option<String>,
    cg_updated: NaiveDateTime,
}

/// The parameters of a table; `numbers` are its identifiers.
macro_rules! params {
    ($table:ident, $middle:ident, $numbers:expr) => {{
        use $table as t;
        let family = || Words::new(t::lastname, t::cg_family);
        let given = || {
            [
                Words::new(t::firstname, t::cg_given),
                Words::new(t::$middle, t::cg_middle),
            ]
        };
        let titles = [Words::new(t::title, t::cg_prefix), Words::new(t::suffix, t::cg_suffix)];
        let own = vec![
            profiles(&[us_core::PRACTITIONER]),
            uncoded("identifier", param::or_key(param::any_of($numbers), t::key)),
            string("name", [family()].into_iter().chain(given()).chain(titles)),
            string("family", [family()]),
            string("given", given()),
        ];
        own.into_iter().chain(no_telecom()).collect()
    }};
}

/// What a row tells; `ids` are its GUIDs.
macro_rules! told {
    ($row:ident, $middle:ident, $npi:expr, $ids:expr) => {
        Told {
            key: &$row.key,
            guids: $ids,
            npi: $npi,
            title: $row.title.as_deref(),
            first: $row.firstname.as_deref(),
            middle: $row.$middle.as_deref(),
            last: $row.lastname.as_deref(),
            suffix: $row.suffix.as_deref(),
        }
    };
}

impl Mapping for Providers {
    rows_of!(providers, Provider);
    const TARGET: Target = PROVIDER;

    fn params() -> Vec<Param<providers::table>> {
        let numbers = vec![
            param::column(providers::cg_guid, "providerguid"),
            param::column(providers::cg_profile, "profileguid"),
            param::column(providers::cg_user, "userguid"),
            param::ids(providers::cg_npi, system::NPI),
        ];
        params!(providers, middlename, numbers)
    }

    fn translate(row: Provider, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let guids = [
            id("providerguid", &row.cg_guid),
            id("profileguid", &row.cg_profile),
            id("userguid", &row.cg_user),
        ];
        practitioner(&told!(row, middlename, row.cg_npi.as_deref(), &guids), site)
    }
}

impl Mapping for Profiles {
    rows_of!(provider_profiles, Profile);
    const TARGET: Target = PROFILE;

    fn params() -> Vec<Param<provider_profiles::table>> {
        let numbers = vec![
            param::column(provider_profiles::cg_guid, "profileguid"),
            param::ids(provider_profiles::cg_npi, system::NPI),
        ];
        params!(provider_profiles, middlename, numbers)
    }

    fn translate(row: Profile, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let guids = [id("profileguid", &row.cg_guid)];
        practitioner(&told!(row, middlename, row.cg_npi.as_deref(), &guids), site)
    }
}

impl Mapping for Users {
    rows_of!(users, User);
    const TARGET: Target = USER;

    fn params() -> Vec<Param<users::table>> {
        params!(users, middleinitial, vec![param::column(users::cg_guid, "userguid")])
    }

    fn translate(row: User, site: &Site, _: &mut Trace) -> Result<Resource, Rejected> {
        let guids = [id("userguid", &row.cg_guid)];
        practitioner(&told!(row, middleinitial, None, &guids), site)
    }
}

fn id<'a>(column: &'static str, guid: &'a Option<String>) -> Cell<'a> {
    Cell {
        column,
        text: guid.as_deref(),
    }
}
