//! Clients that register themselves (RFC 7591), where the configuration lets them.

use actix_web::http::Method;
use serde_json::{Value, json};
use tests::on_both;
use tests::support::server::{Response, Server, request};
use tests::support::smart::browser::Browser;
use tests::support::smart::flow::{Ask, Tokens, VERIFIER, basic};
use tests::support::smart::{BACK, PATIENT, keys, site, site_with};

async fn register(server: &Server, client: &Value) -> Response {
    let asked = request(Method::POST, "/auth/register", &[("content-type", "application/json")]);
    server.send(asked.set_payload(client.to_string())).await
}

fn error(response: &Response) -> (u16, String) {
    (
        response.status,
        response.json()["error"].as_str().unwrap_or_default().to_owned(),
    )
}

/// The token request of a client with what proves who it is.
async fn redeem(server: &Server, code: &str, headers: &[(&str, &str)], proof: &[(&str, &str)]) -> Response {
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    server.token(headers, &[&pairs, proof].concat()).await
}

on_both! {
    async fn clients_register_only_where_they_may(kind) {
        let site = site(kind).await;
        let refused = register(&site, &json!({ "redirect_uris": [BACK] })).await;
        assert_eq!(error(&refused), (400, "invalid_request".to_owned()));
    }

    async fn a_client_registers_and_is_used(kind) {
        let site = site_with(kind, "[smart.registration]").await;
        let found = site.ok("/fhir/.well-known/smart-configuration").await;
        assert_eq!(found["registration_endpoint"], "http://localhost:8080/auth/register");
        assert!(site.ok("/fhir/metadata").await["rest"][0]["security"].to_string().contains("http://localhost:8080/auth/register"));
        for (method, more) in [
            ("none", json!({})), ("client_secret_basic", json!({})), ("client_secret_post", json!({})), ("private_key_jwt", json!({ "jwks": keys::jwks() })),
        ] {
            let mut asked = json!({
                "redirect_uris": [BACK], "client_name": "A <b>new</b> app", "token_endpoint_auth_method": method, "grant_types": ["authorization_code"],
                "response_types": ["code"], "scope": "openid launch/patient patient/Patient.rs system/*.rs", "software_id": "x", "logo_uri": "https://x",
            });
            asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let response = register(&site, &asked).await;
            assert_eq!((response.status, response.header("cache-control")), (201, "no-store"), "{}", response.text());
            let told = response.json();
            let (id, secret) = (told["client_id"].as_str().unwrap(), told["client_secret"].as_str());
            assert_eq!((&told["token_endpoint_auth_method"], &told["redirect_uris"]), (&json!(method), &json!([BACK])));
            assert_eq!(told["scope"], "openid launch/patient patient/Patient.rs");
            assert_eq!((secret.is_some(), told.get("client_secret_expires_at").is_some()), (method.starts_with("client"), method.starts_with("client")));
            let ask = Ask::of(id, "launch/patient patient/Patient.rs patient/Condition.rs system/*.rs");
            let browser = Browser::new(&site);
            let page = browser.consent(&ask, "pat", None).await;
            let text = page.text();
            assert!(text.contains("Nobody here has looked at this app") && text.contains("app.example.org") && !text.contains("<b>"), "{text}");
            let sent = browser.allow(&page, |form| form).await;
            let response = match method {
                "none" => redeem(&site, &sent["code"], &[], &[("client_id", id)]).await,
                "client_secret_basic" => redeem(&site, &sent["code"], &[("authorization", &basic(id, secret.unwrap()))], &[]).await,
                "client_secret_post" => redeem(&site, &sent["code"], &[], &[("client_id", id), ("client_secret", secret.unwrap())]).await,
                _ => {
                    let proof = keys::assertion(id, keys::Algorithm::RS384);
                    let proof = proof.each_ref().map(|(name, value)| (*name, value.as_str()));
                    redeem(&site, &sent["code"], &[], &proof).await
                }
            };
            let tokens = Tokens::of(&response);
            assert_eq!(tokens.scope(), "launch/patient patient/Patient.rs");
            assert_eq!(site.by(&tokens).ids("/fhir/Patient").await, [PATIENT]);
            assert!(browser.get("/auth/apps").await.text().contains("&#60;b&#62;new"));
            // Another secret, or none, is not believed.
            if secret.is_some() {
                assert_eq!(error(&redeem(&site, "x", &[("authorization", &basic(id, "wrong"))], &[]).await), (401, "invalid_client".to_owned()));
            }
            // It is no service, and looks at nobody's tokens.
            let service = [("grant_type", "client_credentials"), ("scope", "system/*.rs"), ("client_id", id)];
            assert!([400, 401].contains(&site.token(&[], &service).await.status));
        }
    }

    async fn what_cannot_be_registered_is_refused(kind) {
        let site = site_with(kind, "[smart.registration]\nscopes = \"openid patient/*.rs\"").await;
        let metadata = "invalid_client_metadata";
        for (client, code) in [
            (json!({}), "invalid_redirect_uri"),
            (json!({ "redirect_uris": [] }), "invalid_redirect_uri"),
            (json!({ "redirect_uris": ["http://app.example.org/"] }), "invalid_redirect_uri"),
            (json!({ "redirect_uris": [BACK, "javascript:alert(1)"] }), "invalid_redirect_uri"),
            (json!({ "redirect_uris": ["https://app.example.org/#x"] }), "invalid_redirect_uri"),
            (json!({ "redirect_uris": BACK }), metadata),
            (json!([]), metadata),
            (json!({ "redirect_uris": [BACK], "token_endpoint_auth_method": "tls_client_auth" }), metadata),
            (json!({ "redirect_uris": [BACK], "token_endpoint_auth_method": "private_key_jwt" }), metadata),
            (json!({ "redirect_uris": [BACK], "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example.org/jwks" }), metadata),
            (json!({ "redirect_uris": [BACK], "grant_types": ["client_credentials"] }), metadata),
            (json!({ "redirect_uris": [BACK], "response_types": ["token"] }), metadata),
            (json!({ "redirect_uris": [BACK], "scope": "user/*.rs system/*.rs" }), metadata),
            (json!({ "redirect_uris": [BACK], "initiate_login_uri": "http://app.example.org/" }), metadata),
            (json!({ "redirect_uris": [BACK], "client_name": "x".repeat(40_000) }), metadata),
        ] {
            assert_eq!(error(&register(&site, &client).await), (400, code.to_owned()), "{client:.200}");
        }
        assert_eq!(error(&site.post("/auth/register", "redirect_uris=x").await), (400, metadata.to_owned()));
        // Without a scope it is all that is offered, and no more can be asked for later.
        let told = register(&site, &json!({ "redirect_uris": [BACK], "token_endpoint_auth_method": "none" })).await.json();
        assert_eq!(told["scope"], "openid patient/*.rs");
    }
}

/// Whoever registers may have to know a word.
#[test]
fn registering_can_take_a_token() {
    // A variable that every environment of a test has.
    let (name, word) = std::env::vars()
        .find(|(_, value)| value.len() >= 16 && value.is_ascii() && value.trim() == value)
        .unwrap();
    tests::support::run(tests::support::database::Kind::Sqlite, async |kind| {
        let site = site_with(kind, &format!("[smart.registration]\ntoken_env = {name:?}")).await;
        let asked = |token: &str| {
            let headers = [("content-type", "application/json"), ("authorization", token)];
            request(Method::POST, "/auth/register", &headers)
                .set_payload(json!({ "redirect_uris": [BACK] }).to_string())
        };
        for token in ["", "Bearer x", "Basic x", word.as_str()] {
            let refused = site.send(asked(token)).await;
            assert_eq!(error(&refused), (401, "invalid_token".to_owned()));
            assert_eq!(refused.header("www-authenticate"), "Bearer");
        }
        assert_eq!(site.send(asked(&format!("Bearer {word}"))).await.status, 201);
    });
}
