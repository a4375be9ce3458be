//! Reference parameters and the links that includes follow (R4, section 3.1.1.4.12).

use std::sync::Arc;

use diesel::Table;
use fhir::r4::ResourceType;
use fhir::search::{ParamType, Reference, Token, Values};

use super::{Build, Context, Param, fixed};
use crate::sql::{Filter, Fragment, IntoText, Op, Select, TextColumn};
use crate::{Site, id};

/// A mapping as the target of references.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    /// The FHIR type.
    pub ty: ResourceType,
    /// The kind in its ids, see [`crate::id`].
    pub kind: &'static str,
}

/// Keys of another mapping's rows that rows of `T` refer to.
pub struct Link<T> {
    target: Target,
    /// The targets' keys of the rows that match a filter.
    keys: Box<dyn Fn(Filter<T>) -> Select + Send + Sync>,
    /// The rows that refer to one of some keys.
    holding: Box<dyn Fn(Vec<String>) -> Filter<T> + Send + Sync>,
    /// The rows that refer to one of the keys that a sub-query gives.
    among: Box<dyn Fn(Select) -> Filter<T> + Send + Sync>,
    present: Filter<T>,
    /// The row's own column that holds the key, where there is one.
    own: Option<TextColumn<T>>,
    /// The rows that tell a vendor's id of no row, by what it is a number of; see [`Link::or_told`].
    told: Vec<(Filter<T>, TextColumn<T>, &'static str)>,
}

impl<T: Table + Fragment + Copy + 'static> Link<T> {
    /// A column of the row itself holds the target's key.
    pub fn column(table: T, column: impl IntoText<T>, target: Target) -> Self {
        let column = column.into_text();
        let (held, present) = (column.clone(), Filter::not_null(column.clone()));
        let also_held = column.clone();
        Self {
            target,
            own: Some(column.clone()),
            keys: Box::new(move |rows| Select::new(&column, table, rows)),
            holding: Box::new(move |keys| Filter::one_of(held.clone(), keys)),
            among: Box::new(move |keys| Filter::keyed(&also_held, &table, keys)),
            present,
            told: vec![],
        }
    }

    /// Rows of a child table hold it: `child.owner` is our `key`, `child.column` the target's key.
    pub fn child<C>(
        table: T,
        key: impl IntoText<T>,
        child: C,
        owner: impl IntoText<C>,
        column: impl IntoText<C>,
        target: Target,
    ) -> Self
    where
        C: Table + Fragment + Copy + 'static,
    {
        let (key, owner, column) = (key.into_text(), owner.into_text(), column.into_text());
        let owners = Select::new(&owner, child, Filter::not_null(column.clone()));
        let present = Filter::within(key.clone(), owners);
        let (our_key, their_owner, their_column) = (key.clone(), owner.clone(), column.clone());
        let (key_too, owner_too, column_too) = (key.clone(), owner.clone(), column.clone());
        Self {
            target,
            own: None,
            among: Box::new(move |keys| {
                let owners = Select::new(&owner_too, child, Filter::within(column_too.clone(), keys));
                Filter::within(key_too.clone(), owners)
            }),
            keys: Box::new(move |rows| {
                let ours = Select::new(&our_key, table, rows);
                Select::new(&their_column, child, Filter::within(their_owner.clone(), ours))
            }),
            holding: Box::new(move |keys| {
                let owners = Select::new(&owner, child, Filter::one_of(column.clone(), keys));
                Filter::within(key.clone(), owners)
            }),
            present,
            told: vec![],
        }
    }
}

impl<T: 'static> Link<T> {
    /// The link, where a vendor's id in `raw` alone also makes the element present: without a row to point at, the id
    /// itself goes out (a logical reference), as a number of `system`. Of several the first that there is.
    #[must_use]
    pub fn or_told(self, raw: impl IntoText<T>, system: &'static str) -> Self {
        self.or_told_if(Filter::always(), raw, system)
    }

    /// The same, where the id goes out only of rows for which `holds`.
    #[must_use]
    pub fn or_told_if(mut self, holds: Filter<T>, raw: impl IntoText<T>, system: &'static str) -> Self {
        let raw = raw.into_text();
        let otherwise = self.present.clone().negate();
        self.told.push((otherwise.and(holds), raw.clone(), system));
        self.present = Filter::any([self.present, Filter::not_null(raw)]);
        self
    }

    /// The rows that go out with this identifier in place of a link.
    fn identified(&self, token: &Token, site: &Site) -> Filter<T> {
        Filter::any(self.told.iter().map(|(rows, raw, system)| {
            let of = |asked: &str| asked == site.system(system);
            let number = match token {
                Token::Code(code) => Filter::text(raw.clone(), Op::Eq, code),
                Token::Coded { system, code } if of(system) => Filter::text(raw.clone(), Op::Eq, code),
                Token::System(system) if of(system) => Filter::not_null(raw.clone()),
                // Every identifier that goes out has its system.
                Token::Coded { .. } | Token::System(_) | Token::NoSystem(_) => return Filter::never(),
            };
            number.and(rows.clone())
        }))
    }

    pub(crate) fn target(&self) -> Target {
        self.target
    }

    /// The row's own column that holds the key, where there is one.
    pub(crate) fn own(&self) -> Option<&TextColumn<T>> {
        self.own.as_ref()
    }

    pub(super) fn keys(&self, rows: Filter<T>) -> Select {
        (self.keys)(rows)
    }

    pub(super) fn holding(&self, keys: Vec<String>) -> Filter<T> {
        (self.holding)(keys)
    }

    pub(super) fn among(&self, keys: Select) -> Filter<T> {
        (self.among)(keys)
    }
}

/// A reference parameter over one or several links.
pub fn reference<T: 'static>(name: &'static str, links: impl IntoIterator<Item = Link<T>>) -> Param<T> {
    let links: Vec<Link<T>> = links.into_iter().collect();
    let links: Arc<[Link<T>]> = links.into();
    let present = Filter::any(links.iter().map(|l| l.present.clone()));
    let mut modified: Vec<(&'static str, Build<T>)> = vec![];
    if links.iter().any(|link| !link.told.is_empty()) {
        let links = Arc::clone(&links);
        modified.push((
            "identifier",
            Box::new(move |values, context| {
                let Values::Token(tokens) = values else {
                    return Filter::never();
                };
                let found = |token| links.iter().map(move |link| link.identified(token, context.site));
                Filter::any(tokens.iter().flat_map(found))
            }),
        ));
    }
    Param {
        links,
        modified,
        ..Param::new(
            name,
            ParamType::Reference,
            fixed(present),
            Box::new(|_, _| Filter::never()),
        )
    }
}

/// The rows that refer, by one of `links`, to one of the values.
pub(super) fn refers<T: 'static>(links: &[Link<T>], values: &Values, context: Context<'_>) -> Filter<T> {
    let Values::Reference(references) = values else {
        return Filter::never();
    };
    Filter::any(links.iter().map(|link| {
        let keys = references
            .iter()
            .filter_map(|r| key_of(r, link.target, context))
            .collect();
        link.holding(keys)
    }))
}

/// The key of the row that a reference means, when it can be a row of `target` in this source.
fn key_of(reference: &Reference, target: Target, context: Context<'_>) -> Option<String> {
    let id = match reference {
        Reference::Id(id) => id.as_str(),
        Reference::Typed { ty, id } => (*ty == target.ty).then_some(id.as_str())?,
        Reference::Absolute { url } => {
            let (ty, id) = context
                .bases
                .iter()
                .find_map(|base| url.strip_prefix(base.as_str())?.strip_prefix('/')?.split_once('/'))?;
            let id = id.split_once("/_history/").map_or(id, |(id, _)| id);
            (ty == target.ty.as_str()).then_some(id)?
        }
    };
    own_key(id, target.kind, context.site.name())
}

/// The key in a logical id of this source and kind.
pub(super) fn own_key(id: &str, kind: &str, source: &str) -> Option<String> {
    let (of_source, of_kind, key) = id::decode(id)?;
    (of_source == source && of_kind == kind).then_some(key)
}
