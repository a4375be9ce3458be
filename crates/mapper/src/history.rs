//! What was served before: loads, and what changed with each.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::Error;
use crate::db::AnyConnection;
use crate::source::Source;

impl Source {
    /// The number of the newest load, which tells whether rows may have changed between two answers: one cheap statement.
    /// `None` for a live source, whose owner does not say when rows change.
    ///
    /// # Errors
    /// What the database says.
    pub async fn generation(&self) -> Result<Option<i64>, Error> {
        if self.is_live() {
            return Ok(None);
        }
        self.workers.run(newest_load).await
    }
}

diesel::table! {
    cg_delivery (id) {
        id -> BigInt,
    }
}

/// The number of the newest load; `None` before the first.
pub(crate) fn newest_load(conn: &mut AnyConnection) -> Result<Option<i64>, Error> {
    let newest = cg_delivery::table.select(max(cg_delivery::id));
    newest.first(conn).map_err(Error::Query)
}
