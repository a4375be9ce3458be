//! Looking whether the trail is whole.

use diesel::prelude::*;

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

/// Records, and marks, read at a time.
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

/// The sum of marks, in whatever order they come: as good as a list of them, and no longer for many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum(u128);

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
        let mut marks = Sum::default();
        loop {
            let rows = self.behind(head.seq).await?;
            let full = is_full(&rows);
            for row in rows {
                let seq = head.seq + 1;
                if row.seq != seq {
                    return Ok(Verdict::Missing(seq));
                }
                let Some(record) = self.untouched(&head, &row) else {
                    return Ok(Verdict::Altered(seq));
                };
                let its = self.key.marks(&record.keys());
                its.into_iter().for_each(|mark| marks.add(self, mark, seq));
                head = Head { seq, hash: row.hash };
                met |= expected.as_ref() == Some(&head);
            }
            if !full {
                break;
            }
        }
        Ok(match met {
            false => Verdict::Cut,
            true if self.stored_marks(head.seq).await? == marks => Verdict::Whole(head),
            true => Verdict::Hidden(head),
        })
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

    /// The marks of records up to a number.
    async fn stored_marks(&self, last: i64) -> Result<Sum, Error> {
        let mut sum = Sum::default();
        let mut place = (i64::MIN, i64::MIN);
        loop {
            let (mark, seq) = place;
            let page = self.store.read(move |conn| {
                let behind = sm_audit_mark::mark.gt(mark);
                let behind = behind.or(sm_audit_mark::mark.eq(mark).and(sm_audit_mark::seq.gt(seq)));
                sm_audit_mark::table
                    .filter(sm_audit_mark::mark.ge(mark).and(behind))
                    .order((sm_audit_mark::mark, sm_audit_mark::seq))
                    .limit(PAGE)
                    .load::<(i64, i64)>(conn)
            });
            let page = page.await?;
            // What a server wrote meanwhile is not looked at.
            let old = page.iter().filter(|(_, seq)| *seq <= last);
            old.for_each(|(mark, seq)| sum.add(self, *mark, *seq));
            match page.last() {
                Some(last) if is_full(&page) => place = *last,
                _ => return Ok(sum),
            }
        }
    }
}

fn is_full<T>(page: &[T]) -> bool {
    i64::try_from(page.len()).is_ok_and(|n| n == PAGE)
}

impl Sum {
    fn add(&mut self, trail: &Trail, mark: i64, seq: i64) {
        self.0 = self.0.wrapping_add(trail.key.pair(mark, seq));
    }
}
