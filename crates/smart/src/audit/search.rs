//! Reading the trail: for administrators, and for patients who want to know who looked.

use std::fmt::Write;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::append::BUCKET;
use super::record::Key;
use super::{Interaction, Outcome, Record, Trail};
use crate::Error;
use crate::store::Seconds;

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

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    record: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Trail {
    /// Records that fit, newest first; at most `limit`.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn search(&self, wanted: &Wanted, limit: i64) -> Result<Vec<Entry>, Error> {
        let conditions = self.conditions(wanted);
        let sql =
            format!("SELECT a.seq, a.record FROM sm_audit a WHERE {conditions} ORDER BY a.seq DESC LIMIT {limit}");
        let rows = self
            .store
            .read(move |conn| diesel::sql_query(&sql).load::<Row>(conn))
            .await?;
        let entry = |row: Row| {
            let record = serde_json::from_str(&row.record).map_err(|_json| Error::Stored("audit record"))?;
            Ok(Entry { seq: row.seq, record })
        };
        let entries: Vec<Entry> = rows.into_iter().map(entry).collect::<Result<_, Error>>()?;
        // A mark stands for what it was made of, and could stand for something else.
        Ok(entries.into_iter().filter(|entry| wanted.fits(&entry.record)).collect())
    }

    /// How many records fit, on whatever page.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn count(&self, wanted: &Wanted) -> Result<u64, Error> {
        let conditions = self.conditions(&Wanted {
            before: None,
            ..wanted.clone()
        });
        let sql = format!("SELECT count(*) AS n FROM sm_audit a WHERE {conditions}");
        let counted = self
            .store
            .read(move |conn| diesel::sql_query(&sql).get_result::<Count>(conn));
        Ok(u64::try_from(counted.await?.n).unwrap_or_default())
    }

    /// All in the conditions is numbers and words of this program, nothing that anybody sent.
    fn conditions(&self, wanted: &Wanted) -> String {
        let marks = |names: &[String], key: fn(&str) -> Key<'_>| -> Vec<i64> {
            names.iter().map(|name| self.key.mark(key(name))).collect()
        };
        let entities = wanted
            .entities
            .iter()
            .map(|names| marks(names, |name| Key::Entity(name)));
        let agents = wanted.agents.iter().map(|names| marks(names, |name| Key::Agent(name)));
        let mut all = vec!["1 = 1".to_owned()];
        all.extend(entities.chain(agents).map(|marks| marked(&marks)));
        all.extend(wanted.before.map(|before| format!("a.seq < {before}")));
        all.extend(wanted.seqs.iter().map(|seqs| format!("a.seq IN ({})", list(seqs))));
        let time = |(from, until): &(Seconds, Seconds)| format!("(a.at >= {from} AND a.at < {until})");
        all.extend(wanted.times.iter().map(|times| any(times.iter().map(time))));
        let kind = |interaction: &Interaction| format!("a.kind = '{}'", interaction.code());
        all.extend(wanted.interactions.iter().map(|some| any(some.iter().map(kind))));
        let ended = |outcome: &Outcome| {
            let (from, until) = outcome.statuses();
            format!("(a.status >= {from} AND a.status < {until})")
        };
        all.extend(wanted.outcomes.iter().map(|some| any(some.iter().map(ended))));
        all.join(" AND ")
    }
}

/// Records with one of these marks: they are looked up in one bucket after the other.
fn marked(marks: &[i64]) -> String {
    let marks = list(marks);
    format!(
        "a.seq IN (WITH RECURSIVE b (n) AS (SELECT CAST(0 AS bigint) UNION ALL SELECT n + 1 FROM b \
         WHERE n < (SELECT max(seq) / {BUCKET} FROM sm_audit)) \
         SELECT m.seq FROM b JOIN sm_audit_mark m ON m.bucket = b.n AND m.mark IN ({marks}))"
    )
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
    fn fits(&self, record: &Record) -> bool {
        let keys = record.keys();
        let has = |names: &[String], key: fn(&str) -> Key<'_>| names.iter().any(|name| keys.contains(&key(name)));
        self.entities.iter().all(|names| has(names, |name| Key::Entity(name)))
            && self.agents.iter().all(|names| has(names, |name| Key::Agent(name)))
    }
}
