//! What was served before: loads, and what changed with each.

use diesel::sql_types::{BigInt, Nullable};

use crate::Error;
use crate::load::statement::Statement;
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
        self.workers
            .run(|conn| {
                let newest = Statement::new("SELECT MAX(id) FROM cg_delivery");
                let found = newest
                    .rows::<Nullable<BigInt>, Option<i64>>(conn)
                    .map_err(Error::Query)?;
                Ok(found.into_iter().next().flatten())
            })
            .await
    }
}
