//! The one list of vendors.

use mapper::Vendor;

/// Every vendor that a source can be of; adding one is its crate and its line here.
pub static VENDORS: &[&Vendor] = &[
    &mapper_healthjump::VENDOR,
    &mapper_healow::VENDOR,
    &mapper_mychart::VENDOR,
    &mapper_practice_fusion::VENDOR,
];

/// The vendor of this name, as in `vendor = "healthjump"`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Vendor> {
    VENDORS.iter().find(|v| v.name == name).copied()
}
