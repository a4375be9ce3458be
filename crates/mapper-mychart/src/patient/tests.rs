use mapper::load::Row as Cells;
use mapper::sql::Value;
use mapper::{Profile, Site};

use super::detail::Detail;
use super::translate::patient;
use super::{IDENTITY_ID, More, PATIENT, PATIENT_2, Person, Row};
use crate::testing::{outcome, s, shown, site};

fn told(row: Row, details: Vec<Detail>) -> String {
    outcome(|site, trace| patient(&Person { row, details }, site, trace))
}

fn bare() -> Row {
    Row {
        key: "Z1000001".into(),
        pat_id: s("Z1000001"),
        ..Row::default()
    }
}

fn detail(what: &str, text: &str, more: &str) -> Detail {
    Detail {
        what: what.into(),
        text: s(text),
        more: s(more).filter(|m| !m.is_empty()),
        ..Detail::default()
    }
}

fn full() -> Row {
    Row {
        pat_mrn_id: s("100001"),
        ssn: s("900-00-0001"),
        pat_title_c_name: s("Ms."),
        pat_name_suffix_c_name: s("PhD"),
        cg_last: s("Example"),
        cg_first: s("Ada"),
        cg_middle: s("B"),
        cg_maiden: s("Sample"),
        cg_preferred: s("Addie"),
        birth_date: s("2/15/1980 12:00:00 AM"),
        sex_c_name: s("Female"),
        cur_pcp_prov_id: s("3001"),
        cur_prim_loc_id: s("10"),
        cg_provider: s("3001"),
        cg_organization: s("10"),
        more: More {
            ethnic_group_c_name: s("Not Hispanic or Latino"),
            language_c_name: s("English"),
            lang_care_c_name: s("English"),
            lang_writ_c_name: s("Spanish"),
            city: s("Sampletown"),
            state_c_name: s("Wisconsin"),
            county_c_name: s("Dane"),
            country_c_name: s("United States of America"),
            zip: s("53700"),
            tmp_city: s("Elsewhere"),
            tmp_addr_start_dt: s("6/1/2026 12:00:00 AM"),
            tmp_addr_end_dt: s("5/1/2026 12:00:00 AM"),
            home_phone: s("555-555-0101"),
            work_phone: s("555-555-0102"),
            email_address: s("ada@example.com"),
            pat_status_c_name: s("Alive"),
            ped_mult_birth_ord: s("2"),
            ped_multi_birth_yn: s("Y"),
            cg_birth_sex: s("Female"),
            ..More::default()
        },
        ..bare()
    }
}

#[test]
fn a_full_row() {
    let number = Detail {
        system: s("identity_id_epi"),
        number: s("E3000001"),
        ..detail("identity_id", "EPI", "")
    };
    let moved = Detail {
        city: s("Formerton"),
        starts: s("5/1/2015 12:00:00 AM"),
        ends: s("8/31/2019 12:00:00 AM"),
        ..detail("pat_addr_chng_hx", "9 Old Mill Rd", "Unit 2")
    };
    let present = detail("pat_addr_chng_hx", "14 Foxglove Ct", "");
    let details = vec![
        number,
        detail("other_communctn", "555-555-0103", "Mobile"),
        detail("other_communctn", "555-555-0101", "Home Phone"),
        moved,
        present,
        detail("pat_address", "14 Foxglove Ct", ""),
        detail("pat_address", "Apt 4", ""),
        detail("pat_address", "c/o Sample", ""),
        detail("patient_race", "White or Caucasian", ""),
        detail("patient_race", "Asian", ""),
    ];
    insta::assert_snapshot!(told(full(), details), @"
    address[0].city = Sampletown
    address[0].country = United States of America
    address[0].district = Dane
    address[0].line[0] = 14 Foxglove Ct
    address[0].line[1] = Apt 4
    address[0].line[2] = c/o Sample
    address[0].postalCode = 53700
    address[0].state = WI
    address[0].use = home
    address[1].city = Elsewhere
    address[1].period.start = 2026-06-01
    address[1].use = temp
    address[2].city = Formerton
    address[2].line[0] = 9 Old Mill Rd
    address[2].line[1] = Unit 2
    address[2].period.end = 2019-08-31
    address[2].period.start = 2015-05-01
    address[2].use = old
    birthDate = 1980-02-15
    communication[0].language.coding[0].code = en
    communication[0].language.coding[0].system = urn:ietf:bcp:47
    communication[0].language.text = English
    communication[0].preferred = true
    communication[1].language.coding[0].code = es
    communication[1].language.coding[0].system = urn:ietf:bcp:47
    communication[1].language.text = Spanish
    deceasedBoolean = false
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = 2106-3
    extension[0].extension[0].valueCoding.display = White
    extension[0].extension[0].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[1].url = ombCategory
    extension[0].extension[1].valueCoding.code = 2028-9
    extension[0].extension[1].valueCoding.display = Asian
    extension[0].extension[1].valueCoding.system = urn:oid:2.16.840.1.113883.6.238
    extension[0].extension[2].url = text
    extension[0].extension[2].valueString = White or Caucasian, Asian
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
    generalPractitioner[0].reference = Practitioner/my.prov.3001
    identifier[0].system = urn:chartgate:my:pat_id
    identifier[0].value = Z1000001
    identifier[1].system = urn:chartgate:my:pat_mrn_id
    identifier[1].type.coding[0].code = MR
    identifier[1].type.coding[0].display = Medical record number
    identifier[1].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[1].value = 100001
    identifier[2].system = http://hl7.org/fhir/sid/us-ssn
    identifier[2].type.coding[0].code = SS
    identifier[2].type.coding[0].display = Social Security number
    identifier[2].type.coding[0].system = http://terminology.hl7.org/CodeSystem/v2-0203
    identifier[2].value = 900-00-0001
    identifier[3].system = urn:chartgate:my:identity_id_epi
    identifier[3].type.text = EPI
    identifier[3].value = E3000001
    managingOrganization.reference = Organization/my.org.10
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    multipleBirthInteger = 2
    name[0].family = Example
    name[0].given[0] = Ada
    name[0].given[1] = B
    name[0].prefix[0] = Ms.
    name[0].suffix[0] = PhD
    name[0].use = official
    name[1].given[0] = Addie
    name[1].use = usual
    name[2].family = Sample
    name[2].use = maiden
    telecom[0].system = phone
    telecom[0].use = home
    telecom[0].value = 555-555-0101
    telecom[1].system = phone
    telecom[1].use = work
    telecom[1].value = 555-555-0102
    telecom[2].system = phone
    telecom[2].use = mobile
    telecom[2].value = 555-555-0103
    telecom[3].system = email
    telecom[3].value = ada@example.com
    lost: address.period from tmp_addr_end_dt: not a date, or before the start
    ");
}

#[test]
fn a_bare_row() {
    insta::assert_snapshot!(told(bare(), vec![]), @"
    gender = unknown
    identifier[0].system = urn:chartgate:my:pat_id
    identifier[0].value = Z1000001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    name[0].use = official
    ");
}

#[test]
fn a_row_without_any_number_is_identified_by_its_key() {
    let row = Row {
        key: "~0f".into(),
        cg_last: s("Example"),
        ..Row::default()
    };
    insta::assert_snapshot!(told(row, vec![]), @"
    gender = unknown
    identifier[0].system = urn:chartgate:my:key
    identifier[0].value = ~0f
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].family = Example
    name[0].use = official
    ");
}

#[test]
fn words_that_nobody_knows_cost_their_code() {
    let row = Row {
        sex_c_name: s("Uncertain"),
        birth_date: s("13/1/1980 12:00:00 AM"),
        more: More {
            language_c_name: s("Esperanto"),
            ped_mult_birth_ord: s("second"),
            ped_multi_birth_yn: s("perhaps"),
            cg_birth_sex: s("Not recorded"),
            pat_status_c_name: s("Hospice"),
            cg_living: s("Deceased"),
            ..More::default()
        },
        ..bare()
    };
    let details = vec![
        detail("patient_race", "Declined", ""),
        detail("patient_race", "Martian", ""),
        detail("other_communctn", "555-555-0104", "Barn"),
        detail("other_communctn", "ada@example.org", "Email"),
    ];
    insta::assert_snapshot!(told(row, details), @"
    communication[0].language.text = Esperanto
    communication[0].preferred = true
    deceasedBoolean = true
    extension[0].extension[0].url = ombCategory
    extension[0].extension[0].valueCoding.code = ASKU
    extension[0].extension[0].valueCoding.display = Asked but no answer
    extension[0].extension[0].valueCoding.system = http://terminology.hl7.org/CodeSystem/v3-NullFlavor
    extension[0].extension[1].url = text
    extension[0].extension[1].valueString = Declined, Martian
    extension[0].url = http://hl7.org/fhir/us/core/StructureDefinition/us-core-race
    gender = unknown
    identifier[0].system = urn:chartgate:my:pat_id
    identifier[0].value = Z1000001
    meta.profile[0] = http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    name[0].extension[0].url = http://hl7.org/fhir/StructureDefinition/data-absent-reason
    name[0].extension[0].valueCode = unknown
    name[0].use = official
    telecom[0].system = phone
    telecom[0].value = 555-555-0104
    telecom[1].system = email
    telecom[1].value = ada@example.org
    lost: birthDate from birth_date: not a date
    lost: multipleBirth[x] from ped_mult_birth_ord: not a number
    lost: multipleBirth[x] from ped_multi_birth_yn: neither Y nor N
    unmapped: phone_use `Barn`
    unmapped: gender `Uncertain`
    unmapped: deceased `Hospice`
    unmapped: language `Esperanto`
    unmapped: race `Martian`
    unmapped: birth_sex `Not recorded`
    ");
}

fn died(date: &str, time: Option<&str>) -> String {
    let more = More {
        death_date: s(date),
        cg_death_tm: time.map(str::to_owned),
        pat_status_c_name: s("Alive"),
        ..More::default()
    };
    let told = told(Row { more, ..bare() }, vec![]);
    let about = |line: &&str| line.contains("deceased");
    told.lines().filter(about).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_date_of_death_wins_and_takes_the_time_of_its_own_column() {
    let cases = [
        died("12/3/2025 12:00:00 AM", None),
        died("12/3/2025 12:00:00 AM", Some("12/3/2025 4:45:00 PM")),
        died("7/3/2025 12:00:00 AM", Some("1/1/1900 11:20:00 PM")),
        died("12/3/2025 12:00:00 AM", Some("4:45 PM")),
        died("12/3/2025 12:00:00 AM", Some("in the morning")),
        died("2/30/2025 12:00:00 AM", None),
    ];
    insta::assert_snapshot!(cases.join("\n"), @"
    deceasedDateTime = 2025-12-03
    deceasedDateTime = 2025-12-03T16:45:00-06:00
    deceasedDateTime = 2025-07-03T23:20:00-05:00
    deceasedDateTime = 2025-12-03T16:45:00-06:00
    deceasedDateTime = 2025-12-03; lost: deceased[x] from death_tm: not a time of day
    deceasedBoolean = false; lost: deceased[x] from death_date: not a date
    ");
}

fn texts(values: &[Value]) -> Vec<String> {
    let texts = values.iter().filter(|value| matches!(value, Value::Text(_)));
    texts.map(shown).collect()
}

#[test]
fn the_parts_of_a_name_win_over_the_name_in_one_cell() {
    let names = |cells: &[(&str, &str)]| {
        let derived = (PATIENT.derive)(&Cells::of(&PATIENT, cells).cells(), &site());
        texts(&derived.values).join("|")
    };
    assert_eq!(names(&[("pat_name", "ÉCOLE,ADA B C")]), "ÉCOLE|ADA|B C|ecole|ada|b c");
    assert_eq!(names(&[("pat_name", "ONLY")]), "ONLY|only");
    assert_eq!(names(&[("pat_name", "A,B"), ("pat_last_name", "Ex")]), "Ex|ex");
    let maiden = (PATIENT_2.derive)(
        &Cells::of(&PATIENT_2, &[("maiden_name", "SAMPLE,ADA")]).cells(),
        &site(),
    );
    assert_eq!(texts(&maiden.values), ["SAMPLE", "sample"]);
    assert_eq!(maiden.hold.as_deref(), Some("rejected:no record that it belongs to"));
}

#[test]
fn social_security_numbers_are_not_served_as_numbers_of_another_kind() {
    let cells = [
        ("pat_id", "Z1"),
        ("line", "1"),
        ("identity_id", "900-00-0001"),
        ("identity_type_id_id_type_name", "SSN (external)"),
    ];
    let row = Cells::of(&IDENTITY_ID, &cells);
    let without = (IDENTITY_ID.derive)(&row.cells(), &site());
    assert_eq!(without.hold.as_deref(), Some("withheld:a social security number"));
    assert!(without.exploded.is_empty());
    let asked = Profile::parse("ssn = true").unwrap();
    let site: Site = crate::VENDOR.site("my", chrono_tz::America::Chicago, asked).unwrap();
    let with = (IDENTITY_ID.derive)(&row.cells(), &site);
    assert_eq!(with.hold, None);
    assert!(texts(&with.exploded.concat()).contains(&fhir::system::SSN.to_owned()));
}
