//! `kill -9` in the middle of a load, at many moments: the database is in the old state or in the new one.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tests::on_both;
use tests::oracle::random::Random;
use tests::support::database::Database;
use tests::support::delivery::write_population;
use tests::support::dump::rows;
use tests::support::program::{configure, load};

/// Patients in a delivery; seven times as many rows.
const PATIENTS: usize = 1500;
/// Loads that are killed.
const KILLS: usize = 14;

/// What depends on when, and in which delivery, a row came.
const UNSTABLE: [&str; 2] = ["cg_file", "cg_updated"];

fn load_to_the_end(config: &std::path::Path, folder: &std::path::Path) -> Duration {
    let begun = Instant::now();
    let done = load(config, folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    begun.elapsed()
}

on_both! {
    async fn a_killed_load_leaves_the_old_state_or_the_new_one(kind) {
        let folders: Vec<PathBuf>;
        let (before, after, took);
        let made = tempfile::tempdir().unwrap();
        folders = (1..=2).map(|round| made.path().join(format!("round-{round}"))).collect();
        for (round, folder) in (1..).zip(&folders) {
            write_population(folder, PATIENTS, round);
        }
        {
            let clean = Database::new(kind);
            let config = configure(&clean);
            load_to_the_end(&config, &folders[0]);
            before = rows(&clean, &UNSTABLE);
            took = load_to_the_end(&config, &folders[1]);
            after = rows(&clean, &UNSTABLE);
        }
        assert_ne!(before, after);

        let db = Database::new(kind);
        let config = configure(&db);
        load_to_the_end(&config, &folders[0]);
        let mut random = Random::new(11);
        let (mut old, mut new) = (0, 0);
        for n in 0..KILLS {
            // From the start of the program to a little past its usual end; the last ones around the commit.
            let share = if n % 2 == 0 { random.below(100) } else { 75 + random.below(35) };
            let mut child = load(&config, &folders[1]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(took * u32::try_from(share).unwrap() / 100);
            child.kill().unwrap();
            child.wait().unwrap();
            let found = rows(&db, &UNSTABLE);
            if found == after {
                new += 1;
            } else {
                assert!(found == before, "kill {n} after {share} % left {} rows that are neither state's", found.len());
                old += 1;
            }
            if new > 0 && n + 1 < KILLS {
                // Back to the old state by way of a fresh database would cost more than to go on from here.
                break;
            }
        }
        println!("{kind:?}: {} kills, {old} left the old state, {new} the new one; a load takes {took:?}", old + new);
        assert!(old > 0);
        load_to_the_end(&config, &folders[1]);
        assert_eq!(rows(&db, &UNSTABLE), after);
    }
}
