//! The problem list, orders and surgery.

use std::io;

use super::{MIDNIGHT, TIME, csn, every, illness, pat_id, problem_id, prov_id, service, user_id};
use crate::files::{Delivery, Row, row, when};
use crate::invented::{chance, changed, mixed, pick, time};

pub fn write(to: &mut Delivery, patients: u64) -> io::Result<()> {
    to.file("PROBLEM_LIST.tsv", 0..patients, problem)?;
    to.file(
        "PAT_PROBLEM_LIST.tsv",
        0..patients,
        |n| row!["PAT_ID" => pat_id(n), "LINE" => 1, "PROBLEM_LIST_ID" => problem_id(n)],
    )?;
    to.file("PROBLEM_LIST_HX.tsv", every(4, patients), problem_history)?;
    to.file("ORDER_PROC.tsv", 0..patients, order)?;
    let reviews = (0..patients * 2).filter(|n| n % 10 == 0 || n % 40 == 1);
    to.file("SURGICAL_HX.tsv", reviews, surgery)?;
    to.file("OR_LOG.tsv", every(10, patients), log)?;
    to.file("OR_LOG_ALL_PROC.tsv", every(10, patients), logged)
}

fn problem(n: u64) -> Row<16> {
    const STATUSES: [&str; 12] = [
        "Active", "Active", "Active", "Active", "Active", "Active", "Active", "Active", "Resolved", "Resolved",
        "Resolved", "Deleted",
    ];
    let ((id, illness), status) = (illness(n, 32), pick(&STATUSES, n, 33));
    let resolved = when(status == "Resolved", changed(n).format(MIDNIGHT));
    row![
        "PROBLEM_LIST_ID" => problem_id(n), "DX_ID" => id, "DX_ID_DX_NAME" => illness.text,
        "NOTED_DATE" => time(n, 34).format(MIDNIGHT), "RESOLVED_DATE" => resolved,
        "DATE_OF_ENTRY" => changed(n).format(MIDNIGHT), "ENTRY_USER_ID" => user_id(n),
        "PROBLEM_STATUS_C_NAME" => status, "PROBLEM_CMT" => pick(&["", "", "", "better than last year"], n, 35),
        "CHRONIC_YN" => "N";
        "DESCRIPTION", "NOTED_END_DATE", "PRIORITY_C_NAME", "PROBLEM_TYPE_C_NAME", "DIAG_START_DATE", "DIAG_END_DATE"
    ]
}

fn problem_history(n: u64) -> Row<5> {
    row![
        "PROBLEM_LIST_ID" => problem_id(n), "LINE" => 1, "HX_DATE_OF_ENTRY" => time(n, 34).format(MIDNIGHT),
        "HX_ENTRY_USER_ID" => user_id(n), "HX_STATUS_C_NAME" => "Active"
    ]
}

/// Some are laboratory orders, some were cancelled or only sent.
fn order(n: u64) -> Row<19> {
    let (id, text) = service(n, 41);
    let status = if chance(n, 43, 4) {
        pick(&["Canceled", "Sent"], n, 44)
    } else {
        "Completed"
    };
    let began = time(n, 45);
    row![
        "ORDER_PROC_ID" => 880_000_001 + n, "PAT_ID" => pat_id(n), "PAT_ENC_CSN_ID" => csn(2 * n),
        "ORDERING_DATE" => began.format(MIDNIGHT),
        "ORDER_TYPE_C_NAME" => if chance(n, 42, 8) { "Lab" } else { "Procedures" }, "PROC_ID" => id,
        "DESCRIPTION" => text.to_uppercase(), "DISPLAY_NAME" => text, "AUTHRZING_PROV_ID" => prov_id(n),
        "BILLING_PROV_ID" => prov_id(n + 1), "ORDER_STATUS_C_NAME" => status, "PROC_START_TIME" => began.format(TIME),
        "PROC_ENDING_TIME" => (began + chrono::TimeDelta::minutes(30)).format(TIME),
        "ORDER_INST" => began.format(TIME);
        "LAB_STATUS_C_NAME", "PROC_BGN_TIME", "RESULT_TIME", "FUTURE_OR_STAND", "REASON_FOR_CANC_C_NAME"
    ]
}

/// What a contact filed; some patients' surgery is filed again at the next one.
fn surgery(contact: u64) -> Row<11> {
    let n = contact / 2;
    row![
        "PAT_ENC_CSN_ID" => csn(contact), "LINE" => 1, "PROC_ID" => service(n, 46).0,
        "SURGICAL_HX_DATE" => 1990 + mixed(n, 47) % 30, "CONTACT_DATE" => time(contact, 20).format(MIDNIGHT),
        "SURG_LATERALITY_C_NAME" => pick(&["", "Left", "Right"], n, 48);
        "SURG_HX_START_DT", "SURG_HX_END_DT", "COMMENTS", "PROC_COMMENTS", "HX_LNK_ENC_CSN"
    ]
}

fn log(n: u64) -> Row<10> {
    row![
        "LOG_ID" => 810_001 + n, "PAT_ID" => pat_id(n), "SURGERY_DATE" => time(n, 49).format(MIDNIGHT),
        "STATUS_C_NAME" => "Posted", "PRIMARY_PHYS_ID" => prov_id(n), "LOC_ID" => 10 + n % 4,
        "SERVICE_C_NAME" => "Orthopedics";
        "VOID_REASON_C_NAME", "PROC_NOT_PERF_C_NAME", "CASE_CLASS_C_NAME"
    ]
}

fn logged(n: u64) -> Row<7> {
    row![
        "LOG_ID" => 810_001 + n, "LINE" => 1, "OR_PROC_ID" => format!("OR.{}", n % 7),
        "OR_PROC_ID_PROC_NAME" => "ARTHROSCOPY, KNEE", "LRB_C_NAME" => pick(&["Left", "Right"], n, 50);
        "ANES_TYPE_C_NAME", "PROC_EAP_ID"
    ]
}
