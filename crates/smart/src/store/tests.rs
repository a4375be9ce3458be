use super::testing::{NOW, store};
use super::*;
use crate::pkce::Challenge;
use crate::scope::Scopes;
use crate::secret::Secret;

fn allowed(id: &str) -> Grant {
    Grant {
        id: id.to_owned(),
        client: "app".to_owned(),
        subject: Some("amy".to_owned()),
        person: Some("Patient/hj.pt.1".to_owned()),
        role: None,
        reach: Reach::Patients(vec!["hj.pt.1".to_owned()]),
        scopes: Scopes::parse("openid patient/*.rs offline_access"),
        context: Context {
            patient: Some("hj.pt.1".to_owned()),
            need_patient_banner: Some(true),
            ..Context::default()
        },
        session: None,
        created: NOW,
        ended: None,
    }
}

fn code(grant: &Grant) -> Code {
    Code {
        grant: grant.id.clone(),
        redirect_uri: "https://app.example.org/back".to_owned(),
        challenge: Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Some("S256")),
        nonce: Some("n".to_owned()),
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_ends_its_grant_when_it_comes_again() {
    let (store, _folder) = store().await;
    let grant = allowed("g1");
    store.grant(&grant).await.unwrap();
    let secret = store.give_code(&code(&grant), NOW).await.unwrap();
    match store.redeem(&secret, NOW + 1).await.unwrap() {
        Redeemed::Good(found) => assert_eq!(*found, (code(&grant), grant.clone())),
        other @ (Redeemed::Again | Redeemed::Unknown) => panic!("{other:?}"),
    }
    let token = store
        .give_token(Kind::Access, &grant, &grant.scopes, NOW, 300)
        .await
        .unwrap();
    assert!(store.token(&token, NOW + 1).await.unwrap().is_some());
    assert!(matches!(store.redeem(&secret, NOW + 1).await.unwrap(), Redeemed::Again));
    assert!(store.token(&token, NOW + 1).await.unwrap().is_none());
    assert!(matches!(
        store.redeem(&Secret::sent("nothing"), NOW).await.unwrap(),
        Redeemed::Unknown
    ));
}

#[tokio::test]
async fn a_code_is_good_for_a_minute() {
    let (store, _folder) = store().await;
    let grant = allowed("g1");
    store.grant(&grant).await.unwrap();
    let secret = store.give_code(&code(&grant), NOW).await.unwrap();
    let late = NOW + codes::LIFETIME;
    assert!(matches!(store.redeem(&secret, late).await.unwrap(), Redeemed::Unknown));
    // It was too late, not stolen.
    assert_eq!(store.grants_of("amy").await.unwrap(), [grant]);
}

#[tokio::test]
async fn of_many_who_bring_one_code_one_gets_in() {
    let (store, _folder) = store().await;
    let grant = allowed("g1");
    store.grant(&grant).await.unwrap();
    let secret = store.give_code(&code(&grant), NOW).await.unwrap();
    let all = futures_util::future::join_all((0..16).map(|_| store.redeem(&secret, NOW + 1))).await;
    let good = all.into_iter().filter(|r| matches!(r, Ok(Redeemed::Good(_)))).count();
    assert_eq!(good, 1);
}

#[tokio::test]
async fn refresh_tokens_rotate_and_a_stolen_one_ends_the_grant() {
    let (store, _folder) = store().await;
    let grant = allowed("g1");
    store.grant(&grant).await.unwrap();
    let give = |kind| store.give_token(kind, &grant, &grant.scopes, NOW, 300);
    let first = give(Kind::Refresh).await.unwrap();
    // Another client's attempt neither succeeds nor spends it.
    assert!(matches!(
        store.refresh(&first, "other", NOW).await.unwrap(),
        Refreshed::Unknown
    ));
    assert!(matches!(
        store.refresh(&first, "app", NOW + 300).await.unwrap(),
        Refreshed::Unknown
    ));
    match store.refresh(&first, "app", NOW).await.unwrap() {
        Refreshed::Good(found) => assert_eq!(*found, grant),
        other @ (Refreshed::Again | Refreshed::Unknown) => panic!("{other:?}"),
    }
    let (second, access) = (give(Kind::Refresh).await.unwrap(), give(Kind::Access).await.unwrap());
    assert!(matches!(
        store.refresh(&access, "app", NOW).await.unwrap(),
        Refreshed::Unknown
    ));
    assert!(matches!(
        store.refresh(&first, "app", NOW + 1).await.unwrap(),
        Refreshed::Again
    ));
    assert!(store.token(&access, NOW + 1).await.unwrap().is_none());
    assert!(matches!(
        store.refresh(&second, "app", NOW + 1).await.unwrap(),
        Refreshed::Unknown
    ));
}

#[tokio::test]
async fn a_token_tells_its_grant_until_it_expires_or_is_given_back() {
    let (store, _folder) = store().await;
    let grant = allowed("g1");
    store.grant(&grant).await.unwrap();
    let fewer = Scopes::parse("patient/Patient.r");
    let token = store.give_token(Kind::Access, &grant, &fewer, NOW, 300).await.unwrap();
    let active = store.token(&token, NOW + 299).await.unwrap().unwrap();
    assert_eq!(
        (active.kind, &active.scopes, active.issued, active.expires),
        (Kind::Access, &fewer, NOW, NOW + 300)
    );
    assert_eq!(active.grant, grant);
    assert_eq!(store.token(&token, NOW + 300).await.unwrap(), None);
    store.give_back(&token, "other", NOW).await.unwrap();
    assert!(store.token(&token, NOW).await.unwrap().is_some());
    store.give_back(&token, "app", NOW).await.unwrap();
    assert_eq!(store.token(&token, NOW).await.unwrap(), None);
    assert_eq!(store.grants_of("amy").await.unwrap().len(), 1);
    let refresh = store
        .give_token(Kind::Refresh, &grant, &grant.scopes, NOW, 300)
        .await
        .unwrap();
    store.give_back(&refresh, "app", NOW).await.unwrap();
    assert_eq!(store.grants_of("amy").await.unwrap(), []);
}

#[tokio::test]
async fn a_user_ends_only_grants_of_their_own_and_a_session_ends_its() {
    let (store, _folder) = store().await;
    let (one, other) = (
        allowed("g1"),
        Grant {
            session: Some("s".to_owned()),
            created: NOW + 1,
            ..allowed("g2")
        },
    );
    store.grant(&one).await.unwrap();
    store.grant(&other).await.unwrap();
    assert_eq!(store.grants_of("amy").await.unwrap(), [other.clone(), one.clone()]);
    assert!(!store.revoke("bob", "g1", NOW).await.unwrap());
    assert!(store.revoke("amy", "g1", NOW).await.unwrap());
    assert!(!store.revoke("amy", "g1", NOW).await.unwrap());
    assert_eq!(store.grants_of("amy").await.unwrap(), [other]);
    store.end_session("s", NOW).await.unwrap();
    assert_eq!(store.grants_of("amy").await.unwrap(), []);
}

#[tokio::test]
async fn an_assertion_is_good_once_per_client() {
    let (store, _folder) = store().await;
    assert!(store.first_use("a", "1", NOW).await.unwrap());
    assert!(!store.first_use("a", "1", NOW).await.unwrap());
    assert!(store.first_use("b", "1", NOW).await.unwrap());
    store.sweep(NOW + 1).await.unwrap();
    assert!(store.first_use("a", "1", NOW).await.unwrap());
}

#[tokio::test]
async fn what_services_got_is_forgotten_and_what_people_allowed_is_not() {
    let (store, _folder) = store().await;
    let person = allowed("g1");
    let service = |id: &str| Grant {
        subject: None,
        ..allowed(id)
    };
    let scopes = Scopes::parse("system/*.rs");
    for grant in [&person, &service("g2"), &service("g3")] {
        store.grant(grant).await.unwrap();
    }
    let long = store
        .give_token(Kind::Access, &service("g3"), &scopes, NOW, 10_000)
        .await
        .unwrap();
    store.sweep(NOW + LONG_AGO + 1).await.unwrap();
    assert!(store.token(&long, NOW + LONG_AGO + 1).await.unwrap().is_some());
    assert_eq!(store.grants_of("amy").await.unwrap(), std::slice::from_ref(&person));
    // The one without a token is gone, so that its id is free.
    assert!(store.grant(&service("g2")).await.is_ok());
    assert!(store.grant(&service("g3")).await.is_err());
    assert!(store.grant(&person).await.is_err());
}

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Wait(String);

impl pending::Pending for Wait {
    const KIND: &'static str = "wait";
}

#[tokio::test]
async fn what_waits_is_found_by_its_secret_until_it_is_taken() {
    let (store, _folder) = store().await;
    let secret = store.keep(&Wait("x".to_owned()), NOW + 10).await.unwrap();
    assert_eq!(store.look(&secret, NOW).await.unwrap(), Some(Wait("x".to_owned())));
    store.put(&secret, &Wait("y".to_owned()), NOW + 20).await.unwrap();
    assert_eq!(store.look::<Wait>(&secret, NOW + 20).await.unwrap(), None);
    assert_eq!(store.take(&secret, NOW + 15).await.unwrap(), Some(Wait("y".to_owned())));
    assert_eq!(store.take::<Wait>(&secret, NOW).await.unwrap(), None);
}

#[tokio::test]
async fn keys_rotate() {
    let (store, _folder) = store().await;
    let key = |kid: &str, created| StoredKey {
        kid: kid.to_owned(),
        algorithm: "RS256".to_owned(),
        sealed: "…".to_owned(),
        created,
        retired: None,
    };
    store.add_first_key(&key("a", 1)).await.unwrap();
    store.add_first_key(&key("b", 2)).await.unwrap();
    store.rotate_key(&key("c", 3), 0).await.unwrap();
    let kids = |keys: Vec<StoredKey>| keys.into_iter().map(|k| (k.kid, k.retired)).collect::<Vec<_>>();
    let both = [("c".to_owned(), None), ("a".to_owned(), Some(3))];
    assert_eq!(kids(store.keys().await.unwrap()), both);
    store.rotate_key(&key("d", 9), 5).await.unwrap();
    let later = [("d".to_owned(), None), ("c".to_owned(), Some(9))];
    assert_eq!(kids(store.keys().await.unwrap()), later);
}
