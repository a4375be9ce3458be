//! `providers`, `provider-profiles` and `users`: the three key spaces of clinicians. Columns `…ProviderGuid` point at the first,
//! `…ProfileGuid` at the second and `…UserGuid` at the third.

use mapper::fold;
use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;

use crate::cells::{key, told};

/// What all three compute.
const COMPUTED: &[&str] = &[
    "cg_guid",
    "cg_family",
    "cg_given",
    "cg_middle",
    "cg_prefix",
    "cg_suffix",
    "cg_person",
    "cg_initial",
];

/// Names only: neither NPI nor specialty.
pub const PROVIDERS: Entity = Entity {
    name: "providers",
    aliases: &[],
    table: "providers",
    columns: &[
        Column::new("providerguid"),
        Column::new("title"),
        Column::new("firstname"),
        Column::new("middlename"),
        Column::new("lastname"),
        Column::new("suffix"),
    ],
    layouts: &[],
    computed: COMPUTED,
    derive: |cells, _| person(cells, "providerguid", "middlename"),
};

/// The second key space.
pub const PROFILES: Entity = Entity {
    name: "provider_profiles",
    aliases: &["provider-profiles"],
    table: "provider_profiles",
    columns: &[
        Column::new("profileguid"),
        Column::new("title"),
        Column::new("firstname"),
        Column::new("middlename"),
        Column::new("lastname"),
        Column::new("suffix"),
    ],
    layouts: &[],
    computed: COMPUTED,
    derive: |cells, _| person(cells, "profileguid", "middlename"),
};

/// The third: whoever has a login.
pub const USERS: Entity = Entity {
    name: "users",
    aliases: &[],
    table: "users",
    columns: &[
        Column::new("userguid"),
        Column::new("title"),
        Column::new("firstname"),
        Column::new("middleinitial"),
        Column::new("lastname"),
        Column::new("suffix"),
    ],
    layouts: &[],
    computed: COMPUTED,
    derive: |cells, _| person(cells, "userguid", "middleinitial"),
};

fn person(cells: &Cells<'_>, guid: &str, middle: &str) -> Derived {
    let folded = |column| values::folded(cells.get(column));
    let (first, last) = (cells.get("firstname"), cells.get("lastname"));
    Derived {
        key: key(cells, guid),
        values: vec![
            told(cells, guid),
            folded("lastname"),
            folded("firstname"),
            folded(middle),
            folded("title"),
            folded("suffix"),
            Value::from(name(first, last)),
            Value::from(cells.get(middle).and_then(initial)),
        ],
        ..Derived::default()
    }
}

/// First and last name as they are compared. Who lacks one is compared with nobody.
fn name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let (first, last) = (fold(first?), fold(last?));
    let told = !first.is_empty() && !last.is_empty();
    told.then(|| format!("{first}|{last}"))
}

/// The first letter of a middle name, as it is compared.
fn initial(middle: &str) -> Option<String> {
    fold(middle).chars().find(|c| c.is_alphanumeric()).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::{initial, name};

    #[test]
    fn names_are_compared_without_case_accents_and_blanks() {
        let same = name(Some("Zoë "), Some("TENENS-HALE"));
        assert_eq!(same, name(Some("zoe"), Some("Tenens-Hale")));
        assert_eq!(same.as_deref(), Some("zoe|tenens-hale"));
        assert_eq!(name(Some("Zoë"), None), None);
    }

    #[test]
    fn of_a_middle_name_the_first_letter_counts() {
        assert_eq!(initial("Anne"), initial("a."));
        assert_eq!(initial("."), None);
    }
}
