//! What the grammar has to know of the server's parameters.

use crate::r4::ResourceType;

/// The type of a search parameter, which decides how its values are read (<http://hl7.org/fhir/R4/search.html#ptypes>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamType {
    /// A code or identifier, with or without its system.
    Token,
    /// A reference to a resource.
    Reference,
    /// A date or time, or a period of it.
    Date,
    /// Text, matched from its start.
    String,
    /// A URI, matched exactly.
    Uri,
    /// A number.
    Number,
    /// A number with a unit.
    Quantity,
    /// A parameter with a syntax of its own.
    Special,
}

impl ParamType {
    /// The code of the value set search-param-type.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::String => "string",
            Self::Uri => "uri",
            Self::Number => "number",
            Self::Quantity => "quantity",
            Self::Special => "special",
        }
    }
}

/// The parameters a server has: the declarations of its mappings, seen by the grammar.
pub trait Vocabulary {
    /// The type of a parameter of a resource type, or `None` where there is no such parameter. `_id` and `_lastUpdated` are parameters like any other.
    fn param_type(&self, ty: ResourceType, name: &str) -> Option<ParamType>;

    /// The modifiers that a parameter takes, by [`Modifier::name`](super::Modifier::name); `[type]` stands for every resource type.
    fn modifiers(&self, ty: ResourceType, name: &str) -> Vec<&'static str>;

    /// The names of a type's parameters, to suggest one when a name is unknown.
    fn names(&self, ty: ResourceType) -> Vec<String>;

    /// The types that a reference parameter can lead to; empty where it leads to none that is served.
    fn targets(&self, source: ResourceType, param: &str) -> Vec<ResourceType>;

    /// True when `_include=source:param` can be answered, for this target type or for any.
    fn has_include(&self, source: ResourceType, param: &str, target: Option<ResourceType>) -> bool {
        let targets = self.targets(source, param);
        target.map_or(!targets.is_empty(), |ty| targets.contains(&ty))
    }

    /// The served types.
    fn types(&self) -> Vec<ResourceType>;

    /// True when `_sort` takes this parameter.
    fn is_sortable(&self, ty: ResourceType, name: &str) -> bool;
}
