//! Looking whether the trail is whole.

use diesel::prelude::*;

use super::Trail;
use super::chain::START;
use crate::Error;
use crate::store::Seconds;
use crate::store::tables::sm_audit;

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
    /// The first record that does not fit: it or one before it was altered, inserted or removed.
    Broken {
        /// Its number, or the first one that is missing.
        seq: i64,
    },
    /// The trail ends before the head that was expected, or has another record there.
    Cut,
}

/// Records read at a time.
const PAGE: i64 = 1_000;

type Row = (i64, Seconds, String, String);

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
        loop {
            let rows = self.behind(head.seq).await?;
            let full = i64::try_from(rows.len()).is_ok_and(|n| n == PAGE);
            for (seq, at, record, hash) in rows {
                if seq != head.seq + 1 || hash != self.key.link(&head.hash, seq, at, &record) {
                    return Ok(Verdict::Broken { seq: head.seq + 1 });
                }
                head = Head { seq, hash };
                met |= expected.as_ref() == Some(&head);
            }
            if !full {
                return Ok(if met { Verdict::Whole(head) } else { Verdict::Cut });
            }
        }
    }

    async fn behind(&self, seq: i64) -> Result<Vec<Row>, Error> {
        self.store
            .run(move |conn| {
                sm_audit::table
                    .filter(sm_audit::seq.gt(seq))
                    .order(sm_audit::seq)
                    .limit(PAGE)
                    .select((sm_audit::seq, sm_audit::at, sm_audit::record, sm_audit::hash))
                    .load(conn)
            })
            .await
    }
}
