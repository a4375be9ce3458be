//! What the code of an item can be.

use chrono::NaiveDate;
use mapper::codes::{self, System};
use mapper::sql::Value;

use crate::cells::{coded, joined, text};

/// A code in upper case and without points, to find it in another list.
pub fn bare(code: &str) -> String {
    code.replace('.', "").to_ascii_uppercase()
}

/// The computed columns of `itemdetail`: every reading of the cell, for `schema/healow-copies.sql` to choose from.
pub fn columns(value: Option<&str>) -> Vec<Value> {
    let Some(value) = value else {
        return vec![Value::Null; 8];
    };
    let spelt = |label| text(icd(value, Some(label), None).map(|(_, code)| code).as_deref());
    let by_shape = |day| text(icd(value, None, day).map(|(system, _)| system.tag()));
    let done = codes::procedure(value, Some("CPT"));
    let (cpt_system, cpt, _) = coded(done.coding, None);
    vec![
        Value::Text(bare(value)),
        spelt("ICD10"),
        spelt("ICD9"),
        by_shape(NaiveDate::from_ymd_opt(2015, 10, 1)),
        by_shape(NaiveDate::from_ymd_opt(2015, 9, 30)),
        cpt_system,
        cpt,
        joined(&done.modifiers),
    ]
}

/// The cell as a code of ICD; anything else is none here.
fn icd(value: &str, label: Option<&str>, day: Option<NaiveDate>) -> Option<(System, String)> {
    let coding = codes::diagnosis(value, label, day).coding;
    coding.filter(|(system, _)| matches!(system, System::Icd10Cm | System::Icd9Cm))
}
