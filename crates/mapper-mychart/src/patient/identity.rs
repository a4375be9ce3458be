//! `IDENTITY_ID`: numbers of patients, each with its kind in words.

use fhir::system::SSN;
use mapper::Site;
use mapper::load::{Cells, Column, Derived, Entity};

use super::detail::{Told, told};
use crate::cells::{NO_RECORD, line};

/// Numbers of other kinds than the record number.
pub const IDENTITY_ID: Entity = Entity {
    name: "identity_id",
    aliases: &[],
    table: "identity_id",
    columns: &[
        Column::new("pat_id"),
        Column::new("line"),
        Column::new("identity_id"),
        Column::new("identity_type_id"),
        Column::new("identity_type_id_id_type_name").or(&["identity_type_name"]),
    ],
    layouts: &[],
    computed: &[],
    derive: number,
};

/// A number with its kind. Social security numbers are of a known system, and stored and served only where the profile
/// says so.
fn number(cells: &Cells<'_>, site: &Site) -> Derived {
    let kind = cells.get("identity_type_id_id_type_name");
    let words = slug(kind.or(cells.get("identity_type_id")).unwrap_or_default());
    let social = words.split('_').any(|word| word == "ssn") || words.contains("social_security");
    let secret = social && !site.profile().ssn;
    let hold = if cells.get("pat_id").is_none() {
        Some(NO_RECORD)
    } else if cells.get("identity_id").is_none() {
        Some("rejected:no number")
    } else {
        secret.then_some("withheld:a social security number")
    };
    if let Some(hold) = hold {
        return Derived {
            hold: Some(hold.into()),
            forgotten: if secret { &["identity_id"] } else { &[] },
            ..line(cells, "identity_id", "pat_id")
        };
    }
    let system = match words.as_str() {
        _ if social => SSN.to_owned(),
        "" => "identity_id".to_owned(),
        words => format!("identity_id_{words}"),
    };
    let number = Told {
        system: Some(system),
        number: cells.get("identity_id"),
        text: kind,
        ..Told::default()
    };
    told(cells, "identity_id", number)
}

/// Words as part of a name: lower-case letters and digits, `_` between.
fn slug(words: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            ' '
        }
    };
    let words: String = words.chars().map(plain).collect();
    words.split_whitespace().collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn kinds_of_numbers_are_part_of_a_system() {
        assert_eq!(slug("Enterprise ID Number"), "enterprise_id_number");
        assert_eq!(slug(" WI-Medicaid #2 "), "wi_medicaid_2");
        assert_eq!(slug("###"), "");
    }
}
