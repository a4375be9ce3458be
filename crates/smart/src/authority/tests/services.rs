use jsonwebtoken::Algorithm;
use serde_json::json;

use super::*;
use crate::client::ASSERTION_TYPE;

fn assertion(clinic: &Clinic, id: &str, jti: &str) -> String {
    let claims = json!({
        "iss": id, "sub": id, "aud": "https://chartgate.example.org/auth/token", "exp": NOW + 300, "jti": jti
    });
    testing::signed(Algorithm::ES384, Some("k"), &clinic.key.private, &claims)
}

fn form<'a>(assertion: &'a str, scope: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
        ("scope", scope),
    ]
}

#[tokio::test]
async fn a_service_gets_a_token_for_itself() {
    let clinic = clinic().await;
    for id in ["svc", "far"] {
        let signed = assertion(&clinic, id, "1");
        let tokens = clinic
            .ask(
                None,
                &form(&signed, "system/Patient.rs user/*.rs system/Condition.cruds"),
            )
            .await
            .unwrap();
        assert_eq!(text(&tokens, "scope"), "system/Patient.rs system/Condition.rs");
        assert_eq!(tokens["expires_in"], json!(300));
        for absent in ["refresh_token", "id_token", "patient"] {
            assert_eq!(tokens.get(absent), None);
        }
        let active = clinic.active(text(&tokens, "access_token")).await.unwrap();
        assert_eq!((active.grant.client.as_str(), active.grant.subject), (id, None));
    }
}

#[tokio::test]
async fn what_a_service_does_wrong_is_refused() {
    let clinic = clinic().await;
    let fresh = |jti: &str| assertion(&clinic, "svc", jti);
    let used = fresh("used");
    assert!(clinic.ask(None, &form(&used, "system/*.rs")).await.is_ok());
    assert_eq!(
        clinic.refusal(None, &form(&used, "system/*.rs")).await,
        "invalid_client"
    );
    let a = fresh("a");
    let mut wrong = form(&a, "system/*.rs");
    wrong[0].1 = "not_a_grant_type";
    assert_eq!(clinic.refusal(None, &wrong).await, "unsupported_grant_type");
    let mut wrong = form(&a, "system/*.rs");
    wrong[1].1 = "not_an_assertion_type";
    assert_eq!(clinic.refusal(None, &wrong).await, "invalid_client");
    assert_eq!(
        clinic.refusal(None, &form("x.y.z", "system/*.rs")).await,
        "invalid_client"
    );
    assert_eq!(
        clinic.refusal(None, &form(&fresh("b"), "user/*.rs")).await,
        "invalid_scope"
    );
    assert_eq!(clinic.refusal(None, &form(&fresh("c"), "")).await, "invalid_scope");
    assert_eq!(
        clinic
            .refusal(None, &form(&assertion(&clinic, "nobody", "d"), "system/*.rs"))
            .await,
        "invalid_client"
    );
    // An app cannot get one, whatever it proves.
    let app = [
        ("grant_type", "client_credentials"),
        ("client_id", "app"),
        ("scope", "system/*.rs"),
    ];
    assert_eq!(clinic.refusal(None, &app).await, "unauthorized_client");
}

#[tokio::test]
async fn keys_at_another_address_are_not_fetched() {
    let clinic = clinic().await;
    let claims = json!({
        "iss": "far", "sub": "far", "aud": "https://chartgate.example.org/auth/token", "exp": NOW + 300, "jti": "1"
    });
    let signed = |jku: &str| testing::signed_with(&clinic.key, Some(jku), &claims);
    let evil = signed("https://evil.example.org/keys");
    assert_eq!(
        clinic.refusal(None, &form(&evil, "system/*.rs")).await,
        "invalid_client"
    );
    let same = signed("https://far.example.org/keys");
    assert!(clinic.ask(None, &form(&same, "system/*.rs")).await.is_ok());
}
