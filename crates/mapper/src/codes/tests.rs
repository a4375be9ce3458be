//! Every kind of cell by example, then properties.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::System::{Cpt, Hcpcs, Icd9Cm, Icd10Cm, Snomed};
use super::*;

fn date(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(y, m, d)
}

fn dx(raw: &str, label: Option<&str>, date: Option<NaiveDate>, coding: Option<(System, &str)>, text: Option<&str>) {
    let read = diagnosis(raw, label, date);
    let seen = (
        read.coding.as_ref().map(|(s, c)| (*s, c.as_str())),
        read.text.as_deref(),
    );
    assert_eq!(seen, (coding, text), "{raw:?} {label:?} {date:?}");
}

fn coded(raw: &str, system: System, code: &str) {
    dx(raw, None, None, Some((system, code)), None);
}

fn text_only(raw: &str, label: Option<&str>, date: Option<NaiveDate>) {
    dx(raw, label, date, None, Some(raw.trim()));
}

fn px(raw: &str, coding: Option<(System, &str)>, modifiers: &[&str], text: Option<&str>) {
    px_as(raw, None, coding, modifiers, text);
}

fn px_as(raw: &str, label: Option<&str>, coding: Option<(System, &str)>, modifiers: &[&str], text: Option<&str>) {
    let read = procedure(raw, label);
    let seen = (
        read.coding.as_ref().map(|(s, c)| (*s, c.as_str())),
        read.text.as_deref(),
    );
    assert_eq!(
        (seen, read.modifiers),
        ((coding, text), modifiers.iter().map(|m| (*m).to_owned()).collect()),
        "{raw:?} {label:?}"
    );
}

#[test]
fn diagnosis_with_the_system_in_front() {
    coded("ICD10:I10.", Icd10Cm, "I10");
    coded("ICD-10: E11.9", Icd10Cm, "E11.9");
    coded("icd-10-cm:e11.9", Icd10Cm, "E11.9");
    coded("ICD10 E119", Icd10Cm, "E11.9");
    coded("ICD9:V70.0", Icd9Cm, "V70.0");
    coded("ICD9: 25000", Icd9Cm, "250.00");
    coded("SNOMED:44054006", Snomed, "44054006");
    dx(
        "I10: essential hypertension",
        None,
        None,
        Some((Icd10Cm, "I10")),
        Some("essential hypertension"),
    );
    dx("ICD9:250.00", Some("Medical"), None, Some((Icd9Cm, "250.00")), None);
    text_only("ICD9:250.00", Some("ICD10"), None);
    text_only("IMO:E11.9", None, None);
}

#[test]
fn diagnosis_spelling_is_normalised() {
    coded("I10.", Icd10Cm, "I10");
    coded(" e11.9 ", Icd10Cm, "E11.9");
    coded("I10", Icd10Cm, "I10");
    coded("J449", Icd10Cm, "J44.9");
    coded("C7A.010", Icd10Cm, "C7A.010");
    coded("25000", Icd9Cm, "250.00");
    coded("250.00", Icd9Cm, "250.00");
    coded("401", Icd9Cm, "401");
    coded("4019", Icd9Cm, "401.9");
    coded("E880.9", Icd9Cm, "E880.9");
    coded("E11649", Icd10Cm, "E11.649");
}

#[test]
fn diagnosis_without_its_point_is_icd10_when_that_is_known() {
    dx("E119", Some("ICD10"), None, Some((Icd10Cm, "E11.9")), None);
    dx("E119", None, date(2016, 1, 1), Some((Icd10Cm, "E11.9")), None);
    dx("E1165", None, date(2015, 10, 1), Some((Icd10Cm, "E11.65")), None);
    text_only("E119", None, None);
}

#[test]
fn diagnosis_v_and_e_codes_are_decided_by_the_service_date() {
    let (last_day, first_day) = (date(2015, 9, 30), date(2015, 10, 1));
    dx("V70.0", None, last_day, Some((Icd9Cm, "V70.0")), None);
    dx("V700", None, last_day, Some((Icd9Cm, "V70.0")), None);
    dx("V43.5", None, first_day, Some((Icd10Cm, "V43.5")), None);
    dx("E8809", None, last_day, Some((Icd9Cm, "E880.9")), None);
    dx("E8809", None, first_day, Some((Icd10Cm, "E88.09")), None);
    text_only("V70.0", None, None);
    text_only("E880", None, None);
    // a date that contradicts the code: ICD-9-CM has no E119, ICD-10-CM no E95
    text_only("E119", None, last_day);
    text_only("E950", None, first_day);
    text_only("V92.0", None, last_day);
    // the shape alone decides: nothing else is so long, or has its point there
    coded("V43.52XA", Icd10Cm, "V43.52XA");
    coded("V4352XA", Icd10Cm, "V43.52XA");
    dx("E11.9", None, last_day, Some((Icd10Cm, "E11.9")), None);
    dx("E880.9", None, first_day, Some((Icd9Cm, "E880.9")), None);
}

#[test]
fn diagnosis_with_text_in_the_cell() {
    dx(
        "250.00 DIABETES MELLITUS",
        None,
        None,
        Some((Icd9Cm, "250.00")),
        Some("DIABETES MELLITUS"),
    );
    dx(
        "E11.9 - Type 2 diabetes",
        None,
        None,
        Some((Icd10Cm, "E11.9")),
        Some("Type 2 diabetes"),
    );
    dx(
        "E11.9-Type 2 diabetes",
        None,
        None,
        Some((Icd10Cm, "E11.9")),
        Some("Type 2 diabetes"),
    );
    dx(
        "I10 Essential hypertension",
        None,
        None,
        Some((Icd10Cm, "I10")),
        Some("Essential hypertension"),
    );
    dx(
        "44054006 | Type 2 diabetes |",
        None,
        None,
        Some((Snomed, "44054006")),
        Some("Type 2 diabetes"),
    );
    text_only("Diabetes mellitus", None, None);
    text_only("B12 deficiency", None, None);
    text_only("T12 compression fracture", None, None);
}

#[test]
fn diagnosis_cells_with_several_codes_are_text() {
    for raw in [
        "E11.9, I10",
        "E10-E14",
        "250.00;401.9",
        "E11.9 I10 J44.9",
        "ICD10:E11.9;ICD9:250.00",
        "E11.9/I10",
    ] {
        text_only(raw, None, None);
    }
}

#[test]
fn diagnosis_masked_or_empty() {
    for raw in ["XXXXX", "xxx.xx", "XX", "X-X"] {
        let read = diagnosis(raw, None, None);
        assert_eq!(
            read,
            Diagnosis {
                coding: None,
                text: None,
                masked: true
            },
            "{raw}"
        );
    }
    for raw in ["", "  ", "-", ".", "--"] {
        assert_eq!(diagnosis(raw, Some("ICD10"), None), Diagnosis::default(), "{raw}");
    }
    text_only("E11.XX", None, None);
    text_only("25X.XX", None, None);
}

#[test]
fn diagnosis_placeholder_x_is_valid_inside() {
    coded("S52.521A", Icd10Cm, "S52.521A");
    coded("T36.0X1A", Icd10Cm, "T36.0X1A");
    coded("T360X1A", Icd10Cm, "T36.0X1A");
    coded("W19.XXXA", Icd10Cm, "W19.XXXA");
    coded("X58.XXXA", Icd10Cm, "X58.XXXA");
}

#[test]
fn diagnosis_snomed_needs_its_check_digit() {
    coded("44054006", Snomed, "44054006");
    coded("38341003", Snomed, "38341003");
    coded("247472004", Snomed, "247472004");
    coded("735538002", Snomed, "735538002");
    coded("449868002", Snomed, "449868002");
    text_only("44054007", None, None);
    text_only("123456", None, None);
    text_only("25000", Some("SNOMED"), None);
    coded("25000", Icd9Cm, "250.00");
}

#[test]
fn diagnosis_label_and_shape_must_agree() {
    text_only("250.00", Some("ICD10"), None);
    text_only("E11.9", Some("ICD9"), None);
    text_only("E11.9", Some("SNOMED"), None);
    text_only("E11.9", Some("IMO"), None);
    text_only("E11.9", Some("CPT"), None);
    dx("V70.0", Some("9"), None, Some((Icd9Cm, "V70.0")), None);
    dx("V70.0", Some("I10"), None, Some((Icd10Cm, "V70.0")), None);
    dx("E11.9", Some("ICD"), None, Some((Icd10Cm, "E11.9")), None);
    dx("E11.9", Some("  "), None, Some((Icd10Cm, "E11.9")), None);
}

#[test]
fn procedure_codes() {
    px("99213", Some((Cpt, "99213")), &[], None);
    px("00142", Some((Cpt, "00142")), &[], None);
    px("3044F", Some((Cpt, "3044F")), &[], None);
    px("0042t", Some((Cpt, "0042T")), &[], None);
    px("0001U", Some((Cpt, "0001U")), &[], None);
    px("0004M", Some((Cpt, "0004M")), &[], None);
    px("0011A", Some((Cpt, "0011A")), &[], None);
    px("J1100", Some((Hcpcs, "J1100")), &[], None);
    px("g0438", Some((Hcpcs, "G0438")), &[], None);
    px("CPT:99213", Some((Cpt, "99213")), &[], None);
    px("CPT-4: 99213", Some((Cpt, "99213")), &[], None);
    px("73761001", Some((Snomed, "73761001")), &[], None);
    px(
        "73761001 Colonoscopy",
        Some((Snomed, "73761001")),
        &[],
        Some("Colonoscopy"),
    );
    px("99213 Office visit", Some((Cpt, "99213")), &[], Some("Office visit"));
    px("99213 - Office visit", Some((Cpt, "99213")), &[], Some("Office visit"));
}

#[test]
fn procedure_modifiers() {
    px("9921325", Some((Cpt, "99213")), &["25"], None);
    px("97110-59", Some((Cpt, "97110")), &["59"], None);
    px("97110-59-GP", Some((Cpt, "97110")), &["59", "GP"], None);
    px("99213 25", Some((Cpt, "99213")), &["25"], None);
    px("J1100-JW", Some((Hcpcs, "J1100")), &["JW"], None);
    px("J1100JW", Some((Hcpcs, "J1100")), &["JW"], None);
    px("97110gp", Some((Cpt, "97110")), &["GP"], None);
    px("97110-gp", Some((Cpt, "97110")), &["GP"], None);
    px("97110 59 GP", Some((Cpt, "97110")), &["59", "GP"], None);
    px("97110,59,GP", Some((Cpt, "97110")), &["59", "GP"], None);
    px("99213:25", Some((Cpt, "99213")), &["25"], None);
    px(
        "97110-59 Therapeutic exercise",
        Some((Cpt, "97110")),
        &["59"],
        Some("Therapeutic exercise"),
    );
    px("00142QS", Some((Cpt, "00142")), &["QS"], None);
    px("3044F8P", Some((Cpt, "3044F")), &["8P"], None);
    px_as("971105959", Some("CPT"), Some((Cpt, "97110")), &["59", "59"], None);
    // words are not modifiers
    px("99213 no charge", Some((Cpt, "99213")), &[], Some("no charge"));
    px("97110 PT eval", Some((Cpt, "97110")), &[], Some("PT eval"));
}

#[test]
fn procedure_stray_hyphens() {
    px("99213-", Some((Cpt, "99213")), &[], None);
    px("-99213", Some((Cpt, "99213")), &[], None);
    px("99213--25", Some((Cpt, "99213")), &["25"], None);
    px("97110 - 59", Some((Cpt, "97110")), &["59"], None);
    px("99213 -25", Some((Cpt, "99213")), &["25"], None);
    px("992-13", None, &[], Some("992-13"));
}

#[test]
fn procedure_junk_and_other_systems_are_text() {
    for raw in [
        "9",
        "992",
        "9921",
        "47.01",
        "4701",
        "9921301",
        "992132559",
        "99213-99215",
        "99213, 99214",
        "Appendectomy",
        "00000",
        "02100",
        "D0120",
        "Z9999",
        "9921X",
        "123456789",
        "99213ABC",
        "12345678901",
    ] {
        px(raw, None, &[], Some(raw));
    }
    for raw in ["", " ", "-", "--"] {
        px(raw, None, &[], None);
    }
    assert!(procedure("XXXXX", None).masked);
    px_as("99213", Some("LOCAL"), None, &[], Some("99213"));
    px_as("4701", Some("ICD9"), None, &[], Some("4701"));
    px_as("99213", Some("SNOMED"), None, &[], Some("99213"));
    px_as("CPT:99213", Some("SNOMED"), None, &[], Some("CPT:99213"));
}

#[test]
fn procedure_icd10_pcs_is_not_taken_for_cpt() {
    for raw in [
        "0DTJ4ZZ", "30233N1", "10907ZC", "0210093", "00900ZZ", "0016070", "3E0234Z", "02HV33Z",
    ] {
        px(raw, None, &[], Some(raw));
    }
}

#[test]
fn procedure_label_of_the_other_billing_system_is_no_contradiction() {
    px_as("99213", Some("HCPCS"), Some((Cpt, "99213")), &[], None);
    px_as("J1100", Some("CPT4"), Some((Hcpcs, "J1100")), &[], None);
    px_as("HCPCS:J1100", Some("CPT"), Some((Hcpcs, "J1100")), &[], None);
}

#[test]
fn labels() {
    for (system, labels) in [
        (
            Icd10Cm,
            "ICD10|ICD-10-CM|I10|10|icd 10|urn:oid:2.16.840.1.113883.6.90|http://hl7.org/fhir/sid/icd-10-cm|ABK",
        ),
        (
            Icd9Cm,
            "ICD9|9|ICD-9-CM|I9|2.16.840.1.113883.6.103|2.16.840.1.113883.6.42|https://hl7.org/fhir/sid/icd-9-cm/",
        ),
        (
            Snomed,
            "SNOMED|SNOMEDCT|SNOMED-CT|SNOMED CT|SCT|2.16.840.1.113883.6.96|http://snomed.info/sct",
        ),
        (
            Cpt,
            "CPT|CPT4|CPT-4|2.16.840.1.113883.6.12|http://www.ama-assn.org/go/cpt",
        ),
        (
            Hcpcs,
            "HCPCS|2.16.840.1.113883.6.285|http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        ),
    ] {
        for label in labels.split('|') {
            assert_eq!(System::from_label(label), Some(system), "{label}");
        }
        assert_eq!(System::from_label(system.tag()), Some(system));
        assert_eq!(System::from_label(system.uri()), Some(system));
        assert_eq!(System::from_tag(system.tag()), Some(system));
        assert_eq!(System::from_uri(system.uri()), Some(system));
    }
    for label in [
        "",
        "ICD",
        "IMO",
        "ICD10PCS",
        "ICD-10-PCS",
        "2.16.840.1.113883.6.4",
        "11",
        "DX",
        "http://hl7.org/fhir/sid/icd-10",
    ] {
        assert_eq!(System::from_label(label), None, "{label}");
    }
}

#[test]
fn npi() {
    for good in ["1234567893", "9999999995", "1497758544"] {
        assert!(valid_npi(good), "{good}");
    }
    for bad in [
        "",
        "1234567890",
        "123456789",
        "12345678931",
        "123456789a",
        "１２３４５６７８９３",
    ] {
        assert!(!valid_npi(bad), "{bad}");
    }
}

fn any_label() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some("ICD10"),
        Some("ICD9"),
        Some("SNOMED"),
        Some("CPT"),
        Some("HCPCS"),
        Some("X"),
    ])
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,24}",
        "[A-Za-z][0-9]{1,3}\\.?[0-9A-Z]{0,4}([ -]\\PC{0,8})?",
        "(ICD-?(9|10):? ?)?[0-9]{3}\\.?[0-9]{0,2}",
        "[0-9]{5,9}",
        "[0-9A-Z]{5}[- ]?[0-9A-Z]{0,2}[- ]?[0-9A-Z]{0,2}",
    ]
}

proptest! {
    #[test]
    fn a_diagnosis_never_panics_and_its_code_reads_as_itself(
        raw in cell(), label in any_label(), day in prop::option::of(0_u64..20_000)
    ) {
        let date = day.map(|day| NaiveDate::from_ymd_opt(1980, 1, 1).unwrap() + chrono::Days::new(day));
        let read = diagnosis(&raw, label, date);
        prop_assert!(!(read.masked && (read.coding.is_some() || read.text.is_some())));
        if let Some((system, code)) = read.coding {
            prop_assert_eq!(diagnosis(&code, Some(system.tag()), None).coding, Some((system, code.clone())));
            let again = diagnosis(&code, label, date);
            prop_assert!(again.coding.is_none_or(|coding| coding == (system, code.clone())), "{}", code);
        } else if raw.contains(|c: char| c.is_alphanumeric()) {
            prop_assert!(read.masked || read.text.is_some());
        }
    }

    #[test]
    fn a_procedure_never_panics_and_its_code_reads_as_itself(raw in cell(), label in any_label()) {
        let read = procedure(&raw, label);
        if let Some((system, code)) = read.coding {
            let mut whole = code.clone();
            for modifier in &read.modifiers {
                whole = format!("{whole}-{modifier}");
            }
            let again = procedure(&whole, label);
            prop_assert_eq!(&again.coding, &Some((system, code.clone())));
            prop_assert_eq!(again.modifiers, read.modifiers);
            prop_assert_eq!(procedure(&code, Some(system.tag())).coding, again.coding);
        } else {
            prop_assert!(read.modifiers.is_empty());
            if raw.contains(|c: char| c.is_alphanumeric()) {
                prop_assert!(read.masked || read.text.is_some());
            }
        }
    }

    #[test]
    fn one_wrong_digit_is_no_snomed_concept(number in 100_000_u64..999_999_999, change in 1_u8..10, place in 0_usize..12) {
        // a number with its check digit, then the same with one digit changed
        let valid = (0..10).map(|check| format!("{number}00{check}")).find(|id| shape::snomed(id).is_some()).unwrap();
        let mut digits = valid.clone().into_bytes();
        let place = place % digits.len();
        digits[place] = (digits[place] - b'0' + change) % 10 + b'0';
        prop_assert_eq!(shape::snomed(&String::from_utf8(digits).unwrap()), None);
    }
}
