use mapper::Mapping;
use mapper::load::Row as Cells;

use super::{CLARITY_SER, Provider, Providers, User, Users};
use crate::testing::{outcome, s, shown, site};

#[test]
fn a_full_provider() {
    let row = Provider {
        key: "3001".into(),
        prov_id: s("3001"),
        external_name: s("Sam R. Placeholder, MD"),
        cg_last: s("PLACEHOLDER"),
        cg_first: s("SAM"),
        cg_middle: s("R"),
        cg_suffix: s("MD"),
        ..Provider::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Providers::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:my:prov_id
    identifier[0].value = 3001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0].family = PLACEHOLDER
    name[0].given[0] = SAM
    name[0].given[1] = R
    name[0].suffix[0] = MD
    name[0].text = Sam R. Placeholder, MD
    ");
}

#[test]
fn a_bare_provider() {
    let row = Provider {
        key: "~1".into(),
        ..Provider::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Providers::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = ~1
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0]._family.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0]._family.extension[0].valueCode = unknown
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    ");
}

#[test]
fn a_user() {
    let row = User {
        key: "U77".into(),
        user_id: s("U77"),
        cg_last: s("CLERK"),
        cg_first: s("COLE"),
        ..User::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Users::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:my:user_id
    identifier[0].value = U77
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0].family = CLERK
    name[0].given[0] = COLE
    ");
}

#[test]
fn names_are_taken_apart() {
    let names = |cell: &str| {
        let cells = Cells::of(&CLARITY_SER, &[("prov_name", cell)]);
        let values = (CLARITY_SER.derive)(&cells.cells(), &site()).values;
        values.iter().take(5).map(shown).collect::<Vec<_>>().join("|")
    };
    assert_eq!(names("PLACEHOLDER,SAM RAE"), "PLACEHOLDER|SAM|RAE|-|placeholder");
    assert_eq!(names("Placeholder, Sam, MD"), "Placeholder|Sam|-|MD|placeholder");
    assert_eq!(names("POOL NURSES"), "POOL NURSES|-|-|-|pool nurses");
}
