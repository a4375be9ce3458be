//! Extensions, and what stands in for a mandatory value that is missing.

use crate::r4::types::{CodeableConcept, Coding, Extension, ExtensionInner, ExtensionValue, FieldExtension};
use crate::system;

/// The extension that says why a value is missing (<http://hl7.org/fhir/R4/extension-data-absent-reason.html>).
pub const DATA_ABSENT_REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// An extension with a value.
#[must_use]
pub fn extension(url: &str, value: ExtensionValue) -> Extension {
    ExtensionInner {
        id: None,
        extension: Vec::new(),
        url: url.to_owned(),
        value: Some(value),
        value_ext: None,
    }
    .into()
}

/// An extension made of extensions, whose urls are then relative names.
#[must_use]
pub fn extension_nested(url: &str, parts: Vec<Extension>) -> Extension {
    ExtensionInner {
        id: None,
        extension: parts,
        url: url.to_owned(),
        value: None,
        value_ext: None,
    }
    .into()
}

/// An extension whose value is a code.
#[must_use]
pub fn extension_code(url: &str, code: &str) -> Extension {
    extension(url, ExtensionValue::Code(code.to_owned()))
}

/// An extension whose value is text.
#[must_use]
pub fn extension_string(url: &str, text: &str) -> Extension {
    extension(url, ExtensionValue::String(text.to_owned()))
}

/// An extension whose value is a coding.
#[must_use]
pub fn extension_coding(url: &str, coding: Coding) -> Extension {
    extension(url, ExtensionValue::Coding(coding))
}

/// The extensions of one primitive or element, for an `…_ext` field.
#[must_use]
pub fn field_extension(extension: Vec<Extension>) -> FieldExtension {
    FieldExtension { id: None, extension }
}

/// A data-absent-reason for an `…_ext` field; `reason` is a code of [`system::DATA_ABSENT_REASON`], mostly `unknown`.
#[must_use]
pub fn absent(reason: &str) -> FieldExtension {
    field_extension(vec![extension_code(DATA_ABSENT_REASON, reason)])
}

/// The coding `unknown`, which US Core wants where a mandatory code is missing (US Core, General Guidance, "Missing Data").
#[must_use]
pub fn absent_coding() -> Coding {
    super::coding(system::DATA_ABSENT_REASON, "unknown", Some("Unknown"))
}

/// A concept that says `unknown`: see [`absent_coding`].
#[must_use]
pub fn absent_concept() -> CodeableConcept {
    super::concept(vec![absent_coding()], None)
}
