//! Versions over all sources of a view, page by page.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{Known, Span, Versions};
use crate::Error;
use crate::source::Ask;
use crate::view::View;

/// Which page of a resource's versions is asked for.
#[derive(Debug, Clone, Copy)]
pub struct HistoryPage<'a> {
    /// Versions since then, UTC.
    pub since: Option<NaiveDateTime>,
    /// At most how many.
    pub count: usize,
    /// The cursor of the page; the first one without.
    pub cursor: Option<&'a str>,
}

/// Where a page begins, in a cursor.
#[derive(Serialize, Deserialize)]
struct Mark {
    /// The load that ended its first version.
    #[serde(rename = "u")]
    until: i64,
}

impl View {
    /// A page of the versions of a resource, newest first, and the cursor of the next one; `None` when there never was such a
    /// resource.
    ///
    /// # Errors
    /// [`Error::Cursor`] for a page link that is not of this history, else what the database says.
    pub async fn history(
        &self,
        id: &str,
        ask: &Ask,
        asked: HistoryPage<'_>,
    ) -> Result<Option<(Versions, Option<String>)>, Error> {
        let Some(source) = self.source_of(id) else {
            return Ok(None);
        };
        // A page link belongs to the history that it is of.
        let principal = ask.principal().unwrap_or_default();
        let fingerprint = format!(
            "history of {id} since {:?} at {} {principal}",
            asked.since,
            self.names()
        );
        let before: Option<Mark> = match asked.cursor {
            None => None,
            Some(cursor) => Some(self.key.open(cursor, &fingerprint, ask.now)?),
        };
        let span = Span {
            since: asked.since,
            until: before.map(|mark| mark.until),
            limit: asked.count,
        };
        let Some(found) = source.versions(id, ask, span).await? else {
            return Ok(None);
        };
        let next = match found.next {
            Some(until) => Some(self.key.seal(&Mark { until }, &fingerprint, ask.now)?),
            None => None,
        };
        Ok(Some((found, next)))
    }

    /// One version of a resource.
    ///
    /// # Errors
    /// What the database says.
    pub async fn version(&self, id: &str, version: &str, ask: &Ask) -> Result<Known, Error> {
        match self.source_of(id) {
            Some(source) => source.version(id, version, ask).await,
            None => Ok(Known::Nothing),
        }
    }
}
