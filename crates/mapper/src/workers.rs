//! The threads that talk to one database.
//!
//! A few long-lived threads each hold a connection with its prepared statements and take work from a bounded
//! queue. That is half again as fast as a pool check-out and a hop per query, and the queue is the limit: when it
//! is full the caller is told at once. r2d2 makes the connections and replaces broken ones.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use diesel::r2d2::{ManageConnection, PooledConnection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use tokio::sync::oneshot;

use crate::Error;
use crate::db::{AnyConnection, Deadline, Manager};

/// How a source uses its database.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Threads, and so connections.
    pub threads: usize,
    /// Requests that may wait.
    pub queue: usize,
    /// How long a statement may run.
    pub statement: Duration,
    /// How long to wait for a connection.
    pub connect: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            threads: 4,
            queue: 256,
            statement: Duration::from_secs(10),
            connect: Duration::from_secs(3),
        }
    }
}

type Job = Box<dyn FnOnce(&mut Worker) + Send>;

/// What a connection shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    /// The tables as they are.
    Now,
    /// The tables as they were ([`history`](crate::history)).
    Past,
}

/// The threads of one source.
pub struct Workers {
    source: Arc<str>,
    queue: Sender<Job>,
}

impl Workers {
    /// Starts the threads. No connection is opened until the first request, so a server starts without its database; a thread
    /// opens one of `past` when it first answers for the past.
    ///
    /// # Errors
    /// [`Error::Config`] when a thread cannot be started.
    pub fn start(source: &str, manager: Manager, past: Option<Manager>, limits: Limits) -> Result<Self, Error> {
        let source: Arc<str> = source.into();
        let now = Arc::new(Pool::new(manager));
        let past = past.map(|manager| Arc::new(Pool::new(manager)));
        let (queue, jobs) = bounded::<Job>(limits.queue);
        for n in 0..limits.threads {
            let (jobs, source) = (jobs.clone(), Arc::clone(&source));
            let (now, past) = (Line::of(Some(&now)), Line::of(past.as_ref()));
            std::thread::Builder::new()
                .name(format!("{source}-{n}"))
                .spawn(move || {
                    Worker {
                        source,
                        limits,
                        now,
                        past,
                    }
                    .serve(&jobs)
                })
                .map_err(|e| Error::Config(format!("no database thread: {e}")))?;
        }
        Ok(Self { source, queue })
    }

    /// Runs `work` on a database thread. It may run twice: when the held connection turns out to be dead, once more on a new one.
    ///
    /// # Errors
    /// What `work` says, [`Error::Busy`] when too much is waiting, [`Error::Unavailable`] without connection.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> Result<T, Error> + Send + 'static,
    {
        self.run_in(Time::Now, work).await
    }

    /// Runs `work` on a connection that shows the past.
    ///
    /// # Errors
    /// As [`Workers::run`].
    pub async fn run_past<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> Result<T, Error> + Send + 'static,
    {
        self.run_in(Time::Past, work).await
    }

    async fn run_in<T, F>(&self, time: Time, mut work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut AnyConnection) -> Result<T, Error> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |worker| {
            if !answer.is_closed() {
                // The receiver may be gone in the meantime: the client hung up.
                let _ = answer.send(worker.run(time, &mut work));
            }
        });
        match self.queue.try_send(job) {
            Ok(()) => answered
                .await
                .map_err(|_closed| Error::Unavailable(self.source.to_string()))?,
            Err(TrySendError::Full(_)) => Err(Error::Busy(self.source.to_string())),
            Err(TrySendError::Disconnected(_)) => Err(Error::Unavailable(self.source.to_string())),
        }
    }
}

/// r2d2 logs connection errors, which may name users and hosts; ours say which source.
#[derive(Debug)]
struct Quiet(Arc<str>);

impl diesel::r2d2::HandleError<<Manager as ManageConnection>::Error> for Quiet {
    fn handle_error(&self, _: <Manager as ManageConnection>::Error) {
        tracing::warn!(source = &*self.0, "a database connection could not be opened");
    }
}

struct Held {
    conn: PooledConnection<Manager>,
    deadline: Deadline,
}

/// The connections of all threads, from the first one on.
struct Pool {
    manager: Manager,
    opened: OnceLock<diesel::r2d2::Pool<Manager>>,
}

impl Pool {
    fn new(manager: Manager) -> Self {
        Self {
            manager,
            opened: OnceLock::new(),
        }
    }

    fn get(&self, source: &Arc<str>, limits: Limits) -> Option<PooledConnection<Manager>> {
        let open = || {
            diesel::r2d2::Pool::builder()
                .max_size(u32::try_from(limits.threads).unwrap_or(u32::MAX))
                .min_idle(Some(0))
                .test_on_check_out(false)
                .idle_timeout(None)
                .max_lifetime(None)
                .connection_timeout(limits.connect)
                .error_handler(Box::new(Quiet(Arc::clone(source))))
                .build_unchecked(self.manager.clone())
        };
        self.opened.get_or_init(open).get().ok()
    }
}

/// A thread's connection of one kind.
struct Line {
    /// `None` when there is no such kind.
    pool: Option<Arc<Pool>>,
    held: Option<Held>,
}

impl Line {
    fn of(pool: Option<&Arc<Pool>>) -> Self {
        Self {
            pool: pool.cloned(),
            held: None,
        }
    }
}

struct Worker {
    source: Arc<str>,
    limits: Limits,
    now: Line,
    past: Line,
}

impl Worker {
    fn serve(mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            // A panic costs its request, whose answer is dropped with it, and its connection, but not this thread.
            if catch_unwind(AssertUnwindSafe(|| job(&mut self))).is_err() {
                (self.now.held, self.past.held) = (None, None);
            }
        }
    }

    fn line(&mut self, time: Time) -> &mut Line {
        match time {
            Time::Now => &mut self.now,
            Time::Past => &mut self.past,
        }
    }

    fn run<T>(&mut self, time: Time, work: &mut dyn FnMut(&mut AnyConnection) -> Result<T, Error>) -> Result<T, Error> {
        let fresh = self.line(time).held.is_none();
        match self.attempt(time, work) {
            Err(Error::Unavailable(_)) if !fresh => self.attempt(time, work),
            outcome => outcome,
        }
    }

    fn attempt<T>(
        &mut self,
        time: Time,
        work: &mut dyn FnMut(&mut AnyConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut held = match self.line(time).held.take() {
            Some(held) => held,
            None => self.connect(time)?,
        };
        held.deadline.set(self.limits.statement);
        let outcome = work(&mut held.conn).map_err(|e| self.explain(e, &held.deadline));
        if !matches!(outcome, Err(Error::Unavailable(_))) {
            self.line(time).held = Some(held);
        }
        outcome
    }

    fn connect(&mut self, time: Time) -> Result<Held, Error> {
        let (source, limits) = (Arc::clone(&self.source), self.limits);
        let away = || Error::Unavailable(source.to_string());
        let pool = self.line(time).pool.as_ref();
        let mut conn = pool.and_then(|pool| pool.get(&source, limits)).ok_or_else(away)?;
        let deadline = Deadline::install(&mut conn).map_err(|_sqlite| away())?;
        Ok(Held { conn, deadline })
    }

    /// Tells a database that is away or too slow from a statement that is wrong.
    fn explain(&self, error: Error, deadline: &Deadline) -> Error {
        let Error::Query(cause) = error else { return error };
        let away = is_away(&cause);
        if deadline.passed() {
            Error::Timeout
        } else if away {
            Error::Unavailable(self.source.to_string())
        } else {
            tracing::error!(source = &*self.source, kind = %kind(&cause), "a statement failed");
            Error::Query(cause)
        }
    }
}

fn is_away(cause: &DieselError) -> bool {
    use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand, Unknown};
    if let DieselError::DatabaseError(ClosedConnection | UnableToSendCommand, _) = cause {
        return true;
    }
    // SQLite's words, in no language but this.
    let sqlite = ["database is locked", "unable to open database file", "disk I/O error"];
    matches!(cause, DieselError::DatabaseError(Unknown, info) if sqlite.contains(&info.message()))
}

/// What failed, without the statement's text or values.
fn kind(cause: &DieselError) -> String {
    if let DieselError::DatabaseError(kind, _) = cause {
        return format!("{kind:?}");
    }
    let mistyped = matches!(cause, DieselError::DeserializationError(_));
    if mistyped {
        "a column has another type than declared"
    } else {
        "the database driver refused it"
    }
    .into()
}
