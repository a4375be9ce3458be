//! Codes, identifiers, references, names and metadata.

use crate::r4::types::{
    CodeableConcept, CodeableConceptInner, Coding, CodingInner, HumanName, HumanNameInner, Identifier, IdentifierInner,
    Meta, MetaInner, Period, PeriodInner, Reference, ReferenceInner,
};
use crate::r4::{DateTime, Instant, ResourceType};
use crate::system;

/// A code of a system, with its display text where known.
#[must_use]
pub fn coding(system: &str, code: &str, display: Option<&str>) -> Coding {
    CodingInner {
        id: None,
        extension: Vec::new(),
        system: Some(system.to_owned()),
        system_ext: None,
        version: None,
        version_ext: None,
        code: Some(code.to_owned()),
        code_ext: None,
        display: display.map(str::to_owned),
        display_ext: None,
        user_selected: None,
        user_selected_ext: None,
    }
    .into()
}

/// A concept of these codings (the best first) and the text a person wrote or would read.
#[must_use]
pub fn concept(codings: Vec<Coding>, text: Option<&str>) -> CodeableConcept {
    CodeableConceptInner {
        id: None,
        extension: Vec::new(),
        coding: codings.into_iter().map(Some).collect(),
        coding_ext: Vec::new(),
        text: text.map(str::to_owned),
        text_ext: None,
    }
    .into()
}

/// A concept of one coding.
#[must_use]
pub fn coded(system: &str, code: &str, display: Option<&str>) -> CodeableConcept {
    concept(vec![coding(system, code, display)], None)
}

/// A concept that is only text: what to send when a code's true system is not known.
#[must_use]
pub fn text(text: &str) -> CodeableConcept {
    concept(Vec::new(), Some(text))
}

/// A business identifier: `system` is the URI of the namespace, `value` is unique in it.
#[must_use]
pub fn identifier(system: &str, value: &str) -> Identifier {
    IdentifierInner {
        id: None,
        extension: Vec::new(),
        r#use: None,
        use_ext: None,
        r#type: None,
        type_ext: None,
        system: Some(system.to_owned()),
        system_ext: None,
        value: Some(value.to_owned()),
        value_ext: None,
        period: None,
        period_ext: None,
        assigner: None,
        assigner_ext: None,
    }
    .into()
}

/// An identifier with its type: `code` is of HL7 v2 table 0203 (`MR`, `PI`, `NPI`, `SS`, …).
#[must_use]
pub fn identifier_typed(system: &str, value: &str, code: &str, display: Option<&str>) -> Identifier {
    let mut identifier = identifier(system, value);
    identifier.r#type = Some(coded(system::IDENTIFIER_TYPE, code, display));
    identifier
}

fn blank_reference() -> Reference {
    ReferenceInner {
        id: None,
        extension: Vec::new(),
        reference: None,
        reference_ext: None,
        r#type: None,
        type_ext: None,
        identifier: None,
        identifier_ext: None,
        display: None,
        display_ext: None,
    }
    .into()
}

/// A literal reference to a resource of this server, relative: `Condition/id`.
#[must_use]
pub fn reference(target: ResourceType, id: &str, display: Option<&str>) -> Reference {
    let mut reference = blank_reference();
    reference.reference = Some([target.as_str(), "/", id].concat());
    reference.display = display.map(str::to_owned);
    reference
}

/// A logical reference, for a target that this server does not hold: its type's name and its business identifier
/// (<http://hl7.org/fhir/R4/references.html#logical>).
#[must_use]
pub fn logical_reference(target: &str, identifier: Identifier, display: Option<&str>) -> Reference {
    let mut reference = blank_reference();
    reference.r#type = Some(target.to_owned());
    reference.identifier = Some(identifier);
    reference.display = display.map(str::to_owned);
    reference
}

/// A period; an absent start or end means not known or not yet. `None` when both are absent, since an element may not be empty.
#[must_use]
pub fn period(start: Option<DateTime>, end: Option<DateTime>) -> Option<Period> {
    if start.is_none() && end.is_none() {
        return None;
    }
    let inner = PeriodInner {
        id: None,
        extension: Vec::new(),
        start,
        start_ext: None,
        end,
        end_ext: None,
    };
    Some(inner.into())
}

/// A name of a family name and given names in order (first, then middle names). Blank parts are left out; when all are blank the result is an empty
/// element, which FHIR does not allow: send an extension such as [`super::absent`] in its place.
#[must_use]
pub fn human_name(family: Option<&str>, given: &[&str]) -> HumanName {
    let kept = |part: &str| !part.trim().is_empty();
    HumanNameInner {
        id: None,
        extension: Vec::new(),
        r#use: None,
        use_ext: None,
        text: None,
        text_ext: None,
        family: family.filter(|part| kept(part)).map(str::to_owned),
        family_ext: None,
        given: given
            .iter()
            .filter(|part| kept(part))
            .map(|part| Some((*part).to_owned()))
            .collect(),
        given_ext: Vec::new(),
        prefix: Vec::new(),
        prefix_ext: Vec::new(),
        suffix: Vec::new(),
        suffix_ext: Vec::new(),
        period: None,
        period_ext: None,
    }
    .into()
}

/// Metadata: the profiles claimed (canonical URLs) and when the resource last changed. `versionId` is set by [`crate::json::encode`].
#[must_use]
pub fn meta(profiles: &[&str], last_updated: Option<Instant>) -> Meta {
    MetaInner {
        id: None,
        extension: Vec::new(),
        version_id: None,
        version_id_ext: None,
        last_updated,
        last_updated_ext: None,
        source: None,
        source_ext: None,
        profile: profiles.iter().map(|url| Some((*url).to_owned())).collect(),
        profile_ext: Vec::new(),
        security: Vec::new(),
        security_ext: Vec::new(),
        tag: Vec::new(),
        tag_ext: Vec::new(),
    }
    .into()
}
