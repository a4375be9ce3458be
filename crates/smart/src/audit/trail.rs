//! Writing: one thread takes what waits and writes it at once, so that many requests share a commit.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use mapper::db::{AnyConnection, Manager};
use tokio::sync::oneshot;

use super::Record;
use super::append::append;
use super::chain::{ChainKey, Head};
use super::indexer::{Indexer, Turn};
use super::queue::{Queue, UnderWay, Waiting};
use super::row::Line;
use crate::Error;
use crate::store::Store;

/// How long a request waits for its record; a database takes no longer for a statement either.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait before looking again whether there is room.
const PAUSE: Duration = Duration::from_millis(2);

/// The trail.
pub struct Trail {
    queue: Arc<Queue>,
    /// The one that writes before the one that indexes.
    threads: Vec<JoinHandle<()>>,
    pub(super) store: Arc<Store>,
    pub(super) key: ChainKey,
}

impl Trail {
    /// A trail in the state's database, with connections of its own. Its threads run until the trail is dropped.
    ///
    /// # Errors
    /// [`Error::Trail`] when the threads cannot be started.
    pub fn open(store: Arc<Store>, manager: Manager, secret: &[u8]) -> Result<Self, Error> {
        let queue = Arc::new(Queue::default());
        let key = ChainKey::derive(secret);
        let turn = Turn::default();
        let (indexer, indexing) =
            Indexer::start(manager.clone(), key.clone(), turn.clone()).map_err(|_os| Error::Trail)?;
        let writer = Writer {
            queue: Arc::clone(&queue),
            manager,
            key: key.clone(),
            turn,
            conn: None,
            head: None,
            indexer,
        };
        let writing = std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.serve())
            .map_err(|_os| Error::Trail)?;
        Ok(Self {
            queue,
            threads: vec![writing, indexing],
            store,
            key,
        })
    }

    /// Says that a request is being answered: records that could be written with its own wait a moment for it.
    #[must_use]
    pub fn begin(&self) -> UnderWay {
        self.queue.begin()
    }

    /// Writes a record; when this returns, it is on disk.
    ///
    /// # Errors
    /// [`Error::Trail`]: then the answer must not go out.
    pub async fn write(&self, record: &Record) -> Result<(), Error> {
        let (written, answer) = oneshot::channel();
        self.enqueue(record, Some(written))?;
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false) | Err(_)) | Err(_) => Err(Error::Trail),
        }
    }

    /// Has a record written soon: this returns when it waits in memory. What waits when the machine stops is lost.
    ///
    /// # Errors
    /// [`Error::Trail`] when too much waits for too long.
    pub async fn write_later(&self, record: &Record) -> Result<(), Error> {
        let begun = Instant::now();
        while self.queue.is_full() && begun.elapsed() < PATIENCE {
            tokio::time::sleep(PAUSE).await;
        }
        self.enqueue(record, None)
    }

    fn enqueue(&self, record: &Record, written: Option<oneshot::Sender<bool>>) -> Result<(), Error> {
        let line = Line::of(record)?;
        self.queue.push(Waiting { line, written }).map_err(|_full| Error::Trail)
    }
}

impl Drop for Trail {
    /// Waits until the records that wait are written.
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // One that panicked has said so.
            let _ = thread.join();
        }
    }
}

struct Writer {
    queue: Arc<Queue>,
    manager: Manager,
    key: ChainKey,
    turn: Turn,
    conn: Option<AnyConnection>,
    /// The last record that was written, unless another server has written since.
    head: Option<Head>,
    indexer: Indexer,
}

impl Drop for Writer {
    /// Also when it panics.
    fn drop(&mut self) {
        self.queue.abandon();
    }
}

impl Writer {
    fn serve(mut self) {
        while let Some(taken) = self.queue.take() {
            let (lines, askers): (Vec<Line>, Vec<_>) =
                taken.into_iter().map(|waiting| (waiting.line, waiting.written)).unzip();
            let written = self.write(&lines);
            self.queue.answer(askers.len());
            for asker in askers.into_iter().flatten() {
                // Whoever asked may have hung up.
                let _ = asker.send(written.is_ok());
            }
            match written {
                Ok(last) => self.indexer.written(last),
                Err(error) => {
                    // The next attempt has a new connection.
                    self.conn = None;
                    tracing::error!(target: "chartgate", %error, "accesses could not be recorded");
                }
            }
        }
    }

    /// Tells the number of the last of them.
    fn write(&mut self, lines: &[Line]) -> Result<i64, Error> {
        // Unknown after a failure.
        let head = self.head.take();
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(connect(&self.manager)?),
        };
        let _turn = self.turn.wait(conn);
        let head = append(conn, &self.key, head, lines)?;
        let last = head.seq;
        self.head = Some(head);
        Ok(last)
    }
}

/// A connection on which a commit is on disk when it returns, also when the power fails then.
fn connect(manager: &Manager) -> Result<AnyConnection, Error> {
    let mut conn = manager.open().map_err(|_away| Error::Trail)?;
    match &mut conn {
        AnyConnection::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA synchronous = FULL")?,
        AnyConnection::Postgres(pg) => {
            let limit = PATIENCE.as_millis();
            pg.batch_execute(&format!(
                "SET synchronous_commit = on; SET statement_timeout = {limit}; SET lock_timeout = {limit}"
            ))?;
        }
    }
    Ok(conn)
}
