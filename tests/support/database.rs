//! One empty database per call, on either system.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use mapper::db::{Access, AnyConnection, Manager, Url};
use tempfile::TempDir;

/// The database systems that every test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// The address of the PostgreSQL server to test with.
pub const POSTGRES_URL: &str = "TEST_POSTGRES_URL";

impl Kind {
    /// False when there is no such server here: says so in one line, and fails where that must not be.
    ///
    /// # Panics
    /// Under `CI=true` without PostgreSQL.
    #[must_use]
    pub fn is_available(self) -> bool {
        if self == Self::Sqlite || postgres_url().is_some() {
            return true;
        }
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "PostgreSQL is missing: {POSTGRES_URL} is not set"
        );
        super::say(&format!("skipped: PostgreSQL ({POSTGRES_URL} is not set)"));
        false
    }
}

fn postgres_url() -> Option<String> {
    std::env::var(POSTGRES_URL).ok().filter(|url| !url.is_empty())
}

/// A database of its own: a file in a folder, or a schema. It goes when this is dropped.
pub struct Database {
    pub kind: Kind,
    /// The folder of the file; also for a test's own files.
    pub folder: TempDir,
    schema: Option<String>,
}

impl Database {
    /// An empty one.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir_in(run_folder()).unwrap();
        let schema = (kind == Kind::Postgres).then(new_schema);
        Self { kind, folder, schema }
    }

    /// Its address in the form that configurations have.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_with(&[])
    }

    /// Its address, for connections with these settings of PostgreSQL.
    #[must_use]
    pub fn url_with(&self, settings: &[&str]) -> String {
        match &self.schema {
            None => format!("sqlite://{}", self.folder.path().join("rows.db").display()),
            Some(schema) => {
                let more = settings
                    .iter()
                    .map(|setting| format!("%20-c{}", setting.replace('=', "%3D")));
                within(&postgres_url().unwrap(), schema) + &more.collect::<String>()
            }
        }
    }

    /// A connection that may write.
    #[must_use]
    pub fn connect(&self) -> AnyConnection {
        let url = Url::parse(&self.url()).unwrap();
        Manager::new(url, Access::Load, std::time::Duration::from_secs(60))
            .open()
            .unwrap()
    }

    /// Runs statements that both systems know.
    pub fn execute(&self, sql: &str) {
        self.connect().batch_execute(sql).unwrap();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(schema) = &self.schema
            && let Ok(mut conn) = PgConnection::establish(&postgres_url().unwrap())
        {
            // What cannot be dropped now is dropped by the next run.
            let _ = conn.batch_execute(&format!(
                "SET client_min_messages = error; DROP SCHEMA {schema} CASCADE"
            ));
        }
    }
}

/// Where this run keeps its files. What it shares until its end is removed by the next run, which can tell by a lock on
/// a file in there that a run has ended.
fn run_folder() -> &'static Path {
    static FOLDER: OnceLock<(PathBuf, File)> = OnceLock::new();
    let (folder, _) = FOLDER.get_or_init(|| {
        let all = std::env::temp_dir().join("chartgate-tests");
        std::fs::create_dir_all(&all).unwrap();
        for old in std::fs::read_dir(&all).unwrap().flatten() {
            if File::open(old.path().join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok()) {
                // Another run that starts now may be doing the same.
                let _ = std::fs::remove_dir_all(old.path());
            }
        }
        let folder = tempfile::Builder::new()
            .prefix("run-")
            .disable_cleanup(true)
            .tempdir_in(&all)
            .unwrap()
            .keep();
        let lock = File::create(folder.join(LOCK)).unwrap();
        lock.lock().unwrap();
        (folder, lock)
    });
    folder
}

const LOCK: &str = "lock";

/// The address with everything happening in one schema.
fn within(url: &str, schema: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-csearch_path%3D{schema}")
}

fn new_schema() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let run = run();
    let schema = format!("{}{run}_{}", PREFIX, COUNT.fetch_add(1, Ordering::Relaxed));
    let mut conn = PgConnection::establish(&postgres_url().unwrap()).unwrap();
    conn.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
    schema
}

const PREFIX: &str = "chartgate_test_";

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Free {
    #[diesel(sql_type = Bool)]
    free: bool,
}

/// This run's number. A session holds a lock of that number as long as the run lives, so the next one can tell what an
/// earlier one left behind and drop it.
fn run() -> u32 {
    static RUN: OnceLock<(u32, std::sync::Mutex<PgConnection>)> = OnceLock::new();
    RUN.get_or_init(|| {
        let mut conn = PgConnection::establish(&postgres_url().unwrap()).unwrap();
        conn.batch_execute("SET client_min_messages = error").unwrap();
        drop_leftovers(&mut conn);
        let run = std::process::id();
        assert!(
            try_lock(&mut conn, &run.to_string()),
            "another run has this process number"
        );
        (run, std::sync::Mutex::new(conn))
    })
    .0
}

fn drop_leftovers(conn: &mut PgConnection) {
    let sql = format!(
        "SELECT nspname::text AS name FROM pg_namespace WHERE nspname LIKE '{}%'",
        PREFIX.replace('_', "\\_")
    );
    let schemas: Vec<Name> = diesel::sql_query(sql).load(conn).unwrap();
    for Name { name } in schemas {
        let run = name
            .trim_start_matches(PREFIX)
            .split('_')
            .next()
            .unwrap_or_default()
            .to_owned();
        if try_lock(conn, &run) {
            // Another run that starts now may be doing the same.
            let _ = conn.batch_execute(&format!("DROP SCHEMA IF EXISTS {name} CASCADE"));
            let unlock = format!("SELECT pg_advisory_unlock(hashtext('{PREFIX}'), hashtext('{run}'))");
            conn.batch_execute(&unlock).unwrap();
        }
    }
}

fn try_lock(conn: &mut PgConnection, run: &str) -> bool {
    let sql = format!("SELECT pg_try_advisory_lock(hashtext('{PREFIX}'), hashtext('{run}')) AS free");
    diesel::sql_query(sql).get_result::<Free>(conn).unwrap().free
}
