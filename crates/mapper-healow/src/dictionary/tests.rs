use super::{ICD, ITEMDETAIL};
use crate::testing::{computed, derived};

fn reading(value: &str) -> String {
    let cells = [("itemid", "44001"), ("propid", "13"), ("value", value)];
    let columns = ITEMDETAIL.computed.iter();
    let told = columns.map(|c| (c, computed(&ITEMDETAIL, &cells, c)));
    let told = told.filter(|(_, text)| !text.is_empty());
    told.map(|(c, text)| format!("{}={text}", c.trim_start_matches("cg_")))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn every_reading_of_a_code_is_kept() {
    insta::assert_snapshot!(reading("E11.9"), @"bare=E119 icd10=E11.9 shape_new=icd10cm shape_old=icd10cm");
    insta::assert_snapshot!(reading("e119"), @"bare=E119 icd10=E11.9 icd9=E119 shape_new=icd10cm");
    insta::assert_snapshot!(reading("250.00"), @"bare=25000 icd9=250.00 shape_new=icd9cm shape_old=icd9cm");
    insta::assert_snapshot!(reading("V70.0"), @"bare=V700 icd10=V70.0 icd9=V70.0 shape_new=icd10cm shape_old=icd9cm");
    insta::assert_snapshot!(reading("E8495"), @"bare=E8495 icd10=E84.95 icd9=E849.5 shape_new=icd10cm shape_old=icd9cm cpt_system=hcpcs cpt=E8495");
    insta::assert_snapshot!(reading("99213"), @"bare=99213 icd9=992.13 shape_new=icd9cm shape_old=icd9cm cpt_system=cpt cpt=99213");
    insta::assert_snapshot!(reading("J1100-JW"), @"bare=J1100-JW icd10=J11.00 shape_new=icd10cm shape_old=icd10cm cpt_system=hcpcs cpt=J1100 modifiers=JW");
    insta::assert_snapshot!(reading("6F9619FF-8B86-D011-B42D-00C04FC964FF"), @"bare=6F9619FF-8B86-D011-B42D-00C04FC964FF");
}

#[test]
fn only_property_13_is_a_code() {
    let row = [("itemid", "44001"), ("propid", "1"), ("value", "E11.9")];
    assert!(
        ITEMDETAIL
            .computed
            .iter()
            .all(|c| computed(&ITEMDETAIL, &row, c).is_empty())
    );
    assert_eq!(derived(&ITEMDETAIL, &row).key.as_deref(), Some("44001/1"));
}

#[test]
fn a_code_of_both_versions_has_two_rows() {
    let key = |kind| derived(&ICD, &[("code", "V10.11"), ("codetype", kind)]).key;
    assert_ne!(key("9"), key("10"));
    assert_eq!(
        computed(&ICD, &[("code", "v10.11"), ("codetype", "9")], "cg_bare"),
        "V1011"
    );
}
