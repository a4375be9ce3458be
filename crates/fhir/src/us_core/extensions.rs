//! Race, ethnicity, birth sex and sex of a patient.

use crate::build;
use crate::r4::types::{Coding, Extension};
use crate::system;

/// `Patient.extension` with the race.
pub const RACE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
/// `Patient.extension` with the ethnicity.
pub const ETHNICITY: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";
/// `Patient.extension` with the sex assigned at birth.
pub const BIRTH_SEX: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex";
/// `Patient.extension` with the sex.
pub const SEX: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex";

/// A category of the Office of Management and Budget, or what is said in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Category {
    /// The code's system.
    pub system: &'static str,
    /// The code.
    pub code: &'static str,
    /// The code's display text.
    pub display: &'static str,
}

impl Category {
    const fn cdc(code: &'static str, display: &'static str) -> Self {
        let system = system::RACE_AND_ETHNICITY;
        Self { system, code, display }
    }

    const fn null(code: &'static str, display: &'static str) -> Self {
        let system = system::NULL_FLAVOR;
        Self { system, code, display }
    }

    /// True for `UNK` and `ASKU`, which are not categories.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.system == system::NULL_FLAVOR
    }

    /// The category as a coding.
    #[must_use]
    pub fn coding(&self) -> Coding {
        build::coding(self.system, self.code, Some(self.display))
    }
}

/// Not known.
pub const UNKNOWN: Category = Category::null("UNK", "Unknown");
/// Asked, and no answer given.
pub const ASKED: Category = Category::null("ASKU", "Asked but no answer");

/// The OMB's race categories.
pub const RACES: [Category; 5] = [
    Category::cdc("1002-5", "American Indian or Alaska Native"),
    Category::cdc("2028-9", "Asian"),
    Category::cdc("2054-5", "Black or African American"),
    Category::cdc("2076-8", "Native Hawaiian or Other Pacific Islander"),
    Category::cdc("2106-3", "White"),
];

/// The OMB's ethnicity categories.
pub const ETHNICITIES: [Category; 2] = [
    Category::cdc("2135-2", "Hispanic or Latino"),
    Category::cdc("2186-5", "Not Hispanic or Latino"),
];

/// The displays of all these.
pub const DISPLAYS: &[(&str, &str)] = &[
    ("1002-5", "American Indian or Alaska Native"),
    ("2028-9", "Asian"),
    ("2054-5", "Black or African American"),
    ("2076-8", "Native Hawaiian or Other Pacific Islander"),
    ("2106-3", "White"),
    ("2135-2", "Hispanic or Latino"),
    ("2186-5", "Not Hispanic or Latino"),
    ("UNK", "Unknown"),
    ("ASKU", "Asked but no answer"),
];

/// The race or ethnicity category of a code (`2106-3`, `UNK`), whatever the letters' case.
#[must_use]
pub fn category(code: &str) -> Option<Category> {
    RACES
        .iter()
        .chain(&ETHNICITIES)
        .chain(&[UNKNOWN, ASKED])
        .find(|category| category.code.eq_ignore_ascii_case(code))
        .copied()
}

/// The race extension. `text` is the source's words, and mandatory. Repeated categories are dropped, and `UNK` and `ASKU` where a real one
/// stands beside them (invariant us-core-23).
#[must_use]
pub fn race(categories: &[Category], detailed: Vec<Coding>, text: &str) -> Extension {
    categorised(RACE, &races(categories), detailed, text)
}

/// The categories of a race that go out: see [`race`].
#[must_use]
pub fn races(categories: &[Category]) -> Vec<Category> {
    let real = categories.iter().any(|category| !category.is_null());
    let mut kept: Vec<Category> = Vec::new();
    for category in categories {
        let wanted = if real { !category.is_null() } else { kept.is_empty() };
        if wanted && !kept.contains(category) {
            kept.push(*category);
        }
    }
    kept
}

/// The ethnicity extension. `text` is the source's words, and mandatory.
#[must_use]
pub fn ethnicity(category: Option<Category>, detailed: Vec<Coding>, text: &str) -> Extension {
    categorised(ETHNICITY, category.as_slice(), detailed, text)
}

fn categorised(url: &str, omb: &[Category], detailed: Vec<Coding>, text: &str) -> Extension {
    let omb = omb
        .iter()
        .map(|category| build::extension_coding("ombCategory", category.coding()));
    let detailed = detailed
        .into_iter()
        .map(|coding| build::extension_coding("detailed", coding));
    let text = build::extension_string("text", text);
    build::extension_nested(url, omb.chain(detailed).chain([text]).collect())
}

/// Sex assigned at birth (value set birthsex).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BirthSex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `UNK`.
    Unknown,
}

/// The birth sex extension.
#[must_use]
pub fn birth_sex(sex: BirthSex) -> Extension {
    let code = match sex {
        BirthSex::Female => "F",
        BirthSex::Male => "M",
        BirthSex::Unknown => UNKNOWN.code,
    };
    build::extension_code(BIRTH_SEX, code)
}

/// Sex. US Core's value set also has codes for unknown and for asked and declined; where the sex is not known, leave the extension out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// SNOMED CT 248152002.
    Female,
    /// SNOMED CT 248153007.
    Male,
}

/// The sex extension, a must-support element since US Core 6.1.0.
#[must_use]
pub fn sex(sex: Sex) -> Extension {
    let code = match sex {
        Sex::Female => "248152002",
        Sex::Male => "248153007",
    };
    build::extension_code(SEX, code)
}
