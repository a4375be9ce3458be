//! `patient-demographics`: the patient record, and what other files say of a patient: races, ethnicities, record numbers.

use mapper::load::terms::{Address, Terms};
use mapper::load::{Cells, Column, Derived, Entity, values};
use mapper::sql::Value;
use mapper::time::Moment;
use mapper::{Site, codes, time};

use super::translate::{ETHNICITY_CODES, cdc};
use crate::cells::{DATES, NO_PATIENT, changed, flag, key, link, practice, told};

/// 43 of the 50 documented columns: notes and the photograph are not read.
pub const ENTITY: Entity = Entity {
    name: "patient_demographics",
    aliases: &["patient-demographics"],
    table: "patient_demographics",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("ssn").private(),
        Column::new("nameprefix"),
        Column::new("firstname"),
        Column::new("middlename"),
        Column::new("lastname"),
        Column::new("namesuffix"),
        Column::new("preferredname"),
        Column::new("secondlastname"),
        Column::new("previousfirstname"),
        Column::new("previousmiddlename"),
        Column::new("previouslastname"),
        Column::new("previousnameenddate"),
        Column::new("gender"),
        Column::new("birthdate"),
        Column::new("isactive"),
        Column::new("mothersmaidenname"),
        Column::new("deathdate"),
        Column::new("ismultiplebirth"),
        Column::new("birthsequence"),
        Column::new("preferredlanguage"),
        Column::new("address1"),
        Column::new("address2"),
        Column::new("addresscity"),
        Column::new("addressstate"),
        Column::new("addresszipcode"),
        Column::new("addresscountry"),
        Column::new("addressstartdate"),
        Column::new("addressenddate"),
        Column::new("previousaddress1"),
        Column::new("previousaddress2"),
        Column::new("previousaddresscity"),
        Column::new("previousaddressstate"),
        Column::new("previousaddresszipcode"),
        Column::new("previousaddresscountry"),
        Column::new("previousaddressstartdate"),
        Column::new("previousaddressenddate"),
        Column::new("officephone"),
        Column::new("officephoneextension"),
        Column::new("homephone"),
        Column::new("mobilephone"),
        Column::new("email"),
        Column::new("patientcreateddatetimeutc"),
        Column::new("lastmodifieddatetimeutc"),
        Column::new("lastmodifiedbyuserguid"),
    ],
    layouts: &[],
    computed: &[
        "cg_guid",
        "cg_last",
        "cg_family",
        "cg_given",
        "cg_middle",
        "cg_prefix",
        "cg_suffix",
        "cg_usual",
        "cg_old_family",
        "cg_old_given",
        "cg_old_middle",
        "cg_birth_lo",
        "cg_birth_hi",
        "cg_practice",
        "cg_death_lo",
        "cg_death_hi",
        "cg_deceased",
        "cg_active",
    ],
    derive,
};

fn derive(cells: &Cells<'_>, site: &Site) -> Derived {
    let born = cells.get("birthdate").and_then(|day| time::parse(day, DATES).ok());
    let [birth_lo, birth_hi] = values::birth(born);
    let last = family(cells.get("lastname"), cells.get("secondlastname"));
    let died = died(cells.get("deathdate"), site);
    let [death_lo, death_hi] = values::interval(died);
    let folded = |column| values::folded(cells.get(column));
    Derived {
        key: key(cells, "patientpracticeguid"),
        identifying: &["firstname", "middlename", "lastname", "birthdate"],
        modified: changed(cells, &["lastmodifieddatetimeutc"], site),
        updated: changed(cells, &["lastmodifieddatetimeutc", "patientcreateddatetimeutc"], site),
        values: vec![
            told(cells, "patientpracticeguid"),
            Value::from(last.clone()),
            values::folded(last.as_deref()),
            folded("firstname"),
            folded("middlename"),
            folded("nameprefix"),
            folded("namesuffix"),
            folded("preferredname"),
            folded("previouslastname"),
            folded("previousfirstname"),
            folded("previousmiddlename"),
            birth_lo,
            birth_hi,
            practice(site),
            death_lo,
            death_hi,
            Value::from(died.is_some().to_string()),
            Value::from(flag(cells.get("isactive")).map(|active| active.to_string())),
        ],
        exploded: terms(cells).rows(),
        ..Derived::default()
    }
}

/// The time of death; midnight stands for the day.
pub(super) fn died(cell: Option<&str>, site: &Site) -> Option<Moment> {
    let civil = time::parse(cell?, DATES).ok()?;
    Some(time::resolve(civil.midnight_as_day(), site.zone()))
}

fn terms(cells: &Cells<'_>) -> Terms {
    let at = |column| cells.get(column);
    Terms::default()
        .address(&Address {
            lines: [at("address1"), at("address2")],
            city: at("addresscity"),
            state: at("addressstate"),
            zip: at("addresszipcode"),
            country: at("addresscountry"),
            used: Some("home"),
            ..Address::default()
        })
        .address(&Address {
            lines: [at("previousaddress1"), at("previousaddress2")],
            city: at("previousaddresscity"),
            state: at("previousaddressstate"),
            zip: at("previousaddresszipcode"),
            country: at("previousaddresscountry"),
            used: Some("old"),
            ..Address::default()
        })
        .phone(at("officephone"), at("officephoneextension"))
        .phone(at("homephone"), None)
        .phone(at("mobilephone"), None)
        .email(at("email"))
        .and("language", at("preferredlanguage"))
}

/// The family name: both surnames.
fn family(last: Option<&str>, second: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = last.into_iter().chain(second).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// `patient-race`: several rows per patient.
pub const RACE: Entity = Entity {
    name: "patient_race",
    aliases: &["patient-race"],
    table: "patient_race",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("racename"),
        Column::new("cdcuniqueidentifier"),
        Column::new("provenanceehruserguid"),
        Column::new("provenancedatetimeutc"),
        Column::new("lastmodifiedbyuserguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &["cg_told_patient", "cg_patient", "cg_code"],
    derive: |cells, site| {
        let identifying = &["patientpracticeguid", "racename", "cdcuniqueidentifier"];
        of_patient(cells, site, identifying, |number| !ETHNICITY_CODES.contains(&number))
    },
};

/// `patient-ethnicity`: several rows per patient.
pub const ETHNICITY: Entity = Entity {
    name: "patient_ethnicity",
    aliases: &["patient-ethnicity"],
    table: "patient_ethnicity",
    columns: &[
        Column::new("patientpracticeguid"),
        Column::new("ethnicityname"),
        Column::new("cdcuniqueidentifier"),
        Column::new("provenanceehruserguid"),
        Column::new("provenancedatetimeutc"),
        Column::new("lastmodifiedbyuserguid"),
        Column::new("lastmodifieddatetimeutc"),
    ],
    layouts: &[],
    computed: &["cg_told_patient", "cg_patient", "cg_code"],
    derive: |cells, site| {
        let identifying = &["patientpracticeguid", "ethnicityname", "cdcuniqueidentifier"];
        of_patient(cells, site, identifying, |number| ETHNICITY_CODES.contains(&number))
    },
};

/// A row without key that belongs to a patient; its code, when that is one of the CDC and of the numbers that fit.
fn of_patient(
    cells: &Cells<'_>,
    site: &Site,
    identifying: &'static [&'static str],
    fits: impl Fn(u32) -> bool,
) -> Derived {
    let code = cells.get("cdcuniqueidentifier");
    let code = code.filter(|code| cdc(code).is_some_and(fits));
    let changed = changed(cells, &["lastmodifieddatetimeutc"], site);
    let link = link(cells, "patientpracticeguid");
    Derived {
        identifying,
        modified: changed,
        updated: changed,
        hold: matches!(link, [_, Value::Null]).then(|| NO_PATIENT.into()),
        values: link
            .into_iter()
            .chain([code.map_or(Value::Null, Value::from)])
            .collect(),
        ..Derived::default()
    }
}

/// `patient-superbills`: the only place of record numbers and NPIs.
pub const SUPERBILLS: Entity = Entity {
    name: "patient_superbills",
    aliases: &["patient-superbills"],
    table: "patient_superbills",
    columns: &[
        Column::new("superbillguid"),
        Column::new("patientpracticeguid"),
        Column::new("encounterguid"),
        Column::new("patientcontactcode"),
        Column::new("performingproviderprofileguid"),
        Column::new("performingprovidernpi"),
    ],
    layouts: &[],
    computed: &["cg_told_patient", "cg_patient", "cg_profile", "cg_npi"],
    derive: |cells, _| {
        let [told_patient, patient] = link(cells, "patientpracticeguid");
        let npi = cells.get("performingprovidernpi").filter(|npi| codes::valid_npi(npi));
        Derived {
            key: key(cells, "superbillguid"),
            values: vec![
                told_patient,
                patient,
                told(cells, "performingproviderprofileguid"),
                npi.map_or(Value::Null, Value::from),
            ],
            ..Derived::default()
        }
    },
};
