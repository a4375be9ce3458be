//! What waits to be written, and when its time has come.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::row::Line;

/// Records that may wait: above that requests are answered with 503.
const ROOM: usize = 4_096;
/// Records that are written together.
const TOGETHER: usize = 512;

/// How long a record waits at most for those of other requests that are under way: a commit costs as much as several records (as
/// PostgreSQL's `commit_delay` and `commit_siblings` have it).
const DELAY: Duration = Duration::from_millis(2);

/// How long records are gathered for which nobody waits.
const GATHER: Duration = Duration::from_millis(10);

/// A record that waits.
pub(super) struct Waiting {
    pub line: Line,
    /// Who waits for it.
    pub written: Option<oneshot::Sender<bool>>,
}

/// The records that wait for the thread that writes them.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// The writer has something to do.
    ready: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Waiting>,
    /// How many of them somebody waits for.
    awaited: usize,
    /// Requests whose records will come.
    under_way: usize,
    /// Clients whose answers went out last and who have not come back since; they may not.
    away: usize,
    /// The writer sleeps; otherwise it will look again anyway, and waking it would cost something for nothing.
    asleep: bool,
    closed: bool,
}

impl State {
    /// Whether it is time to write: half of all that could come soon is there, so that the rest is answered while this is written; or it is
    /// as much as is written together.
    fn is_ripe(&self) -> bool {
        self.closed
            || self.waiting.len() >= TOGETHER
            || (self.awaited > 0 && self.waiting.len() >= self.under_way + self.away)
    }

    /// How long what is there waits at most.
    fn patience(&self) -> Duration {
        match self.awaited {
            // Nobody waits, and more together cost less.
            0 => GATHER,
            _ => DELAY,
        }
    }
}

/// A request whose record will come, until this is dropped.
pub struct UnderWay(Arc<Queue>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        // Nearly always its record comes next, and that looks whether to wake the writer.
        self.0.lock().under_way -= 1;
    }
}

impl Queue {
    /// Counts a request as under way.
    pub fn begin(self: &Arc<Self>) -> UnderWay {
        let mut state = self.lock();
        state.under_way += 1;
        state.away = state.away.saturating_sub(1);
        drop(state);
        UnderWay(Arc::clone(self))
    }

    /// Says how many answers go out now.
    pub fn answer(&self, count: usize) {
        self.lock().away = count;
    }

    /// Whether there is no room for another.
    pub fn is_full(&self) -> bool {
        self.lock().waiting.len() >= ROOM
    }

    /// Gives the record back when there is no room, or nobody to write it.
    pub fn push(&self, record: Waiting) -> Result<(), Waiting> {
        let mut state = self.lock();
        if state.closed || state.waiting.len() >= ROOM {
            return Err(record);
        }
        state.awaited += usize::from(record.written.is_some());
        state.waiting.push(record);
        self.wake(state);
        Ok(())
    }

    /// No more will come.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.wake(state);
    }

    /// Nobody writes what waits: whoever waits for it is told.
    pub fn abandon(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.awaited = 0;
        state.waiting.clear();
    }

    /// What is to be written next, oldest first; waits until its time has come. `None` when the queue was closed and nothing is left.
    pub fn take(&self) -> Option<Vec<Waiting>> {
        let mut state = self.lock();
        while state.waiting.is_empty() && !state.closed {
            state = self.sleep(state, None);
        }
        let begun = Instant::now();
        while !state.is_ripe() {
            let Some(left) = state.patience().checked_sub(begun.elapsed()) else {
                break;
            };
            state = self.sleep(state, Some(left));
        }
        let count = state.waiting.len().min(TOGETHER);
        let taken: Vec<Waiting> = state.waiting.drain(..count).collect();
        state.awaited -= taken.iter().filter(|record| record.written.is_some()).count();
        (!taken.is_empty()).then_some(taken)
    }

    fn sleep<'s>(&self, mut state: MutexGuard<'s, State>, limit: Option<Duration>) -> MutexGuard<'s, State> {
        state.asleep = true;
        let mut state = match limit {
            Some(limit) => self
                .ready
                .wait_timeout(state, limit)
                .map(|(state, _)| state)
                .unwrap_or_else(|poisoned| poisoned.into_inner().0),
            None => self.ready.wait(state).unwrap_or_else(PoisonError::into_inner),
        };
        state.asleep = false;
        state
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        // With the first record the writer's patience begins.
        if state.asleep && (state.waiting.len() == 1 || state.is_ripe()) {
            state.asleep = false;
            drop(state);
            self.ready.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::record;
    use super::*;

    fn queue() -> Arc<Queue> {
        Arc::default()
    }

    /// A record, and who waits for it if anybody does.
    fn waiting(awaited: bool) -> (Waiting, Option<oneshot::Receiver<bool>>) {
        let line = Line::of(&record(0)).unwrap();
        let (written, asker) = awaited.then(oneshot::channel).unzip();
        (Waiting { line, written }, asker)
    }

    fn push(queue: &Queue, awaited: bool) -> bool {
        queue.push(waiting(awaited).0).is_ok()
    }

    fn is_ripe(queue: &Queue) -> bool {
        queue.lock().is_ripe()
    }

    #[test]
    fn a_record_alone_is_written_at_once() {
        let queue = queue();
        let request = queue.begin();
        drop(request);
        push(&queue, true);
        assert!(is_ripe(&queue));
        assert_eq!(queue.take().unwrap().len(), 1);
        // The same client again, and then another one.
        for _ in 0..2 {
            queue.answer(1);
            drop(queue.begin());
            push(&queue, true);
            assert!(is_ripe(&queue));
            assert_eq!(queue.take().unwrap().len(), 1);
        }
    }

    #[test]
    fn a_record_waits_for_as_many_as_are_under_way_or_will_be_soon() {
        let queue = queue();
        let mut requests: Vec<UnderWay> = (0..5).map(|_| queue.begin()).collect();
        for expected in [false, false, true] {
            requests.pop();
            push(&queue, true);
            assert_eq!(is_ripe(&queue), expected);
        }
        assert_eq!(queue.take().unwrap().len(), 3);
        queue.answer(3);
        requests.pop();
        push(&queue, true);
        assert!(!is_ripe(&queue), "three may come back, and one is under way");
        let back: Vec<UnderWay> = (0..3).map(|_| queue.begin()).collect();
        assert_eq!(queue.lock().away, 0);
        drop((back, requests));
        assert!(is_ripe(&queue));
    }

    #[test]
    fn nobody_waits_forever_for_requests_that_take_long() {
        let queue = queue();
        let _long = [queue.begin(), queue.begin()];
        push(&queue, true);
        assert!(!is_ripe(&queue));
        assert_eq!(queue.take().unwrap().len(), 1);
    }

    #[test]
    fn records_for_which_nobody_waits_are_gathered() {
        let queue = queue();
        for n in 1..TOGETHER + 3 {
            push(&queue, false);
            assert_eq!(is_ripe(&queue), n >= TOGETHER);
        }
        assert_eq!(queue.take().unwrap().len(), TOGETHER);
        assert_eq!(queue.take().unwrap().len(), 2);
    }

    #[test]
    fn there_is_room_for_so_many_and_none_after_the_end() {
        let queue = queue();
        assert!((0..ROOM).all(|_| push(&queue, false)));
        assert!(queue.is_full() && !push(&queue, false));
        queue.close();
        let left: usize = std::iter::from_fn(|| queue.take()).map(|taken| taken.len()).sum();
        assert_eq!(left, ROOM);
        assert!(!push(&queue, false) && queue.take().is_none());
    }

    #[test]
    fn who_waits_is_told_when_nobody_will_write() {
        let queue = queue();
        let (record, asker) = waiting(true);
        assert!(queue.push(record).is_ok());
        queue.abandon();
        assert!(
            asker
                .unwrap()
                .try_recv()
                .is_err_and(|error| error == oneshot::error::TryRecvError::Closed)
        );
        assert!(!push(&queue, true) && queue.take().is_none());
    }

    #[test]
    fn a_sleeping_writer_is_woken() {
        let queue = queue();
        let writer = std::thread::spawn({
            let queue = Arc::clone(&queue);
            move || {
                std::iter::from_fn(|| queue.take())
                    .map(|taken| taken.len())
                    .sum::<usize>()
            }
        });
        for n in 0..200 {
            let request = queue.begin();
            if n % 10 == 0 {
                std::thread::yield_now();
            }
            drop(request);
            push(&queue, n % 3 > 0);
        }
        queue.close();
        assert_eq!(writer.join().unwrap(), 200);
    }
}
