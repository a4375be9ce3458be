use mapper::sql::Value;

use super::children::Children;
use super::{Contact, Demographics, ENTITY, Person, RACE, SUPERBILLS, translate::patient};
use crate::testing::{computed, derived, outcome, s};

fn told(row: Demographics, children: Children) -> String {
    let person = Person { row, told: children };
    outcome(|site, trace| patient(&person, site, trace))
}

fn bare() -> Demographics {
    Demographics {
        key: "7d3e".into(),
        cg_guid: s("7d3e"),
        ..Demographics::default()
    }
}

fn contact(contact: Contact) -> String {
    let row = Demographics {
        cg_last: s("Example"),
        contact,
        ..bare()
    };
    told(row, Children::default())
}

#[test]
fn a_full_row() {
    let row = Demographics {
        ssn: s("900-00-0001"),
        nameprefix: s("Ms"),
        firstname: s("Ada"),
        middlename: s("B"),
        namesuffix: s("Jr"),
        preferredname: s("Addie"),
        previousfirstname: s("Ada"),
        previouslastname: s("Sample"),
        gender: s("Female"),
        birthdate: s("2/15/1980 12:00:00 AM"),
        cg_last: s("Example Segunda"),
        cg_practice: s("0c1d"),
        contact: Contact {
            previousnameenddate: s("5/1/2010 12:00:00 AM"),
            isactive: s("True"),
            mothersmaidenname: s("Placeholder"),
            deathdate: s("11/7/2023 12:00:00 AM"),
            ismultiplebirth: s("True"),
            birthsequence: s("2"),
            preferredlanguage: s("English"),
            address1: s("1 Sample St"),
            address2: s("Apt 4"),
            addresscity: s("Sampletown"),
            addressstate: s("VA"),
            addresszipcode: s("20001"),
            addresscountry: s("US"),
            addressstartdate: s("1/1/2020 12:00:00 AM"),
            previousaddress1: s("2 Old Rd"),
            previousaddressstartdate: s("6/1/2012"),
            previousaddressenddate: s("12/31/2019"),
            officephone: s("5550100001"),
            officephoneextension: s("12"),
            homephone: s("5550100002"),
            mobilephone: s("5550100003"),
            email: s("ada@example.com"),
            ..Contact::default()
        },
        ..bare()
    };
    let children = Children {
        races: vec![(s("Asian"), s("2028-9")), (s("Chinese"), s("2034-7"))],
        ethnicities: vec![(s("Not Hispanic or Latino"), s("2186-5"))],
        numbers: vec!["MR-1".into(), "MR-2".into()],
    };
    insta::assert_snapshot!(told(row, children), @"
    active = true
    address[0].city = Sampletown
    address[0].country = US
    address[0].line[0] = 1 Sample St
    address[0].line[1] = Apt 4
    address[0].period.start = 2020-01-01
    address[0].postalCode = 20001
    address[0].state = VA
    address[0].use = home
    address[1].line[0] = 2 Old Rd
    address[1].period.end = 2019-12-31
    address[1].period.start = 2012-06-01
    address[1].use = old
    birthDate = 1980-02-15
    communication[0].language.coding[0].code = en
    communication[0].language.coding[0].system = urn:ietf:bcp:47
    communication[0].language.text = English
    communication[0].preferred = true
    deceasedDateTime = 2023-11-07
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2028-9
    extension[0].extension[0].valueCoding.display = Asian
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = detailed
    extension[0].extension[1].valueCoding.code = 2034-7
    extension[0].extension[1].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[2].url = text
    extension[0].extension[2].valueString = Asian, Chinese
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    extension[1].extension[0].url = ombCategory
    extension[1].extension[0].valueCoding.code = 2186-5
    extension[1].extension[0].valueCoding.display = Not Hispanic or Latino
    extension[1].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[1].extension[1].url = text
    extension[1].extension[1].valueString = Not Hispanic or Latino
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    extension[2].url = http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName
    extension[2].valueString = Placeholder
    gender = female
    identifier[0].system = urn:chartgate:pf:patientpracticeguid
    identifier[0].value = 7d3e
    identifier[1].system = urn:chartgate:pf:patientcontactcode
    identifier[1].type.coding[0].code = MR
    identifier[1].type.coding[0].display = Medical record number
    identifier[1].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[1].value = MR-1
    identifier[2].system = urn:chartgate:pf:patientcontactcode
    identifier[2].type.coding[0].code = MR
    identifier[2].type.coding[0].display = Medical record number
    identifier[2].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[2].value = MR-2
    identifier[3].system = http://hl7.org/fhir/sid/us-ssn
    identifier[3].type.coding[0].code = SS
    identifier[3].type.coding[0].display = Social Security number
    identifier[3].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[3].value = 900-00-0001
    managingOrganization.reference = Organization/pf.org.0c1d
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    multipleBirthInteger = 2
    name[0].family = Example Segunda
    name[0].given[0] = Ada
    name[0].given[1] = B
    name[0].prefix[0] = Ms
    name[0].suffix[0] = Jr
    name[0].use = official
    name[1].given[0] = Addie
    name[1].use = usual
    name[2].family = Sample
    name[2].given[0] = Ada
    name[2].period.end = 2010-05-01
    name[2].use = old
    telecom[0].system = phone
    telecom[0].use = work
    telecom[0].value = 5550100001 x12
    telecom[1].system = phone
    telecom[1].use = home
    telecom[1].value = 5550100002
    telecom[2].system = phone
    telecom[2].use = mobile
    telecom[2].value = 5550100003
    telecom[3].system = email
    telecom[3].value = ada@example.com
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), Children::default()), @"
    gender = unknown
    identifier[0].system = urn:chartgate:pf:patientpracticeguid
    identifier[0].value = 7d3e
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    name[0].use = official
    ");
}

#[test]
fn a_row_without_guid_is_identified_by_its_key() {
    let row = Demographics {
        key: "~0f".into(),
        firstname: s("Ada"),
        ..Demographics::default()
    };
    insta::assert_snapshot!(told(row, Children::default()), @"
    gender = unknown
    identifier[0].system = urn:chartgate:pf:key
    identifier[0].value = ~0f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].given[0] = Ada
    name[0].use = official
    ");
}

#[test]
fn codes_that_are_none_of_the_cdc_are_text() {
    let children = Children {
        races: vec![
            (None, s("2028-9")),
            (s("Hispanic"), s("2135-2")),
            (s("Martian"), s("ZZ")),
            (s("Mistyped"), s("2034-8")),
            (s("North African"), None),
        ],
        ethnicities: vec![
            (s("Hispanic or Latino"), s("2135-2")),
            (s("Not Hispanic or Latino"), s("2186-5")),
            (s("Not Hispanic or Latino"), s("2186-5")),
        ],
        numbers: vec![],
    };
    insta::assert_snapshot!(told(bare(), children), @"
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2028-9
    extension[0].extension[0].valueCoding.display = Asian
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = 2028-9, Hispanic, Martian, Mistyped, North African
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    extension[1].extension[0].url = text
    extension[1].extension[0].valueString = Hispanic or Latino, Not Hispanic or Latino
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    gender = unknown
    identifier[0].system = urn:chartgate:pf:patientpracticeguid
    identifier[0].value = 7d3e
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    name[0].use = official
    lost: race from cdcuniqueidentifier: not one of its codes at the CDC
    lost: race from cdcuniqueidentifier: not one of its codes at the CDC
    lost: race from cdcuniqueidentifier: not one of its codes at the CDC
    lost: ethnicity from cdcuniqueidentifier: both Hispanic and not
    ");
}

#[test]
fn impossible_cells_cost_their_element() {
    let row = Demographics {
        cg_last: s("Example"),
        gender: s("Not listed"),
        birthdate: s("2/30/1980 12:00:00 AM"),
        contact: Contact {
            isactive: s("perhaps"),
            deathdate: s("13/1/2020"),
            ismultiplebirth: s("2"),
            birthsequence: s("first"),
            preferredlanguage: s("Dari"),
            addresscity: s("Sampletown"),
            addressstartdate: s("1/1/2020"),
            addressenddate: s("1/1/2019"),
            ..Contact::default()
        },
        ..bare()
    };
    insta::assert_snapshot!(told(row, Children::default()), @"
    address[0].city = Sampletown
    address[0].period.start = 2020-01-01
    address[0].use = home
    communication[0].language.text = Dari
    communication[0].preferred = true
    gender = unknown
    identifier[0].system = urn:chartgate:pf:patientpracticeguid
    identifier[0].value = 7d3e
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].family = Example
    name[0].use = official
    lost: active from isactive: neither true nor false
    lost: birthDate from birthdate: not a date
    lost: deceased[x] from deathdate: not a date
    lost: address.period.end from addressenddate: not a date, or before the start
    lost: multipleBirth[x] from birthsequence: not a number of a child
    lost: multipleBirth[x] from ismultiplebirth: neither true nor false
    unmapped: gender `Not listed`
    unmapped: language `Dari`
    ");
}

#[test]
fn a_death_with_a_time_keeps_it() {
    let row = Contact {
        deathdate: s("7/7/2023 4:05:00 PM"),
        ..Contact::default()
    };
    assert!(contact(row).contains("deceasedDateTime = 2023-07-07T16:05:00-04:00"));
}

#[test]
fn a_flag_alone_stays_a_flag() {
    let row = Contact {
        ismultiplebirth: s("False"),
        isactive: s("False"),
        ..Contact::default()
    };
    let told = contact(row);
    assert!(
        told.contains("multipleBirthBoolean = false") && told.contains("active = false"),
        "{told}"
    );
}

#[test]
fn both_surnames_are_the_family_name() {
    let cells = [("lastname", "Núñez"), ("secondlastname", "Quill")];
    assert_eq!(computed(&ENTITY, &cells, "cg_last"), Value::from("Núñez Quill"));
    assert_eq!(computed(&ENTITY, &cells, "cg_family"), Value::from("nunez quill"));
    assert_eq!(computed(&ENTITY, &cells[1..], "cg_last"), Value::from("Quill"));
    assert_eq!(computed(&ENTITY, &[], "cg_last"), Value::Null);
}

#[test]
fn guids_are_keys_in_small_letters() {
    let row = derived(&ENTITY, &[("patientpracticeguid", "7D3E0C5A")]);
    assert_eq!(row.key.as_deref(), Some("7d3e0c5a"));
    let race = [("patientpracticeguid", "7D3E0C5A"), ("racename", "White")];
    assert_eq!(computed(&RACE, &race, "cg_patient"), Value::from("7d3e0c5a"));
    assert_eq!(derived(&RACE, &race).hold, None);
    assert_eq!(derived(&RACE, &race[1..]).hold.as_deref(), Some("rejected:no patient"));
}

#[test]
fn an_npi_has_a_right_check_digit() {
    let npi = |npi| computed(&SUPERBILLS, &[("performingprovidernpi", npi)], "cg_npi");
    assert_eq!(npi("9000007010"), Value::from("9000007010"));
    assert_eq!(npi("9000007011"), Value::Null);
}
