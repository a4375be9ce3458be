//! `codes.csv`: the file of standard codes beside the export.

use mapper::Site;
use mapper::codes::{self, System};
use mapper::load::{Cells, Column, Derived, Entity};
use mapper::sql::Value;

use super::entity::{Mapped, NO_CODE};

/// Standard codes of diagnoses and procedures, one row per code: the file `codes.csv` that an organisation may put beside the export.
pub const CODES: Entity = Entity {
    name: "codes",
    aliases: &[],
    table: "codes",
    columns: &[
        Column::new("source_system"),
        Column::new("source_table"),
        Column::new("source_code"),
        Column::new("source_display"),
        Column::new("target_system"),
        Column::new("target_code"),
        Column::new("target_display"),
        Column::new("equivalence"),
    ],
    layouts: &[],
    computed: &["cg_system", "cg_code"],
    derive: mapped,
};

/// A row of `codes.csv`.
fn mapped(cells: &Cells<'_>, _: &Site) -> Derived {
    let at = |column| cells.get(column);
    let table = at("source_table").map(str::to_ascii_lowercase);
    let id = at("source_code");
    let of = |wanted: &str| id.filter(|_| table.as_deref() == Some(wanted));
    let (dx_id, proc_id) = (of("clarity_edg"), of("clarity_eap"));
    let coding = at("target_system")
        .zip(at("target_code"))
        .and_then(|(s, c)| coded(s, c));
    let hold = if dx_id.or(proc_id).is_none() {
        Some("withheld:not a code of a diagnosis or a procedure")
    } else if at("equivalence").is_some_and(says_another_thing) {
        Some("withheld:not the same thing")
    } else {
        coding.is_none().then_some(NO_CODE)
    };
    let row = coding.clone().filter(|_| hold.is_none()).map(|(system, code)| Mapped {
        dx_id,
        proc_id,
        place: format!("{FILE} {code}"),
        coding: Some(code.clone()),
        system,
        code,
        display: at("target_display"),
        ..Mapped::default()
    });
    let (system, code) = coding.unzip();
    let tag = system.map(|uri| System::from_uri(&uri).map_or(uri, |s| s.tag().to_owned()));
    let told = [
        "source_system",
        "source_table",
        "source_code",
        "target_system",
        "target_code",
    ];
    Derived {
        key: id.map(|_| format!("{FILE}/{}", told.map(|c| at(c).unwrap_or_default()).join("/"))),
        hold: hold.map(Into::into),
        values: vec![Value::from(tag), Value::from(code)],
        exploded: row.map(Mapped::values).into_iter().collect(),
        ..Derived::default()
    }
}

/// Sorts after the lines of `EDG_CURRENT_…`.
const FILE: &str = "file";

/// Concept maps also say what is not the same (R4, ConceptMapEquivalence).
fn says_another_thing(equivalence: &str) -> bool {
    ["unmatched", "disjoint"].contains(&equivalence.to_ascii_lowercase().as_str())
}

/// A code and the URI of its system. Codes of the systems that are known here must have their shape; those of others are
/// taken as they are.
fn coded(system: &str, code: &str) -> Option<(String, String)> {
    let Some(known) = System::from_label(system) else {
        return system.contains(':').then(|| (system.to_owned(), code.to_owned()));
    };
    let read = match known {
        System::Icd10Cm | System::Icd9Cm | System::Snomed => codes::diagnosis(code, Some(known.uri()), None).coding,
        System::Cpt | System::Hcpcs => {
            let read = codes::procedure(code, Some(known.uri()));
            read.coding.filter(|_| read.modifiers.is_empty())
        }
    };
    read.map(|(system, code)| (system.uri().to_owned(), code))
}

#[cfg(test)]
mod tests {
    use fhir::system;

    use super::*;

    #[test]
    fn codes_go_out_under_the_usual_uri_of_their_system() {
        let of = |system, code| coded(system, code);
        let icd10 = Some((system::ICD10CM.to_owned(), "E11.9".to_owned()));
        assert_eq!(of("http://hl7.org/fhir/sid/icd-10-cm", "E119"), icd10);
        assert_eq!(of("urn:oid:2.16.840.1.113883.6.90", "E11.9"), icd10);
        let pcs = Some((system::ICD10PCS.to_owned(), "0DTJ4ZZ".to_owned()));
        assert_eq!(of(system::ICD10PCS, "0DTJ4ZZ"), pcs);
    }

    #[test]
    fn a_code_that_is_not_one_of_its_system_is_none() {
        assert_eq!(coded(system::ICD10CM, "diabetes"), None);
        assert_eq!(coded(system::CPT, "99213-25"), None);
        assert_eq!(coded("ICD-10-PCS", "0DTJ4ZZ"), None);
    }
}
