use std::sync::Arc;

use diesel::prelude::*;

use mapper::db::AnyConnection;

use super::append::append;
use super::chain::ChainKey;
use super::index::{RUN, index};
use super::indexer::Turn;
use super::row::Line;
use super::*;
use crate::store::Store;
use crate::store::tables::{sm_audit, sm_audit_mark, sm_audit_run};
use crate::store::testing::{NOW, manager, store};

pub(super) fn record(n: i64) -> Record {
    Record {
        at: NOW + n,
        interaction: Interaction::Search,
        outcome: Outcome::of(200),
        status: 200,
        request: format!("r{n}"),
        path: "/fhir/Condition".to_owned(),
        query: Some("patient=hj.pt.1".to_owned()),
        entries: vec![],
        address: Some("127.0.0.1".to_owned()),
        client: Some("app".to_owned()),
        grant: Some("g1".to_owned()),
        subject: Some(if n % 2 == 0 { "amy" } else { "bob" }.to_owned()),
        person: Some("Patient/hj.pt.1".to_owned()),
        patients: vec!["Patient/hj.pt.1".to_owned()],
        resources: vec![format!("Condition/hj.cn.{n}"), "Patient/hj.pt.1".to_owned()],
    }
}

async fn trail() -> (Trail, Arc<Store>, tempfile::TempDir) {
    let (store, folder) = store().await;
    let store = Arc::new(store);
    let trail = Trail::open(Arc::clone(&store), manager(&folder), b"secret").unwrap();
    (trail, store, folder)
}

async fn written(n: i64) -> (Trail, Arc<Store>, tempfile::TempDir) {
    let all = trail().await;
    let records: Vec<Record> = (0..n).map(record).collect();
    let writes = records.iter().map(|record| all.0.write(record));
    for done in futures_util::future::join_all(writes).await {
        done.unwrap();
    }
    all
}

#[tokio::test]
async fn what_is_written_is_found_newest_first() {
    let (trail, _store, _folder) = written(5).await;
    let all = trail.search(&Wanted::default(), 10).await.unwrap();
    assert_eq!(all.iter().map(|e| e.seq).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
    let seqs = |wanted: Wanted| {
        let trail = &trail;
        async move {
            let found = trail.search(&wanted, 10).await.unwrap();
            found.into_iter().map(|e| e.record.request).collect::<Vec<_>>()
        }
    };
    let one = |text: &str| vec![vec![text.to_owned()]];
    let amy = Wanted {
        agents: one("amy"),
        ..Wanted::default()
    };
    assert_eq!(seqs(amy.clone()).await, ["r4", "r2", "r0"]);
    let about = Wanted {
        entities: one("Condition/hj.cn.3"),
        ..Wanted::default()
    };
    assert_eq!(seqs(about).await, ["r3"]);
    let either = Wanted {
        entities: vec![vec!["Condition/hj.cn.3".to_owned(), "Condition/hj.cn.1".to_owned()]],
        ..Wanted::default()
    };
    assert_eq!(seqs(either.clone()).await, ["r3", "r1"]);
    assert_eq!(trail.count(&either).await.unwrap(), 2);
    let both = Wanted {
        agents: vec![vec!["app".to_owned()], vec!["amy".to_owned()]],
        entities: one("Patient/hj.pt.1"),
        ..Wanted::default()
    };
    assert_eq!(seqs(both).await, ["r4", "r2", "r0"]);
    let times = Wanted {
        times: vec![vec![(NOW + 1, NOW + 3)]],
        ..Wanted::default()
    };
    assert_eq!(seqs(times).await, ["r2", "r1"]);
    let rest = |before| Wanted {
        before,
        ..Wanted::default()
    };
    assert_eq!(seqs(rest(Some(2))).await, ["r0"]);
    assert_eq!(trail.count(&rest(Some(2))).await.unwrap(), 5);
    let second = Wanted {
        seqs: vec![vec![2]],
        ..Wanted::default()
    };
    assert_eq!(seqs(second).await, ["r1"]);
    let other = Wanted {
        agents: vec![vec!["other".to_owned()], vec!["amy".to_owned()]],
        ..Wanted::default()
    };
    assert_eq!(seqs(other).await, Vec::<String>::new());
    let done = |interactions, outcomes| Wanted {
        interactions,
        outcomes,
        ..Wanted::default()
    };
    assert_eq!(seqs(done(vec![vec![Interaction::Search]], vec![])).await.len(), 5);
    assert_eq!(seqs(done(vec![vec![Interaction::Read]], vec![])).await.len(), 0);
    assert_eq!(seqs(done(vec![vec![]], vec![])).await.len(), 0);
    assert_eq!(seqs(done(vec![], vec![vec![Outcome::Success]])).await.len(), 5);
    assert_eq!(
        seqs(done(vec![], vec![vec![Outcome::Minor, Outcome::Serious]]))
            .await
            .len(),
        0
    );
}

/// Five records, in one row or in one each, and what is said when somebody has changed them.
async fn tampered<F>(rows: usize, change: F) -> Verdict
where
    F: Fn(&mut AnyConnection) -> QueryResult<usize> + Send + 'static,
{
    let (trail, store, folder) = trail().await;
    match rows {
        1 => {
            for n in 0..5 {
                trail.write_later(&record(n)).await.unwrap();
            }
        }
        _ => {
            for n in 0..5 {
                trail.write(&record(n)).await.unwrap();
            }
        }
    }
    drop(trail);
    let trail = Trail::open(Arc::clone(&store), manager(&folder), b"secret").unwrap();
    let there: i64 = store
        .read(|conn| sm_audit::table.count().get_result(conn))
        .await
        .unwrap();
    assert_eq!(usize::try_from(there), Ok(rows));
    let Verdict::Whole(head) = trail.verify(None).await.unwrap() else {
        panic!("it was whole");
    };
    assert_eq!(head.seq, 5);
    store.run(change).await.unwrap();
    trail.verify(Some(head)).await.unwrap()
}

/// Alters the text of all records.
fn replace(
    from: &'static str,
    to: &'static str,
) -> impl Fn(&mut AnyConnection) -> QueryResult<usize> + Copy + Send + 'static {
    move |conn| {
        let change = format!("UPDATE sm_audit SET records = replace(records, '{from}', '{to}')");
        diesel::sql_query(change).execute(conn)
    }
}

#[tokio::test]
async fn an_altered_record_is_found() {
    // Both in one row, and each in a row of its own.
    for rows in [1, 5] {
        assert_eq!(
            tampered(rows, replace("Condition/hj.cn.2", "Condition/hj.cn.9")).await,
            Verdict::Altered(3)
        );
        assert_eq!(
            tampered(rows, replace("\"request\":\"r4\"", "\"request\":\"r5\"")).await,
            Verdict::Altered(5)
        );
    }
    let verdict = tampered(5, |conn| {
        let third = sm_audit::table.filter(sm_audit::first_seq.eq(3));
        diesel::update(third).set(sm_audit::latest.eq(1)).execute(conn)
    });
    assert_eq!(verdict.await, Verdict::Altered(3));
}

#[tokio::test]
async fn records_in_another_order_are_found() {
    let verdict = tampered(5, |conn| {
        let number = |from: i64, to: i64| {
            let row = sm_audit::table.filter(sm_audit::first_seq.eq(from));
            diesel::update(row).set((sm_audit::first_seq.eq(to), sm_audit::last_seq.eq(to)))
        };
        number(2, 99).execute(conn)?;
        number(3, 2).execute(conn)?;
        number(99, 3).execute(conn)
    });
    assert_eq!(verdict.await, Verdict::Altered(2));
}

/// As many records as the index takes, and some more.
async fn indexed() -> (Trail, Arc<Store>, tempfile::TempDir) {
    let (trail, store, folder) = trail().await;
    for n in 0..RUN + 600 {
        trail.write_later(&record(n)).await.unwrap();
    }
    drop(trail);
    let trail = Trail::open(Arc::clone(&store), manager(&folder), b"secret").unwrap();
    (trail, store, folder)
}

#[tokio::test]
async fn what_searches_no_longer_find_is_told() {
    type Hand = fn(&mut AnyConnection) -> QueryResult<usize>;
    let hands: [Hand; 4] = [
        |conn| diesel::delete(sm_audit_mark::table.filter(sm_audit_mark::first_seq.eq(1))).execute(conn),
        |conn| {
            diesel::update(sm_audit_mark::table)
                .set(sm_audit_mark::mark.eq(sm_audit_mark::mark + 1))
                .execute(conn)
        },
        // One more run hides all behind the last.
        |conn| {
            diesel::insert_into(sm_audit_run::table)
                .values(sm_audit_run::last_seq.eq(RUN + 600))
                .execute(conn)
        },
        |conn| {
            diesel::update(sm_audit_run::table)
                .set(sm_audit_run::last_seq.eq(sm_audit_run::last_seq + 1))
                .execute(conn)
        },
    ];
    for hand in hands {
        let (trail, store, _folder) = indexed().await;
        assert!(matches!(trail.verify(None).await.unwrap(), Verdict::Whole(_)));
        store.run(hand).await.unwrap();
        assert!(matches!(
            trail.verify(None).await.unwrap(),
            Verdict::Hidden(Head { .. })
        ));
    }
}

#[tokio::test]
async fn indexed_records_and_those_behind_them_are_found_alike() {
    let (trail, store, _folder) = indexed().await;
    let runs: i64 = store
        .read(|conn| sm_audit_run::table.count().get_result(conn))
        .await
        .unwrap();
    assert_eq!(runs, 1);
    let one = |name: String| Wanted {
        entities: vec![vec![name]],
        ..Wanted::default()
    };
    for n in [0, 1, 500, RUN - 1, RUN, RUN + 599] {
        let found = trail.search(&one(format!("Condition/hj.cn.{n}")), 10).await.unwrap();
        assert_eq!(
            found.iter().map(|entry| (entry.seq, &entry.record)).collect::<Vec<_>>(),
            [(n + 1, &record(n))]
        );
    }
    assert!(
        trail
            .search(&one("Condition/hj.cn.9999".to_owned()), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let amy = Wanted {
        agents: vec![vec!["amy".to_owned()]],
        interactions: vec![vec![Interaction::Search]],
        ..Wanted::default()
    };
    let all = (RUN + 600) / 2;
    assert_eq!(trail.count(&amy).await.unwrap(), u64::try_from(all).unwrap());
    let nothing = Wanted {
        outcomes: vec![vec![Outcome::Serious]],
        ..Wanted::default()
    };
    assert_eq!(trail.count(&nothing).await.unwrap(), 0);
    // Page by page, over rows, runs, and what is not indexed.
    let mut seqs = vec![];
    let mut wanted = amy;
    loop {
        let page = trail.search(&wanted, 333).await.unwrap();
        seqs.extend(page.iter().map(|entry| entry.seq));
        let Some(last) = page.last() else { break };
        wanted.before = Some(last.seq);
    }
    let expected: Vec<i64> = (0..RUN + 600).filter(|n| n % 2 == 0).map(|n| n + 1).rev().collect();
    assert_eq!(seqs, expected);
}

/// Whatever has piled up, no more is held in memory than for a run.
#[tokio::test]
async fn what_has_piled_up_is_indexed_run_by_run() {
    let (_store, folder) = store().await;
    let mut conn = manager(&folder).open().unwrap();
    let key = ChainKey::derive(b"secret");
    let lines: Vec<Line> = (0..500).map(|n| Line::of(&record(n)).unwrap()).collect();
    let (mut head, mut indexed) = (None, vec![0]);
    for _ in 0..30 {
        head = Some(append(&mut conn, &key, head, &lines).unwrap());
    }
    loop {
        let last = index(&mut conn, &key, &Turn::default()).unwrap();
        if indexed.last() == Some(&last) {
            break;
        }
        indexed.push(last);
    }
    assert_eq!(indexed, [0, 4_500, 9_000, 13_500]);
}

#[tokio::test]
async fn what_may_be_written_later_is_written_before_the_end() {
    let (trail, store, folder) = trail().await;
    // More than may wait at a time.
    for n in 0..5_000 {
        trail.write_later(&record(n)).await.unwrap();
    }
    drop(trail);
    let trail = Trail::open(store, manager(&folder), b"secret").unwrap();
    assert!(matches!(
        trail.verify(None).await.unwrap(),
        Verdict::Whole(Head { seq: 5_000, .. })
    ));
}

#[tokio::test]
async fn a_removed_record_is_found() {
    for (first, after) in [(2, 2), (1, 1)] {
        let verdict = tampered(5, move |conn| {
            diesel::delete(sm_audit::table.filter(sm_audit::first_seq.eq(first))).execute(conn)
        });
        assert_eq!(verdict.await, Verdict::Missing(after));
    }
    let cut =
        |conn: &mut AnyConnection| diesel::delete(sm_audit::table.filter(sm_audit::first_seq.ge(4))).execute(conn);
    assert_eq!(tampered(5, cut).await, Verdict::Cut);
    // Out of the middle and from the end of a row.
    for (line, missing) in [("\"r2\"", 3), ("\"r4\"", 5)] {
        let verdict = tampered(1, move |conn| {
            let row: String = sm_audit::table.select(sm_audit::records).first(conn)?;
            let left: String = row.split_inclusive('\n').filter(|text| !text.contains(line)).collect();
            diesel::update(sm_audit::table)
                .set(sm_audit::records.eq(left))
                .execute(conn)
        });
        assert_eq!(verdict.await, Verdict::Missing(missing));
    }
}

#[tokio::test]
async fn two_servers_write_one_chain_and_another_secret_does_not_fit_it() {
    let (first, store, folder) = trail().await;
    let second = Trail::open(Arc::clone(&store), manager(&folder), b"secret").unwrap();
    let records: Vec<Record> = (0..40).map(record).collect();
    let writes = records.iter().enumerate().map(|(n, record)| {
        let trail = if n.is_multiple_of(2) { &first } else { &second };
        trail.write(record)
    });
    let writes: Vec<_> = writes.map(Box::pin).collect();
    for done in futures_util::future::join_all(writes).await {
        done.unwrap();
    }
    assert!(matches!(
        first.verify(None).await.unwrap(),
        Verdict::Whole(Head { seq: 40, .. })
    ));
    let other = Trail::open(store, manager(&folder), b"other").unwrap();
    assert_eq!(other.verify(None).await.unwrap(), Verdict::Altered(1));
}

#[tokio::test]
async fn an_empty_trail_is_whole() {
    let (trail, _store, _folder) = trail().await;
    assert_eq!(trail.verify(None).await.unwrap(), Verdict::Whole(Head::default()));
}

#[test]
fn a_record_is_an_audit_event() {
    let event = Entry {
        seq: 7,
        record: record(0),
    }
    .json();
    assert!(event.starts_with("{\"resourceType\":\"AuditEvent\","), "{event}");
    let event: serde_json::Value = serde_json::from_str(&event).unwrap();
    let text = |path: &str| {
        event
            .pointer(path)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    assert!(text("/meta/profile/0").ends_with("PatientQuery"));
    assert_eq!(
        (text("/id"), text("/action"), text("/outcome")),
        ("7".into(), "E".into(), "0".into())
    );
    assert_eq!(text("/recorded"), "2025-06-15T15:06:40Z");
    assert_eq!(text("/agent/2/who/reference"), "Patient/hj.pt.1");
    let entities = event["entity"].as_array().unwrap();
    assert_eq!(entities.len(), 5);
    assert_eq!(entities[4]["query"], "L2ZoaXIvQ29uZGl0aW9uP3BhdGllbnQ9aGoucHQuMQ==");
    let patient = Entry {
        seq: 7,
        record: record(0),
    }
    .about("Patient/hj.pt.1")
    .json();
    let told = patient.clone();
    let patient: serde_json::Value = serde_json::from_str(&patient).unwrap();
    assert!(
        !told.contains("127.0.0.1") && !told.contains("Condition") && !told.contains("query"),
        "{told}"
    );
    assert_eq!(patient["entity"][1]["what"]["reference"], "Patient/hj.pt.1");
}
