//! Operations: what a server does beside FHIR's interactions, under an address with a `$` (<http://hl7.org/fhir/R4/operations.html>).

use crate::r4::ResourceType;

/// An operation that a server has.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name without the `$`, which is also the id of our own definitions.
    pub name: &'static str,
    /// The canonical URL of its definition; absent where it is our own, which is served as `[base]/OperationDefinition/{name}`.
    pub canonical: Option<&'static str>,
    /// What it is for, in a sentence or two.
    pub documentation: &'static str,
    /// Where it can be called.
    pub on: On,
    /// What it takes, beside `_format` and `_pretty`.
    pub parameters: &'static [Parameter],
    /// The type of what it answers with.
    pub answer: &'static str,
}

/// Where an operation can be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// `[base]/$name`.
    System,
    /// `[base]/{type}/{id}/$name`, for every type that is served.
    EveryInstance,
    /// `[base]/{type}/{id}/$name`, for one type.
    Instance(ResourceType),
}

/// What an operation can be told in the address.
#[derive(Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its FHIR data type, `instant`.
    pub ty: &'static str,
    /// May be given several times, or several values with commas.
    pub many: bool,
    /// What it does, in a sentence.
    pub documentation: &'static str,
}

impl Operation {
    /// The canonical URL of its definition, on the server at `base`.
    #[must_use]
    pub fn definition(&self, base: &str) -> String {
        self.canonical
            .map_or_else(|| format!("{base}/OperationDefinition/{}", self.name), str::to_owned)
    }

    /// Whether it is called on resources of this type.
    #[must_use]
    pub fn is_on(&self, ty: ResourceType) -> bool {
        match self.on {
            On::System => false,
            On::EveryInstance => true,
            On::Instance(one) => one == ty,
        }
    }
}
