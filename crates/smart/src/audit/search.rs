//! Reading the trail: for administrators, and for patients who want to know who looked.

use std::fmt::Write;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::record::Key;
use super::row::Row;
use super::{Interaction, Outcome, Record, Trail};
use crate::Error;
use crate::store::Seconds;
use crate::store::tables::sm_audit_run;

/// A record with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    /// The record.
    pub record: Record,
}

/// Which records; all that is given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Those with one of these numbers; of each list one must fit.
    pub seqs: Vec<Vec<i64>>,
    /// Each is a range of moments: not before the first, before the second.
    pub times: Vec<Vec<(Seconds, Seconds)>>,
    /// By one of these: client, user, or a user's resource.
    pub agents: Vec<Vec<String>>,
    /// About one of these, `Patient/…`.
    pub entities: Vec<Vec<String>>,
    /// One of these was done.
    pub interactions: Vec<Vec<Interaction>>,
    /// It ended in one of these ways.
    pub outcomes: Vec<Vec<Outcome>>,
    /// Older than the record with this number: where the next page begins.
    pub before: Option<i64>,
}

/// Rows read at a time.
const ROWS: usize = 64;

/// Runs of the index looked at in one statement.
const RUNS: usize = 256;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// A part of the trail: rows behind the record `after`, up to that of the record `until`. What is in an indexed part is found by marks.
struct Part {
    after: i64,
    until: i64,
    indexed: bool,
}

impl Trail {
    /// Records that fit, newest first; at most `limit`.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn search(&self, wanted: &Wanted, limit: usize) -> Result<Vec<Entry>, Error> {
        let mut found = vec![];
        let take = |entry| {
            found.push(entry);
            found.len() < limit
        };
        self.visit(wanted, take).await?;
        Ok(found)
    }

    /// How many records fit, on whatever page.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn count(&self, wanted: &Wanted) -> Result<u64, Error> {
        let wanted = Wanted {
            before: None,
            ..wanted.clone()
        };
        if wanted == Wanted::default() {
            return self.count_all().await;
        }
        let mut count = 0;
        let take = |_entry| {
            count += 1;
            true
        };
        self.visit(&wanted, take).await?;
        Ok(count)
    }

    async fn count_all(&self) -> Result<u64, Error> {
        let sql = "SELECT CAST(coalesce(sum(last_seq - first_seq + 1), 0) AS bigint) AS n FROM sm_audit";
        let counted = self
            .store
            .read(move |conn| diesel::sql_query(sql).get_result::<Count>(conn));
        Ok(u64::try_from(counted.await?.n).unwrap_or_default())
    }

    /// Gives records that fit, newest first, until `take` says that it is enough.
    async fn visit(&self, wanted: &Wanted, mut take: impl FnMut(Entry) -> bool) -> Result<(), Error> {
        let keys = wanted.keys();
        let marks_of = |some: &Vec<Key<'_>>| some.iter().map(|key| self.key.mark(*key)).collect();
        let marks: Vec<Vec<i64>> = keys.iter().map(marks_of).collect();
        for part in self.parts(!marks.is_empty()).await? {
            let mut before = wanted.before.unwrap_or(i64::MAX);
            loop {
                let rows = self.rows(condition(wanted, &marks, &part, before)).await?;
                for entry in rows.iter().flat_map(Row::newest_first) {
                    let entry = entry?;
                    if wanted.fits(&entry, &keys) && !take(entry) {
                        return Ok(());
                    }
                }
                match rows.last() {
                    Some(last) if rows.len() == ROWS => before = last.first_seq,
                    _ => break,
                }
            }
        }
        Ok(())
    }

    /// The parts of the trail, newest first; one when there are no marks to look for.
    async fn parts(&self, marked: bool) -> Result<Vec<Part>, Error> {
        let all = Part {
            after: 0,
            until: i64::MAX,
            indexed: false,
        };
        if !marked {
            return Ok(vec![all]);
        }
        let runs = sm_audit_run::table
            .order(sm_audit_run::last_seq.desc())
            .select(sm_audit_run::last_seq);
        let runs: Vec<i64> = self.store.read(move |conn| runs.load(conn)).await?;
        let Some(newest) = runs.first() else {
            return Ok(vec![all]);
        };
        let mut parts = vec![Part { after: *newest, ..all }];
        parts.extend(runs.chunks(RUNS).enumerate().map(|(n, some)| Part {
            after: runs.get((n + 1) * RUNS).copied().unwrap_or_default(),
            until: some.first().copied().unwrap_or_default(),
            indexed: true,
        }));
        Ok(parts)
    }

    async fn rows(&self, condition: String) -> Result<Vec<Row>, Error> {
        let sql = format!("SELECT * FROM sm_audit WHERE {condition} ORDER BY first_seq DESC LIMIT {ROWS}");
        self.store.read(move |conn| diesel::sql_query(&sql).load(conn)).await
    }
}

/// Of the rows that may have what is wanted. All in it is numbers and words of this program, nothing that anybody sent.
fn condition(wanted: &Wanted, marks: &[Vec<i64>], part: &Part, before: i64) -> String {
    let Part { after, until, indexed } = part;
    let mut all = vec![format!(
        "first_seq > {after} AND first_seq <= {until} AND first_seq < {before}"
    )];
    // A row that has the record of a number is the last that does not begin behind it.
    let row = |seq: &i64| format!("first_seq = (SELECT max(first_seq) FROM sm_audit WHERE first_seq <= {seq})");
    all.extend(wanted.seqs.iter().map(|seqs| any(seqs.iter().map(row))));
    let time = |(from, until): &(Seconds, Seconds)| format!("(latest >= {from} AND earliest < {until})");
    all.extend(wanted.times.iter().map(|times| any(times.iter().map(time))));
    if *indexed {
        all.extend(marks.iter().map(|marks| {
            let marks = list(marks);
            format!(
                "first_seq IN (SELECT m.first_seq FROM sm_audit_run r JOIN sm_audit_mark m ON m.run = r.last_seq AND m.mark IN ({marks}) \
                 WHERE r.last_seq > {after} AND r.last_seq <= {until})"
            )
        }));
    }
    all.join(" AND ")
}

/// Numbers for `IN`; of none, nothing is found.
fn list(numbers: &[i64]) -> String {
    let mut text = "NULL".to_owned();
    for number in numbers {
        // Writing to a String cannot fail.
        let _ = write!(text, ", {number}");
    }
    text
}

/// One of these; of none, nothing is found.
fn any(conditions: impl Iterator<Item = String>) -> String {
    let conditions: Vec<String> = conditions.collect();
    match conditions.is_empty() {
        true => "1 = 0".to_owned(),
        false => format!("({})", conditions.join(" OR ")),
    }
}

impl Wanted {
    /// What is looked up; of each list one must be there.
    fn keys(&self) -> Vec<Vec<Key<'_>>> {
        let entities = self
            .entities
            .iter()
            .map(|some| some.iter().map(|name| Key::Entity(name)).collect());
        let agents = self
            .agents
            .iter()
            .map(|some| some.iter().map(|name| Key::Agent(name)).collect());
        let done = self
            .interactions
            .iter()
            .map(|some| some.iter().copied().map(Key::Interaction).collect());
        let ended = self
            .outcomes
            .iter()
            .map(|some| some.iter().copied().map(Key::Outcome).collect());
        entities.chain(agents).chain(done).chain(ended).collect()
    }

    /// Whether an entry is wanted; `wanted` is [`Wanted::keys`].
    fn fits(&self, Entry { seq, record }: &Entry, wanted: &[Vec<Key<'_>>]) -> bool {
        let keys = record.keys();
        let in_time =
            |times: &Vec<(Seconds, Seconds)>| times.iter().any(|(from, until)| (*from..*until).contains(&record.at));
        self.before.is_none_or(|before| *seq < before)
            && self.seqs.iter().all(|seqs| seqs.contains(seq))
            && self.times.iter().all(in_time)
            && wanted.iter().all(|some| some.iter().any(|key| keys.contains(key)))
    }
}
