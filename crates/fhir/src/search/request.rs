//! A parsed request.

use crate::r4::ResourceType;
use crate::subset::Subset;

use super::date::Date;
use super::modifier::Modifier;
use super::problem::Problem;
use super::reference::Reference;
use super::value::{Number, OfType, Quantity, Token};

/// A search of one resource type. `Debug` shows values: do not log it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The type searched.
    pub resource_type: ResourceType,
    /// What must all hold, in the order given.
    pub criteria: Vec<Criterion>,
    /// What must hold besides, whatever the parameters say: the compartment in the address. It is no part of [`Request::query`].
    pub confined: Vec<Clause>,
    /// What to send along.
    pub includes: Vec<Include>,
    /// The order of the results; empty: the server's own.
    pub sort: Vec<Sort>,
    /// Resources per page as asked, lowered to the limit; absent: the server's own. Zero asks for the number of matches only.
    pub count: Option<u32>,
    /// `_summary=count`: only how many there are.
    pub count_only: bool,
    /// The part wanted of each resource; absent: the whole.
    pub subset: Option<Subset>,
    /// Whether the matches are to be counted.
    pub total: Total,
    /// `_explain`: whether the answer says how it came about.
    pub explain: bool,
    /// Where the page starts, as a former page's link said.
    pub cursor: Option<String>,
    /// What was dropped under lenient handling, to be reported with the results.
    pub ignored: Vec<Problem>,
}

impl Request {
    /// A search of a whole type, without any condition.
    #[must_use]
    pub fn new(resource_type: ResourceType) -> Self {
        Self {
            resource_type,
            criteria: Vec::new(),
            confined: Vec::new(),
            includes: Vec::new(),
            sort: Vec::new(),
            count: None,
            count_only: false,
            subset: None,
            total: Total::None,
            explain: false,
            cursor: None,
            ignored: Vec::new(),
        }
    }
}

/// One condition: any of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// The references to follow first: the condition is one of the resources at their end. Empty for a condition of the
    /// resources searched.
    pub path: Vec<Step>,
    /// The parameter's name without modifier.
    pub name: String,
    /// The modifier; one of those that the parameter takes, and never [`Modifier::Type`].
    pub modifier: Option<Modifier>,
    /// The values, at least one except under `:missing`.
    pub values: Values,
}

/// Conditions put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// A condition.
    Is(Criterion),
    /// One of these holds; of none, nothing does.
    Any(Vec<Clause>),
    /// All of these hold.
    All(Vec<Clause>),
}

/// A reference that a chained condition follows (<http://hl7.org/fhir/R4/search.html#chaining>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `param:Type.`: to what this parameter points at.
    To {
        /// The reference parameter.
        param: String,
        /// The type after the colon, as given.
        named: Option<ResourceType>,
        /// The types of targets that the rest of the condition is about; one unless the parameter points at several.
        targets: Vec<ResourceType>,
    },
    /// `_has:Type:param:`: to resources that point here.
    From {
        /// Their type.
        source: ResourceType,
        /// The reference parameter by which they do.
        param: String,
    },
}

/// The values of a condition, of the parameter's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// No values, because the modifier says it all: [`Modifier::Missing`].
    None,
    /// Tokens; identifiers under [`Modifier::Identifier`].
    Token(Vec<Token>),
    /// Identifiers of a type, under [`Modifier::OfType`].
    OfType(Vec<OfType>),
    /// References.
    Reference(Vec<Reference>),
    /// Dates.
    Date(Vec<Date>),
    /// Texts, as given: folding case and accents is the mapper's.
    String(Vec<String>),
    /// URIs; of value sets of [`crate::terminology`] under [`Modifier::In`] and [`Modifier::NotIn`].
    Uri(Vec<String>),
    /// Numbers.
    Number(Vec<Number>),
    /// Quantities.
    Quantity(Vec<Quantity>),
    /// Values of a syntax of their own, unescaped.
    Special(Vec<String>),
}

impl Values {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Token(values) => values.len(),
            Self::OfType(values) => values.len(),
            Self::Reference(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::String(values) | Self::Uri(values) | Self::Special(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Quantity(values) => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `_include` and `_revinclude`: send along what is on the other side of a reference
/// (<http://hl7.org/fhir/R4/search.html#revinclude>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// `_revinclude`: what points at the resources, and not what they point at.
    pub reverse: bool,
    /// `:iterate`: of included resources, too.
    pub iterate: bool,
    /// The type that points.
    pub source: ResourceType,
    /// The reference parameter; absent for `*`, every one.
    pub param: Option<String>,
    /// Only references to this type.
    pub target: Option<ResourceType>,
}

/// A key of `_sort` (<http://hl7.org/fhir/R4/search.html#sort>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The parameter's name.
    pub name: String,
    /// The largest first.
    pub descending: bool,
}

/// `_total` (<http://hl7.org/fhir/R4/search.html#total>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Total {
    /// No counting, also when nothing is said.
    #[default]
    None,
    /// A rough number is enough.
    Estimate,
    /// The exact number.
    Accurate,
}
