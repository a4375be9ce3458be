//! The account of a database: every row is served, withheld or rejected, and here is which.
//!
//! The two sides of the equation are counted independently. `rows` is a plain `COUNT(*)`; `served` counts the rows
//! that really became a resource, by translating every one of them; the rest are the rows on hold, by their reasons.

mod account;
mod tally;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::db::{AnyConnection, Deadline, Dialect};
use crate::{Error, Site, Vendor};

pub use account::{Account, Cells, Codes, Delivery, References, Table, Word};

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
        let mappings: Vec<_> = providers.iter().filter(|p| p.table() == table).collect();
        let mut told = of_table(conn, table, mappings.is_empty())?;
        for provider in mappings {
            told.serve(provider.target().ty.as_str());
            told.add(provider.review(conn, site)?);
        }
        account.tables.push(told);
    }
    account.references = tally::references(conn, vendor.schema).map_err(Error::Query)?;
    account.codes = tally::codes(conn, vendor.schema).map_err(Error::Query)?;
    account.deliveries = tally::deliveries(conn).map_err(Error::Query)?;
    Ok(account)
}

/// A table's rows and what holds them; rows of a table without mapping are part of other tables' resources.
fn of_table(conn: &mut AnyConnection, name: &'static str, unmapped: bool) -> Result<Table, Error> {
    let rows = tally::rows(conn, name).map_err(Error::Query)?;
    let mut table = Table {
        table: name,
        rows,
        ..Table::default()
    };
    for (reason, rows) in tally::holds(conn, name).map_err(Error::Query)? {
        match reason {
            Some(reason) => table.hold(&reason, rows),
            None if unmapped => table.part += rows,
            None => {}
        }
    }
    Ok(table)
}
