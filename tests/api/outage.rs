//! The database is away, slow or busy: the client is told which, and when to try again.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use tests::on_both;
use tests::support::clinic;
use tests::support::database::{Database, Kind};
use tests::support::server::{Response, Setup, request};
use tests::support::shared::clinic as loaded;
use tests::support::source::SOURCE;

const QUICK: &str = "[limits]\nconnect_seconds = 1\nstatement_seconds = 1\n";

fn assert_away(response: &Response) {
    assert_eq!(
        response.error(),
        "503 error transient: the database of source `healthjump` is not available"
    );
    assert_eq!(response.header("retry-after"), "5");
}

#[test]
fn no_file_at_the_path_of_an_sqlite_database() {
    tests::support::run(Kind::Sqlite, |_| async {
        let server = Setup::at("sqlite://no/such/folder/rows.db").with(QUICK).start().await;
        assert_away(&server.get("/fhir/Patient/healthjump.pt.1").await);
        assert_away(&server.get("/fhir/Patient").await);
        assert_away(&server.post("/fhir/Patient/_search", "family=x").await);
        assert_eq!(server.get("/health").await.status, 503);
        assert!(!std::path::Path::new("no").exists(), "a file was made");
    });
}

/// This needs no PostgreSQL: nobody listens.
#[test]
fn nobody_at_the_port_of_a_postgresql_database() {
    tests::support::run(Kind::Sqlite, |_| async {
        let server = Setup::at("postgres://someone:secret@127.0.0.1:1/rows")
            .with(QUICK)
            .start()
            .await;
        let begun = Instant::now();
        let response = server.get("/fhir/Patient").await;
        assert_away(&response);
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert!(!response.text().contains("secret"));
    });
}

#[test]
fn an_sqlite_database_that_comes_later_is_served_then() {
    tests::support::run(Kind::Sqlite, |kind| async move {
        let db = Database::new(kind);
        let server = Setup::over(&db).with(QUICK).start().await;
        assert_away(&server.get("/fhir/Patient").await);
        clinic::load(&db, SOURCE);
        actix_web::rt::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(server.ids("/fhir/Patient").await.len(), 3);
    });
}

/// The server's connections are ended under it: the next request makes new ones.
#[test]
fn a_postgresql_connection_that_broke_is_replaced() {
    tests::support::run(Kind::Postgres, |kind| async move {
        let db = loaded(kind);
        let server = Setup::over(db).start().await;
        assert_eq!(server.ids("/fhir/Patient").await.len(), 3);
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%demographic%'";
        db.execute(others);
        for _ in 0..8 {
            assert_eq!(server.ids("/fhir/Patient").await.len(), 3);
        }
    });
}

on_both! {
    async fn one_source_that_is_away_does_not_hide_the_others(kind) {
        let away = Database::new(kind);
        let server = Setup::over(loaded(kind)).and("second", &away).with(QUICK).start().await;
        assert_eq!(server.ids("/healthjump/fhir/Patient").await.len(), 3);
        let all = server.get("/fhir/Patient").await;
        // Leaving rows out in silence would be worse than an error.
        assert!(all.status >= 500, "{}", all.text());
        assert_eq!(server.get("/fhir/Patient/healthjump.pt.1").await.status, 200);
    }

    async fn more_requests_than_may_wait(kind) {
        let server = Setup::over(loaded(kind)).with("[limits]\nthreads = 1\nqueue = 1\n").start().await;
        server.ok("/fhir/Patient").await;
        let asked = (0..64).map(|_| server.get("/fhir/Patient?_include=Patient:organization"));
        let responses = join_all(asked).await;
        let busy: Vec<&Response> = responses.iter().filter(|r| r.status == 503).collect();
        assert!(!busy.is_empty() && busy.len() < 64, "{}", busy.len());
        for response in busy {
            assert_eq!(response.error(), "503 error transient: source `healthjump` is busy");
            assert_eq!(response.header("retry-after"), "1");
        }
        assert!(responses.iter().all(|r| matches!(r.status, 200 | 503)));
        assert_eq!(server.get("/fhir/Patient").await.status, 200);
    }

    async fn one_client_with_too_many_requests(kind) {
        let server = Setup::over(loaded(kind)).with("[limits]\nper_client = 2\n").start().await;
        let from = |port: u16, last: u8| {
            let client = std::net::SocketAddr::from(([10, 0, 0, last], port));
            server.send(request(actix_web::http::Method::GET, "/fhir/Patient", &[]).peer_addr(client))
        };
        server.ok("/fhir/Patient").await;
        let responses = join_all((0..6).map(|n| from(1000 + n, 1)).chain([from(2000, 2)])).await;
        let refused: Vec<&Response> = responses.iter().filter(|r| r.status == 429).collect();
        // How many of the first have their answers before the last are read is not for this test to say.
        assert!((1..=4).contains(&refused.len()), "{}", refused.len());
        assert!(responses.iter().all(|r| matches!(r.status, 200 | 429)));
        for response in refused {
            assert_eq!(response.error(), "429 error throttled: Too many requests of this client are running; send fewer at a time");
            assert_eq!(response.header("retry-after"), "1");
        }
        assert_eq!(responses[6].status, 200);
        assert_eq!(from(1000, 1).await.status, 200);
    }
}

fn assert_too_slow(response: &Response, begun: Instant) {
    assert_eq!(
        response.error(),
        "504 error timeout: the database did not answer within the time limit"
    );
    let took = begun.elapsed();
    assert!(
        took > Duration::from_millis(800) && took < Duration::from_secs(4),
        "{took:?}"
    );
}

/// Somebody holds the table; waiting for it ends with the time limit.
#[test]
fn a_postgresql_statement_that_takes_too_long() {
    tests::support::run(Kind::Postgres, |kind| async move {
        let db = Database::new(kind);
        clinic::load(&db, SOURCE);
        let server = Setup::over(&db).with(QUICK).start().await;
        server.ok("/fhir/Patient").await;
        let mut holder = db.connect();
        holder
            .batch_execute("BEGIN; LOCK TABLE demographic IN ACCESS EXCLUSIVE MODE")
            .unwrap();
        for address in [
            "/fhir/Patient",
            "/fhir/Patient/healthjump.pt.1",
            "/fhir/Encounter?_include=Encounter:patient",
        ] {
            let begun = Instant::now();
            assert_too_slow(&server.get(address).await, begun);
        }
        holder.batch_execute("ROLLBACK").unwrap();
        server.ok("/fhir/Patient").await;
    });
}

/// Many rows and many conditions that no index answers.
#[test]
fn an_sqlite_statement_that_takes_too_long() {
    tests::support::run(Kind::Sqlite, |kind| async move {
        let db = Database::new(kind);
        clinic::load(&db, SOURCE);
        db.execute(
            "INSERT INTO provider (key, last_name, cg_updated, cg_hash) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) \
             SELECT 'x' || i, 'x', '2024-01-01 00:00:00', '' FROM n",
        );
        let server = Setup::over(&db).with(QUICK).start().await;
        server.ok("/fhir/Practitioner").await;
        let conditions: Vec<String> = (0..60)
            .map(|n| format!("_lastUpdated=ne2023-01-{:02}", 1 + n % 28))
            .collect();
        let begun = Instant::now();
        let response = server
            .get(&format!(
                "/fhir/Practitioner?_total=accurate&name=y&{}",
                conditions.join("&")
            ))
            .await;
        assert!(response.status == 200, "an index answers this: {}", response.text());
        assert!(begun.elapsed() < Duration::from_secs(1));
        let begun = Instant::now();
        let response = server
            .get(&format!(
                "/fhir/Practitioner?_total=accurate&_count=1&{}",
                conditions.join("&")
            ))
            .await;
        assert_too_slow(&response, begun);
        server.ok("/fhir/Practitioner").await;
    });
}
