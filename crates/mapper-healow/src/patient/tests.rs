use super::{Chart, Contact, Person, User, translate::patient};
use crate::testing::{outcome, s};

fn told(row: User, chart: Chart) -> String {
    outcome(|site, trace| patient(&Person { row, chart }, site, trace))
}

fn bare() -> User {
    User {
        key: "5012".into(),
        uid: s("5012"),
        ..User::default()
    }
}

/// The lines of a row that begin with one of some paths, or are notes about them.
fn lines(row: User, chart: Chart, about: &[&str]) -> String {
    let told = told(row, chart);
    let about = |line: &&str| about.iter().any(|path| line.starts_with(path));
    told.lines().filter(about).collect::<Vec<_>>().join("\n")
}

#[test]
fn full_rows() {
    let row = User {
        key: "5001".into(),
        uid: s("5001"),
        ufname: s("Marigold"),
        uminitial: s("J"),
        ulname: s("Ashdown-Testa"),
        prefix: s("Ms"),
        suffix: s("Jr"),
        upreviousname: s("Hollowell"),
        preferredname: s("Goldie"),
        dob: s("02/15/1980"),
        ptdob: s("1980-02-15 00:00:00.000"),
        sex: s("female"),
        emrsex: s("F"),
        ssn: s("900-00-5001"),
        status: s("0"),
        cg_provider: s("3001"),
        cg_doctorid: s("3001"),
        cg_client: s("1"),
        cg_controlno: s("100001"),
        cg_hl7id: s("X-77"),
        contact: Contact {
            upaddress: s("1 Sample St"),
            upaddress2: s("Apt 4"),
            upcity: s("Sampletown"),
            upstate: s("VA"),
            zipcode: s("20001"),
            countrycode: s("US"),
            county: s("Sample County"),
            upphone: s("616-555-0101"),
            umobileno: s("616-555-0102"),
            uemail: s("marigold@example.com"),
        },
        ..User::default()
    };
    let chart = Chart {
        key: "5001".into(),
        straddress: s("99 Copy Rd"),
        maritalstatus: s("Married"),
        deceased: s("0"),
        language: s("English"),
        race: s("White"),
        ethnicity: s("2186-5"),
        ..Chart::default()
    };
    insta::assert_snapshot!(told(row, chart), @"
    active = true
    address[0].city = Sampletown
    address[0].country = US
    address[0].district = Sample County
    address[0].line[0] = 1 Sample St
    address[0].line[1] = Apt 4
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
    extension[1].extension[1].valueString = Not Hispanic or Latino
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    extension[2].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex
    extension[2].valueCode = F
    gender = female
    generalPractitioner[0].reference = Practitioner/hw.prov.3001
    identifier[0].system = urn:chartgate:hw:uid
    identifier[0].value = 5001
    identifier[1].system = urn:chartgate:hw:controlno
    identifier[1].type.coding[0].code = MR
    identifier[1].type.coding[0].display = Medical record number
    identifier[1].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[1].value = 100001
    identifier[2].system = urn:chartgate:hw:hl7id
    identifier[2].value = X-77
    identifier[3].system = http://hl7.org/fhir/sid/us-ssn
    identifier[3].type.coding[0].code = SS
    identifier[3].type.coding[0].display = Social Security number
    identifier[3].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[3].value = 900-00-5001
    managingOrganization.reference = Organization/hw.org.1
    maritalStatus.coding[0].code = M
    maritalStatus.coding[0].system = http://terminology.hl7.org/CodeSystem/v3-MaritalStatus
    maritalStatus.text = Married
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].family = Ashdown-Testa
    name[0].given[0] = Marigold
    name[0].given[1] = J
    name[0].prefix[0] = Ms
    name[0].suffix[0] = Jr
    name[0].use = official
    name[1].family = Hollowell
    name[1].use = old
    name[2].given[0] = Goldie
    name[2].use = usual
    telecom[0].system = phone
    telecom[0].use = home
    telecom[0].value = 616-555-0101
    telecom[1].system = phone
    telecom[1].use = mobile
    telecom[1].value = 616-555-0102
    telecom[2].system = email
    telecom[2].value = marigold@example.com
    ");
}

#[test]
fn a_bare_row_without_chart() {
    insta::assert_snapshot!(told(bare(), Chart::default()), @"
    gender = unknown
    identifier[0].system = urn:chartgate:hw:uid
    identifier[0].value = 5012
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    name[0].use = official
    ");
}

#[test]
fn the_copy_of_the_address_is_used_whole_or_not_at_all() {
    let chart = || Chart {
        straddress: s("22 Orchard Ln"),
        straddress2: s("Unit B"),
        city: s("Copyville"),
        state: s("VA"),
        zip: s("20001"),
        ..Chart::default()
    };
    insta::assert_snapshot!(lines(bare(), chart(), &["address"]), @"
    address[0].city = Copyville
    address[0].line[0] = 22 Orchard Ln
    address[0].line[1] = Unit B
    address[0].postalCode = 20001
    address[0].state = VA
    address[0].use = home
    ");
    let city_only = Contact {
        upcity: s("Sampletown"),
        ..Contact::default()
    };
    let row = User {
        contact: city_only,
        ..bare()
    };
    insta::assert_snapshot!(lines(row, chart(), &["address"]), @"
    address[0].city = Sampletown
    address[0].use = home
    ");
    let country_only = Contact {
        countrycode: s("US"),
        ..Contact::default()
    };
    let row = User {
        contact: country_only,
        ..bare()
    };
    insta::assert_snapshot!(lines(row, Chart::default(), &["address"]), @"");
}

#[test]
fn birth_dates() {
    let born = |ptdob: Option<&str>, dob: Option<&str>| {
        let row = User {
            ptdob: ptdob.map(str::to_owned),
            dob: dob.map(str::to_owned),
            ..bare()
        };
        lines(row, Chart::default(), &["birthDate", "lost: birthDate"])
    };
    insta::assert_snapshot!(born(Some("1948-11-03 00:00:00"), Some("11/04/1948")), @"birthDate = 1948-11-03");
    insta::assert_snapshot!(born(Some("0000-00-00 00:00:00"), Some("02/29/1960")), @"
    birthDate = 1960-02-29
    lost: birthDate from ptdob: not a date
    ");
    insta::assert_snapshot!(born(None, Some("1988-05-05 00:00:00.000")), @"birthDate = 1988-05-05");
    insta::assert_snapshot!(born(None, Some("13/13/1977")), @"lost: birthDate from dob: not a date");
}

#[test]
fn deaths() {
    let died = |flag: Option<&str>, date: Option<&str>| {
        let chart = Chart {
            deceased: flag.map(str::to_owned),
            deceaseddate: date.map(str::to_owned),
            ..Chart::default()
        };
        lines(bare(), chart, &["deceased", "lost: deceased"])
    };
    insta::assert_snapshot!(died(Some("1"), Some("11/07/2023")), @"deceasedDateTime = 2023-11-07");
    insta::assert_snapshot!(died(None, Some("09/14/2022")), @"deceasedDateTime = 2022-09-14");
    insta::assert_snapshot!(died(Some("1"), Some("02/31/2024")), @"
    deceasedBoolean = true
    lost: deceased[x] from deceaseddate: not a date
    ");
    insta::assert_snapshot!(died(Some("maybe"), None), @"lost: deceased[x] from deceased: neither 0 nor 1");
}

#[test]
fn races_and_ethnicities() {
    let told = |race: Option<&str>, ethnicity: Option<&str>| {
        let chart = Chart {
            race: race.map(str::to_owned),
            ethnicity: ethnicity.map(str::to_owned),
            ..Chart::default()
        };
        lines(
            bare(),
            chart,
            &["extension", "lost: extension", "unmapped: race", "unmapped: ethnicity"],
        )
    };
    insta::assert_snapshot!(told(Some("Unreported/Refused to Report"), Some("ASKU")), @"
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = ASKU
    extension[0].extension[0].valueCoding.display = Asked but no answer
    extension[0].extension[0].valueCoding.system = http://terminology.hl7.org/CodeSystem/v3-NullFlavor
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = Unreported/Refused to Report
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    extension[1].extension[0].url = ombCategory
    extension[1].extension[0].valueCoding.code = ASKU
    extension[1].extension[0].valueCoding.display = Asked but no answer
    extension[1].extension[0].valueCoding.system = http://terminology.hl7.org/CodeSystem/v3-NullFlavor
    extension[1].extension[1].url = text
    extension[1].extension[1].valueString = Asked but no answer
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    ");
    insta::assert_snapshot!(told(Some("White, Asian"), Some("NH")), @"
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2106-3
    extension[0].extension[0].valueCoding.display = White
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = ombCategory
    extension[0].extension[1].valueCoding.code = 2028-9
    extension[0].extension[1].valueCoding.display = Asian
    extension[0].extension[1].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[2].url = text
    extension[0].extension[2].valueString = White, Asian
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    extension[1].extension[0].url = ombCategory
    extension[1].extension[0].valueCoding.code = 2186-5
    extension[1].extension[0].valueCoding.display = Not Hispanic or Latino
    extension[1].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[1].extension[1].url = text
    extension[1].extension[1].valueString = NH
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    ");
    insta::assert_snapshot!(told(Some("Hispanic"), None), @"
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2135-2
    extension[0].extension[0].valueCoding.display = Hispanic or Latino
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = Hispanic
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    ");
    insta::assert_snapshot!(told(Some("hispanic"), Some("2186-5")), @"
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2186-5
    extension[0].extension[0].valueCoding.display = Not Hispanic or Latino
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = Not Hispanic or Latino
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    lost: extension:ethnicity from race: `race` and `ethnicity` name different ethnicities
    ");
    insta::assert_snapshot!(told(Some("Hispanic"), Some("UNK")), @"
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2135-2
    extension[0].extension[0].valueCoding.display = Hispanic or Latino
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = Hispanic
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    lost: extension:ethnicity from ethnicity: the word in `race` says more
    ");
    insta::assert_snapshot!(told(Some("Martian"), Some("Purple")), @"
    extension[0].extension[0].url = text
    extension[0].extension[0].valueString = Martian
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    extension[1].extension[0].url = text
    extension[1].extension[0].valueString = Purple
    extension[1].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity
    unmapped: race `Martian`
    unmapped: ethnicity `Purple`
    ");
}

#[test]
fn words_that_nobody_knows_stay_as_text() {
    let chart = Chart {
        maritalstatus: s("Living apart"),
        language: s("Dari"),
        ..Chart::default()
    };
    let row = User {
        sex: s("2"),
        status: s("7"),
        ..bare()
    };
    let about = ["maritalStatus", "communication", "gender", "active", "lost", "unmapped"];
    insta::assert_snapshot!(lines(row, chart, &about), @"
    communication[0].language.text = Dari
    gender = unknown
    maritalStatus.text = Living apart
    lost: active from status: neither 0 nor 1
    unmapped: gender `2`
    unmapped: marital_status `Living apart`
    unmapped: language `Dari`
    ");
}

#[test]
fn a_doctor_who_is_not_served_is_named_by_number() {
    let row = User {
        cg_doctorid: s("3004"),
        status: s("1"),
        ..bare()
    };
    insta::assert_snapshot!(lines(row, Chart::default(), &["generalPractitioner", "active"]), @"
    active = false
    generalPractitioner[0].identifier.system = urn:chartgate:hw:doctorid
    generalPractitioner[0].identifier.value = 3004
    generalPractitioner[0].type = Practitioner
    ");
}

#[test]
fn references_of_the_chart_are_none_where_they_are_zero() {
    let chart = |cells: &[(&str, &str)], column| crate::testing::computed(&super::ENTITY, cells, column);
    assert_eq!(chart(&[("doctorid", "3001"), ("pmcid", "2")], "cg_provider"), "3001");
    assert_eq!(chart(&[("pmcid", "2")], "cg_client"), "2");
    // The loader takes 0 for no cell; then the profile's practice stands.
    assert_eq!(chart(&[], "cg_client"), "1");
    assert_eq!(chart(&[], "cg_provider"), "");
}
