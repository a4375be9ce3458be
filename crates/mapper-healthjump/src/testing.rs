//! What the tests of translations share.

use fhir::r4::Resource;
use mapper::{Rejected, Site, Trace};

/// A site in New York without profile.
pub fn site() -> Site {
    crate::VENDOR
        .site("hj", chrono_tz::America::New_York, mapper::Profile::default())
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
