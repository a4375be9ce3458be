//! Serving a database that already holds a vendor's own tables.
//!
//! Every connection first makes temporary views, so that mappings find what a load would have brought:
//!
//! 1. `live_TABLE` for every [`Entity`](crate::load::Entity): the declared columns of the vendor's table (and no others), found
//!    without regard to letter case, as the cells of a file would be: text, trimmed, absent where a delivery's would be.
//!    A column that is not there is absent, and so are the rows of a table that is not there.
//! 2. those of the vendor's SQL ([`Live::views`]): the tables of a load, by their names and with their `cg_` columns, made of
//!    the first. A temporary view hides the vendor's table of the same name.
//!
//! What a load computes with this crate's code, the views compute with functions `live_…`: on SQLite this crate's own,
//! registered here; on PostgreSQL temporary ones (`schema/live-postgres.sql`) that say the same.
//!
//! Nothing of the database itself is changed. The views are made before the connection refuses writes.

mod cells;
mod functions;
mod template;
mod unicode;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::db::{AnyConnection, Dialect};
use crate::load::Schema;
use crate::time::{Format, TimeFormat};
use crate::{CodeMap, Site, Vendor};

/// The forms of dates in vendors' databases: of date columns, and what people type into text columns.
pub const DAYS: &[Format] = &[
    Format::Stamp,
    Format::IsoDay,
    Format::UsShortDay,
    Format::MonthYear,
    Format::IsoMonth,
    Format::YearOnly,
];

/// The forms of times of day: under the dummy day 1900-01-01, or alone.
pub const CLOCKS: &[TimeFormat] = &[TimeFormat::DummyDay, TimeFormat::Second, TimeFormat::Minute];

/// How a database that holds a vendor's own tables is served.
#[derive(Debug)]
pub struct Live {
    /// `CREATE TEMP VIEW` for each table of the vendor's schema, with `key`, `cg_hold` and every column that mappings or links
    /// name. SQL for both databases; functions are called `live_…(`, and these stand for what the profile says:
    ///
    /// | | |
    /// |---|---|
    /// | `{zone}` | the name of the source's zone, a text |
    /// | `{client}`, `{client id}` | the profile's `client_id` as a key and as it is, a text or null |
    /// | `{code MAP: cell}` | the code that the map, or the profile, gives for a cell |
    /// | `{state: cell}` | the code of a state of the United States that is written by its name, else the cell |
    /// | `{zones: cell}` | the zone that the profile gives to the place with this id, a text or null |
    /// | `{name KIND: cell}` | the name that the profile gives to the place with this id, a text or null |
    /// | `{key ENTITY.COLUMN: cell}` | the key of the row with this id; plain where the column's type keeps ids short |
    pub views: &'static str,
    /// Entities that there must be a table of.
    pub required: &'static [&'static str],
    /// Cells that say that there is none, besides empty ones.
    pub absent: &'static [&'static str],
}

/// A live source's vendor and site.
#[derive(Debug, Clone)]
pub(crate) struct Views {
    live: &'static Live,
    schema: &'static Schema,
    maps: &'static [&'static CodeMap],
    site: Site,
}

impl Views {
    /// `None` for a vendor whose rows must be loaded.
    pub fn new(vendor: &Vendor, site: &Site) -> Option<Self> {
        Some(Self {
            live: vendor.live?,
            schema: vendor.schema,
            maps: vendor.code_maps,
            site: site.clone(),
        })
    }

    /// Makes functions and views on a new connection.
    ///
    /// # Errors
    /// What the database says, or [`diesel::result::Error::QueryBuilderError`] for a table that is missing.
    pub fn make(&self, conn: &mut AnyConnection) -> QueryResult<()> {
        let dialect = conn.dialect();
        match conn {
            // The owner may have set any of these for the role. Then: to compile statements takes longer than pages do,
            // and how many rows a computed condition leaves cannot be estimated; the guess of one led to whole tables.
            AnyConnection::Postgres(conn) => conn.batch_execute(
                "SET client_min_messages = 'error'; SET default_transaction_read_only = off; \
                 SET standard_conforming_strings = on; SET DateStyle = 'ISO'; SET TIME ZONE 'UTC'; \
                 SET jit = off; SET seq_page_cost = 100; SET random_page_cost = 1.1",
            )?,
            AnyConnection::Sqlite(conn) => functions::register(conn, &self.site, self.live.absent)?,
        }
        let tables = cells::find(conn, self.schema)?;
        let text = template::Text {
            views: self,
            dialect,
            tables: &tables,
        };
        let mut sql = String::new();
        if dialect == Dialect::Postgres {
            sql.push_str(&text.expand(&template::bare(POSTGRES))?);
        }
        sql.push_str(&cells::views(self, &tables, dialect)?);
        sql.push_str(&text.expand(&template::bare(self.live.views))?);
        sql.push_str(NO_LOADS);
        conn.batch_execute(&text.calls(&sql))
    }
}

/// The loader's records, of which a live source has none.
const NO_LOADS: &str = "\
    ; CREATE TEMP VIEW cg_delivery AS SELECT 0 AS id, CAST(NULL AS timestamp) AS started WHERE 1 = 0; \
    CREATE TEMP VIEW cg_file AS SELECT 0 AS id, 0 AS delivery, CAST(NULL AS text) AS path WHERE 1 = 0;";

/// The functions on PostgreSQL.
const POSTGRES: &str = include_str!("../../../../schema/live-postgres.sql");

/// A sentence about views that cannot be made.
fn wrong(what: String) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(what.into())
}
