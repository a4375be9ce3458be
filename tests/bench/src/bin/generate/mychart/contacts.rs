//! Contacts, of which most are visits, and their diagnoses.

use std::io;

use super::{MIDNIGHT, TIME, csn, every, illness, pat_id, problem_id, prov_id, user_id};
use crate::files::{Delivery, Row, row, when};
use crate::invented::{PLACES, REASONS, chance, changed, mixed, pick, time};

pub fn write(to: &mut Delivery, patients: u64) -> io::Result<()> {
    let of = move |contact: Contact| (0..patients * 2).filter(move |n| Contact::of(*n) == contact);
    to.file("PAT_ENC.tsv", 0..patients * 2, encounter)?;
    to.file("PAT_ENC_2.tsv", every(8, patients * 2), |n| {
        row!["PAT_ENC_CSN_ID" => csn(n), "CONTACT_DATE" => time(n, 20).format(MIDNIGHT), "ADT_PAT_CLASS_C_NAME" => "Outpatient"; "PHYS_BP"]
    })?;
    to.file("PAT_ENC_HSP.tsv", of(Contact::Stay), stay)?;
    to.file("PAT_ENC_DISP.tsv", of(Contact::FollowUp), |n| {
        row!["PAT_ENC_CSN_ID" => csn(n), "CONTACT_DATE" => time(n, 20).format(MIDNIGHT), "LOS_NEW_OR_EST_C_NAME" => "Established"]
    })?;
    to.file("HNO_INFO.tsv", of(Contact::Noted), |n| {
        row!["NOTE_ID" => 900_001 + n, "PAT_ENC_CSN_ID" => csn(n), "ENTRY_USER_ID" => user_id(n), "NOTE_DESC" => "Visit note"]
    })?;
    let with_reason = (0..patients * 2).filter(|n| n % 8 == 0 || Contact::of(*n) == Contact::Noted);
    to.file("PAT_ENC_RSN_VISIT.tsv", with_reason, |n| {
        row![
            "PAT_ENC_CSN_ID" => csn(n), "LINE" => 1, "ENC_REASON_ID" => 160_001 + mixed(n, 23) % 3,
            "ENC_REASON_ID_REASON_VISIT_NAME" => pick(&REASONS, n, 23);
            "COMMENTS"
        ]
    })?;
    to.file("PAT_ENC_DX.tsv", 0..patients * 2, contact_diagnosis)
}

/// What a contact is by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Contact {
    Appointment,
    Stay,
    FollowUp,
    /// A visit because it has a note and a reason.
    Noted,
    /// A telephone call, or the like: no visit.
    Call,
}

impl Contact {
    fn of(n: u64) -> Self {
        match mixed(n, 21) % 20 {
            0 => Self::Stay,
            1 => Self::FollowUp,
            2 => Self::Noted,
            3 => Self::Call,
            _ => Self::Appointment,
        }
    }
}

fn encounter(n: u64) -> Row<22> {
    const STATUSES: [&str; 10] = [
        "Completed",
        "Completed",
        "Completed",
        "Completed",
        "Completed",
        "Completed",
        "Completed",
        "Scheduled",
        "Canceled",
        "No Show",
    ];
    let status = if Contact::of(n) == Contact::Appointment {
        pick(&STATUSES, n, 22)
    } else {
        ""
    };
    let complete = status.is_empty() || status == "Completed";
    let (day, starts) = (time(n, 20).format(MIDNIGHT), time(n, 20).format(TIME));
    row![
        "PAT_ID" => pat_id(n / 2), "PAT_ENC_CSN_ID" => csn(n),
        "PAT_ENC_DATE_REAL" => format!("{}.01", 60_000 + n % 7_000), "CONTACT_DATE" => day,
        "EFFECTIVE_DATE_DTTM" => starts, "VISIT_PROV_ID" => prov_id(n), "VISIT_PROV_TITLE_NAME" => "MD",
        "PCP_PROV_ID" => prov_id(n / 2), "DEPARTMENT_ID" => 10_501 + n % PLACES, "PRIMARY_LOC_ID" => 10 + n % 4,
        "APPT_STATUS_C_NAME" => status,
        "CALCULATED_ENC_STAT_C_NAME" => if complete { "Complete" } else { "Possible" },
        "ENC_CLOSED_YN" => if complete { "Y" } else { "N" }, "UPDATE_DATE" => changed(n).format(TIME),
        "ENC_INSTANT" => starts;
        "HOSP_ADMSN_TIME", "HOSP_DISCHRG_TIME", "HSP_ACCOUNT_ID", "EXTERNAL_VISIT_ID", "CONTACT_COMMENT", "BMI", "BSA"
    ]
}

fn stay(n: u64) -> Row<8> {
    let arrived = time(n, 20);
    let left = arrived + chrono::TimeDelta::hours(20 + i64::try_from(n % 100).unwrap_or(0));
    row![
        "PAT_ID" => pat_id(n / 2), "PAT_ENC_CSN_ID" => csn(n),
        "ADT_PAT_CLASS_C_NAME" => pick(&["Inpatient", "Emergency", "Observation"], n, 24),
        "HOSP_ADMSN_TIME" => arrived.format(TIME), "HOSP_DISCH_TIME" => left.format(TIME),
        "ADMIT_SOURCE_C_NAME" => "Self", "DISCH_DISP_C_NAME" => "Home or Self Care";
        "DISCH_DEST_C_NAME"
    ]
}

fn contact_diagnosis(n: u64) -> Row<12> {
    let (id, _) = illness(n, 30);
    let problem = when(chance(n, 31, 30), problem_id(n / 2));
    row![
        "PAT_ENC_CSN_ID" => csn(n), "LINE" => 1, "CONTACT_DATE" => time(n, 20).format(MIDNIGHT), "DX_ID" => id,
        "PRIMARY_DX_YN" => "Y", "DX_CHRONIC_YN" => "N", "DX_ED_YN" => "N", "DX_UNIQUE" => 1,
        "DX_LINK_PROB_ID" => problem;
        "ANNOTATION", "DX_QUALIFIER_C_NAME", "COMMENTS"
    ]
}
