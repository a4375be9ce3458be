use data_encoding::BASE64;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::json;

use super::*;
use crate::refusal::Code;
use crate::store::testing::NOW;
use crate::testing;

const ENDPOINT: &str = "https://chartgate.example.org/auth/token";

fn keys(algorithm: Algorithm, kid: &str) -> (EncodingKey, Jwk) {
    let key = testing::key(algorithm, kid);
    (key.private, key.public)
}

fn signed(algorithm: Algorithm, kid: Option<&str>, key: &EncodingKey, change: &[(&str, serde_json::Value)]) -> String {
    let mut claims = json!({ "iss": "svc", "sub": "svc", "aud": ENDPOINT, "exp": NOW + 300, "jti": "j1" });
    for (name, value) in change {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        } else {
            claims[*name] = value.clone();
        }
    }
    testing::signed(algorithm, kid, key, &claims)
}

#[test]
fn both_algorithms_are_verified_by_the_key_that_is_named() {
    let (rsa, rsa_public) = keys(Algorithm::RS384, "a");
    let (ec, ec_public) = keys(Algorithm::ES384, "b");
    // Another key of the same id in front: all of that id are tried.
    let (_, decoy) = keys(Algorithm::ES384, "a");
    let keys = JwkSet {
        keys: vec![decoy, rsa_public, ec_public],
    };
    let verify = |jwt: &str| Assertion::verify(jwt, "svc", &keys, ENDPOINT, NOW);
    let good = Assertion {
        jti: "j1".to_owned(),
        expires: NOW + 360,
    };
    assert_eq!(
        verify(&signed(Algorithm::RS384, Some("a"), &rsa, &[])),
        Ok(good.clone())
    );
    assert_eq!(verify(&signed(Algorithm::ES384, Some("b"), &ec, &[])), Ok(good));
    for (jwt, why) in [
        (
            signed(Algorithm::ES384, Some("a"), &ec, &[]),
            "no registered key verifies the assertion",
        ),
        (
            signed(Algorithm::ES384, Some("c"), &ec, &[]),
            "no registered key verifies the assertion",
        ),
        (
            signed(Algorithm::ES384, None, &ec, &[]),
            "the assertion does not name its key",
        ),
        (
            signed(Algorithm::RS256, Some("a"), &rsa, &[]),
            "the assertion is not signed with RS384 or ES384",
        ),
        ("x.y.z".to_owned(), "the assertion is not a JWT"),
    ] {
        let refused = verify(&jwt).unwrap_err();
        assert_eq!((refused.code, refused.description), (Code::InvalidClient, why));
    }
}

#[test]
fn claims_are_judged() {
    let (ec, public) = keys(Algorithm::ES384, "b");
    let keys = JwkSet { keys: vec![public] };
    let verify = |change: &[(&str, serde_json::Value)]| {
        let jwt = signed(Algorithm::ES384, Some("b"), &ec, change);
        Assertion::verify(&jwt, "svc", &keys, ENDPOINT, NOW).map_err(|refused| refused.description)
    };
    assert!(verify(&[("aud", json!(["other", ENDPOINT]))]).is_ok());
    assert!(verify(&[("exp", json!(NOW - 59))]).is_ok());
    assert!(verify(&[("nbf", json!(NOW + 60))]).is_ok());
    let expired = "the assertion has expired or is not yet good";
    for (name, value, why) in [
        ("iss", json!("other"), "iss and sub of the assertion are not the client"),
        ("sub", json!("other"), "iss and sub of the assertion are not the client"),
        (
            "aud",
            json!("https://other"),
            "aud of the assertion is not the token endpoint",
        ),
        ("exp", json!(NOW - 60), expired),
        ("nbf", json!(NOW + 61), expired),
        (
            "exp",
            json!(NOW + 361),
            "the assertion is good for longer than five minutes",
        ),
        ("jti", json!(""), "the assertion has no jti"),
        ("jti", json!(null), "no registered key verifies the assertion"),
        ("exp", json!(null), "no registered key verifies the assertion"),
    ] {
        assert_eq!(verify(&[(name, value)]), Err(why), "{name}");
    }
}

#[test]
fn an_unsigned_assertion_is_refused() {
    let part = |value: serde_json::Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let jwt = format!(
        "{}.{}.",
        part(json!({ "alg": "none", "kid": "b" })),
        part(json!({ "iss": "svc", "sub": "svc", "aud": ENDPOINT, "exp": NOW + 300, "jti": "j" }))
    );
    let keys = JwkSet { keys: vec![] };
    assert!(Assertion::verify(&jwt, "svc", &keys, ENDPOINT, NOW).is_err());
}

fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

fn basic(text: &str) -> String {
    format!("Basic {}", BASE64.encode(text.as_bytes()))
}

fn client(proof: Proof) -> Client {
    Client {
        id: "app".to_owned(),
        name: "App".to_owned(),
        proof,
        redirect_uris: vec![
            "https://app.example.org/back".to_owned(),
            "http://127.0.0.1/back".to_owned(),
        ],
        launch_uri: None,
        scopes: Scopes::parse("openid patient/*.rs"),
        without_pkce: false,
        patients: None,
        introspects: false,
        by_itself: false,
    }
}

#[test]
fn credentials_are_read_from_header_and_form() {
    let read = |header: Option<&str>, pairs: &[(&str, &str)]| Credentials::read(header, &form(pairs));
    let secret = client(Proof::SecretHash(crate::password::hash("p+ %41").unwrap()));
    let raw = basic("app:p+ %41");
    let encoded = basic("app:p%2B+%2541");
    for claimed in [
        read(Some(&raw), &[]),
        read(Some(&encoded), &[("client_id", "app")]),
        read(Some(&raw), &[("client_id", "app"), ("client_secret", "p+ %41")]),
        read(None, &[("client_id", "app"), ("client_secret", "p+ %41")]),
    ] {
        let claimed = claimed.map_err(|r| r.description).unwrap();
        assert!(claimed.id() == "app" && claimed.fit(&secret) && !claimed.fit(&client(Proof::Public)));
    }
    let public = read(None, &[("client_id", "app")]).map_err(|r| r.description).unwrap();
    assert!(public.fit(&client(Proof::Public)) && !public.fit(&secret));
    let wrong = read(Some(&basic("app:nope")), &[]).map_err(|r| r.description).unwrap();
    assert!(!wrong.fit(&secret));
    for (header, pairs) in [
        (None, vec![]),
        (None, vec![("client_id", "")]),
        (None, vec![("client_secret", "x")]),
        (Some(raw.as_str()), vec![("client_id", "other")]),
        (Some("Bearer x"), vec![("client_id", "app")]),
        (Some("Basic é"), vec![]),
        (Some("Basic"), vec![]),
        (
            None,
            vec![("client_assertion", "x.y.z"), ("client_assertion_type", ASSERTION_TYPE)],
        ),
    ] {
        assert!(read(header, &pairs).is_err(), "{pairs:?}");
    }
}

#[test]
fn an_assertion_of_another_type_is_refused() {
    let (ec, _) = keys(Algorithm::ES384, "b");
    let jwt = signed(Algorithm::ES384, Some("b"), &ec, &[]);
    let read = |kind: &str| {
        Credentials::read(
            None,
            &form(&[("client_assertion", &jwt), ("client_assertion_type", kind)]),
        )
    };
    assert!(read(ASSERTION_TYPE).is_ok_and(|c| c.id() == "svc"));
    assert!(read("not_an_assertion_type").is_err_and(|r| r.code == Code::InvalidClient));
}

#[test]
fn redirects_are_compared_as_they_are() {
    let (public, secret) = (client(Proof::Public), client(Proof::SecretHash(String::new())));
    for good in ["https://app.example.org/back", "http://127.0.0.1/back"] {
        assert!(public.may_redirect(good) && secret.may_redirect(good), "{good}");
    }
    // A program on the user's own machine listens on whatever port it gets.
    assert!(public.may_redirect("http://127.0.0.1:51004/back"));
    assert!(!secret.may_redirect("http://127.0.0.1:51004/back"));
    for bad in [
        "https://app.example.org/back/",
        "https://app.example.org/back?x=y",
        "https://app.example.org/back#x",
        "https://APP.example.org/back",
        "http://app.example.org/back",
        "http://127.0.0.1:51004/other",
        "http://127.0.0.1.example.org/back",
        "http://127.0.0.1:80@example.org/back",
        "http://localhost/back",
        "",
    ] {
        assert!(!public.may_redirect(bad), "{bad}");
    }
}

#[test]
fn a_registration_is_read_as_it_was_written() {
    let app = client(Proof::JwksUri("https://app.example.org/keys".to_owned()));
    let text = serde_json::to_string(&app).unwrap();
    assert_eq!(serde_json::from_str::<Client>(&text).unwrap(), app);
}
