//! Serving a database that already holds a vendor's own tables.
//!
//! Every connection first runs the vendor's SQL ([`Live`](crate::db::Live)): temporary views with the names and columns of
//! the tables that a load would fill, so that mappings are the same for both. What a load computes with this crate's
//! code, the views compute with functions: on SQLite this crate's own, registered here; on PostgreSQL temporary ones
//! (`pg_temp`) that the vendor's SQL brings along.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel::{ConnectionError, ConnectionResult};

use crate::time::{self, Format};
use crate::{codes, fold};

diesel::define_sql_function! {
    /// A text for searching: see [`fold`](crate::fold).
    fn cg_fold(text: Nullable<Text>) -> Nullable<Text>;
}
diesel::define_sql_function! {
    /// The instant (UTC) at which a wall-clock time in a zone begins.
    fn cg_from(text: Nullable<Text>, zone: Nullable<Text>) -> Nullable<Text>;
}
diesel::define_sql_function! {
    /// The instant (UTC) before which a wall-clock time in a zone has ended, after its precision.
    fn cg_to(text: Nullable<Text>, zone: Nullable<Text>) -> Nullable<Text>;
}
diesel::define_sql_function! {
    /// A National Provider Identifier whose check digit is right.
    fn cg_npi(text: Nullable<Text>) -> Nullable<Text>;
}

/// Days and times as vendors' databases keep them, as well as American dates in text columns.
const FORMATS: &[Format] = time::US_DAYS_AND_STAMPS;

pub(crate) fn postgres(conn: &mut PgConnection, views: &str) -> ConnectionResult<()> {
    conn.batch_execute("SET client_min_messages = 'error'")
        .and_then(|()| conn.batch_execute(views))
        .map_err(ConnectionError::CouldntSetupConfiguration)
}

pub(crate) fn sqlite(conn: &mut SqliteConnection, views: &str) -> ConnectionResult<()> {
    register(conn)
        .and_then(|()| conn.batch_execute(views))
        .map_err(ConnectionError::CouldntSetupConfiguration)
}

fn register(conn: &mut SqliteConnection) -> QueryResult<()> {
    cg_fold_utils::register_impl(conn, |text: Option<String>| {
        text.map(|t| fold(&t)).filter(|folded| !folded.is_empty())
    })?;
    cg_from_utils::register_impl(conn, |text: Option<String>, zone: Option<String>| {
        Some(stored(moment(&text?, &zone?)?.lo))
    })?;
    cg_to_utils::register_impl(conn, |text: Option<String>, zone: Option<String>| {
        Some(stored(moment(&text?, &zone?)?.hi))
    })?;
    cg_npi_utils::register_impl(conn, |text: Option<String>| text.filter(|npi| codes::valid_npi(npi)))
}

fn moment(text: &str, zone: &str) -> Option<time::Moment> {
    let civil = time::parse(text, FORMATS).ok()?;
    Some(time::resolve(civil.midnight_as_day(), zone.parse().ok()?))
}

/// A timestamp in the form that Diesel keeps in SQLite.
fn stored(at: chrono::NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.f").to_string()
}
