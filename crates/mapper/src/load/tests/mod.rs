//! The loader with a small invented vendor, on SQLite and, with `TEST_POSTGRES_URL`, on PostgreSQL.

mod columns;
mod delivery;
mod errors;
mod fuzz;
mod headed;
mod links;
mod rows;
mod rules;
mod vendor;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use tempfile::TempDir;

use super::statement::Statement;
use super::{LoadError, Place, Problem, Report, load};
use crate::db::{Access, AnyConnection, Manager, Url};
use crate::{Profile, Site};

/// A fresh database.
struct Db {
    conn: AnyConnection,
    url: String,
    _folder: TempDir,
}

static SKIPPED: std::sync::Once = std::sync::Once::new();
static SCHEMAS: AtomicU32 = AtomicU32::new(0);

fn connect(url: &str) -> AnyConnection {
    Manager::new(Url::parse(url).unwrap(), Access::Load, Duration::from_secs(5))
        .open()
        .unwrap()
}

/// Runs a test on each database that is there.
fn on_each(mut test: impl FnMut(&mut Db)) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    test(&mut Db {
        conn: connect(&url),
        url,
        _folder: folder,
    });

    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
        SKIPPED.call_once(|| eprintln!("skipped: TEST_POSTGRES_URL is not set, PostgreSQL not tested"));
        return;
    };
    let schema = format!(
        "load_{}_{}",
        std::process::id(),
        SCHEMAS.fetch_add(1, Ordering::Relaxed)
    );
    let mut admin = connect(&server);
    admin.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
    let joint = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{joint}options=-csearch_path%3D{schema}");
    test(&mut Db {
        conn: connect(&url),
        url,
        _folder: TempDir::new().unwrap(),
    });
    admin.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).unwrap();
}

impl Db {
    fn load(&mut self, delivery: &Files) -> Result<Report, LoadError> {
        self.load_at(delivery, "2026-02-01 00:00:00")
    }

    fn load_at(&mut self, delivery: &Files, now: &str) -> Result<Report, LoadError> {
        load(
            &mut self.conn,
            &vendor::SCHEMA,
            &vendor::site(""),
            &[delivery.path()],
            time(now),
            &mut (),
        )
    }

    /// The rows of a one-column query; `-` for null.
    fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows = Statement::new(sql)
            .rows::<Nullable<Text>, Option<String>>(&mut self.conn)
            .unwrap();
        rows.into_iter().map(|t| t.unwrap_or_else(|| "-".into())).collect()
    }

    fn count(&mut self, table: &str) -> i64 {
        Statement::new(format!("SELECT COUNT(*) FROM {table}"))
            .rows::<BigInt, i64>(&mut self.conn)
            .unwrap()[0]
    }

    fn has_tables(&mut self) -> bool {
        super::Installed::read(&mut self.conn).unwrap().is_some()
    }

    /// Everything that is stored of the vendor's rows.
    fn dump(&mut self) -> Vec<String> {
        let mut all = vec![];
        for (table, columns) in [
            ("person", "key, person_id, chart_no, name, ssn, born, changed, cg_name"),
            (
                "visit",
                "key, visit_id, source_visit_id, person_id, place_id, day, status, changed, cg_person, cg_place",
            ),
            ("remark", "key, person_id, body, extra, cg_person, cg_day"),
            ("place", "key, place_id, practice, name"),
        ] {
            let columns = format!("{columns}, cg_updated, cg_modified, cg_hash, cg_file, cg_hold");
            let cells: Vec<_> = columns
                .split(", ")
                .map(|c| format!("COALESCE(CAST({c} AS text), '-')"))
                .collect();
            let sql = format!(
                "SELECT '{table}|' || {} FROM {table} ORDER BY key",
                cells.join(" || '|' || ")
            );
            all.extend(self.texts(&sql));
        }
        all
    }
}

fn time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
}

/// A folder of files.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn of(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self::new().with(name, content)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }
}

fn gz(content: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    std::io::Write::write_all(&mut out, content).unwrap();
    out.finish().unwrap()
}

/// Where a load of these files fails.
fn place(error: LoadError, file: &Path) -> (u64, u64, Option<String>, Problem) {
    let LoadError::Content(place) = error else {
        panic!("{error:?}")
    };
    let Place {
        path,
        line,
        column,
        name,
        problem,
    } = *place;
    assert_eq!(path, file);
    (line, column, name, problem)
}

fn site_of(profile: &str) -> Result<Site, crate::Error> {
    let entities = vendor::SCHEMA.entity_columns();
    let entities: Vec<_> = entities
        .iter()
        .map(|(name, columns)| (*name, columns.as_slice()))
        .collect();
    Site::new(
        "test",
        chrono_tz::America::New_York,
        Profile::parse(profile)?,
        &[],
        &entities,
    )
}
