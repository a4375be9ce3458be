//! What records are found by. Some thousand records are indexed at once, in one run: one after the other would cost each answer a
//! write in many places. Records behind the last run are few enough to be looked at one by one.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use mapper::db::AnyConnection;

use super::chain::ChainKey;
use super::indexer::Turn;
use super::row::{self, Row};
use crate::store::tables::{sm_audit, sm_audit_run};
use crate::store::transaction;

/// Records that are indexed together: those of the rows that begin with one of them.
pub(super) const RUN: i64 = 4_096;

/// Indexes a run when there are enough records behind the last one; tells the number of the last record that is indexed then.
///
/// Its turn begins when there is something to write.
pub(super) fn index(conn: &mut AnyConnection, key: &ChainKey, turn: &Turn) -> QueryResult<i64> {
    let indexed = indexed(conn)?;
    let rows: Vec<Row> = sm_audit::table
        .filter(
            sm_audit::first_seq
                .gt(indexed)
                .and(sm_audit::first_seq.le(indexed + RUN)),
        )
        .order(sm_audit::first_seq)
        .load(conn)?;
    let Some(last) = rows.last().map(|row| row.last_seq).filter(|last| last - indexed >= RUN) else {
        return Ok(indexed);
    };
    let run = Run {
        indexed,
        last,
        marks: &marks(&rows, key),
    };
    let _turn = turn.wait(conn);
    transaction(conn, &mut |conn| add(conn, &run))
}

/// A run that is to be written behind the record `indexed`.
struct Run<'m> {
    indexed: i64,
    last: i64,
    marks: &'m [(i64, i64)],
}

/// Writes a run, unless another server has indexed meanwhile.
fn add(conn: &mut AnyConnection, run: &Run<'_>) -> QueryResult<i64> {
    if let AnyConnection::Postgres(pg) = conn {
        pg.batch_execute("SELECT pg_advisory_xact_lock(hashtext('chartgate audit run'))")?;
    }
    let indexed = indexed(conn)?;
    if indexed != run.indexed {
        return Ok(indexed);
    }
    insert(conn, run.last, run.marks)?;
    let values = sm_audit_run::last_seq.eq(run.last);
    diesel::insert_into(sm_audit_run::table).values(values).execute(conn)?;
    Ok(run.last)
}

/// The number of the last record that is indexed, 0 for none.
fn indexed(conn: &mut AnyConnection) -> QueryResult<i64> {
    let last = sm_audit_run::table
        .order(sm_audit_run::last_seq.desc())
        .select(sm_audit_run::last_seq);
    Ok(last.first(conn).optional()?.unwrap_or_default())
}

/// Marks and the rows that have them, in the order of the table.
fn marks(rows: &[Row], key: &ChainKey) -> Vec<(i64, i64)> {
    let of_row = |row: &Row| {
        let first = row.first_seq;
        row::marks(row.records(), key)
            .into_iter()
            .map(move |mark| (mark, first))
    };
    let mut marks: Vec<(i64, i64)> = rows.iter().flat_map(of_row).collect();
    marks.sort_unstable();
    marks
}

/// One statement, however many marks.
fn insert(conn: &mut AnyConnection, run: i64, marks: &[(i64, i64)]) -> QueryResult<usize> {
    const INTO: &str = "INSERT INTO sm_audit_mark (run, mark, first_seq)";
    match conn {
        AnyConnection::Sqlite(sqlite) => {
            // Numbers alone: this cannot fail.
            let list = serde_json::to_string(marks).unwrap_or_default();
            let rows = format!("{INTO} SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)");
            diesel::sql_query(rows)
                .bind::<BigInt, _>(run)
                .bind::<Text, _>(list)
                .execute(sqlite)
        }
        AnyConnection::Postgres(pg) => {
            let (marks, rows): (Vec<i64>, Vec<i64>) = marks.iter().copied().unzip();
            diesel::sql_query(format!("{INTO} SELECT $1, * FROM unnest($2, $3)"))
                .bind::<BigInt, _>(run)
                .bind::<Array<BigInt>, _>(marks)
                .bind::<Array<BigInt>, _>(rows)
                .execute(pg)
        }
    }
}
