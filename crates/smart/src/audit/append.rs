//! A row behind those that are there.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Refused};
use mapper::db::AnyConnection;

use super::chain::{ChainKey, Head};
use super::row::{Line, Row};
use crate::store::tables::sm_audit;
use crate::store::transaction;

/// Writes lines as one row; the head is then the last of them. Where `head` is known, that is one statement, with a commit of its own.
pub(super) fn append(
    conn: &mut AnyConnection,
    key: &ChainKey,
    head: Option<Head>,
    lines: &[Line],
) -> QueryResult<Head> {
    if let Some(head) = head {
        match insert(conn, key, &head, lines) {
            // Another server wrote meanwhile, so that there is a row of this number.
            Err(Refused::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
            done => return done,
        }
    }
    transaction(conn, &mut |conn| {
        if let AnyConnection::Postgres(pg) = conn {
            // Nobody else writes until this is done, also not whoever thinks to know the head.
            pg.batch_execute("LOCK TABLE sm_audit IN SHARE ROW EXCLUSIVE MODE")?;
        }
        let head = head_of(conn)?;
        insert(conn, key, &head, lines)
    })
}

fn insert(conn: &mut AnyConnection, key: &ChainKey, head: &Head, lines: &[Line]) -> QueryResult<Head> {
    let (row, head) = Row::behind(head, key, lines);
    let insert = diesel::insert_into(sm_audit::table).values(row);
    // Of the connections themselves, which keep it prepared.
    match conn {
        AnyConnection::Sqlite(sqlite) => insert.execute(sqlite)?,
        AnyConnection::Postgres(pg) => insert.execute(pg)?,
    };
    Ok(head)
}

fn head_of(conn: &mut AnyConnection) -> QueryResult<Head> {
    let row: Option<Row> = sm_audit::table
        .order(sm_audit::first_seq.desc())
        .first(conn)
        .optional()?;
    let head = row.map(|row| Head {
        seq: row.last_seq,
        hash: row.lines().next_back().unwrap_or_default().0.to_owned(),
    });
    Ok(head.unwrap_or_default())
}
