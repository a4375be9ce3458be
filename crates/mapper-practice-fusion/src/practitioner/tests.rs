use mapper::Mapping;
use mapper::sql::Value;

use super::{PROFILES, PROVIDERS, Profile, Profiles, Provider, Providers, USERS, User, Users};
use crate::testing::{computed, outcome, s};

#[test]
fn a_full_provider() {
    let row = Provider {
        key: "9f50".into(),
        title: s("Dr."),
        firstname: s("Iolanthe"),
        middlename: s("Marisol"),
        lastname: s("Placeholder-Reyes"),
        suffix: s("MD"),
        cg_guid: s("9f50"),
        cg_profile: s("9f51"),
        cg_user: s("9f52"),
        cg_npi: s("9000007010"),
        ..Provider::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Providers::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:pf:providerguid
    identifier[0].value = 9f50
    identifier[1].system = urn:chartgate:pf:profileguid
    identifier[1].value = 9f51
    identifier[2].system = urn:chartgate:pf:userguid
    identifier[2].value = 9f52
    identifier[3].system = http://hl7.org/fhir/sid/us-npi
    identifier[3].value = 9000007010
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0].family = Placeholder-Reyes
    name[0].given[0] = Iolanthe
    name[0].given[1] = Marisol
    name[0].prefix[0] = Dr.
    name[0].suffix[0] = MD
    ");
}

#[test]
fn a_bare_provider_says_what_is_not_known() {
    let row = Provider {
        key: "~0f".into(),
        ..Provider::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Providers::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:pf:key
    identifier[0].value = ~0f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0]._family.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0]._family.extension[0].valueCode = unknown
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    ");
}

#[test]
fn a_profile_that_is_no_provider() {
    let row = Profile {
        key: "9f51".into(),
        firstname: s("Lucian"),
        lastname: s("Farrow"),
        cg_guid: s("9f51"),
        cg_npi: s("9000007028"),
        ..Profile::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Profiles::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:pf:profileguid
    identifier[0].value = 9f51
    identifier[1].system = http://hl7.org/fhir/sid/us-npi
    identifier[1].value = 9000007028
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0].family = Farrow
    name[0].given[0] = Lucian
    ");
}

#[test]
fn a_user_that_is_no_provider() {
    let row = User {
        key: "9f52".into(),
        title: s("Ms."),
        firstname: s("Bram"),
        middleinitial: s("Q"),
        cg_guid: s("9f52"),
        ..User::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Users::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:pf:userguid
    identifier[0].value = 9f52
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner
    name[0]._family.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0]._family.extension[0].valueCode = unknown
    name[0].given[0] = Bram
    name[0].given[1] = Q
    name[0].prefix[0] = Ms.
    ");
}

#[test]
fn what_tells_that_two_rows_are_one_person() {
    let provider = [
        ("firstname", "Zoë"),
        ("middlename", "Anne"),
        ("lastname", "Tenens-Hale"),
        ("suffix", "NP"),
    ];
    let profile = [
        ("firstname", "ZOE"),
        ("middlename", "a."),
        ("lastname", "tenens-hale"),
        ("title", "Ms."),
    ];
    let user = [
        ("firstname", "Zoe"),
        ("middleinitial", "B"),
        ("lastname", "Tenens-Hale"),
    ];
    let person = Value::from("zoe|tenens-hale");
    assert_eq!(computed(&PROVIDERS, &provider, "cg_person"), person);
    assert_eq!(computed(&PROFILES, &profile, "cg_person"), person);
    assert_eq!(computed(&USERS, &user, "cg_person"), person);
    let initial = Value::from("a");
    assert_eq!(computed(&PROVIDERS, &provider, "cg_initial"), initial);
    assert_eq!(computed(&PROFILES, &profile, "cg_initial"), initial);
    assert_ne!(computed(&USERS, &user, "cg_initial"), initial);
}
