//! `demographic`: the patient record. There is no `patient` endpoint.

use mapper::load::terms::{Address, Terms};
use mapper::load::{Cells, Column, Derived, Entity, Layout, Pattern, values};
use mapper::sql::Value;
use mapper::{Site, time};

use crate::cells::{client, day, folded, interval, key, link, stamps};
use crate::codes::{ETHNICITY, RACE};

/// The API's columns are not published; the bulk file's 32 are, and the API's are taken to be a superset of them.
pub const ENTITY: Entity = Entity {
    name: "demographic",
    aliases: &["demographics", "patient", "patients"],
    table: "demographic",
    columns: &[
        Column::new("demographicid")
            .or(&["demographic_id", "patient_id", "patientid"])
            .like(Pattern::Digits),
        Column::new("client_id"),
        Column::new("client_patient_id").or(&["source_patient_id", "source_demographic_id"]),
        Column::new("other_id"),
        Column::new("account_id"),
        Column::new("ssn")
            .or(&["social_security_number"])
            .like(Pattern::Fits(ssn))
            .private(),
        Column::new("first_name").or(&["firstname"]).like(Pattern::Letters),
        Column::new("middle_name")
            .or(&["middlename", "middle_initial"])
            .like(Pattern::Letters),
        Column::new("last_name").or(&["lastname"]).like(Pattern::Letters),
        Column::new("prefix"),
        Column::new("suffix"),
        Column::new("dob")
            .or(&["date_of_birth", "birth_date", "birthdate"])
            .like(Pattern::Date),
        Column::new("gender").or(&["sex"]).like(Pattern::Letters),
        Column::new("birth_sex").or(&["birthsex", "sex_at_birth"]),
        Column::new("race").like(Pattern::Letters),
        Column::new("ethnicity").like(Pattern::Letters),
        Column::new("primary_language")
            .or(&["language", "preferred_language"])
            .like(Pattern::Letters),
        Column::new("phone_number")
            .or(&["phone", "home_phone"])
            .like(Pattern::Fits(phone)),
        Column::new("phone_ext"),
        Column::new("phone_type"),
        Column::new("second_number")
            .or(&["second_phone"])
            .like(Pattern::Fits(phone)),
        Column::new("second_ext"),
        Column::new("second_type"),
        Column::new("first_email").or(&["email"]).like(Pattern::Fits(email)),
        Column::new("second_email").like(Pattern::Fits(email)),
        Column::new("death_indication")
            .or(&["deceased", "death_indicator"])
            .like(Pattern::Fits(short)),
        Column::new("death_date")
            .or(&["deceased_date", "date_of_death"])
            .like(Pattern::Date),
        Column::new("address_type"),
        Column::new("address_line_1").or(&["address1", "address_1", "address"]),
        Column::new("address_line_2").or(&["address2", "address_2"]),
        Column::new("city"),
        Column::new("state").like(Pattern::Letters),
        Column::new("zip")
            .or(&["zip_code", "postal_code"])
            .like(Pattern::Fits(zip)),
        Column::new("hj_create_timestamp").like(Pattern::Date),
        Column::new("hj_modify_timestamp").like(Pattern::Date),
    ],
    layouts: &[Layout {
        columns: &[
            "demographicid",
            "first_name",
            "middle_name",
            "last_name",
            "prefix",
            "suffix",
            "ssn",
            "dob",
            "other_id",
            "account_id",
            "gender",
            "race",
            "ethnicity",
            "primary_language",
            "phone_number",
            "phone_ext",
            "phone_type",
            "second_number",
            "second_ext",
            "second_type",
            "first_email",
            "second_email",
            "death_indication",
            "death_date",
            "address_type",
            "address_line_1",
            "address_line_2",
            "city",
            "state",
            "zip",
            "hj_create_timestamp",
            "hj_modify_timestamp",
        ],
    }],
    computed: &[
        "cg_client",
        "cg_family",
        "cg_given",
        "cg_middle",
        "cg_prefix",
        "cg_suffix",
        "cg_birth_lo",
        "cg_birth_hi",
        "cg_death_lo",
        "cg_death_hi",
        "cg_deceased",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let stamps = stamps(cells, site);
    let [birth_lo, birth_hi] = values::birth(
        cells
            .get("dob")
            .and_then(|dob| time::parse(dob, time::US_DAYS_AND_STAMPS).ok()),
    );
    let died = day(cells.get("death_date"), site);
    let dead = died.is_some() || cells.get("death_indication").and_then(is_dead) == Some(true);
    let [death_lo, death_hi] = interval(died);
    Derived {
        key: key(cells, site, "demographic", "demographicid", &["client_patient_id"]),
        identifying: &["client_id", "first_name", "middle_name", "last_name", "dob"],
        modified: stamps.modified,
        updated: stamps.updated,
        hold: None,
        values: vec![
            link(client(cells, site)),
            folded(cells.get("last_name")),
            folded(cells.get("first_name")),
            folded(cells.get("middle_name")),
            folded(cells.get("prefix")),
            folded(cells.get("suffix")),
            birth_lo,
            birth_hi,
            death_lo,
            death_hi,
            Value::from(dead.to_string()),
        ],
        exploded: terms(cells, site).rows(),
        ..Derived::default()
    }
}

/// Whether a flag of death says so; neither for other words.
pub(super) fn is_dead(flag: &str) -> Option<bool> {
    match flag.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "t" | "1" | "deceased" => Some(true),
        "n" | "no" | "false" | "f" | "0" | "alive" => Some(false),
        _ => None,
    }
}

/// What the address is used for, as a code.
pub(super) fn address_use(kind: &str) -> Option<&'static str> {
    match kind.to_ascii_lowercase().as_str() {
        "h" | "home" => Some("home"),
        "w" | "work" => Some("work"),
        _ => None,
    }
}

/// What separates the races of one cell.
pub(super) const APART: [char; 4] = [',', ';', '/', '|'];

fn terms(cells: &Cells<'_>, site: &Site) -> Terms {
    let at = |column| cells.get(column);
    let races = at("race").into_iter().flat_map(|cell| cell.split(APART));
    let races = races.map(str::trim).filter(|word| !word.is_empty());
    Terms::default()
        .address(&Address {
            lines: [at("address_line_1"), at("address_line_2")],
            city: at("city"),
            state: at("state"),
            zip: at("zip"),
            used: at("address_type").and_then(address_use),
            ..Address::default()
        })
        .phone(at("phone_number"), at("phone_ext"))
        .phone(at("second_number"), at("second_ext"))
        .email(at("first_email"))
        .email(at("second_email"))
        .and("language", at("primary_language"))
        .races(races, &RACE, site)
        .ethnicity(at("ethnicity"), &ETHNICITY, site)
}

fn ssn(cell: &str) -> bool {
    cell.len() >= 4
        && cell
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'X' | b'x' | b'*'))
}

fn phone(cell: &str) -> bool {
    cell.bytes().filter(u8::is_ascii_digit).count() >= 7 && !cell.contains(char::is_alphabetic)
}

fn email(cell: &str) -> bool {
    cell.contains('@')
}

fn short(cell: &str) -> bool {
    cell.len() <= 7
}

fn zip(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    matches!(digits, 3..=5 | 8..=9) && cell.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}
