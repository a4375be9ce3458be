//! What a vendor crate writes for one kind of row: a table, a row, parameters over its columns, a pure translation.

use chrono::NaiveDateTime;
use diesel::{QueryResult, Table};
use fhir::r4::Resource;

use crate::db::AnyConnection;
use crate::param::{Param, Target};
use crate::sql::{Filter, Fragment, IntoText, IntoTime, OrderBy, SortText, TextColumn, TimeColumn};
use crate::{Rejected, Site, Trace};

/// The columns that every served table has.
pub struct Columns<T> {
    pub(crate) key: TextColumn<T>,
    pub(crate) updated: TimeColumn<T>,
    pub(crate) hold: TextColumn<T>,
    pub(crate) only: Filter<T>,
}

impl<T: 'static> Columns<T> {
    /// `key`, the time of the last change, and why a row is not served (null when it is).
    pub fn new(key: impl IntoText<T>, updated: impl IntoTime<T>, hold: impl IntoText<T>) -> Self {
        Self {
            key: key.into_text(),
            updated: updated.into_time(),
            hold: hold.into_text(),
            only: Filter::always(),
        }
    }

    /// The columns of a mapping that has only some rows of its table: no other mapping of the table has these.
    #[must_use]
    pub fn only(self, rows: Filter<T>) -> Self {
        Self { only: rows, ..self }
    }
}

/// Rows as loaded, each with the text of its sort values.
pub type Loaded<R> = Vec<(R, Option<String>)>;

/// The rows that a mapping is asked to load.
pub struct Rows<T> {
    /// Which.
    pub filter: Filter<T>,
    /// In which order.
    pub order: OrderBy<T>,
    /// The sort values, to be selected beside each row.
    pub sort_text: SortText<T>,
    /// At most how many.
    pub limit: i64,
}

/// One kind of vendor row that becomes one type of resource.
pub trait Mapping: Send + Sync + Sized + 'static {
    /// The Diesel table.
    type Table: Table + Fragment + Copy + 'static;
    /// The row as loaded, with whatever child rows the translation needs.
    type Row;
    /// The FHIR type and the kind in its ids.
    const TARGET: Target;
    /// The table's name, for accounts.
    const TABLE: &'static str;

    /// The Diesel table's value.
    fn table() -> Self::Table;
    /// The common columns.
    fn columns() -> Columns<Self::Table>;
    /// The search parameters besides `_id` and `_lastUpdated`.
    fn params() -> Vec<Param<Self::Table>>;
    /// References to other resources that go out and that no search parameter of R4 looks at, each named by its element: nobody can
    /// search by them, but [`Source::everything`](crate::Source::everything) follows them.
    fn links() -> Vec<Param<Self::Table>> {
        vec![]
    }
    /// Loads rows, each with its sort text: one statement, and one per child table.
    ///
    /// # Errors
    /// What the database says.
    fn load(conn: &mut AnyConnection, rows: Rows<Self::Table>) -> QueryResult<Loaded<Self::Row>>;
    /// The row's key.
    fn key(row: &Self::Row) -> &str;
    /// The time of the row's last change, UTC.
    fn updated(row: &Self::Row) -> NaiveDateTime;
    /// The patient that the row is about, `Patient/…`, where its resource does not say so.
    fn patient(_row: &Self::Row, _site: &Site) -> Option<String> {
        None
    }
    /// The row as a resource. Pure: no clock, no database. `meta` is added by the caller.
    ///
    /// # Errors
    /// [`Rejected`] when the row cannot become a valid resource.
    fn translate(row: Self::Row, site: &Site, trace: &mut Trace) -> Result<Resource, Rejected>;
}

/// Loads typed rows: the body of [`Mapping::load`] for a row without children.
#[macro_export]
macro_rules! load_rows {
    ($conn:expr, $rows:expr, $table:expr, $row:ty) => {{
        use diesel::prelude::*;
        let query = $table
            .select((<$row>::as_select(), $rows.sort_text))
            .filter($rows.filter)
            .order($rows.order)
            .limit($rows.limit);
        $crate::explain::load::<_, ($row, Option<String>)>($conn, query)
    }};
}

/// The part of `impl Mapping` that is the same for every table whose row needs no child rows: all but `TARGET`, `params` and
/// `translate`. The row struct has the fields `key` and `cg_updated`.
#[macro_export]
macro_rules! rows_of {
    ($table:ident, $row:ty) => {
        type Table = $table::table;
        type Row = $row;
        const TABLE: &'static str = stringify!($table);

        fn table() -> $table::table {
            $table::table
        }

        fn columns() -> $crate::Columns<$table::table> {
            $crate::Columns::new($table::key, $table::cg_updated, $table::cg_hold)
        }

        fn load(
            conn: &mut $crate::db::AnyConnection,
            rows: $crate::Rows<$table::table>,
        ) -> diesel::QueryResult<$crate::Loaded<$row>> {
            $crate::load_rows!(conn, rows, $table::table, $row)
        }

        fn key(row: &$row) -> &str {
            &row.key
        }

        fn updated(row: &$row) -> chrono::NaiveDateTime {
            row.cg_updated
        }
    };
}
