//! Modifiers: what stands after the colon of a parameter's name (<http://hl7.org/fhir/R4/search.html#modifiers>).

use crate::r4::ResourceType;

/// A modifier of R4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Modifier {
    /// `:missing`, with its value: true for resources without the element, false for those with it.
    Missing(bool),
    /// `:exact`: the whole text, with case and accents.
    Exact,
    /// `:contains`: anywhere in the text.
    Contains,
    /// `:text`: in the display text of a code.
    Text,
    /// `:not`: every resource that does not match.
    Not,
    /// `:in`: codes of a value set.
    In,
    /// `:not-in`: codes outside a value set.
    NotIn,
    /// `:below`: what the value subsumes.
    Below,
    /// `:above`: what subsumes the value.
    Above,
    /// `:of-type`: an identifier of a type.
    OfType,
    /// `:identifier`: a reference's business identifier.
    Identifier,
    /// `:[type]`, such as `subject:Patient`. A parsed request never has it: it is folded into the values.
    Type(ResourceType),
}

/// Every modifier by its [`Modifier::name`], for suggestions.
pub(super) const NAMES: [&str; 11] = [
    "missing",
    "exact",
    "contains",
    "text",
    "not",
    "in",
    "not-in",
    "below",
    "above",
    "of-type",
    "identifier",
];

impl Modifier {
    /// The modifier of this name; `:missing` comes out as `Missing(true)` until its value is read.
    pub(super) fn named(name: &str) -> Option<Self> {
        let modifier = match name {
            "missing" => Self::Missing(true),
            "exact" => Self::Exact,
            "contains" => Self::Contains,
            "text" => Self::Text,
            "not" => Self::Not,
            "in" => Self::In,
            "not-in" => Self::NotIn,
            "below" => Self::Below,
            "above" => Self::Above,
            "of-type" => Self::OfType,
            "identifier" => Self::Identifier,
            other => return other.parse().ok().map(Self::Type),
        };
        Some(modifier)
    }

    /// The name without the colon; `[type]` stands for every resource type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Exact => "exact",
            Self::Contains => "contains",
            Self::Text => "text",
            Self::Not => "not",
            Self::In => "in",
            Self::NotIn => "not-in",
            Self::Below => "below",
            Self::Above => "above",
            Self::OfType => "of-type",
            Self::Identifier => "identifier",
            Self::Type(_) => "[type]",
        }
    }
}
