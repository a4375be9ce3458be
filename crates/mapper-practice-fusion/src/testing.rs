//! What the tests of translations share.

use fhir::r4::Resource;
use mapper::load::{Derived, Entity, Row};
use mapper::sql::Value;
use mapper::{Profile, Rejected, Site, Trace};

/// A site in New York, one of whose places is in Denver.
pub fn site() -> Site {
    let profile = Profile::parse("[zones]\naf60 = \"America/Denver\"").unwrap();
    crate::VENDOR.site("pf", chrono_tz::America::New_York, profile).unwrap()
}

/// A filled-in cell.
#[allow(clippy::unnecessary_wraps)]
pub fn s(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// What a translation gives under that site, see [`mapper::testing::outcome`].
pub fn outcome(translate: impl FnOnce(&Site, &mut Trace) -> Result<Resource, Rejected>) -> String {
    mapper::testing::outcome(&site(), translate)
}

/// What is computed beside a row with these cells.
pub fn derived(entity: &Entity, cells: &[(&str, &str)]) -> Derived {
    (entity.derive)(&Row::of(entity, cells).cells(), &site())
}

/// One of the values that are computed beside a row.
pub fn computed(entity: &Entity, cells: &[(&str, &str)], column: &str) -> Value {
    let at = entity.computed.iter().position(|c| *c == column).unwrap();
    derived(entity, cells).values.swap_remove(at)
}
