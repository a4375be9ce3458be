use std::collections::BTreeSet;

use super::params::CONTROLS;

#[test]
fn every_control_parameter_is_described() {
    let described: BTreeSet<&str> = CONTROLS.iter().map(|(name, _)| *name).collect();
    let taken: BTreeSet<&str> = fhir::search::CONTROLS.into_iter().chain(["_type"]).collect();
    assert_eq!(described, taken);
}
