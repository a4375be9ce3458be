//! Writing: one thread takes what waits and writes it in one transaction, so that many requests share a commit.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use mapper::db::{AnyConnection, Manager};
use tokio::sync::oneshot;

use super::Record;
use super::chain::{ChainKey, START};
use crate::Error;
use crate::store::tables::{sm_audit, sm_audit_entity};
use crate::store::{Store, transaction};

/// Records that may wait: above that requests are answered with 503.
const QUEUE: usize = 4_096;
/// Records in one transaction.
const TOGETHER: usize = 256;

/// The trail.
pub struct Trail {
    queue: Sender<Waiting>,
    pub(super) store: Arc<Store>,
    pub(super) key: ChainKey,
}

struct Waiting {
    record: Record,
    written: oneshot::Sender<bool>,
}

impl Trail {
    /// A trail in the state's database, with a connection of its own.
    ///
    /// # Errors
    /// [`Error::Trail`] when its thread cannot be started.
    pub fn open(store: Arc<Store>, manager: Manager, secret: &[u8]) -> Result<Self, Error> {
        let (queue, waiting) = bounded(QUEUE);
        let key = ChainKey::derive(secret);
        let writer = Writer {
            manager,
            key: key.clone(),
            conn: None,
        };
        std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.serve(&waiting))
            .map_err(|_os| Error::Trail)?;
        Ok(Self { queue, store, key })
    }

    /// Writes a record; when this returns, it is on disk.
    ///
    /// # Errors
    /// [`Error::Trail`]: then the answer must not go out.
    pub async fn write(&self, record: Record) -> Result<(), Error> {
        let (written, answer) = oneshot::channel();
        let full = self.queue.try_send(Waiting { record, written }).is_err();
        if !full && answer.await.unwrap_or(false) {
            Ok(())
        } else {
            Err(Error::Trail)
        }
    }
}

struct Writer {
    manager: Manager,
    key: ChainKey,
    conn: Option<AnyConnection>,
}

impl Writer {
    fn serve(mut self, waiting: &Receiver<Waiting>) {
        while let Ok(first) = waiting.recv() {
            let batch: Vec<Waiting> = std::iter::once(first)
                .chain(waiting.try_iter().take(TOGETHER - 1))
                .collect();
            let written = self.write(&batch).is_ok();
            if !written {
                // The next batch tries a new connection.
                self.conn = None;
                tracing::error!("accesses could not be recorded; their requests fail");
            }
            for each in batch {
                // Whoever asked may have hung up.
                let _ = each.written.send(written);
            }
        }
    }

    fn write(&mut self, batch: &[Waiting]) -> Result<(), Error> {
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(connect(&self.manager)?),
        };
        let records: Option<Vec<(&Record, String)>> = batch
            .iter()
            .map(|each| Some((&each.record, serde_json::to_string(&each.record).ok()?)))
            .collect();
        let records = records.ok_or(Error::Trail)?;
        let key = &self.key;
        transaction(conn, &mut |conn| append(conn, key, &records))?;
        Ok(())
    }
}

/// On SQLite a commit of the trail is on disk, also when the power fails.
fn connect(manager: &Manager) -> Result<AnyConnection, Error> {
    let mut conn = manager.open().map_err(|_away| Error::Trail)?;
    if let AnyConnection::Sqlite(sqlite) = &mut conn {
        sqlite.batch_execute("PRAGMA synchronous = FULL")?;
    }
    Ok(conn)
}

fn append(conn: &mut AnyConnection, key: &ChainKey, records: &[(&Record, String)]) -> QueryResult<()> {
    if let AnyConnection::Postgres(pg) = conn {
        // One link behind the other, also when several servers write.
        pg.batch_execute("SELECT pg_advisory_xact_lock(hashtext('chartgate audit'))")?;
    }
    let last = sm_audit::table
        .order(sm_audit::seq.desc())
        .select((sm_audit::seq, sm_audit::hash));
    let last: Option<(i64, String)> = last.first(conn).optional()?;
    let (mut seq, mut hash) = last.unwrap_or((0, START.to_owned()));
    for (record, text) in records {
        seq += 1;
        hash = key.link(&hash, seq, record.at, text);
        let values = (
            sm_audit::seq.eq(seq),
            sm_audit::at.eq(record.at),
            sm_audit::client.eq(record.client.as_ref()),
            sm_audit::subject.eq(record.subject.as_ref()),
            sm_audit::outcome.eq(i64::from(record.status)),
            sm_audit::record.eq(text),
            sm_audit::hash.eq(&hash),
        );
        diesel::insert_into(sm_audit::table).values(values).execute(conn)?;
        let mut named: Vec<&String> = record.patients.iter().chain(&record.resources).collect();
        named.sort_unstable();
        named.dedup();
        for reference in named {
            let values = (sm_audit_entity::reference.eq(reference), sm_audit_entity::seq.eq(seq));
            diesel::insert_into(sm_audit_entity::table)
                .values(values)
                .execute(conn)?;
        }
    }
    Ok(())
}
