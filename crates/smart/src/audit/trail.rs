//! Writing: one thread takes what waits and writes it at once, so that many requests share a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::connection::SimpleConnection;
use mapper::db::{AnyConnection, Manager};
use tokio::sync::oneshot;

use super::Record;
use super::append::append;
use super::chain::{ChainKey, Head};
use super::index::{RUN, index};
use super::row::Line;
use crate::Error;
use crate::store::Store;

/// Records that may wait: above that requests are answered with 503.
const QUEUE: usize = 4_096;
/// Records in one row.
const TOGETHER: usize = 512;

/// How long a request waits for its record; a database takes no longer for a statement either.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long records are gathered for which nobody waits.
const GATHER: Duration = Duration::from_millis(10);

/// How long a record waits at most for those of other requests that are under way, and how often is looked whether they have come: a commit
/// costs as much as several records (as PostgreSQL's `commit_delay` and `commit_siblings` have it).
const DELAY: Duration = Duration::from_millis(2);
const LOOK: Duration = Duration::from_micros(250);

/// How long to wait before looking again whether there is room.
const PAUSE: Duration = Duration::from_millis(2);

/// The trail.
pub struct Trail {
    /// Until it is dropped.
    queue: Option<Sender<Waiting>>,
    writer: Option<JoinHandle<()>>,
    under_way: Arc<AtomicUsize>,
    pub(super) store: Arc<Store>,
    pub(super) key: ChainKey,
}

/// A request whose record will come, until this is dropped.
pub struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Waiting {
    line: Line,
    /// Who waits for it.
    written: Option<oneshot::Sender<bool>>,
}

impl Trail {
    /// A trail in the state's database, with a connection of its own. The writer's thread runs until the trail is dropped.
    ///
    /// # Errors
    /// [`Error::Trail`] when the thread cannot be started.
    pub fn open(store: Arc<Store>, manager: Manager, secret: &[u8]) -> Result<Self, Error> {
        let (queue, waiting) = bounded(QUEUE);
        let key = ChainKey::derive(secret);
        let under_way = Arc::new(AtomicUsize::new(0));
        let writer = Writer {
            under_way: Arc::clone(&under_way),
            manager,
            key: key.clone(),
            conn: None,
            head: None,
            indexed: 0,
        };
        let writer = std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.serve(&waiting))
            .map_err(|_os| Error::Trail)?;
        Ok(Self {
            queue: Some(queue),
            writer: Some(writer),
            under_way,
            store,
            key,
        })
    }

    /// Says that a request is being answered: records that could be written with its own wait a moment for it.
    #[must_use]
    pub fn begin(&self) -> UnderWay {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(&self.under_way))
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
        while self.queue.as_ref().is_some_and(Sender::is_full) && begun.elapsed() < PATIENCE {
            tokio::time::sleep(PAUSE).await;
        }
        self.enqueue(record, None)
    }

    fn enqueue(&self, record: &Record, written: Option<oneshot::Sender<bool>>) -> Result<(), Error> {
        let line = Line::of(record)?;
        let queue = self.queue.as_ref().ok_or(Error::Trail)?;
        queue.try_send(Waiting { line, written }).map_err(|_full| Error::Trail)
    }
}

impl Drop for Trail {
    /// Waits until the records that wait are written.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has said so.
            let _ = writer.join();
        }
    }
}

struct Writer {
    under_way: Arc<AtomicUsize>,
    manager: Manager,
    key: ChainKey,
    conn: Option<AnyConnection>,
    /// The last record that was written, unless another server has written since.
    head: Option<Head>,
    /// The number of the last record that was indexed.
    indexed: i64,
}

impl Writer {
    fn serve(mut self, waiting: &Receiver<Waiting>) {
        while let Ok(first) = waiting.recv() {
            match first.written {
                Some(_) => self.wait_for_others(waiting),
                // Nobody waits, and more together cost less.
                None => std::thread::sleep(GATHER),
            }
            let more = waiting.try_iter().take(TOGETHER - 1);
            let (lines, askers): (Vec<Line>, Vec<_>) = std::iter::once(first)
                .chain(more)
                .map(|waiting| (waiting.line, waiting.written))
                .unzip();
            let written = self.write(&lines);
            self.look_at(&written, "accesses could not be recorded");
            for asker in askers.into_iter().flatten() {
                // Whoever asked may have hung up.
                let _ = asker.send(written.is_ok());
            }
            let indexed = self.index();
            self.look_at(&indexed, "records of accesses could not be indexed");
        }
    }

    /// Waits as long as more requests are under way than wait for a commit, and not for long.
    fn wait_for_others(&self, waiting: &Receiver<Waiting>) {
        let begun = Instant::now();
        while waiting.len() < self.under_way.load(Ordering::Relaxed).min(TOGETHER) && begun.elapsed() < DELAY {
            std::thread::sleep(LOOK);
        }
    }

    /// After a failure the next attempt has a new connection.
    fn look_at(&mut self, done: &Result<(), Error>, trouble: &str) {
        if let Err(error) = done {
            self.conn = None;
            self.head = None;
            tracing::error!(target: "chartgate", %error, "{trouble}");
        }
    }

    fn write(&mut self, lines: &[Line]) -> Result<(), Error> {
        let head = self.head.take();
        let key = self.key.clone();
        self.head = Some(append(self.conn()?, &key, head, lines)?);
        Ok(())
    }

    fn index(&mut self) -> Result<(), Error> {
        let key = self.key.clone();
        while self.head.as_ref().is_some_and(|head| head.seq - self.indexed >= RUN) {
            let indexed = index(self.conn()?, &key)?;
            if indexed == self.indexed {
                break;
            }
            self.indexed = indexed;
        }
        Ok(())
    }

    fn conn(&mut self) -> Result<&mut AnyConnection, Error> {
        Ok(match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(connect(&self.manager)?),
        })
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
