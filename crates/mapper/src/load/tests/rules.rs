//! One database, one set of rules, one load at a time.

use diesel::connection::TransactionManager;

use super::*;
use crate::load::{Installed, Schema};

fn one() -> Files {
    Files::of("visit.json", r#"[{"id":1}]"#)
}

fn load_as(db: &mut Db, schema: &Schema, site: &Site) -> String {
    let files = Files::of("visit.json", r#"[{"id":2}]"#);
    let now = time("2026-02-01 00:00:00");
    load(&mut db.conn, schema, site, &[files.path()], now, &mut ())
        .unwrap_err()
        .to_string()
}

#[test]
fn a_database_is_loaded_by_one_set_of_rules() {
    on_each(|db| {
        db.load(&one()).unwrap();
        let same = |ddl, vendor| Schema {
            vendor,
            ddl,
            entities: &[],
            links: &[],
            ..Schema::EMPTY
        };
        let rome = Site::new("test", chrono_tz::Europe::Rome, Profile::default(), &[], &[]).unwrap();
        let all = Schema {
            entities: vendor::SCHEMA.entities,
            ..same(vendor::SCHEMA.ddl, "invented")
        };
        for (schema, site, words) in [
            (&vendor::SCHEMA, &vendor::site("ssn = true"), "with another profile"),
            (&vendor::SCHEMA, &rome, "for zone America/New_York, not Europe/Rome"),
            (
                &Schema { vendor: "other", ..all },
                &vendor::site(""),
                "from vendor `invented`, not `other`",
            ),
        ] {
            let error = load_as(db, schema, site);
            assert_eq!(
                error,
                format!("the database was loaded {words}; load into a fresh database")
            );
        }
        let newer = Schema {
            entities: vendor::SCHEMA.entities,
            ..same("CREATE TABLE x (y ctext)", "invented")
        };
        assert!(load_as(db, &newer, &vendor::site("")).contains("another version"));
        assert_eq!(db.count("visit"), 1);
        let installed = Installed::read(&mut db.conn).unwrap().unwrap();
        assert_eq!(
            installed.difference(&Installed::expected(&vendor::SCHEMA, &vendor::site(""))),
            None
        );
    });
}

#[test]
fn profiles_with_unknown_entities_or_columns_are_refused() {
    assert!(site_of("[columns.nothing]\na = \"b\"").is_err());
    assert!(site_of("[columns.visit]\nnothing = \"b\"").is_err());
    assert!("Mars/Olympus".parse::<chrono_tz::Tz>().is_err());
}

#[test]
fn declarations_that_contradict_the_tables_are_refused() {
    vendor::SCHEMA.validate().unwrap();
    on_each(|db| {
        const LESS: &str = "CREATE TABLE IF NOT EXISTS person (key ctext PRIMARY KEY);\
                            CREATE TABLE IF NOT EXISTS remark (key ctext PRIMARY KEY);\
                            CREATE TABLE IF NOT EXISTS visit (key ctext PRIMARY KEY)";
        let schema = Schema {
            vendor: "x",
            ddl: LESS,
            entities: vendor::SCHEMA.entities,
            links: &[],
            ..Schema::EMPTY
        };
        let error = load_as(db, &schema, &vendor::site(""));
        assert!(
            error.starts_with("schema: table `person` has no column `cg_"),
            "{error}"
        );
        assert!(!db.has_tables());
    });
}

#[test]
fn nothing_is_visible_before_the_end_and_nothing_stays_of_a_failure() {
    on_each(|db| {
        // The file goes wrong after several batches.
        let rows: String = (0..5000).map(|i| format!(r#"{{"id":{i}}},"#)).collect();
        let error = db.load(&Files::of("visit.json", format!("[{rows}oops]"))).unwrap_err();
        assert!(error.place().is_some(), "{error}");
        assert!(!db.has_tables());
        // The connection is good for another load, and the tables hold nothing of the failed one.
        db.load(&one()).unwrap();
        assert_eq!(db.count("visit"), 1);
        db.load(&Files::of("visit.json", format!("[{rows}oops]"))).unwrap_err();
        assert_eq!((db.count("visit"), db.count("cg_delivery")), (1, 1));
    });
}

#[test]
fn a_connection_that_dies_leaves_the_old_state() {
    on_each(|db| {
        db.load(&one()).unwrap();
        let before = db.dump();
        let mut dying = connect(&db.url);
        super::super::install::begin(&mut dying).unwrap();
        Statement::new("DELETE FROM visit").run(&mut dying).unwrap();
        drop(dying);
        assert_eq!(db.dump(), before);
        db.load(&one()).unwrap();
        assert_eq!(db.dump(), before);
    });
}

#[test]
fn a_second_load_waits_and_then_says_so() {
    on_each(|db| {
        db.load(&one()).unwrap();
        let mut first = connect(&db.url);
        super::super::install::begin(&mut first).unwrap();
        db.conn
            .batch_execute(match db.conn.dialect() {
                crate::db::Dialect::Sqlite => "PRAGMA busy_timeout = 100",
                crate::db::Dialect::Postgres => "SELECT 1",
            })
            .unwrap();
        assert!(matches!(db.load(&one()), Err(LoadError::Busy)));
        // Once the first is through, the second finds its way.
        let release = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            <AnyConnection as diesel::Connection>::TransactionManager::rollback_transaction(&mut first).unwrap();
        });
        if db.conn.dialect() == crate::db::Dialect::Sqlite {
            db.conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
        }
        db.load(&one()).unwrap();
        release.join().unwrap();
    });
}
