//! The account of a database: every row is served, withheld or rejected, and here is which.
//!
//! The two sides of the equation are counted independently. `rows` is a plain `COUNT(*)`; `served` counts the rows
//! that really became a resource, by translating every one of them; the rest are the rows on hold, by their reasons.

mod tally;

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde::Serialize;

use crate::db::{AnyConnection, Deadline, Dialect};
use crate::mapping::{Provider, Review};
use crate::{Error, Site, Vendor};

/// What became of everything in one source's database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The source's name.
    pub source: String,
    /// One account per table and mapping over it.
    pub tables: Vec<Table>,
    /// References between tables, and how many lead nowhere.
    pub references: Vec<References>,
    /// Codes by their system.
    pub codes: Vec<Codes>,
    /// Every load so far.
    pub deliveries: Vec<Delivery>,
}

/// The rows of a table: `rows = served + part + withheld + rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The table's name.
    pub table: &'static str,
    /// The FHIR type its rows become; `None` for a table that has no mapping of its own.
    pub resource: Option<&'static str>,
    /// All its rows.
    pub rows: u64,
    /// Rows that became a resource.
    pub served: u64,
    /// Rows of a table without mapping that are not on hold: they are served as part of other tables' resources.
    pub part: u64,
    /// Rows on hold, by the reason the vendor gave for it.
    pub withheld: BTreeMap<String, u64>,
    /// Rows that cannot become a valid resource, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Cells that gave no element.
    pub lost: Vec<Cells>,
    /// Cells whose element says something else, by a stated rule.
    pub adjusted: Vec<Cells>,
    /// Words that no code map knows.
    pub unmapped: Vec<Word>,
}

/// Cells of one column with one fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cells {
    /// The FHIR element.
    pub element: &'static str,
    /// The vendor's column.
    pub column: &'static str,
    /// Why.
    pub why: &'static str,
    /// How many.
    pub cells: u64,
}

/// A word without code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The code map's name, as in the profile's `[codes.…]`.
    pub map: &'static str,
    /// The word as delivered.
    pub word: String,
    /// How many cells have it.
    pub cells: u64,
}

/// The references of one column to one table, over the rows that are not on hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct References {
    /// The referring table.
    pub table: &'static str,
    /// Its columns that hold the reference.
    pub columns: &'static [&'static str],
    /// The table referred to.
    pub target: &'static str,
    /// Rows that have a reference.
    pub rows: u64,
    /// Of these, rows whose reference finds no served row.
    pub unresolved: u64,
}

/// The codes of one system in one table, over the rows that are not on hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// The table.
    pub table: &'static str,
    /// The system's URI; `None` for codes whose system is not certain, which are served as text.
    pub system: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Different codes.
    pub codes: u64,
}

/// One load: `read = new + updated + unchanged + superseded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its number.
    pub delivery: i64,
    /// Rows read.
    pub read: u64,
    /// Rows that were not there.
    pub new: u64,
    /// Rows that replaced another content.
    pub updated: u64,
    /// Rows that were there with the same content.
    pub unchanged: u64,
    /// Rows that lost against a newer one.
    pub superseded: u64,
}

impl Table {
    /// Rows withheld for whatever reason.
    #[must_use]
    pub fn withheld(&self) -> u64 {
        self.withheld.values().sum()
    }

    /// Rows rejected for whatever reason.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Whether every row is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.rows == self.served + self.part + self.withheld() + self.rejected()
    }

    fn hold(&mut self, reason: &str, rows: u64) {
        let (map, reason) = match reason.split_once(':') {
            Some(("withheld", why)) => (&mut self.withheld, why),
            Some(("rejected", why)) => (&mut self.rejected, why),
            // Of no known kind: in neither sum, so the account does not balance and somebody looks.
            _ => return,
        };
        *map.entry(reason.to_owned()).or_default() += rows;
    }

    fn add(&mut self, review: Review) {
        self.served += review.served;
        for (reason, rows) in review.rejected {
            *self.rejected.entry(reason.to_owned()).or_default() += rows;
        }
        let cells = |(lost, cells): (crate::Lost, u64)| {
            let crate::Lost { element, column, why } = lost;
            Cells {
                element,
                column,
                why,
                cells,
            }
        };
        self.lost.extend(review.lost.into_iter().map(cells));
        self.adjusted.extend(review.adjusted.into_iter().map(cells));
        let word = |(unmapped, cells): (crate::Unmapped, u64)| Word {
            map: unmapped.map,
            word: unmapped.word,
            cells,
        };
        self.unmapped.extend(review.unmapped.into_iter().map(word));
    }
}

impl Delivery {
    /// Whether every row that was read is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.read == self.new + self.updated + self.unchanged + self.superseded
    }
}

impl Account {
    /// Whether every row of every table and every load is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.tables.iter().all(Table::balances) && self.deliveries.iter().all(Delivery::balances)
    }
}

/// Takes the account of a source. It reads one state of the database, whatever is loaded meanwhile.
///
/// # Errors
/// [`Error::Query`], or [`Error::Encode`] when a resource cannot be written.
pub fn account(conn: &mut AnyConnection, vendor: &Vendor, site: &Site) -> Result<Account, Error> {
    // Statements of mappings may ask for the deadline; here it is never set.
    Deadline::install(conn).map_err(Error::Query)?;
    conn.transaction(|conn| {
        if conn.dialect() == Dialect::Postgres {
            conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .map_err(Failed::Query)?;
        }
        inside(conn, vendor, site).map_err(Failed::Told)
    })
    .map_err(|failed| match failed {
        Failed::Query(cause) => Error::Query(cause),
        Failed::Told(error) => error,
    })
}

/// Diesel wants transactions to fail with something made from its own error.
enum Failed {
    Query(diesel::result::Error),
    Told(Error),
}

impl From<diesel::result::Error> for Failed {
    fn from(cause: diesel::result::Error) -> Self {
        Self::Query(cause)
    }
}

fn inside(conn: &mut AnyConnection, vendor: &Vendor, site: &Site) -> Result<Account, Error> {
    let providers = (vendor.providers)();
    let mut account = Account {
        source: site.name().to_owned(),
        ..Account::default()
    };
    for table in tally::tables(vendor.schema) {
        let mut mapped = false;
        for provider in providers.iter().filter(|p| p.table() == table) {
            account.tables.push(of_mapping(conn, provider.as_ref(), site)?);
            mapped = true;
        }
        if !mapped {
            account.tables.push(of_table(conn, table)?);
        }
    }
    account.references = tally::references(conn, vendor.schema).map_err(Error::Query)?;
    account.codes = tally::codes(conn, vendor.schema).map_err(Error::Query)?;
    account.deliveries = tally::deliveries(conn).map_err(Error::Query)?;
    Ok(account)
}

fn of_mapping(conn: &mut AnyConnection, provider: &dyn Provider, site: &Site) -> Result<Table, Error> {
    let mut table = Table {
        table: provider.table(),
        resource: Some(provider.target().ty.as_str()),
        rows: tally::rows(conn, provider.table()).map_err(Error::Query)?,
        ..Table::default()
    };
    for (reason, rows) in provider.holds(conn)? {
        if let Some(reason) = reason {
            table.hold(&reason, rows);
        }
    }
    table.add(provider.review(conn, site)?);
    Ok(table)
}

fn of_table(conn: &mut AnyConnection, name: &'static str) -> Result<Table, Error> {
    let rows = tally::rows(conn, name).map_err(Error::Query)?;
    let mut table = Table {
        table: name,
        rows,
        ..Table::default()
    };
    for (reason, rows) in tally::holds(conn, name).map_err(Error::Query)? {
        match reason {
            Some(reason) => table.hold(&reason, rows),
            None => table.part += rows,
        }
    }
    Ok(table)
}
