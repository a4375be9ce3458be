//! Backend services (<https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html>).

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};
use tests::on_both;
use tests::support::server::{ORIGIN, Response, Server};
use tests::support::smart::flow::{SERVICE, Tokens};
use tests::support::smart::keys::{Algorithm, Header, asserted, assertion, claims, key, new, sign};
use tests::support::smart::{clock, keys, site, site_and};

async fn asked(server: &Server, proof: &[(&str, String)], change: &[(&str, &str)]) -> Response {
    let mut pairs = SERVICE.to_vec();
    pairs.extend(proof.iter().map(|(name, value)| (*name, value.as_str())));
    for (name, value) in change {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name, value));
    }
    server.token(&[("accept", "application/json")], &pairs).await
}

/// A listener that publishes keys, once for each request.
fn publish(keys: &Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/jwks", listener.local_addr().unwrap());
    let body = keys.to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        }
    });
    address
}

on_both! {
    async fn a_service_gets_a_token_with_both_algorithms(kind) {
        let site = site(kind).await;
        for algorithm in [Algorithm::RS384, Algorithm::ES384] {
            let response = asked(&site, &assertion("service", algorithm), &[]).await;
            assert_eq!((response.header("cache-control"), response.header("pragma")), ("no-store", "no-cache"));
            let tokens = Tokens::of(&response);
            assert_eq!((tokens.scope(), &tokens.0["expires_in"], tokens.text("token_type")), ("system/*.rs", &json!(300), "Bearer"));
            assert!(tokens.0.get("refresh_token").is_none() && tokens.0.get("patient").is_none());
            assert!(site.by(&tokens).ids("/fhir/Patient?_count=100").await.len() > 50);
        }
    }

    async fn keys_are_found_at_an_address(kind) {
        let address = publish(&keys::jwks());
        let client = |id: &str, address: &str| {
            format!("[[client]]\nid = {id:?}\nname = {id:?}\nproof = {{ jwks_uri = {address:?} }}\nscopes = \"system/*.rs\"\npatients = \"\"\n")
        };
        let site = site_and(kind, &(client("far", &address) + &client("lost", "http://127.0.0.1:9/jwks"))).await;
        for algorithm in [Algorithm::RS384, Algorithm::ES384] {
            assert_eq!(asked(&site, &assertion("far", algorithm), &[]).await.status, 200);
            assert_eq!(asked(&site, &assertion("lost", algorithm), &[]).await.status, 401);
        }
        // `jku` may say what is registered, and nothing else.
        let key = key(Algorithm::ES384);
        for (jku, status) in [(address.as_str(), 200), ("http://127.0.0.1:9/jwks", 401), ("https://evil.example.org", 401)] {
            let header = Header {
                kid: key.public.common.key_id.clone(),
                jku: Some(jku.to_owned()),
                ..Header::new(Algorithm::ES384)
            };
            let jwt = jsonwebtoken::encode(&header, &claims("far"), &key.private).unwrap();
            assert_eq!(asked(&site, &asserted(jwt), &[]).await.status, status, "{jku}");
        }
    }

    /// What is granted is what is registered, however much is asked for.
    async fn a_service_gets_system_scopes_only(kind) {
        let site = site(kind).await;
        for (scope, granted) in [
            ("system/*.read", "system/*.read"),
            ("system/*.cruds", "system/*.rs"),
            ("system/Patient.rs system/Condition.r", "system/Patient.rs system/Condition.r"),
            ("system/Patient.rs patient/Condition.rs user/*.rs openid offline_access launch", "system/Patient.rs"),
        ] {
            let tokens = Tokens::of(&asked(&site, &assertion("service", Algorithm::RS384), &[("scope", scope)]).await);
            assert_eq!(tokens.scope(), granted);
        }
        for scope in ["", "user/*.rs", "openid", "nonsense"] {
            let refused = asked(&site, &assertion("service", Algorithm::RS384), &[("scope", scope)]).await;
            assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_scope")), "{scope}");
        }
        // An app that signs is no service.
        let refused = asked(&site, &assertion("signer", Algorithm::RS384), &[]).await;
        assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("unauthorized_client")));
    }

    /// Conformance, section 2.7, and what else is no proof.
    async fn what_does_not_prove_who_a_service_is_is_refused(kind) {
        let site = site(kind).await;
        let good = || assertion("service", Algorithm::RS384);
        let wrong_grant = asked(&site, &good(), &[("grant_type", "not_a_grant_type")]).await;
        assert_eq!((wrong_grant.status, &wrong_grant.json()["error"]), (400, &json!("unsupported_grant_type")));
        let wrong_type = asked(&site, &good(), &[("client_assertion_type", "not_an_assertion_type")]).await;
        assert_eq!((wrong_type.status, &wrong_type.json()["error"]), (401, &json!("invalid_client")));
        let key = key(Algorithm::RS384);
        let now = clock().and_utc().timestamp();
        let changed = |name: &str, value: Value| {
            let mut all = claims("service");
            all[name] = value;
            if all[name].is_null() {
                all.as_object_mut().unwrap().remove(name);
            }
            sign(key, &all)
        };
        let unsigned = {
            let part = |value: Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
            format!("{}.{}.", part(json!({ "alg": "none", "kid": "rsa" })), part(claims("service")))
        };
        let with_header = |header: Header| jsonwebtoken::encode(&header, &claims("service"), &key.private).unwrap();
        let named = |alg| Header { kid: Some("rsa".to_owned()), ..Header::new(alg) };
        for (what, jwt) in [
            ("another issuer", changed("iss", json!("ward"))),
            ("another subject", changed("sub", json!("ward"))),
            ("nobody", changed("iss", json!("nobody"))),
            ("another audience", changed("aud", json!(ORIGIN))),
            ("no audience", changed("aud", Value::Null)),
            ("expired", changed("exp", json!(now - 61))),
            ("for too long", changed("exp", json!(now + 361))),
            ("no end", changed("exp", Value::Null)),
            ("not yet", changed("nbf", json!(now + 120))),
            ("no id", changed("jti", Value::Null)),
            ("an empty id", changed("jti", json!(""))),
            ("a key that nobody knows", sign(&new(Algorithm::RS384, "rsa"), &claims("service"))),
            ("a key without a name", with_header(Header::new(Algorithm::RS384))),
            ("another name", with_header(Header { kid: Some("ec".to_owned()), ..Header::new(Algorithm::RS384) })),
            ("RS256", with_header(named(Algorithm::RS256))),
            ("PS384", with_header(named(Algorithm::PS384))),
            ("unsigned", unsigned),
            ("no token", "not a token".to_owned()),
        ] {
            let refused = asked(&site, &asserted(jwt), &[]).await;
            assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_client")), "{what}");
        }
        // Clocks differ, and lists of audiences are fine.
        for (what, jwt) in [
            ("a little late", changed("exp", json!(now - 59))),
            ("a little early", changed("exp", json!(now + 359))),
            ("several audiences", changed("aud", json!([ORIGIN, format!("{ORIGIN}/auth/token")]))),
        ] {
            assert_eq!(asked(&site, &asserted(jwt), &[]).await.status, 200, "{what}");
        }
    }

    async fn an_assertion_is_good_once(kind) {
        let site = site(kind).await;
        let proof = assertion("service", Algorithm::ES384);
        assert_eq!(asked(&site, &proof, &[]).await.status, 200);
        let again = asked(&site, &proof, &[]).await;
        assert_eq!((again.status, &again.json()["error"]), (401, &json!("invalid_client")));
        // Ids are each client's own.
        let mut theirs = claims("ward");
        theirs["jti"] = claims_of(&proof[1].1)["jti"].clone();
        assert_eq!(asked(&site, &asserted(sign(key(Algorithm::ES384), &theirs)), &[]).await.status, 200);
    }
}

fn claims_of(jwt: &str) -> Value {
    let body = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(body.as_bytes()).unwrap()).unwrap()
}
