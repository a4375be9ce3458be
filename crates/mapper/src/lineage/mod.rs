//! Where each element of a resource comes from: table, row, column, cell and rule.
//!
//! Nobody says so a second time: the mapping is asked. The rows that a resource is made of are loaded once more, into a database in
//! memory, by the loader's own code; then one cell at a time says something else, and the elements of the resource that become others
//! are those that come from it. So lineage is as true as mapping and loader are, and cannot lag behind them.
//!
//! What a rule is called is told by what there is: code maps, links, and the comments of the vendor's statements.

mod cells;
mod diff;
mod discreet;
mod gather;
mod rule;
mod study;
mod ties;

use std::sync::Arc;

use serde_json::Value;

use crate::param::Context;
use crate::provider::{Found, Provider};
use crate::source::{Ask, Source};
use crate::{CodeMap, Error, id};

/// The lineage of a resource.
#[derive(Debug)]
pub struct Lineage {
    /// The resource as it is served.
    pub resource: Value,
    /// Its elements by path: once for each cell that they come from, or once without any.
    pub elements: Vec<Origin>,
    /// The cells of its rows that no element comes from.
    pub unused: Vec<Unused>,
}

/// Where an element comes from.
#[derive(Debug)]
pub struct Origin {
    /// The element, `name[0].family`; empty for the resource as a whole.
    pub path: String,
    /// Its value.
    pub value: Value,
    /// The cell; `None` for what depends on no cell.
    pub cell: Option<Cell>,
    /// Another cell that says the same: only both together decide.
    pub partner: Option<Cell>,
    /// How the one becomes the other.
    pub rule: String,
}

impl Origin {
    /// The rule in full.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.partner {
            Some(Cell { table, key, column, .. }) => {
                let rule = &self.rule;
                format!("{rule}; only together with {column} of {table} {key}, which says the same")
            }
            None => self.rule.clone(),
        }
    }
}

/// A cell of a vendor's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The table.
    pub table: &'static str,
    /// The row's key.
    pub key: String,
    /// The column.
    pub column: &'static str,
    /// What it holds, as delivered.
    pub raw: String,
}

/// A cell that no element comes from.
#[derive(Debug)]
pub struct Unused {
    /// The cell.
    pub cell: Cell,
    /// Why, when the mapping says so.
    pub why: String,
}

/// The answer to a question for lineage.
#[derive(Debug)]
pub enum Traced {
    /// The lineage.
    Lineage(Box<Lineage>),
    /// A row that is not served.
    Held(String),
    /// No such row.
    Nothing,
    /// The source has no rows of a load: it is live.
    Live,
}

impl Source {
    /// The lineage of the resource with this id. It takes a database thread of the source as long as it lasts, so no more of them
    /// run at once than there are threads.
    ///
    /// # Errors
    /// What the database says; [`Error::Timeout`] when it takes too long.
    pub async fn lineage(&self, target_id: &str, ask: &Ask) -> Result<Traced, Error> {
        let Some((source, kind, key)) = id::decode(target_id).filter(|(source, ..)| *source == self.name()) else {
            return Ok(Traced::Nothing);
        };
        debug_assert_eq!(source, self.name());
        let (inner, ask, kind) = (Arc::clone(&self.inner), ask.clone(), kind.to_owned());
        let live = self.is_live();
        self.workers
            .run(move |conn| {
                let Some(provider) = inner.of(ask.request.resource_type).find(|p| p.target().kind == kind) else {
                    return Ok(Traced::Nothing);
                };
                let context = ask.context(&inner);
                if live {
                    return read(provider.read(conn, &key, context)?);
                }
                let vendor = Vendors {
                    schema: inner.schema,
                    maps: inner.maps,
                };
                let tables = inner.tables();
                // Who may not see the resource learns nothing of it. The study itself loads some of its rows, and cannot ask who sees what.
                if context.access.is_some() {
                    let found = provider.read(conn, &key, context)?;
                    if !matches!(found, Found::Resource(_)) {
                        return read(found);
                    }
                }
                let open = Context {
                    access: None,
                    ..context
                };
                match study::lineage(conn, vendor, provider, &key, open, tables)? {
                    Some(lineage) => {
                        let own = (provider, key.as_str());
                        let lineage = discreet::discreet(lineage, conn, inner.providers(), own, context)?;
                        Ok(Traced::Lineage(Box::new(lineage)))
                    }
                    None => read(provider.read(conn, &key, context)?),
                }
            })
            .await
    }
}

/// What can be said of a resource that is not studied.
fn read(found: Found) -> Result<Traced, Error> {
    Ok(match found {
        Found::Resource(_) => Traced::Live,
        Found::Held(reason) => Traced::Held(reason),
        Found::Nothing => Traced::Nothing,
    })
}

/// What a vendor declares, as far as lineage needs it.
#[derive(Clone, Copy)]
struct Vendors {
    schema: &'static crate::load::Schema,
    maps: &'static [&'static CodeMap],
}

/// What a trial reads with.
#[derive(Clone, Copy)]
struct Reader<'a> {
    provider: &'a dyn Provider,
    context: Context<'a>,
}
