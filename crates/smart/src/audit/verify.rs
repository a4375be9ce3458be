//! Looking whether the trail is whole.

use diesel::prelude::*;

use super::append::bucket;
use super::chain::START;
use super::{Record, Trail};
use crate::Error;
use crate::store::Seconds;
use crate::store::tables::{sm_audit, sm_audit_mark};

/// The end of the trail. Kept somewhere else, it also shows that later nothing was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The number of the last record; 0 for none.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every record is as it was written.
    Whole(Head),
    /// The record of this number is missing, although there are later ones.
    Missing(i64),
    /// The record of this number is not as it was written.
    Altered(i64),
    /// The trail ends before the head that was expected, or has another record there.
    Cut,
    /// The records are whole, but what searches find them by was altered.
    Hidden(Head),
}

/// Records read at a time.
const PAGE: i64 = 1_000;

#[derive(Queryable)]
struct Row {
    seq: i64,
    at: Seconds,
    kind: String,
    status: i64,
    text: String,
    hash: String,
}

impl Trail {
    /// Looks at every record. With `expected`, a head that was noted earlier, also whether the trail still has it.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn verify(&self, expected: Option<Head>) -> Result<Verdict, Error> {
        let mut head = Head {
            seq: 0,
            hash: START.to_owned(),
        };
        let mut met = expected.as_ref().is_none_or(|e| e.seq == 0);
        let mut found = true;
        loop {
            let rows = self.behind(head.seq).await?;
            let full = i64::try_from(rows.len()).is_ok_and(|n| n == PAGE);
            let stored = self.marks_of(&rows).await?;
            let mut marks = vec![];
            for row in rows {
                let seq = head.seq + 1;
                if row.seq != seq {
                    return Ok(Verdict::Missing(seq));
                }
                let Some(record) = self.untouched(&head, &row) else {
                    return Ok(Verdict::Altered(seq));
                };
                marks.extend(self.key.marks(&record.keys()).into_iter().map(|mark| (seq, mark)));
                head = Head { seq, hash: row.hash };
                met |= expected.as_ref() == Some(&head);
            }
            found &= marks == stored;
            if !full {
                return Ok(match (met, found) {
                    (false, _) => Verdict::Cut,
                    (true, true) => Verdict::Whole(head),
                    (true, false) => Verdict::Hidden(head),
                });
            }
        }
    }

    /// The record of a row, when it is as it was written behind `head`.
    fn untouched(&self, head: &Head, row: &Row) -> Option<Record> {
        if row.hash != self.key.link(&head.hash, row.seq, row.at, &row.text) {
            return None;
        }
        let record: Record = serde_json::from_str(&row.text).ok()?;
        let told = (record.at, record.interaction.code(), i64::from(record.status));
        (told == (row.at, row.kind.as_str(), row.status)).then_some(record)
    }

    async fn behind(&self, seq: i64) -> Result<Vec<Row>, Error> {
        self.store
            .read(move |conn| {
                sm_audit::table
                    .filter(sm_audit::seq.gt(seq))
                    .order(sm_audit::seq)
                    .limit(PAGE)
                    .load(conn)
            })
            .await
    }

    /// The marks of rows, by number and then mark.
    async fn marks_of(&self, rows: &[Row]) -> Result<Vec<(i64, i64)>, Error> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(vec![]);
        };
        let (first, last) = (first.seq, last.seq);
        self.store
            .read(move |conn| {
                sm_audit_mark::table
                    .filter(sm_audit_mark::bucket.between(bucket(first), bucket(last)))
                    .filter(sm_audit_mark::seq.between(first, last))
                    .order((sm_audit_mark::seq, sm_audit_mark::mark))
                    .select((sm_audit_mark::seq, sm_audit_mark::mark))
                    .load(conn)
            })
            .await
    }
}
