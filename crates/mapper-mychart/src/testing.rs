//! What the tests of translations share.

use fhir::r4::Resource;
use mapper::sql::Value;
use mapper::{Profile, Rejected, Site, Trace};

/// A site in Chicago, one of whose departments is in Denver and one in Phoenix.
pub fn site() -> Site {
    let profile = "[zones]\n10503 = \"America/Denver\"\n10504 = \"America/Phoenix\"\n";
    crate::VENDOR
        .site("my", chrono_tz::America::Chicago, Profile::parse(profile).unwrap())
        .unwrap()
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

/// A stored text or time; `-` for none.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Time(time) => time.to_string(),
        Value::Int(_) | Value::Date(_) | Value::Null => "-".to_owned(),
    }
}
