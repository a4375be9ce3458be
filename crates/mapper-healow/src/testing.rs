//! What the tests of translations share.

use fhir::r4::Resource;
use mapper::load::{Derived, Entity, Row};
use mapper::sql::Value;
use mapper::{Profile, Rejected, Site, Trace};

/// A site in New York with a profile.
pub fn site_with(profile: &str) -> Site {
    let profile = Profile::parse(profile).unwrap();
    crate::VENDOR.site("hw", chrono_tz::America::New_York, profile).unwrap()
}

/// A site in New York whose places 13 and 14 are in Denver and Phoenix.
pub fn site() -> Site {
    site_with("client_id = \"1\"\n[zones]\n13 = \"America/Denver\"\n14 = \"America/Phoenix\"")
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

/// What an entity computes from some cells.
pub fn derived(entity: &Entity, cells: &[(&str, &str)]) -> Derived {
    (entity.derive)(&Row::of(entity, cells).cells(), &site())
}

/// A computed column of a row as text; empty when there is none.
pub fn computed(entity: &Entity, cells: &[(&str, &str)], column: &str) -> String {
    let at = entity.computed.iter().position(|c| *c == column).unwrap();
    match derived(entity, cells).values.get(at).unwrap() {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Time(at) => at.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Int(n) => n.to_string(),
    }
}
