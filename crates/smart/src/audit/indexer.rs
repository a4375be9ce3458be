//! The thread that indexes what was written, so that no answer waits for it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use mapper::db::{AnyConnection, Manager};

use super::chain::ChainKey;
use super::index::{RUN, index};
use crate::Error;

/// How long nothing is tried after a failure, which each commit would have repeated.
const PAUSE: Duration = Duration::from_secs(1);

/// Whose turn it is to write. SQLite lets one connection write at a time, and has another look again after some milliseconds.
#[derive(Clone, Default)]
pub(super) struct Turn(Arc<Mutex<()>>);

impl Turn {
    /// With PostgreSQL it is always everybody's.
    pub fn wait(&self, conn: &AnyConnection) -> Option<MutexGuard<'_, ()>> {
        match conn {
            AnyConnection::Sqlite(_) => Some(self.0.lock().unwrap_or_else(PoisonError::into_inner)),
            AnyConnection::Postgres(_) => None,
        }
    }
}

/// Wakes the thread, which ends when this is dropped and nothing is left to index.
pub(super) struct Indexer {
    wake: SyncSender<()>,
    /// The number of the last record that was indexed.
    indexed: Arc<AtomicI64>,
}

impl Indexer {
    /// Starts the thread.
    pub fn start(manager: Manager, key: ChainKey, turn: Turn) -> std::io::Result<(Self, JoinHandle<()>)> {
        // One that waits is enough: whoever is woken indexes all there is.
        let (wake, woken) = sync_channel(1);
        let indexed = Arc::new(AtomicI64::new(0));
        let work = Work {
            manager,
            key,
            turn,
            indexed: Arc::clone(&indexed),
        };
        let thread = std::thread::Builder::new()
            .name("audit index".to_owned())
            .spawn(move || work.serve(&woken))?;
        Ok((Self { wake, indexed }, thread))
    }

    /// Says which record was written last.
    pub fn written(&self, last: i64) {
        if last - self.indexed.load(Ordering::Relaxed) >= RUN {
            // Full: the thread will look anyway. Gone: it has said why.
            let _ = self.wake.try_send(());
        }
    }
}

struct Work {
    manager: Manager,
    key: ChainKey,
    turn: Turn,
    indexed: Arc<AtomicI64>,
}

impl Work {
    fn serve(self, woken: &Receiver<()>) {
        let mut conn = None;
        while woken.recv().is_ok() {
            if let Err(error) = self.index(&mut conn) {
                conn = None;
                tracing::error!(target: "chartgate", %error, "records of accesses could not be indexed");
                std::thread::sleep(PAUSE);
            }
        }
    }

    /// Indexes run after run, as long as there are records for one.
    fn index(&self, conn: &mut Option<AnyConnection>) -> Result<(), Error> {
        let conn = match conn {
            Some(conn) => conn,
            none => none.insert(self.manager.open().map_err(|_away| Error::Trail)?),
        };
        loop {
            let indexed = index(conn, &self.key, &self.turn)?;
            if self.indexed.swap(indexed, Ordering::Relaxed) == indexed {
                return Ok(());
            }
        }
    }
}
