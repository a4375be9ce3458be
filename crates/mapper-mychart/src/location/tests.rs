use mapper::load::Row as Cells;
use mapper::sql::Value;
use mapper::{Mapping, Profile};

use super::{CLARITY_DEP, Departments, Row};
use crate::testing::{outcome, s};

#[test]
fn a_full_row() {
    let row = Row {
        key: "10501".into(),
        department_id: s("10501"),
        cg_name: s("Family Medicine"),
        cg_dep_type: s("Primary Care"),
        ..Row::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Departments::translate(row, site, trace)), @"
    identifier[0].system = urn:chartgate:my:department_id
    identifier[0].value = 10501
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-location
    name = Family Medicine
    type[0].text = Primary Care
    ");
}

#[test]
fn a_bare_row() {
    let row = Row {
        key: "10502".into(),
        department_id: s("10502"),
        ..Row::default()
    };
    insta::assert_snapshot!(outcome(|site, trace| Departments::translate(row, site, trace)), @"
    _name.extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    _name.extension[0].valueCode = unknown
    identifier[0].system = urn:chartgate:my:department_id
    identifier[0].value = 10502
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-location
    ");
}

#[test]
fn the_name_for_others_comes_first_and_the_profile_s_last() {
    let profile = Profile::parse("[names.location]\n10502 = \"Annex\"\n").unwrap();
    let site = crate::VENDOR.site("my", chrono_tz::America::Chicago, profile).unwrap();
    let name = |cells: &[(&str, &str)]| {
        let derived = (CLARITY_DEP.derive)(&Cells::of(&CLARITY_DEP, cells).cells(), &site);
        derived.values.into_iter().next().unwrap()
    };
    let (inner, outer) = (("department_name", "FAM MED"), ("external_name", "Family Medicine"));
    assert_eq!(
        name(&[("department_id", "10501"), inner, outer]),
        Value::from("Family Medicine")
    );
    assert_eq!(name(&[("department_id", "10502"), inner]), Value::from("FAM MED"));
    assert_eq!(name(&[("department_id", "10502")]), Value::from("Annex"));
    assert_eq!(name(&[("department_id", "10503")]), Value::Null);
}
