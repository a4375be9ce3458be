//! Recording on a database thread.

use std::cell::{Cell, RefCell};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::query_dsl::LoadQuery;

use super::plan::{Access, plan};
use super::step::{Statement, Step, without_values};
use crate::Error;
use crate::db::{AnyConnection, AnyDb, Dialect};

/// The steps of one request, from all threads that work for it.
#[derive(Debug, Default)]
pub struct Recording(Mutex<Vec<Step>>);

impl Recording {
    /// Adds steps.
    pub fn add(&self, steps: impl IntoIterator<Item = Step>) {
        // Whoever panicked while it held the steps left them whole.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for step in steps {
            // Counting and loading say the same of what parameters mean.
            if !matches!(step, Step::Condition(_)) || !all.contains(&step) {
                all.push(step);
            }
        }
    }

    /// The steps so far, which are taken out.
    #[must_use]
    pub fn take(&self) -> Vec<Step> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records what `work` does with the connection. Of work that fails, and may be done again, nothing is kept.
    pub(crate) fn record<T>(
        &self,
        source: &str,
        conn: &mut AnyConnection,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let off = Off::on(source);
        conn.set_instrumentation(observe);
        let outcome = work(conn);
        conn.set_instrumentation(None::<fn(InstrumentationEvent<'_>)>);
        let steps = off.steps();
        if outcome.is_ok() {
            self.add(steps);
        }
        outcome
    }
}

/// What statements are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Match,
    Include,
    Count,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Include => "include",
            Self::Count => "count",
        }
    }
}

/// What this thread records.
struct Recorder {
    source: String,
    purpose: Purpose,
    mapping: &'static str,
    steps: Vec<Step>,
    /// When the running statement began.
    begun: Option<Instant>,
    /// The running statement is one of ours, that asks for a plan.
    planning: bool,
}

thread_local! {
    static RECORDER: RefCell<Option<Recorder>> = const { RefCell::new(None) };
    /// Rows that SQLite looked at in statements of this thread.
    static VISITED: Cell<u64> = const { Cell::new(0) };
}

/// Ends recording when it goes, also by a panic.
struct Off;

impl Off {
    fn on(source: &str) -> Self {
        RECORDER.set(Some(Recorder {
            source: source.to_owned(),
            purpose: Purpose::Match,
            mapping: "",
            steps: vec![],
            begun: None,
            planning: false,
        }));
        Self
    }

    fn steps(&self) -> Vec<Step> {
        RECORDER.take().map(|r| r.steps).unwrap_or_default()
    }
}

impl Drop for Off {
    fn drop(&mut self) {
        RECORDER.set(None);
    }
}

fn with<T>(change: impl FnOnce(&mut Recorder) -> T) -> Option<T> {
    RECORDER.with_borrow_mut(|recorder| recorder.as_mut().map(change))
}

/// Whether this thread works for a request that wants to know.
pub(crate) fn is_recording() -> bool {
    RECORDER.with_borrow(Option::is_some)
}

/// Statements from now on are for this mapping.
pub(crate) fn at(purpose: Purpose, mapping: &'static str) {
    with(|r| (r.purpose, r.mapping) = (purpose, mapping));
}

/// Adds a step, which is made of the source's name only when somebody wants it.
pub(crate) fn note(step: impl FnOnce(String) -> Step) {
    with(|r| {
        let step = step(r.source.clone());
        r.steps.push(step);
    });
}

/// SQLite looks at a row.
pub(crate) fn visit() {
    VISITED.set(VISITED.get().wrapping_add(1));
}

/// Diesel fixes the signature.
#[allow(clippy::needless_pass_by_value)]
fn observe(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        if with(|r| r.planning) == Some(false) {
            began(without_values(&query.to_string()));
        }
    } else if let InstrumentationEvent::FinishQuery { .. } = event {
        with(|r| {
            if let (Some(begun), Some(Step::Statement(ran))) = (r.begun.take(), r.steps.last_mut()) {
                ran.micros = micros(begun.elapsed());
            }
        });
    }
}

fn began(sql: String) {
    with(|r| {
        r.begun = Some(Instant::now());
        r.steps.push(Step::Statement(Statement {
            source: r.source.clone(),
            mapping: r.mapping,
            purpose: r.purpose.name(),
            sql,
            plan: vec![],
            read: None,
            returned: None,
            micros: 0,
        }));
    });
}

/// Runs a statement: every one that loads rows of an answer goes through here, so that `_explain` can ask for its plan.
///
/// # Errors
/// What the database says.
pub fn load<'q, Q, U>(conn: &mut AnyConnection, query: Q) -> QueryResult<Vec<U>>
where
    Q: QueryFragment<AnyDb> + RunQueryDsl<AnyConnection> + LoadQuery<'q, AnyConnection, U>,
{
    if !is_recording() {
        return query.load(conn);
    }
    let plan = planned(conn, &query)?;
    let before = VISITED.get();
    let rows = query.load(conn)?;
    let visited = VISITED.get().wrapping_sub(before);
    let dialect = conn.dialect();
    with(|r| {
        if let Some(Step::Statement(ran)) = r.steps.last_mut() {
            ran.read = match dialect {
                Dialect::Postgres => Some(plan.iter().filter_map(|a| a.rows).sum()),
                // Only statements with a deadline tell.
                Dialect::Sqlite => ran.sql.contains(ALIVE).then_some(visited),
            };
            ran.plan = plan;
            ran.returned = Some(rows.len());
        }
    });
    Ok(rows)
}

/// The condition in SQLite's statements that is asked for each row.
const ALIVE: &str = "cg_alive()";

fn planned(conn: &mut AnyConnection, query: &dyn QueryFragment<AnyDb>) -> QueryResult<Vec<Access>> {
    with(|r| r.planning = true);
    let plan = plan(conn, query);
    with(|r| r.planning = false);
    plan
}

pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Times of alternating work; stands still when nobody wants to know.
pub(crate) struct Watch {
    last: Option<Instant>,
    translate: Duration,
    encode: Duration,
}

impl Watch {
    pub fn start() -> Self {
        Self {
            last: is_recording().then(Instant::now),
            translate: Duration::ZERO,
            encode: Duration::ZERO,
        }
    }

    /// A row became a resource.
    pub fn translated(&mut self) {
        if let Some(last) = &mut self.last {
            let now = Instant::now();
            self.translate += now - *last;
            *last = now;
        }
    }

    /// A resource became JSON.
    pub fn encoded(&mut self) {
        if let Some(last) = &mut self.last {
            let now = Instant::now();
            self.encode += now - *last;
            *last = now;
        }
    }

    /// Tells what `rows` rows of a mapping took.
    pub fn tell(&self, mapping: &'static str, rows: usize, bytes: usize) {
        note(|source| Step::Translate {
            source,
            mapping,
            rows,
            micros: micros(self.translate),
        });
        note(|source| Step::Encode {
            source,
            mapping,
            bytes,
            micros: micros(self.encode),
        });
    }
}
