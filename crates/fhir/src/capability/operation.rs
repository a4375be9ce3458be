//! Operations: what a server does beside FHIR's interactions, under an address with a `$` (<http://hl7.org/fhir/R4/operations.html>).

use serde::Serialize;

use crate::json;
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

    /// Our own definition of it as an OperationDefinition in JSON, for the server at `base` that has resources of `types`.
    #[must_use]
    pub fn to_json(&self, base: &str, types: &[ResourceType]) -> Vec<u8> {
        let parameter = |parameter: &Parameter| Described {
            name: parameter.name,
            r#use: "in",
            min: 0,
            max: if parameter.many { "*" } else { "1" },
            documentation: parameter.documentation,
            ty: parameter.ty,
        };
        let answer = Described {
            name: "return",
            r#use: "out",
            min: 1,
            max: "1",
            documentation: "The answer",
            ty: self.answer,
        };
        let parameters = self.parameters.iter().map(parameter);
        json::plain(&Definition {
            resource_type: "OperationDefinition",
            id: self.name,
            url: self.definition(base),
            version: env!("CARGO_PKG_VERSION"),
            name: computable(self.name),
            title: self.name,
            status: "active",
            kind: "operation",
            description: self.documentation,
            affects_state: false,
            code: self.name,
            resource: types
                .iter()
                .filter(|ty| self.is_on(**ty))
                .map(ResourceType::as_str)
                .collect(),
            system: self.on == On::System,
            r#type: false,
            instance: self.on != On::System,
            parameter: parameters.chain(std::iter::once(answer)).collect(),
        })
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    resource_type: &'static str,
    id: &'static str,
    url: String,
    version: &'static str,
    name: String,
    title: &'static str,
    status: &'static str,
    kind: &'static str,
    description: &'static str,
    affects_state: bool,
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource: Vec<&'static str>,
    system: bool,
    r#type: bool,
    instance: bool,
    parameter: Vec<Described>,
}

#[derive(Serialize)]
struct Described {
    name: &'static str,
    r#use: &'static str,
    min: u8,
    max: &'static str,
    documentation: &'static str,
    #[serde(rename = "type")]
    ty: &'static str,
}

/// A name that a program may use: letters and digits, the first one a capital (rule opd-0).
pub(super) fn computable(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}
