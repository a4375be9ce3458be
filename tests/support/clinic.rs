//! A small delivery whose every row tests may name.

use std::path::Path;

use serde_json::json;

use super::database::Database;
use super::delivery::write_pages;
use super::source::{load_folder, site};

/// Loads it under a source name.
pub fn load(db: &Database, source: &str) {
    let folder = db.folder.path().join("clinic");
    write(&folder);
    load_folder(db, &site(source, ""), &folder);
}

/// Writes the delivery: three patients, of whom the first has visits; one visit deleted, one diagnosis without patient.
pub fn write(folder: &Path) {
    let changed = "2025-02-03 04:05:06";
    let patient = |id: u32, first: &str, last: &str, dob: &str, gender: &str| {
        json!({
            "demographicid": id, "client_id": "C1", "client_patient_id": format!("M-{id}"), "first_name": first, "last_name": last,
            "dob": dob, "gender": gender, "hj_modify_timestamp": format!("2025-02-0{id} 04:05:06"),
        })
    };
    let patients = [
        patient(1, "José", "Núñez", "03/05/1980", "M"),
        patient(2, "Ada", "O'Hara", "12/31/1999", "F"),
        patient(3, "Mary Jo", "van der Berg", "", "X"),
    ];
    write_pages(folder, "demographic", &patients, 2);
    let visit = |id: u32, patient: u32, date: &str, status: &str| {
        json!({
            "encounterid": id, "client_id": "C1", "patient_id": patient, "encounter_date": date, "encounter_time": "09:30:00",
            "end_time": "10:00:00", "encounter_type": "Office Visit", "status": status, "provider_id": 7, "location_id": 4,
            "hj_modify_timestamp": changed,
        })
    };
    let visits = [
        visit(11, 1, "2024-03-05", "completed"),
        visit(12, 1, "2024-04-05", "completed"),
        visit(13, 2, "2024-05-05", "completed"),
        visit(14, 1, "2024-06-05", "deleted"),
    ];
    write_pages(folder, "encounter", &visits, 10);
    let diagnoses = [
        json!({"diagnosisid": 21, "client_id": "C1", "patient_id": 1, "encounterid": 11, "diagnosis_code": "E119",
            "diagnosis_date": "2024-03-05", "status": "active", "hj_modify_timestamp": changed}),
        json!({"diagnosisid": 22, "client_id": "C1", "patient_id": 2, "diagnosis_code": "I10", "description": "High, blood|pressure",
            "diagnosis_date": "2024-03-06", "onset_date": "01/15/2020", "status": "chronic", "hj_modify_timestamp": changed}),
        json!({"diagnosisid": 23, "client_id": "C1", "diagnosis_code": "I10", "hj_modify_timestamp": changed}),
    ];
    write_pages(folder, "diagnosis", &diagnoses, 10);
    let procedures = [
        json!({"procedureid": 31, "client_id": "C1", "patient_id": 1, "encounterid": 11, "procedure_code": "99213-25",
        "procedure_date": "2024-03-05", "provider_id": 7, "status": "completed", "hj_modify_timestamp": changed}),
    ];
    write_pages(folder, "procedure", &procedures, 10);
    let provider = json!({"provider_id": 7, "client_id": "C1", "npi": "1234567893", "first_name": "Zoë", "last_name": "Ångström",
        "hj_modify_timestamp": changed});
    write_pages(folder, "provider", &[provider], 10);
    let practice = json!({"client_id": "C1", "name": "Main Street Clinic", "hj_modify_timestamp": changed});
    write_pages(folder, "client_ids", &[practice], 10);
}
