//! Which search parameters US Core wants to be usable together: the combinations of its server CapabilityStatement, of 6.1.0 and 7.0.0 together.

use crate::r4::ResourceType;

/// How much US Core wants it (<http://hl7.org/fhir/R4/valueset-conformance-expectation.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// A server has to.
    Shall,
    /// A server had better.
    Should,
}

impl Expectation {
    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Shall => "SHALL",
            Self::Should => "SHOULD",
        }
    }
}

/// Parameters that are to be given together.
pub type Combination = (Expectation, &'static [&'static str]);

use Expectation::{Shall, Should};

/// The combinations of a type.
#[must_use]
pub fn combinations(ty: ResourceType) -> &'static [Combination] {
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "R4 has 150 types; these have combinations"
    )]
    match ty {
        ResourceType::Patient => &[
            (Shall, &["birthdate", "name"]),
            (Shall, &["gender", "name"]),
            (Should, &["birthdate", "family"]),
            (Should, &["death-date", "family"]),
            (Should, &["family", "gender"]),
        ],
        ResourceType::Encounter => &[
            (Shall, &["date", "patient"]),
            (Should, &["class", "patient"]),
            (Should, &["patient", "_lastUpdated"]),
            (Should, &["patient", "discharge-disposition"]),
            (Should, &["patient", "location"]),
            (Should, &["patient", "status"]),
            (Should, &["patient", "type"]),
        ],
        ResourceType::Condition => &[
            (Shall, &["patient", "category"]),
            (Should, &["patient", "_lastUpdated"]),
            (Should, &["patient", "abatement-date"]),
            (Should, &["patient", "asserted-date"]),
            (Should, &["patient", "category", "clinical-status"]),
            (Should, &["patient", "category", "encounter"]),
            (Should, &["patient", "clinical-status"]),
            (Should, &["patient", "code"]),
            (Should, &["patient", "onset-date"]),
            (Should, &["patient", "recorded-date"]),
        ],
        ResourceType::Procedure => &[
            (Shall, &["patient", "date"]),
            (Should, &["patient", "code", "date"]),
            (Should, &["patient", "status"]),
        ],
        _ => &[],
    }
}
