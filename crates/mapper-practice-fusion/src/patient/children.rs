//! What other tables say of some patients: one statement per table for a whole page.

use std::collections::HashMap;

use diesel::prelude::*;
use mapper::db::AnyConnection;
use mapper::sql::Filter;

use crate::tables::{patient_ethnicity, patient_race, patient_superbills};

/// A name and its CDC code, as delivered.
pub type Told = (Option<String>, Option<String>);

/// What other tables say of one patient.
#[derive(Default)]
pub struct Children {
    /// `patient-race`, by name.
    pub races: Vec<Told>,
    /// `patient-ethnicity`, by name.
    pub ethnicities: Vec<Told>,
    /// `patient-superbills`: record numbers, each once.
    pub numbers: Vec<String>,
}

/// What is said of the patients with these keys.
pub fn children(conn: &mut AnyConnection, patients: &[&str]) -> QueryResult<HashMap<String, Children>> {
    use patient_ethnicity as e;
    use patient_race as r;
    use patient_superbills as s;
    let mut found: HashMap<String, Children> = HashMap::new();
    if patients.is_empty() {
        return Ok(found);
    }
    let of = || patients.iter().copied();
    let races: Vec<(Option<String>, Told)> = mapper::explain::load(
        conn,
        r::table
            .select((r::cg_patient, (r::racename, r::cdcuniqueidentifier)))
            .distinct()
            .filter(Filter::one_of(r::cg_patient, of()))
            .filter(r::cg_hold.is_null()),
    )?;
    for (patient, told) in races {
        found.entry(patient.unwrap_or_default()).or_default().races.push(told);
    }
    let ethnicities: Vec<(Option<String>, Told)> = mapper::explain::load(
        conn,
        e::table
            .select((e::cg_patient, (e::ethnicityname, e::cdcuniqueidentifier)))
            .distinct()
            .filter(Filter::one_of(e::cg_patient, of()))
            .filter(e::cg_hold.is_null()),
    )?;
    for (patient, told) in ethnicities {
        let person = found.entry(patient.unwrap_or_default()).or_default();
        person.ethnicities.push(told);
    }
    let numbers: Vec<(Option<String>, Option<String>)> = mapper::explain::load(
        conn,
        s::table
            .select((s::cg_patient, s::patientcontactcode))
            .distinct()
            .filter(Filter::one_of(s::cg_patient, of()))
            .filter(s::patientcontactcode.is_not_null()),
    )?;
    for (patient, number) in numbers {
        let person = found.entry(patient.unwrap_or_default()).or_default();
        person.numbers.extend(number);
    }
    // Neither the files' order nor the databases' is kept: names in the order of letters.
    for person in found.values_mut() {
        person.races.sort();
        person.ethnicities.sort();
        person.numbers.sort();
    }
    Ok(found)
}
