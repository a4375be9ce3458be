//! What both tables of Conditions have in common.

use fhir::build;
use fhir::r4::types::{Annotation, CodeableConcept};
use fhir::system;
use mapper::Trace;
use mapper::codes::System;
use mapper::element::{self, Cell};

/// The `cg_` columns that say what somebody has.
pub struct Told<'a> {
    /// The tag of the system of `code`.
    pub system: Option<&'a str>,
    /// The item's code.
    pub code: Option<&'a str>,
    /// The item's code, where its system is not certain.
    pub uncoded: Option<&'a str>,
    /// What is to be read.
    pub text: Option<&'a str>,
    /// The SNOMED CT column as delivered.
    pub told_snomed: Cell<'a>,
    /// The same when it is one.
    pub snomed: Option<&'a str>,
}

impl Told<'_> {
    /// The item's code when its system is certain, the SNOMED CT code, the text; else that it is unknown.
    pub fn concept(&self, trace: &mut Trace) -> CodeableConcept {
        let item = self.system.and_then(System::from_tag).zip(self.code);
        let item = item.map(|(system, code)| build::coding(system.uri(), code, None));
        let snomed = self.snomed.map(|code| build::coding(system::SNOMED, code, None));
        if self.uncoded.is_some() {
            trace.lost("code.coding", "itemdetail.value", "no code whose system is certain");
        }
        if self.told_snomed.text.is_some() && self.snomed.is_none() {
            trace.lost("code.coding", self.told_snomed.column, "no code of SNOMED CT");
        }
        element::concept(item.into_iter().chain(snomed).collect(), self.text)
    }

    /// Free texts as notes, but for the one that the code's text is.
    pub fn notes(&self, texts: [Option<&str>; 2]) -> Vec<Option<Annotation>> {
        let other = texts.into_iter().flatten().filter(|text| self.text != Some(*text));
        other.filter_map(|text| element::note(text, None)).map(Some).collect()
    }
}
