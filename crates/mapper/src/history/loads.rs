//! Which loads there were.

use chrono::NaiveDateTime;
use diesel::dsl::{max, min};
use diesel::prelude::*;

use crate::Error;
use crate::db::AnyConnection;

diesel::table! {
    cg_delivery (id) {
        id -> BigInt,
        started -> Timestamp,
    }
}

/// The number of the newest load; `None` before the first.
pub(crate) fn newest_load(conn: &mut AnyConnection) -> Result<Option<i64>, Error> {
    let newest = cg_delivery::table.select(max(cg_delivery::id));
    newest.first(conn).map_err(Error::Query)
}

/// The time of the first load.
pub(super) fn beginning(conn: &mut AnyConnection) -> Result<Option<NaiveDateTime>, Error> {
    let first = cg_delivery::table.select(min(cg_delivery::started));
    first.first(conn).map_err(Error::Query)
}
