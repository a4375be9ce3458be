use super::{Contact, Demographic, Person, translate::patient};
use crate::testing::{outcome, s};

fn told(row: Demographic, clinicians: &[&str]) -> String {
    let clinicians = clinicians.iter().map(|c| (*c).to_owned()).collect();
    outcome(|site, trace| patient(Person { row, clinicians }, site, trace))
}

fn bare() -> Demographic {
    Demographic {
        key: "700123".into(),
        demographicid: s("700123"),
        ..Demographic::default()
    }
}

#[test]
fn a_full_row() {
    let row = Demographic {
        key: "700123".into(),
        demographicid: s("700123"),
        client_patient_id: s("322"),
        other_id: s("A-77"),
        account_id: s("5512"),
        ssn: s("900-00-0001"),
        first_name: s("Ada"),
        middle_name: s("B"),
        last_name: s("Example"),
        prefix: s("Ms"),
        suffix: s("Jr"),
        dob: s("19800215"),
        gender: s("F"),
        birth_sex: s("F"),
        race: s("White"),
        ethnicity: s("Not Hispanic"),
        primary_language: s("English"),
        death_indication: s("N"),
        cg_client: s("SBX01"),
        contact: Contact {
            phone_number: s("5550100001"),
            phone_ext: s("12"),
            phone_type: s("H"),
            second_number: s("5550100002"),
            second_type: s("C"),
            first_email: s("ada@example.com"),
            address_type: s("H"),
            address_line_1: s("1 Sample St"),
            address_line_2: s("Apt 2"),
            city: s("Sampletown"),
            state: s("VA"),
            zip: s("20001"),
            ..Contact::default()
        },
        ..Demographic::default()
    };
    insta::assert_snapshot!(told(row, &["3001"]), @"
    address[0].city = Sampletown
    address[0].line[0] = 1 Sample St
    address[0].line[1] = Apt 2
    address[0].postalCode = 20001
    address[0].state = VA
    address[0].use = home
    birthDate = 1980-02-15
    communication[0].language.coding[0].code = en
    communication[0].language.coding[0].system = urn:ietf:bcp:47
    communication[0].language.text = English
    deceasedBoolean = false
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2106-3
    extension[0].extension[0].valueCoding.display = White
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = White
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    extension[1].extension[0].url = ombCategory
    extension[1].extension[0].valueCoding.code = 2186-5
    extension[1].extension[0].valueCoding.display = Not Hispanic or Latino
    extension[1].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[1].extension[1].url = text
    extension[1].extension[1].valueString = Not Hispanic
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    extension[2].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex
    extension[2].valueCode = F
    gender = female
    generalPractitioner[0].reference = Practitioner/hj.prov.3001
    identifier[0].system = urn:chartgate:hj:demographicid
    identifier[0].value = 700123
    identifier[1].system = urn:chartgate:hj:client_patient_id
    identifier[1].type.coding[0].code = MR
    identifier[1].type.coding[0].display = Medical record number
    identifier[1].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[1].value = 322
    identifier[2].system = urn:chartgate:hj:other_id
    identifier[2].value = A-77
    identifier[3].system = urn:chartgate:hj:account_id
    identifier[3].type.coding[0].code = AN
    identifier[3].type.coding[0].display = Account number
    identifier[3].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[3].value = 5512
    identifier[4].system = http://hl7.org/fhir/sid/us-ssn
    identifier[4].type.coding[0].code = SS
    identifier[4].type.coding[0].display = Social Security number
    identifier[4].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[4].value = 900-00-0001
    managingOrganization.reference = Organization/hj.org.SBX01
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].family = Example
    name[0].given[0] = Ada
    name[0].given[1] = B
    name[0].prefix[0] = Ms
    name[0].suffix[0] = Jr
    telecom[0].system = phone
    telecom[0].use = home
    telecom[0].value = 5550100001 x12
    telecom[1].system = phone
    telecom[1].use = mobile
    telecom[1].value = 5550100002
    telecom[2].system = email
    telecom[2].value = ada@example.com
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), &[]), @"
    gender = unknown
    identifier[0].system = urn:chartgate:hj:demographicid
    identifier[0].value = 700123
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    ");
}

#[test]
fn a_row_without_any_number_is_identified_by_its_key() {
    let row = Demographic {
        key: "~0f".into(),
        first_name: s("Ada"),
        ..Demographic::default()
    };
    insta::assert_snapshot!(told(row, &[]), @"
    gender = unknown
    identifier[0].system = urn:chartgate:hj:key
    identifier[0].value = ~0f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].given[0] = Ada
    ");
}

#[test]
fn several_races_unknown_words_and_a_refusal() {
    let row = Demographic {
        race: s("White; Martian/Declined"),
        ethnicity: s("Klingon"),
        gender: s("ambiguous"),
        primary_language: s("Esperanto"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, &[]), @"
    communication[0].language.text = Esperanto
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2106-3
    extension[0].extension[0].valueCoding.display = White
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = White; Martian/Declined
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    extension[1].extension[0].url = text
    extension[1].extension[0].valueString = Klingon
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    gender = unknown
    identifier[0].system = urn:chartgate:hj:demographicid
    identifier[0].value = 700123
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    unmapped: gender `ambiguous`
    unmapped: language `Esperanto`
    unmapped: race `Martian`
    unmapped: ethnicity `Klingon`
    ");
}

#[test]
fn impossible_dates_cost_their_element() {
    let row = Demographic {
        dob: s("19800231"),
        death_date: s("someday"),
        death_indication: s("perhaps"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, &[]), @"
    gender = unknown
    identifier[0].system = urn:chartgate:hj:demographicid
    identifier[0].value = 700123
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    lost: birthDate from dob: not a date
    lost: deceased[x] from death_date: not a date
    lost: deceased[x] from death_indication: neither yes nor no
    ");
}

#[test]
fn a_date_of_death_wins_over_the_flag() {
    let row = Demographic {
        death_date: s("03/04/2024"),
        death_indication: s("N"),
        ..bare()
    };
    insta::assert_snapshot!(told(row, &[]), @"
    deceasedDateTime = 2024-03-04
    gender = unknown
    identifier[0].system = urn:chartgate:hj:demographicid
    identifier[0].value = 700123
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    ");
}
