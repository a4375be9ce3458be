use mapper::load::{Entity, Row as Cells};
use mapper::sql::Value;

use super::{CLARITY_EDG, CODES, EDG_CURRENT_ICD10};
use crate::testing::{shown, site};

/// Why a row is held, and what it says of its number.
fn said(entity: &Entity, cells: &[(&str, &str)]) -> String {
    let derived = (entity.derive)(&Cells::of(entity, cells).cells(), &site());
    let row = |values: &Vec<Value>| values.iter().map(shown).collect::<Vec<_>>().join("|");
    let rows: Vec<String> = derived.exploded.iter().map(row).collect();
    let hold = derived.hold.unwrap_or_else(|| "part".into());
    format!("{hold}: {}", rows.join(" ")).trim_end().to_owned()
}

#[test]
fn a_dictionary_s_row_is_the_name_of_a_number() {
    let named = said(&CLARITY_EDG, &[("dx_id", "9001"), ("dx_name", "Type 2 diabetes")]);
    insta::assert_snapshot!(named, @"part: 9001|-|0|-|dx_id|9001|Type 2 diabetes|-");
    insta::assert_snapshot!(said(&CLARITY_EDG, &[("dx_name", "Nobody's")]), @"rejected:no record that it belongs to:");
}

#[test]
fn lines_of_icd_codes_wait_for_the_others_of_their_number() {
    let line = |line, code| said(&EDG_CURRENT_ICD10, &[("dx_id", "9001"), ("line", line), ("code", code)]);
    insta::assert_snapshot!([line("1", "E119"), line("12", "E11.9"), line("2", "250.00")].join("\n"), @"
    part: 9001|-|edg_current_icd10 000001|edg_current_icd10|http://hl7.org/fhir/sid/icd-10-cm|E11.9|-|-
    part: 9001|-|edg_current_icd10 000012|edg_current_icd10|http://hl7.org/fhir/sid/icd-10-cm|E11.9|-|-
    rejected:no code whose system is certain: 9001|-|edg_current_icd10 000002|edg_current_icd10||250.00|-|-
    ");
}

#[test]
fn rows_of_the_file_of_codes() {
    let row = |table, system, code, equivalence| {
        let cells = [
            ("source_table", table),
            ("source_code", "9001"),
            ("target_system", system),
            ("target_code", code),
            ("target_display", "what it means"),
            ("equivalence", equivalence),
        ];
        said(&CODES, &cells)
    };
    let snomed = fhir::system::SNOMED;
    let cases = [
        row("CLARITY_EDG", snomed, "44054006", "equivalent"),
        row("clarity_eap", fhir::system::CPT, "45378", ""),
        row("CLARITY_EAP", fhir::system::ICD10PCS, "0DJD8ZZ", "wider"),
        row("CLARITY_EDG", snomed, "44054007", ""),
        row("CLARITY_EDG", snomed, "44054006", "Unmatched"),
        row("CLARITY_MEDICATION", snomed, "44054006", ""),
        row("CLARITY_EDG", "ICD", "E11.9", ""),
    ];
    insta::assert_snapshot!(cases.join("\n"), @"
    part: 9001|-|file 44054006|-|http://snomed.info/sct|44054006|what it means|44054006
    part: -|9001|file 45378|-|http://www.ama-assn.org/go/cpt|45378|what it means|45378
    part: -|9001|file 0DJD8ZZ|-|http://www.cms.gov/Medicare/Coding/ICD10|0DJD8ZZ|what it means|0DJD8ZZ
    rejected:no code whose system is certain:
    withheld:not the same thing:
    withheld:not a code of a diagnosis or a procedure:
    rejected:no code whose system is certain:
    ");
}
