//! Code cells: which system a code belongs to, its normal spelling, and what else the cell holds.
//!
//! Feeds write codes without a system, with a system in front (`ICD10:I10.`), without their point (`E119`), with a
//! description behind them (`250.00 DIABETES MELLITUS`) or with modifiers glued on (`9921325`). Two pure functions
//! take such cells apart: [`diagnosis`] and [`procedure`].
//!
//! The rule above all others: a code goes out with its true system or as text. A cell whose system cannot be told
//! for certain gives no coding, and its text is kept.

mod diagnosis;
mod label;
mod npi;
mod procedure;
mod shape;

#[cfg(test)]
mod tests;

pub use diagnosis::{Diagnosis, diagnosis};
pub use npi::{luhn, valid_npi};
pub use procedure::{Procedure, modifier, procedure};

/// A code system that clinical cells are read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum System {
    /// ICD-10-CM, the US diagnosis codes from 2015-10-01
    Icd10Cm,
    /// ICD-9-CM, the US diagnosis codes before that
    Icd9Cm,
    /// SNOMED CT
    Snomed,
    /// CPT, which is level I of HCPCS
    Cpt,
    /// HCPCS level II
    Hcpcs,
}

impl System {
    /// Every system, for code that lists them.
    pub const ALL: [Self; 5] = [Self::Icd10Cm, Self::Icd9Cm, Self::Snomed, Self::Cpt, Self::Hcpcs];

    /// The URI of `Coding.system`.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::Icd10Cm => fhir::system::ICD10CM,
            Self::Icd9Cm => fhir::system::ICD9CM,
            Self::Snomed => fhir::system::SNOMED,
            Self::Cpt => fhir::system::CPT,
            Self::Hcpcs => fhir::system::HCPCS,
        }
    }

    /// The short name that the database stores. Part of the stored form: never changed.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Icd10Cm => "icd10cm",
            Self::Icd9Cm => "icd9cm",
            Self::Snomed => "snomed",
            Self::Cpt => "cpt",
            Self::Hcpcs => "hcpcs",
        }
    }

    /// The system of a [`tag`](Self::tag).
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.tag() == tag)
    }

    /// The system with this URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.uri() == uri)
    }

    /// The system that a feed means by `label` in a code type column: a name (`ICD-10-CM`, `I10`, `10`, `CPT4`), an
    /// HL7 or X12 code, a URI or an OID, in any case. `None` for a label that names no system of ours or several.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        label::system(label)
    }
}
