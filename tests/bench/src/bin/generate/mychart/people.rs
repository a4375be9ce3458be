//! Patients: the rows that make up one, in many tables.

use std::io;

use super::{MIDNIGHT, every, pat_id, prov_id};
use crate::files::{Delivery, Row, row, when};
use crate::invented::{born, chance, changed, patient, pick, time};

pub fn write(to: &mut Delivery, patients: u64) -> io::Result<()> {
    to.file("PATIENT.tsv", 0..patients, pat)?;
    to.file(
        "PATIENT_2.tsv",
        every(8, patients),
        |n| row!["PAT_ID" => pat_id(n), "MAIDEN_NAME" => patient(n + 5).1; "BIRTH_TM", "DEATH_TM"],
    )?;
    to.file(
        "PATIENT_3.tsv",
        every(9, patients),
        |n| row!["PAT_ID" => pat_id(n), "PREFERRED_NAME" => "Sunny"; "OCCUPATION"],
    )?;
    to.file("PATIENT_4.tsv", every(4, patients), |n| {
        row!["PAT_ID" => pat_id(n), "PAT_LIVING_STAT_C_NAME" => "Alive", "SEX_ASGN_AT_BIRTH_C_NAME" => pick(&["Female", "Male"], n, 9)]
    })?;
    to.file("PATIENT_RACE.tsv", 0..patients, |n| {
        let race = pick(&["White", "Black or African American", "Asian", "Declined"], n, 10);
        row!["PAT_ID" => pat_id(n), "LINE" => 1, "PATIENT_RACE_C_NAME" => race]
    })?;
    to.file(
        "PAT_ADDRESS.tsv",
        0..patients,
        |n| row!["PAT_ID" => pat_id(n), "LINE" => 1, "ADDRESS" => format!("{} Sample St", n % 900 + 1)],
    )?;
    to.file("PAT_ADDR_CHNG_HX.tsv", every(20, patients), |n| {
        row![
            "PAT_ID" => pat_id(n), "LINE" => 1, "ADDR_HX_LINE1" => "9 Old Rd", "CITY_HX" => "Formerton",
            "ZIP_HX" => "60602", "EFF_START_DATE" => "5/1/2010 12:00:00 AM",
            "EFF_END_DATE" => "8/31/2015 12:00:00 AM";
            "ADDR_HX_LINE2"
        ]
    })?;
    to.file("IDENTITY_ID.tsv", every(4, patients), |n| {
        row![
            "PAT_ID" => pat_id(n), "LINE" => 1, "IDENTITY_ID" => format!("E{}", 3_000_001 + n),
            "IDENTITY_TYPE_ID" => 0, "IDENTITY_TYPE_ID_ID_TYPE_NAME" => "EPI"
        ]
    })?;
    to.file("OTHER_COMMUNCTN.tsv", every(4, patients), |n| {
        row![
            "PAT_ID" => pat_id(n), "LINE" => 1, "CONTACT_PRIORITY" => 1,
            "OTHER_COMMUNIC_NUM" => format!("720-555-01{:02}", n % 100), "OTHER_COMMUNIC_C_NAME" => "Mobile"
        ]
    })
}

fn pat(n: u64) -> Row<36> {
    let (given, family) = patient(n);
    let died = when(chance(n, 13, 2), changed(n).format(MIDNIGHT));
    row![
        "PAT_ID" => pat_id(n), "PAT_NAME" => format!("{family},{given}").to_uppercase(), "CITY" => "Sampletown",
        "STATE_C_NAME" => "Virginia", "COUNTRY_C_NAME" => "United States of America",
        "ZIP" => format!("2{:04}", n % 10_000), "HOME_PHONE" => format!("518-555-01{:02}", n % 100),
        "EMAIL_ADDRESS" => format!("p{n}@example.com"), "BIRTH_DATE" => born(n).format(MIDNIGHT),
        "ETHNIC_GROUP_C_NAME" => pick(&["Not Hispanic or Latino", "Hispanic or Latino", "Declined"], n, 11),
        "LANGUAGE_C_NAME" => pick(&["English", "Spanish"], n, 12), "REG_DATE" => time(n, 17).format(MIDNIGHT),
        "CUR_PCP_PROV_ID" => prov_id(n), "CUR_PRIM_LOC_ID" => 10 + n % 4, "PAT_MRN_ID" => 100_001 + n,
        "PAT_STATUS_C_NAME" => if died.is_empty() { "Alive" } else { "Deceased" }, "DEATH_DATE" => died,
        "PAT_LAST_NAME" => family, "PAT_FIRST_NAME" => given,
        "PAT_MIDDLE_NAME" => pick(&["Ann", "B", "", "C."], n, 7),
        "SEX_C_NAME" => pick(&["Female", "Male", "Female", "Male", "Unknown"], n, 9), "INTRPTR_NEEDED_YN" => "N";
        "COUNTY_C_NAME", "LANG_CARE_C_NAME", "LANG_WRIT_C_NAME", "PED_MULT_BIRTH_ORD", "PED_MULTI_BIRTH_YN",
        "WORK_PHONE", "SSN", "PAT_TITLE_C_NAME", "PAT_NAME_SUFFIX_C_NAME", "TMP_CITY", "TMP_STATE_C_NAME", "TMP_ZIP",
        "TMP_ADDR_START_DT", "TMP_ADDR_END_DT"
    ]
}
