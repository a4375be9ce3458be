//! Deliveries made up for a test.

use std::path::Path;

use serde_json::{Value, json};

use crate::oracle::random::Random;

/// Writes rows as the pages of one entity, `entity/page-0001.json` and so on, as Healthjump's API delivers them.
pub fn write_pages(folder: &Path, entity: &str, rows: &[Value], per_page: usize) {
    let folder = folder.join(entity);
    std::fs::create_dir_all(&folder).unwrap();
    let pages: Vec<&[Value]> = rows.chunks(per_page).collect();
    for (n, page) in pages.iter().enumerate() {
        let envelope = json!({
            "current_page": n + 1, "data": page, "last_page": pages.len(), "per_page": per_page, "total": rows.len(),
        });
        std::fs::write(folder.join(format!("page-{:04}.json", n + 1)), envelope.to_string()).unwrap();
    }
}

/// A delivery of so many patients with visits, diagnoses and procedures. `round` changes the content of every other row and its
/// time of change, as when the vendor sends everything again later.
pub fn write_population(folder: &Path, patients: usize, round: u32) {
    let mut random = Random::new(7);
    let (mut people, mut visits, mut diagnoses, mut procedures) = (vec![], vec![], vec![], vec![]);
    for n in 0..patients {
        let changed = format!("2025-0{}-11 08:00:00", if n % 2 == 0 { 1 } else { 1 + round });
        people.push(person(&mut random, n, if n % 2 == 0 { 1 } else { round }, &changed));
        for v in 0..2 {
            let visit = 10 * n + v;
            visits.push(json!({
                "encounterid": visit, "client_id": "C1", "patient_id": n, "encounter_date": format!("03/{:02}/2024", 1 + n % 28),
                "encounter_time": "09:30", "encounter_type": "Office Visit", "status": "completed",
                "provider_id": n % 5, "location_id": n % 3, "hj_modify_timestamp": changed,
            }));
            diagnoses.push(json!({
                "diagnosisid": visit, "client_id": "C1", "patient_id": n, "encounterid": visit, "diagnosis_code": "E11.9",
                "diagnosis_date": "2024-03-05", "status": "active", "hj_modify_timestamp": changed,
            }));
            procedures.push(json!({
                "procedureid": visit, "client_id": "C1", "patient_id": n, "encounterid": visit, "procedure_code": "99213",
                "procedure_date": "2024-03-05", "status": "completed", "hj_modify_timestamp": changed,
            }));
        }
    }
    write_pages(folder, "demographic", &people, 1000);
    write_pages(folder, "encounter", &visits, 1000);
    write_pages(folder, "diagnosis", &diagnoses, 1000);
    write_pages(folder, "procedure", &procedures, 1000);
}

fn person(random: &mut Random, n: usize, round: u32, changed: &str) -> Value {
    let family = *random.pick(&["Muster", "Núñez", "O'Hara", "van der Berg", "Ångström"]);
    let given = *random.pick(&["Ada", "José", "Mary Jo", "Li", "Zoë"]);
    let gender = ["F", "M", "U"][n % 3];
    json!({
        "demographicid": n, "client_id": "C1", "client_patient_id": format!("M{n}"), "first_name": given, "last_name": family,
        "dob": format!("{:02}/{:02}/19{:02}", 1 + n % 12, 1 + n % 28, n % 100), "gender": gender,
        "city": format!("Town {round}"), "hj_modify_timestamp": changed,
    })
}
