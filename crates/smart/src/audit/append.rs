//! Records as rows behind those that are there.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use mapper::db::AnyConnection;

use super::Record;
use super::chain::{ChainKey, START};
use crate::Error;
use crate::store::Seconds;
use crate::store::tables::{sm_audit, sm_audit_mark};

/// Accesses whose marks are together.
pub(super) const BUCKET: i64 = 256;

/// Where the marks of an access are.
pub(super) fn bucket(seq: i64) -> i64 {
    seq / BUCKET
}

/// A record, ready to be written.
pub(super) struct Line {
    at: Seconds,
    kind: &'static str,
    status: i64,
    text: String,
    marks: Vec<i64>,
}

impl Line {
    pub fn of(record: &Record, key: &ChainKey) -> Result<Self, Error> {
        Ok(Self {
            at: record.at,
            kind: record.interaction.code(),
            status: record.status.into(),
            text: serde_json::to_string(record).map_err(|_json| Error::Trail)?,
            marks: key.marks(&record.keys()),
        })
    }
}

/// A line in its place: number and hash.
struct Placed<'a> {
    seq: i64,
    hash: String,
    line: &'a Line,
}

/// Writes lines, in one transaction that the caller begins and ends.
pub(super) fn append(conn: &mut AnyConnection, key: &ChainKey, lines: &[Line]) -> QueryResult<()> {
    if let AnyConnection::Postgres(pg) = conn {
        // One link behind the other, also when several servers write.
        pg.batch_execute("SELECT pg_advisory_xact_lock(hashtext('chartgate audit'))")?;
    }
    let last = sm_audit::table
        .order(sm_audit::seq.desc())
        .select((sm_audit::seq, sm_audit::hash));
    let last: Option<(i64, String)> = last.first(conn).optional()?;
    let (mut seq, mut hash) = last.unwrap_or((0, START.to_owned()));
    let place = |line| {
        let Line { at, text, .. }: &Line = line;
        seq += 1;
        hash = key.link(&hash, seq, *at, text);
        Placed {
            seq,
            hash: hash.clone(),
            line,
        }
    };
    let placed: Vec<Placed<'_>> = lines.iter().map(place).collect();
    match conn {
        AnyConnection::Sqlite(sqlite) => one_by_one(sqlite, &placed),
        AnyConnection::Postgres(pg) => at_once(pg, &placed),
    }
}

/// Where a statement costs no journey, prepared ones are quickest.
fn one_by_one(conn: &mut SqliteConnection, placed: &[Placed<'_>]) -> QueryResult<()> {
    for Placed { seq, hash, line } in placed {
        let values = (
            sm_audit::seq.eq(seq),
            sm_audit::at.eq(line.at),
            sm_audit::kind.eq(line.kind),
            sm_audit::status.eq(line.status),
            sm_audit::record.eq(&line.text),
            sm_audit::hash.eq(hash),
        );
        diesel::insert_into(sm_audit::table).values(values).execute(conn)?;
        for mark in &line.marks {
            let values = (
                sm_audit_mark::bucket.eq(bucket(*seq)),
                sm_audit_mark::mark.eq(mark),
                sm_audit_mark::seq.eq(seq),
            );
            diesel::insert_into(sm_audit_mark::table).values(values).execute(conn)?;
        }
    }
    Ok(())
}

/// Two statements, however many lines.
fn at_once(conn: &mut PgConnection, placed: &[Placed<'_>]) -> QueryResult<()> {
    let numbers = |of: &dyn Fn(&Placed<'_>) -> i64| -> Vec<i64> { placed.iter().map(of).collect() };
    let rows = "INSERT INTO sm_audit (seq, at, kind, status, record, hash) \
                SELECT * FROM unnest($1, $2, $3, $4, $5, $6)";
    diesel::sql_query(rows)
        .bind::<Array<BigInt>, _>(numbers(&|placed| placed.seq))
        .bind::<Array<BigInt>, _>(numbers(&|placed| placed.line.at))
        .bind::<Array<Text>, _>(placed.iter().map(|placed| placed.line.kind).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(numbers(&|placed| placed.line.status))
        .bind::<Array<Text>, _>(placed.iter().map(|placed| &placed.line.text).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(placed.iter().map(|placed| &placed.hash).collect::<Vec<_>>())
        .execute(conn)?;
    let marks = placed
        .iter()
        .flat_map(|placed| placed.line.marks.iter().map(|mark| (*mark, placed.seq)));
    let (marks, seqs): (Vec<i64>, Vec<i64>) = marks.unzip();
    let rows = "INSERT INTO sm_audit_mark (bucket, mark, seq) SELECT * FROM unnest($1, $2, $3)";
    diesel::sql_query(rows)
        .bind::<Array<BigInt>, _>(seqs.iter().map(|seq| bucket(*seq)).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(marks)
        .bind::<Array<BigInt>, _>(seqs)
        .execute(conn)
        .map(|_| ())
}
