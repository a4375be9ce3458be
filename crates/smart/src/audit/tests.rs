use std::sync::Arc;

use diesel::prelude::*;

use super::*;
use crate::store::Store;
use crate::store::tables::sm_audit;
use crate::store::testing::{NOW, manager, store};

fn record(n: i64) -> Record {
    Record {
        at: NOW + n,
        interaction: Interaction::Search,
        outcome: Outcome::of(200),
        status: 200,
        request: format!("r{n}"),
        path: "/fhir/Condition".to_owned(),
        query: Some("patient=hj.pt.1".to_owned()),
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
    let writes = (0..n).map(|n| all.0.write(record(n)));
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
    let some = |text: &str| Some(text.to_owned());
    let amy = Wanted {
        subject: some("amy"),
        ..Wanted::default()
    };
    assert_eq!(seqs(amy.clone()).await, ["r4", "r2", "r0"]);
    let about = Wanted {
        entity: some("Condition/hj.cn.3"),
        ..Wanted::default()
    };
    assert_eq!(seqs(about).await, ["r3"]);
    let both = Wanted {
        client: some("app"),
        entity: some("Patient/hj.pt.1"),
        ..amy.clone()
    };
    assert_eq!(seqs(both).await, ["r4", "r2", "r0"]);
    let times = Wanted {
        from: Some(NOW + 1),
        until: Some(NOW + 3),
        ..Wanted::default()
    };
    assert_eq!(seqs(times).await, ["r2", "r1"]);
    assert_eq!(
        seqs(Wanted {
            before: Some(2),
            ..Wanted::default()
        })
        .await,
        ["r0"]
    );
    assert_eq!(
        seqs(Wanted {
            seq: Some(2),
            ..Wanted::default()
        })
        .await,
        ["r1"]
    );
    assert_eq!(
        seqs(Wanted {
            client: some("other"),
            ..amy
        })
        .await,
        Vec::<String>::new()
    );
}

async fn tampered(change: fn(&mut mapper::db::AnyConnection) -> QueryResult<usize>) -> Verdict {
    let (trail, store, _folder) = written(5).await;
    let Verdict::Whole(head) = trail.verify(None).await.unwrap() else {
        panic!("it was whole");
    };
    assert_eq!(head.seq, 5);
    store.run(change).await.unwrap();
    trail.verify(Some(head)).await.unwrap()
}

#[tokio::test]
async fn an_altered_record_is_found() {
    let verdict = tampered(|conn| {
        let third = sm_audit::table.filter(sm_audit::seq.eq(3));
        diesel::update(third).set(sm_audit::record.eq("{}")).execute(conn)
    });
    assert_eq!(verdict.await, Verdict::Broken { seq: 3 });
    let verdict = tampered(|conn| {
        let third = sm_audit::table.filter(sm_audit::seq.eq(3));
        diesel::update(third).set(sm_audit::at.eq(1)).execute(conn)
    });
    assert_eq!(verdict.await, Verdict::Broken { seq: 3 });
}

#[tokio::test]
async fn a_removed_record_is_found() {
    let verdict = tampered(|conn| diesel::delete(sm_audit::table.filter(sm_audit::seq.eq(2))).execute(conn));
    assert_eq!(verdict.await, Verdict::Broken { seq: 2 });
    let verdict = tampered(|conn| diesel::delete(sm_audit::table.filter(sm_audit::seq.eq(1))).execute(conn));
    assert_eq!(verdict.await, Verdict::Broken { seq: 1 });
    let verdict = tampered(|conn| diesel::delete(sm_audit::table.filter(sm_audit::seq.ge(4))).execute(conn));
    assert_eq!(verdict.await, Verdict::Cut);
}

#[tokio::test]
async fn two_servers_write_one_chain_and_another_secret_does_not_fit_it() {
    let (first, store, folder) = trail().await;
    let second = Trail::open(Arc::clone(&store), manager(&folder), b"secret").unwrap();
    let writes = (0..40).map(|n| {
        if n % 2 == 0 {
            first.write(record(n))
        } else {
            second.write(record(n))
        }
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
    assert_eq!(other.verify(None).await.unwrap(), Verdict::Broken { seq: 1 });
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
    .event();
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
}
