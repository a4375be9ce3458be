//! Places, clinicians, users, and the names and codes of diagnoses and procedures.

use std::io;

use super::{prov_id, user_id};
use crate::files::{Delivery, Row, row};
use crate::invented::{CLINICIANS, ILLNESSES, PLACES, SERVICES, clinician, nth};

/// Analysers and rooms among the providers.
const RESOURCES: u64 = 10;

pub fn write(to: &mut Delivery) -> io::Result<()> {
    to.file(
        "CLARITY_LOC.tsv",
        0..4,
        |n| row!["LOC_ID" => 10 + n, "LOC_NAME" => format!("Sample Health {n}")],
    )?;
    to.file("CLARITY_DEP.tsv", 0..PLACES, department)?;
    to.file(
        "CLARITY_DEP_4.tsv",
        0..PLACES,
        |n| row!["DEPARTMENT_ID" => 10_501 + n, "DEP_TYPE_C_NAME" => "Outpatient"],
    )?;
    to.file("CLARITY_SER.tsv", 0..CLINICIANS + RESOURCES, provider)?;
    to.file("CLARITY_EMP.tsv", 0..CLINICIANS, user)?;
    let illnesses = 0..ILLNESSES.len() as u64;
    to.file(
        "CLARITY_EDG.tsv",
        illnesses.clone(),
        |n| row!["DX_ID" => 9_001 + n, "DX_NAME" => nth(&ILLNESSES, n).text; "PAT_FRIENDLY_TEXT"],
    )?;
    to.file(
        "EDG_CURRENT_ICD10.tsv",
        illnesses.clone(),
        |n| row!["DX_ID" => 9_001 + n, "LINE" => 1, "CODE" => nth(&ILLNESSES, n).icd10],
    )?;
    to.file(
        "CLARITY_EAP.tsv",
        0..SERVICES.len() as u64,
        |n| row!["PROC_ID" => 45_001 + n, "PROC_NAME" => nth(&SERVICES, n).1.to_uppercase()],
    )?;
    to.file("codes.csv", 0..(ILLNESSES.len() + SERVICES.len()) as u64, code)
}

fn department(n: u64) -> Row<3> {
    row![
        "DEPARTMENT_ID" => 10_501 + n, "DEPARTMENT_NAME" => format!("SAMPLE FM {n}"),
        "EXTERNAL_NAME" => format!("Sample Family Medicine {n}")
    ]
}

fn provider(n: u64) -> Row<3> {
    let (given, family) = clinician(n);
    if n < CLINICIANS {
        row![
            "PROV_ID" => prov_id(n), "PROV_NAME" => format!("{family},{given}").to_uppercase(),
            "EXTERNAL_NAME" => format!("{given} {family}, MD")
        ]
    } else {
        row!["PROV_ID" => format!("RM{n}"), "PROV_NAME" => format!("EXAM ROOM {n}"); "EXTERNAL_NAME"]
    }
}

fn user(n: u64) -> Row<2> {
    let (given, family) = clinician(n);
    row!["USER_ID" => user_id(n), "NAME" => format!("{family},{given}").to_uppercase()]
}

/// SNOMED codes of diagnoses and CPT or HCPCS codes of procedures.
fn code(n: u64) -> Row<8> {
    let illnesses = ILLNESSES.len() as u64;
    let illness = nth(&ILLNESSES, n);
    let (code, text) = nth(&SERVICES, n.saturating_sub(illnesses));
    let cpt = code.starts_with(|c: char| c.is_ascii_digit());
    let system = if cpt {
        "http://www.ama-assn.org/go/cpt"
    } else {
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    };
    let (table, id, system, code, text) = if n < illnesses {
        (
            "CLARITY_EDG",
            9_001 + n,
            "http://snomed.info/sct",
            illness.snomed,
            illness.text,
        )
    } else {
        ("CLARITY_EAP", 45_001 + n - illnesses, system, code, text)
    };
    row![
        "source_system" => "epic", "source_table" => table, "source_code" => id, "source_display" => text,
        "target_system" => system, "target_code" => code, "target_display" => text, "equivalence" => "equivalent"
    ]
}
