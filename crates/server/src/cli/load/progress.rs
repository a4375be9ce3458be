//! How a load goes on: a bar on a terminal, lines elsewhere.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use mapper::load::Progress;

/// Between two lines about the same file.
const EVERY: Duration = Duration::from_secs(5);

/// What suits the standard error.
pub(super) fn progress() -> Box<dyn Progress> {
    if std::io::stderr().is_terminal() {
        Box::new(Bar {
            bar: ProgressBar::hidden(),
            rows: 0,
            begun: Instant::now(),
        })
    } else {
        Box::new(Lines {
            rows: 0,
            of_file: 0,
            begun: Instant::now(),
            said: Instant::now(),
        })
    }
}

fn per_second(rows: u64, since: Instant) -> f64 {
    let seconds = since.elapsed().as_secs_f64();
    if seconds > 0.0 { rows as f64 / seconds } else { 0.0 }
}

struct Bar {
    bar: ProgressBar,
    rows: u64,
    begun: Instant,
}

impl Progress for Bar {
    fn plan(&mut self, _files: usize, bytes: u64) {
        self.bar = ProgressBar::new(bytes);
        let template = "{bar:24} {percent:>3}%  {prefix}  {wide_msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.enable_steady_tick(Duration::from_millis(250));
    }

    fn file(&mut self, path: &Path, _bytes: u64, entity: &str) {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        self.bar.set_message(format!("{entity}: {name}"));
    }

    fn advance(&mut self, rows: u64, bytes: u64) {
        self.rows += rows;
        self.bar.inc(bytes);
        let rate = per_second(self.rows, self.begun);
        self.bar.set_prefix(format!("{} rows, {rate:.0} rows/s", self.rows));
    }

    fn stage(&mut self, what: &str) {
        self.bar.set_message(what.to_owned());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

struct Lines {
    rows: u64,
    of_file: u64,
    begun: Instant,
    said: Instant,
}

impl Lines {
    fn say(&mut self, text: &str) {
        self.said = Instant::now();
        eprintln!("{text}");
    }
}

impl Progress for Lines {
    fn plan(&mut self, files: usize, bytes: u64) {
        self.say(&format!("{files} files, {bytes} bytes"));
    }

    fn file(&mut self, path: &Path, bytes: u64, entity: &str) {
        self.of_file = 0;
        self.say(&format!("{entity}: {} ({bytes} bytes)", path.display()));
    }

    fn advance(&mut self, rows: u64, _bytes: u64) {
        self.rows += rows;
        self.of_file += rows;
        if self.said.elapsed() >= EVERY {
            let rate = per_second(self.rows, self.begun);
            self.say(&format!(
                "  {} rows of this file, {} in all, {rate:.0} rows/s",
                self.of_file, self.rows
            ));
        }
    }

    fn stage(&mut self, what: &str) {
        self.say(what);
    }
}
