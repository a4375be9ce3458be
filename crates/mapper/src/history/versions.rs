//! The versions of one resource.

use chrono::NaiveDateTime;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::{Before, State, Version, past};
use crate::Error;
use crate::db::AnyConnection;
use crate::load::journal::{UNTIL, was};
use crate::load::statement::{Statement, quoted};
use crate::provider::{Found, Provider};
use crate::source::{Ask, Inner};

/// A resource that is asked for.
pub(super) struct Wanted<'a> {
    pub inner: &'a Inner,
    pub provider: &'a dyn Provider,
    pub key: &'a str,
    pub ask: &'a Ask,
}

/// A time during which a row stayed as it was: the load that ended it, why it was not served, since when it was so.
type Spell = (Option<i64>, Option<String>, NaiveDateTime);

impl Wanted<'_> {
    /// Its versions up to a load, newest first, with the load that ended each.
    ///
    /// The row is read as it was in each of its spells, since only its mapping can tell what became of it: a row may have been
    /// another mapping's, or none that can be served. They are as many as loads that changed the row.
    pub fn versions(&self, conn: &mut AnyConnection, newest: i64) -> Result<Vec<(Option<i64>, Version)>, Error> {
        let mut all = vec![];
        for (until, hold, at) in self.spells(conn, newest).map_err(Error::Query)? {
            let mut state = State::Deleted;
            if hold.is_none() {
                past::look(conn, until.map_or(newest, |until| until - 1)).map_err(Error::Query)?;
                if let Found::Resource(hit) = self.provider.read(conn, self.key, self.ask.context(self.inner))? {
                    state = State::Resource(hit);
                }
            }
            add(&mut all, until, at, state);
        }
        all.reverse();
        Ok(all)
    }

    /// The spells of its row, oldest first.
    fn spells(&self, conn: &mut AnyConnection, newest: i64) -> diesel::QueryResult<Vec<Spell>> {
        let table = self.provider.table();
        let sql = format!(
            "SELECT {UNTIL}, cg_hold, cg_updated FROM {} WHERE key = ",
            quoted(&was(table))
        );
        let mut spells = Statement::new(sql)
            .bind(self.key)
            .sql(format!(" AND {UNTIL} <= "))
            .bind(newest)
            .sql(format!(" ORDER BY {UNTIL}"))
            .rows::<(Nullable<BigInt>, Nullable<Text>, Timestamp), Spell>(conn)?;
        past::look(conn, newest)?;
        let sql = format!(
            "SELECT CAST(NULL AS bigint), cg_hold, cg_updated FROM {} WHERE key = ",
            quoted(table)
        );
        let now = Statement::new(sql).bind(self.key);
        spells.extend(now.rows::<(Nullable<BigInt>, Nullable<Text>, Timestamp), Spell>(conn)?);
        Ok(spells)
    }
}

/// Adds what followed. A resource begins with its first content, and is deleted once until it is there again.
fn add(all: &mut Vec<(Option<i64>, Version)>, until: Option<i64>, at: NaiveDateTime, state: State) {
    let deleted = matches!(state, State::Deleted);
    let before = match all.last_mut() {
        None if deleted => return,
        None => Before::Nothing,
        Some((ended, last)) if matches!(last.state, State::Deleted) => {
            if deleted {
                *ended = until;
                return;
            }
            Before::Deleted
        }
        Some(_) => Before::Resource,
    };
    all.push((until, Version { at, state, before }));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::param::Target;
    use crate::provider::Hit;

    fn at(n: i64) -> NaiveDateTime {
        chrono::DateTime::from_timestamp(n, 0).unwrap().naive_utc()
    }

    fn served(n: i64) -> State {
        State::Resource(Box::new(Hit {
            target: Target {
                ty: fhir::r4::ResourceType::Patient,
                kind: "pt",
            },
            key: "1".into(),
            sort: vec![],
            id: "a.pt.1".into(),
            updated: at(n),
            patient: None,
            body: fhir::json::Encoded {
                json: bytes::Bytes::new(),
                version: n.to_string(),
            },
        }))
    }

    /// What becomes of states, each of which the load two numbers on ended; the last one still is.
    fn versions(states: &[bool]) -> Vec<(Option<i64>, bool, i64, Before)> {
        let mut all = vec![];
        for (n, there) in (0..).zip(states) {
            let until = (n + 1 < i64::try_from(states.len()).unwrap()).then_some(n + 2);
            add(&mut all, until, at(n), if *there { served(n) } else { State::Deleted });
        }
        let tell = |(until, v): (Option<i64>, Version)| {
            let there = matches!(v.state, State::Resource(_));
            (until, there, v.at.and_utc().timestamp(), v.before)
        };
        all.into_iter().map(tell).collect()
    }

    #[test]
    fn a_history_begins_when_the_row_is_first_served() {
        use Before::{Nothing, Resource};
        assert_eq!(versions(&[false]), []);
        assert_eq!(versions(&[true]), [(None, true, 0, Nothing)]);
        assert_eq!(
            versions(&[false, false, true, true]),
            [(Some(4), true, 2, Nothing), (None, true, 3, Resource)]
        );
    }

    #[test]
    fn a_resource_goes_once_and_may_come_back() {
        use Before::{Deleted, Nothing, Resource};
        assert_eq!(
            versions(&[true, false, false, true]),
            [
                (Some(2), true, 0, Nothing),
                (Some(4), false, 1, Resource),
                (None, true, 3, Deleted)
            ]
        );
    }
}
