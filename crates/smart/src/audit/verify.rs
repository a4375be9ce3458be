//! Looking whether the trail is whole.

use std::collections::{BTreeMap, VecDeque};

use diesel::prelude::*;

use super::row::{self, Row};
use super::{Head, Record, Trail};
use crate::Error;
use crate::store::tables::{sm_audit, sm_audit_mark, sm_audit_run};

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

/// Rows read at a time.
const ROWS: i64 = 64;

impl Trail {
    /// Looks at every record. With `expected`, a head that was noted earlier, also whether the trail still has it.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn verify(&self, expected: Option<Head>) -> Result<Verdict, Error> {
        let mut index = Index::of(self).await?;
        let mut head = Head::default();
        let mut met = expected.as_ref().is_none_or(|expected| expected.seq == 0);
        let mut found = true;
        loop {
            let rows = self.behind(head.seq).await?;
            if rows.is_empty() {
                return Ok(match (met, found) {
                    (false, _) => Verdict::Cut,
                    (true, true) => Verdict::Whole(head),
                    (true, false) => Verdict::Hidden(head),
                });
            }
            for row in rows {
                let (mut heads, records) = match self.untouched(&head, &row) {
                    Ok(both) => both,
                    Err(verdict) => return Ok(verdict),
                };
                met |= expected.as_ref().is_some_and(|expected| heads.contains(expected));
                head = heads.pop().unwrap_or(head);
                found &= index.finds(&row, records).await?;
            }
        }
    }

    /// A row's records and the head behind each, when they are as they were written behind `head`.
    fn untouched(&self, head: &Head, row: &Row) -> Result<(Vec<Head>, Vec<Record>), Verdict> {
        let next = |head: &Head| head.seq + 1;
        if row.first_seq != next(head) {
            return Err(Verdict::Missing(next(head)));
        }
        let all = row.lines().count();
        let complete = i64::try_from(all).is_ok_and(|all| all == row.len());
        let mut heads: Vec<Head> = Vec::with_capacity(all);
        let mut records = Vec::with_capacity(all);
        for (hash, text) in row.lines() {
            let before = heads.last().unwrap_or(head);
            let linked = self.key.link(before, text);
            let record = serde_json::from_str::<Record>(text)
                .ok()
                .filter(|_| linked.hash == hash);
            let Some(record) = record else {
                return Err(match complete {
                    true => Verdict::Altered(next(before)),
                    false => Verdict::Missing(next(before)),
                });
            };
            records.push(record);
            heads.push(linked);
        }
        let moments = || records.iter().map(|record| record.at);
        let within = (moments().min(), moments().max());
        match (complete, within == (Some(row.earliest), Some(row.latest))) {
            (true, true) => Ok((heads, records)),
            (false, _) => Err(Verdict::Missing(next(heads.last().unwrap_or(head)))),
            (true, false) => Err(Verdict::Altered(row.first_seq)),
        }
    }

    async fn behind(&self, seq: i64) -> Result<Vec<Row>, Error> {
        self.store
            .read(move |conn| {
                sm_audit::table
                    .filter(sm_audit::first_seq.gt(seq))
                    .order(sm_audit::first_seq)
                    .limit(ROWS)
                    .load(conn)
            })
            .await
    }
}

/// The index, run by run.
struct Index<'a> {
    trail: &'a Trail,
    /// The runs that come, by their last records.
    runs: VecDeque<i64>,
    /// The run's marks, by row.
    marks: BTreeMap<i64, Vec<i64>>,
    /// The last record of the run, 0 in front of the first one.
    run: i64,
}

impl<'a> Index<'a> {
    async fn of(trail: &'a Trail) -> Result<Self, Error> {
        let runs = sm_audit_run::table
            .order(sm_audit_run::last_seq)
            .select(sm_audit_run::last_seq);
        let runs: Vec<i64> = trail.store.read(move |conn| runs.load(conn)).await?;
        Ok(Self {
            trail,
            runs: runs.into(),
            marks: BTreeMap::new(),
            run: 0,
        })
    }

    /// Whether searches find a row by all that it can be found by; they look at rows behind the last run one by one.
    async fn finds(&mut self, row: &Row, records: Vec<Record>) -> Result<bool, Error> {
        while self.run < row.last_seq {
            let Some(run) = self.runs.pop_front() else {
                return Ok(true);
            };
            self.run = run;
            self.marks = self.marks_of(run).await?;
        }
        let marks = self.marks.remove(&row.first_seq).unwrap_or_default();
        Ok(marks == row::marks(records.into_iter(), &self.trail.key))
    }

    async fn marks_of(&self, of: i64) -> Result<BTreeMap<i64, Vec<i64>>, Error> {
        use sm_audit_mark::{first_seq, mark, run};
        let marks = sm_audit_mark::table
            .filter(run.eq(of))
            .order(mark)
            .select((first_seq, mark));
        let marks: Vec<(i64, i64)> = self.trail.store.read(move |conn| marks.load(conn)).await?;
        let mut by_row: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (row, its) in marks {
            by_row.entry(row).or_default().push(its);
        }
        Ok(by_row)
    }
}
