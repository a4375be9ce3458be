use data_encoding::BASE64;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_code_gives_what_was_allowed_and_what_it_is_about() {
    let clinic = clinic().await;
    let tokens = clinic.redeem(&clinic.code(&[]).await).await.unwrap();
    assert_eq!(text(&tokens, "token_type"), "Bearer");
    assert_eq!(tokens["expires_in"], json!(3600));
    assert_eq!(
        text(&tokens, "scope"),
        "openid fhirUser launch/patient offline_access patient/Condition.rs"
    );
    assert_eq!(
        (text(&tokens, "patient"), &tokens["need_patient_banner"]),
        ("hj.pt.1", &json!(true))
    );
    assert_eq!(
        text(&tokens, "smart_style_url"),
        "https://chartgate.example.org/auth/smart-style.json"
    );
    assert_eq!(
        (tokens.get("encounter"), tokens.get("fhirContext"), tokens.get("intent")),
        (None, None, None)
    );
    let active = clinic.active(text(&tokens, "access_token")).await.unwrap();
    assert_eq!((active.grant.client.as_str(), active.expires), ("app", NOW + 1 + 3600));
    // A refresh token opens nothing.
    assert_eq!(clinic.active(text(&tokens, "refresh_token")).await, None);
}

#[tokio::test]
async fn the_id_token_says_who_and_is_verified_by_the_published_keys() {
    let clinic = clinic().await;
    let tokens = clinic.redeem(&clinic.code(&[]).await).await.unwrap();
    let token = text(&tokens, "id_token");
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.alg, Algorithm::RS256);
    let keys: JwkSet = serde_json::from_value(clinic.authority.jwks()).unwrap();
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["app"]);
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER, "sub": "amy", "aud": "app", "nonce": "no", "iat": NOW + 1, "exp": NOW + 1 + 3600,
            "fhirUser": "https://chartgate.example.org/fhir/Patient/hj.pt.1"
        })
    );
    let without = clinic
        .redeem(&clinic.code(&[("scope", "patient/Condition.rs")]).await)
        .await
        .unwrap();
    assert_eq!((without.get("id_token"), without.get("refresh_token")), (None, None));
}

#[tokio::test]
async fn a_code_is_good_for_its_client_its_address_and_its_verifier() {
    let clinic = clinic().await;
    assert_eq!(clinic.refusal(None, &redemption("BAD_CODE")).await, "invalid_grant");
    for (at, value) in [
        (2, "https://app.example.org/other"),
        (4, ""),
        (4, CHALLENGE),
        (4, "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong"),
    ] {
        let code = clinic.code(&[]).await;
        let mut form = redemption(&code);
        form[at].1 = value;
        assert_eq!(clinic.refusal(None, &form).await, "invalid_grant", "{value}");
        // A failed attempt has cost the code.
        assert!(clinic.redeem(&code).await.is_err());
    }
    let code = clinic.code(&[]).await;
    let form = redemption(&code);
    assert_eq!(clinic.refusal(None, &form[..4]).await, "invalid_grant");
    let code = clinic.code(&[]).await;
    let mut form = redemption(&code);
    form[3].1 = "BAD_CLIENT_ID";
    assert_eq!(clinic.refusal(None, &form).await, "invalid_client");
    // Another client that proves who it is gets nothing for it either.
    let basic = format!("Basic {}", BASE64.encode(b"site:s3cret"));
    form[3].1 = "site";
    assert_eq!(clinic.refusal(Some(&basic), &form).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_what_it_allowed() {
    let clinic = clinic().await;
    let code = clinic.code(&[]).await;
    let tokens = clinic.redeem(&code).await.unwrap();
    assert!(clinic.redeem(&code).await.is_err());
    assert_eq!(
        clinic.told_of(text(&tokens, "access_token")).await,
        json!({ "active": false })
    );
}

#[tokio::test]
async fn a_confidential_client_proves_who_it_is() {
    let clinic = clinic().await;
    let change = [
        ("client_id", "site"),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ];
    let form = |code| {
        [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
        ]
    };
    let basic = |text: &str| format!("Basic {}", BASE64.encode(text.as_bytes()));
    let code = clinic.code(&change).await;
    assert!(clinic.ask(Some(&basic("site:s3cret")), &form(&code)).await.is_ok());
    let code = clinic.code(&change).await;
    let posted = [
        form(&code).as_slice(),
        &[("client_id", "site"), ("client_secret", "s3cret")],
    ]
    .concat();
    assert!(clinic.ask(None, &posted).await.is_ok());
    for header in ["site:wrong", "BAD_CLIENT_ID:s3cret", "app:s3cret"] {
        assert_eq!(
            clinic.refusal(Some(&basic(header)), &form("x")).await,
            "invalid_client",
            "{header}"
        );
    }
    assert_eq!(
        clinic
            .refusal(None, &[form("x").as_slice(), &[("client_id", "site")]].concat())
            .await,
        "invalid_client"
    );
}

fn refreshing<'a>(token: &'a str, scope: &'a str) -> Vec<(&'static str, &'a str)> {
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", "app"),
    ];
    if !scope.is_empty() {
        form.push(("scope", scope));
    }
    form
}

#[tokio::test]
async fn refreshing_keeps_or_narrows_and_a_used_token_ends_all() {
    let clinic = clinic().await;
    let first = clinic.redeem(&clinic.code(&[]).await).await.unwrap();
    let second = clinic
        .ask(None, &refreshing(text(&first, "refresh_token"), ""))
        .await
        .unwrap();
    assert_eq!(second["scope"], first["scope"]);
    assert_eq!(second["patient"], first["patient"]);
    let third = clinic
        .ask(
            None,
            &refreshing(text(&second, "refresh_token"), "patient/Condition.r openid"),
        )
        .await
        .unwrap();
    assert_eq!(text(&third, "scope"), "patient/Condition.r openid");
    // What was narrowed once can be had again: the grant is what it was.
    let fourth = clinic
        .ask(None, &refreshing(text(&third, "refresh_token"), ""))
        .await
        .unwrap();
    assert_eq!(fourth["scope"], first["scope"]);
    assert_eq!(
        clinic
            .refusal(None, &refreshing(text(&first, "refresh_token"), ""))
            .await,
        "invalid_grant"
    );
    for token in [&first, &fourth] {
        assert_eq!(clinic.active(text(token, "access_token")).await, None);
    }
    assert_eq!(
        clinic
            .refusal(None, &refreshing(text(&fourth, "refresh_token"), ""))
            .await,
        "invalid_grant"
    );
    assert_eq!(clinic.refusal(None, &refreshing("random", "")).await, "invalid_grant");
}

#[tokio::test]
async fn refreshing_never_widens() {
    let clinic = clinic().await;
    let first = clinic.redeem(&clinic.code(&[]).await).await.unwrap();
    let form = refreshing(text(&first, "refresh_token"), "user/*.rs patient/*.rs");
    assert_eq!(clinic.refusal(None, &form).await, "invalid_scope");
    // Nobody else learns that, and the token is as good as before.
    let mut others = form.clone();
    others[2].1 = "far";
    assert_ne!(clinic.refusal(None, &others).await, "invalid_scope");
    let form = refreshing(text(&first, "refresh_token"), "");
    assert_eq!(clinic.ask(None, &form).await.unwrap()["scope"], first["scope"]);
}

#[tokio::test]
async fn what_the_user_takes_back_is_gone_at_once() {
    let clinic = clinic().await;
    let tokens = clinic.redeem(&clinic.code(&[]).await).await.unwrap();
    let access = text(&tokens, "access_token");
    let store = clinic.authority.store();
    let grants = store.grants_of("amy").await.unwrap();
    assert!(store.revoke("amy", &grants[0].id, NOW + 2).await.unwrap());
    assert_eq!(clinic.active(access).await, None);
    assert_eq!(
        clinic
            .refusal(None, &refreshing(text(&tokens, "refresh_token"), ""))
            .await,
        "invalid_grant"
    );
}

#[tokio::test]
async fn access_for_a_session_ends_with_it() {
    let clinic = clinic().await;
    let asked = clinic
        .authority
        .judge(&request(&[("scope", "online_access patient/Condition.rs")]), NOW)
        .await
        .unwrap();
    let session = Secret::new().unwrap();
    let to = clinic
        .authority
        .allow(&asked, (&amy(), &session), asked.scopes.clone(), about_amy(), NOW)
        .await
        .unwrap();
    let tokens = clinic.redeem(&query(&to, "code").unwrap()).await.unwrap();
    assert!(tokens.get("refresh_token").is_some());
    clinic
        .authority
        .store()
        .end_session(&session.hash(), NOW + 2)
        .await
        .unwrap();
    assert_eq!(clinic.active(text(&tokens, "access_token")).await, None);
}

#[tokio::test]
async fn introspection_tells_what_the_token_response_told() {
    let clinic = clinic().await;
    let tokens = clinic.redeem(&clinic.code(&[]).await).await.unwrap();
    let told = clinic.told_of(text(&tokens, "access_token")).await;
    assert_eq!(
        told,
        json!({
            "active": true, "scope": tokens["scope"], "client_id": "app", "exp": NOW + 1 + 3600, "iat": NOW + 1,
            "token_type": "Bearer", "patient": "hj.pt.1", "iss": ISSUER, "sub": "amy",
            "fhirUser": "https://chartgate.example.org/fhir/Patient/hj.pt.1"
        })
    );
    assert_eq!(clinic.told_of("invalid_token_value").await, json!({ "active": false }));
    let active = clinic.active(text(&tokens, "access_token")).await.unwrap();
    assert_eq!(clinic.authority.user_info(&active).unwrap().sub, "amy");
}

#[tokio::test]
async fn the_configurations_name_what_there_is() {
    let clinic = clinic().await;
    let smart = clinic.authority.smart_configuration();
    assert_eq!(
        text(&smart, "token_endpoint"),
        "https://chartgate.example.org/auth/token"
    );
    assert_eq!(smart["code_challenge_methods_supported"], json!(["S256"]));
    let scopes = smart["scopes_supported"].as_array().unwrap();
    assert!(scopes.contains(&json!("patient/Condition.rs")) && scopes.contains(&json!("system/*.rs")));
    let openid = clinic.authority.openid_configuration();
    assert_eq!(
        (text(&openid, "issuer"), &openid["jwks_uri"]),
        (ISSUER, &smart["jwks_uri"])
    );
    for (name, address) in clinic.authority.oauth_uris() {
        let told = smart.as_object().unwrap().values().any(|v| v == &json!(address));
        assert!(told, "{name}");
    }
}
