//! `kill -9` in the middle of a load, at many moments: the database is in the old state or in the new one.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tests::on_both;
use tests::oracle::random::Random;
use tests::support::database::{Database, Kind};
use tests::support::delivery::write_population;
use tests::support::dump::{kept, rows};
use tests::support::program::{configure, load};

/// Patients in a delivery; seven times as many rows.
const PATIENTS: usize = 1500;
/// Loads on top of an older state that are killed.
const KILLS: usize = 12;
/// First loads that are killed.
const FIRST_KILLS: usize = 4;

/// The rows of a database and those that its journal keeps, without what depends on when, and in which delivery, a row came.
fn all(db: &Database) -> Vec<String> {
    let unstable = ["cg_file", "cg_updated"];
    let mut all = rows(db, &unstable);
    all.extend(kept(db, &unstable));
    all
}

/// Two deliveries of the same people, the second with newer rows, and what each leaves in a database.
struct States {
    folders: [PathBuf; 2],
    rows: [Vec<String>; 2],
    /// How long the program takes for each.
    took: [Duration; 2],
    _made: TempDir,
}

impl States {
    fn new(kind: Kind) -> Self {
        let made = tempfile::tempdir().unwrap();
        let clean = Database::new(kind);
        let states = [1, 2].map(|round| {
            let folder = made.path().join(format!("round-{round}"));
            write_population(&folder, PATIENTS, round);
            let took = to_the_end(&clean, &folder);
            (folder, all(&clean), took)
        });
        let [one, two] = states;
        assert_ne!(one.1, two.1);
        assert!(!kept(&clean, &[]).is_empty());
        Self {
            folders: [one.0, two.0],
            rows: [one.1, two.1],
            took: [one.2, two.2],
            _made: made,
        }
    }

    fn old(&self, kind: Kind) -> Database {
        let db = Database::new(kind);
        to_the_end(&db, &self.folders[0]);
        db
    }
}

fn to_the_end(db: &Database, folder: &Path) -> Duration {
    // Making the command builds the program, which is not to be measured.
    let mut command = load(&configure(db), folder);
    let begun = Instant::now();
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    begun.elapsed()
}

/// Starts a load and kills it after this time.
fn killed(db: &Database, folder: &Path, after: Duration) {
    let mut child = load(&configure(db), folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A moment of a load that takes so long: anywhere, and every other time near its end, where it commits.
fn moment(random: &mut Random, n: usize, took: Duration) -> Duration {
    let percent = if n.is_multiple_of(2) {
        random.below(100)
    } else {
        70 + random.below(35)
    };
    took * u32::try_from(percent).unwrap() / 100
}

on_both! {
    async fn a_killed_load_leaves_the_old_state_or_the_new_one(kind) {
        let states = States::new(kind);
        let mut db = states.old(kind);
        let mut random = Random::new(11);
        let mut new = 0;
        for n in 0..KILLS {
            let after = moment(&mut random, n, states.took[1]);
            killed(&db, &states.folders[1], after);
            let found = all(&db);
            if found == states.rows[1] {
                new += 1;
                db = states.old(kind);
            } else {
                assert!(found == states.rows[0], "a load killed after {after:?} left {} rows of neither state", found.len());
            }
        }
        tests::support::say(&format!("{kind:?}: {KILLS} loads of {:?} killed, {new} of them after their end", states.took[1]));
        assert!(new < KILLS, "no load was killed before its end");
        to_the_end(&db, &states.folders[1]);
        assert!(all(&db) == states.rows[1], "the load after the killed ones has another result than a clean one");
    }

    async fn a_killed_first_load_leaves_nothing_or_all(kind) {
        let states = States::new(kind);
        let mut random = Random::new(12);
        for n in 0..FIRST_KILLS {
            let db = Database::new(kind);
            let after = moment(&mut random, n, states.took[0]);
            killed(&db, &states.folders[0], after);
            let installed = mapper::load::Installed::read(&mut db.connect()).unwrap();
            if installed.is_some() {
                assert!(all(&db) == states.rows[0], "a load killed after {after:?} left a part");
            }
            to_the_end(&db, &states.folders[0]);
            assert!(all(&db) == states.rows[0], "after a kill at {after:?}");
        }
    }
}
