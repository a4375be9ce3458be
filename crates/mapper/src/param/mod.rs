//! Search parameters as declarations.
//!
//! A [`Param`] states name, type and columns once. The list of a mapping's parameters is all there is: the SQL, the
//! CapabilityStatement, the check of a request, includes and sorting are answered from it.

mod date;
mod reference;
mod string;
mod terms;
mod token;
mod uri;

use std::sync::Arc;

use chrono::NaiveDateTime;
use fhir::r4::ResourceType;
use fhir::search::{Criterion, Modifier, ParamType, Values};

use crate::sql::{Filter, IntoText, Select, SortColumn};
use crate::{Access, Site};

pub(crate) use date::instant_there;
pub use date::{Interval, date, instant};
pub use reference::{Link, Target, reference};
pub use string::{Words, string};
pub use terms::{ADDRESS, Terms, no_address, no_telecom};
pub use token::{
    Codes, any_of, cases, column, constant, contact, flag, ids, logical_id, mapped, none, one_of_cases, or_absent,
    or_else, or_key, or_text, or_words, stated, tagged, through, token, uncoded, when,
};
pub use uri::{profiles, uris};

/// What a parameter needs to know besides the request.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The source that answers.
    pub site: &'a Site,
    /// The time of the request, UTC: `ap` widens with the distance from it.
    pub now: NaiveDateTime,
    /// Base addresses, without trailing slash, under which this server's own resources are referred to.
    pub bases: &'a [String],
    /// What whoever asks may see; all without.
    pub access: Option<&'a Access>,
    /// What chained conditions need to know of the source's other mappings.
    pub follow: &'a dyn Follow,
}

/// Rows on the other side of references, as sub-queries: what chained conditions follow.
pub trait Follow: Sync {
    /// The keys of the rows of `target` that match `rest`.
    fn to(&self, target: Target, rest: &Criterion, context: Context<'_>) -> Option<Select>;

    /// The keys of the rows of `target` to which rows of `source` that match `rest` refer by `param`.
    fn from(
        &self,
        source: ResourceType,
        param: &str,
        target: Target,
        rest: &Criterion,
        context: Context<'_>,
    ) -> Vec<Select>;
}

/// A source of one mapping: references lead nowhere.
pub struct Alone;

impl Follow for Alone {
    fn to(&self, _: Target, _: &Criterion, _: Context<'_>) -> Option<Select> {
        None
    }

    fn from(&self, _: ResourceType, _: &str, _: Target, _: &Criterion, _: Context<'_>) -> Vec<Select> {
        vec![]
    }
}

type Build<QS> = Box<dyn Fn(&Values, Context<'_>) -> Filter<QS> + Send + Sync>;

type Present<QS> = Box<dyn Fn(&Site) -> Filter<QS> + Send + Sync>;

/// Presence that no profile changes.
fn fixed<QS: 'static>(present: Filter<QS>) -> Present<QS> {
    Box::new(move |_| present.clone())
}

/// A parameter that looks at what no row of the mapping goes out with: it finds none, and all under `:missing=true`.
#[must_use]
pub fn nothing<QS: 'static>(name: &'static str, kind: ParamType) -> Param<QS> {
    if kind == ParamType::Token {
        return token(name, none());
    }
    Param::new(name, kind, fixed(Filter::never()), Box::new(|_, _| Filter::never()))
}

/// One search parameter of one mapping.
pub struct Param<QS> {
    name: &'static str,
    kind: ParamType,
    build: Build<QS>,
    /// What it means under modifiers that say something of their own, by [`Modifier::name`].
    modified: Vec<(&'static str, Build<QS>)>,
    present: Present<QS>,
    sort: Option<SortColumn<QS>>,
    links: Arc<[Link<QS>]>,
}

impl<QS: 'static> Param<QS> {
    fn new(name: &'static str, kind: ParamType, present: Present<QS>, build: Build<QS>) -> Self {
        Self {
            name,
            kind,
            build,
            modified: vec![],
            present,
            sort: None,
            links: Arc::from([]),
        }
    }

    /// The name, as in the R4 specification.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What a reference parameter's values are read from.
    pub(crate) fn links(&self) -> &[Link<QS>] {
        &self.links
    }

    /// The FHIR search parameter type.
    #[must_use]
    pub fn kind(&self) -> ParamType {
        self.kind
    }

    /// The modifiers that it takes, by [`Modifier::name`].
    #[must_use]
    pub fn modifiers(&self) -> Vec<&'static str> {
        let of_type: &[&'static str] = match self.kind {
            ParamType::Token => &["missing", "not"],
            ParamType::Reference => &["missing", "[type]"],
            ParamType::Date
            | ParamType::String
            | ParamType::Uri
            | ParamType::Number
            | ParamType::Quantity
            | ParamType::Special => &["missing"],
        };
        let mut all = of_type.to_vec();
        for (name, _) in &self.modified {
            all.push(name);
            if *name == "in" {
                all.push("not-in");
            }
        }
        all
    }

    /// The parameter, where `_sort` orders by this one of its several columns: the one that is shown first.
    #[must_use]
    pub fn sorted_by(mut self, folded: impl IntoText<QS>) -> Self {
        self.sort = Some(SortColumn::text(folded, true));
        self
    }

    /// What `_sort=name` orders by, when it can.
    #[must_use]
    pub fn sort(&self) -> Option<&SortColumn<QS>> {
        self.sort.as_ref()
    }

    /// The types that an include by this parameter can bring.
    pub fn targets(&self) -> impl Iterator<Item = ResourceType> + '_ {
        self.links.iter().map(|link| link.target().ty)
    }

    /// The keys that the matched rows refer to, per target.
    pub fn include<'a>(&'a self, rows: &'a Filter<QS>) -> impl Iterator<Item = (Target, Select)> + 'a {
        self.links.iter().map(|link| (link.target(), link.keys(rows.clone())))
    }

    /// The rows whose reference by this parameter leads to one of `targets` that matches the rest of a chain.
    pub fn leading(&self, targets: &[ResourceType], rest: &Criterion, context: Context<'_>) -> Filter<QS> {
        let links = self.links.iter().filter(|link| targets.contains(&link.target().ty));
        Filter::any(links.filter_map(|link| {
            let keys = context.follow.to(link.target(), rest, context)?;
            Some(link.among(keys))
        }))
    }

    /// The rows that refer to one of these rows of `target`.
    pub fn referring(&self, target: Target, keys: &[String]) -> Filter<QS> {
        let links = self.links.iter().filter(|link| link.target() == target);
        Filter::any(links.map(|link| link.holding(keys.to_vec())))
    }

    /// The criterion as a condition over the mapping's rows.
    #[must_use]
    pub fn filter(&self, criterion: &Criterion, context: Context<'_>) -> Filter<QS> {
        let matches = || {
            if self.links.is_empty() {
                (self.build)(&criterion.values, context)
            } else {
                reference::refers(&self.links, &criterion.values, context)
            }
        };
        let modified = |name: &str| {
            let meaning = self.modified.iter().find(|(each, _)| *each == name);
            // The request parser lets only these through; another one must never widen a search.
            meaning.map_or_else(Filter::never, |(_, build)| build(&criterion.values, context))
        };
        match criterion.modifier {
            None | Some(Modifier::Type(_)) => matches(),
            Some(Modifier::Missing(true)) => (self.present)(context.site).negate(),
            Some(Modifier::Missing(false)) => (self.present)(context.site),
            Some(Modifier::Not) => matches().negate(),
            Some(Modifier::NotIn) => modified("in").negate(),
            Some(other) => modified(other.name()),
        }
    }
}
