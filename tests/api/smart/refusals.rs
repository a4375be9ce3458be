//! What must be refused: the negative table of the test kits (conformance, section 2.7) and what an attacker would try.

use serde_json::json;
use tests::on_both;
use tests::support::server::{ORIGIN, Response, Server};
use tests::support::smart::browser::Browser;
use tests::support::smart::flow::{Ask, CHALLENGE, Tokens, VERIFIER, answer, basic, launch};
use tests::support::smart::page::form_to;
use tests::support::smart::{BACK, PATIENT, SECRET, Smart, site, wait};

const SCOPE: &str = "openid launch/patient offline_access patient/Patient.rs patient/Condition.rs";

/// Status, error and how it may be kept.
fn refusal(response: &Response) -> (u16, String) {
    assert_eq!(
        (response.header("cache-control"), response.header("pragma")),
        ("no-store", "no-cache")
    );
    assert!(response.header("content-type").starts_with("application/json"));
    let body = response.json();
    assert!(
        body["error_description"].as_str().is_some_and(|text| !text.is_empty()),
        "{body}"
    );
    (response.status, body["error"].as_str().unwrap().to_owned())
}

/// A code of `app`.
async fn code(server: &Server) -> String {
    code_of(server, &Ask::of("app", SCOPE)).await
}

async fn code_of(server: &Server, ask: &Ask) -> String {
    let browser = Browser::new(server);
    let page = browser.consent(ask, "pat", None).await;
    browser.allow(&page, |form| form).await["code"].clone()
}

/// `app` brings a code, with some fields changed or, when empty, left out.
async fn bring(server: &Server, code: &str, change: &[(&str, &str)]) -> Response {
    let usual = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", "app"),
    ];
    let mut pairs: Vec<(&str, &str)> = usual
        .iter()
        .filter(|(name, _)| change.iter().all(|(n, _)| n != name))
        .copied()
        .collect();
    pairs.extend(change.iter().filter(|(_, value)| *value != "(none)"));
    server.token(&[], &pairs).await
}

on_both! {
    /// What is wrong with a request is told to the client, when it is known where that is.
    async fn an_authorization_request_that_is_wrong_gets_no_code(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let long = "a".repeat(43);
        for (name, value, error) in [
            ("aud", "https://inferno.healthit.gov/invalid_aud", "invalid_request"),
            ("aud", "", "invalid_request"),
            ("aud", ORIGIN, "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
            ("response_type", "", "invalid_request"),
            ("code_challenge", "", "invalid_request"),
            ("code_challenge_method", "", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("code_challenge", &format!("{long}!"), "invalid_request"),
            ("scope", "", "invalid_scope"),
            ("scope", "nonsense patient/Nothing.rs", "invalid_scope"),
            ("scope", "patient/Patient.cud", "invalid_scope"),
            ("scope", "system/*.rs", "invalid_scope"),
        ] {
            let response = browser.get(&Ask::of("app", SCOPE).with(name, value).address()).await;
            let to = response.header("location");
            assert!(response.status == 303 && to.starts_with(&format!("{BACK}?")), "{name}={value}: {}", response.text());
            let told = answer(to);
            assert_eq!((told["error"].as_str(), told["state"].as_str(), told.get("code")), (error, "the state", None), "{name}={value}");
            assert_eq!(told["iss"], ORIGIN);
        }
    }

    /// Nobody is sent to an address that is not exactly a registered one.
    async fn a_redirect_is_matched_exactly(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        for (name, value) in [
            ("client_id", "nobody"), ("client_id", ""), ("redirect_uri", ""),
            ("redirect_uri", "https://app.example.org/back/"), ("redirect_uri", "https://app.example.org/back?x=1"),
            ("redirect_uri", "https://app.example.org/BACK"), ("redirect_uri", "https://app.example.org:443/back"),
            ("redirect_uri", "https://app.example.org/back/../back"), ("redirect_uri", "http://app.example.org/back"),
            ("redirect_uri", "https://app.example.org/back#x"), ("redirect_uri", "https://app.example.org.evil.example/back"),
            ("redirect_uri", "https://evil.example.org/back"), ("redirect_uri", "javascript:alert(1)"),
        ] {
            let response = browser.get(&Ask::of("app", SCOPE).with(name, value).address()).await;
            assert_eq!((response.status, response.header("location")), (400, ""), "{name}={value}");
            let page = response.text();
            assert!(page.contains("<h1>") && (value.len() < 10 || !page.contains(value)), "{page}");
        }
        let twice = format!("{}&redirect_uri=https://evil.example.org", Ask::of("app", SCOPE).address());
        assert_eq!(browser.get(&twice).await.status, 400);
        let twice = format!("{}&scope=user/*.rs", Ask::of("app", SCOPE).address());
        assert_eq!(answer(browser.get(&twice).await.header("location"))["error"], "invalid_request");
    }

    /// An app on the user's own machine has another port each time (RFC 8252, section 7.3).
    async fn only_the_port_of_a_native_app_may_differ(kind) {
        let native = "[[client]]\nid = \"native\"\nname = \"Native\"\nproof = \"public\"\nscopes = \"patient/*.rs\"\nredirect_uris = [\"http://127.0.0.1/cb\"]\n";
        let site = tests::support::smart::site_and(kind, native).await;
        for (uri, known) in [
            ("http://127.0.0.1:51004/cb", true), ("http://127.0.0.1/cb", true), ("http://127.0.0.1:51004/cb2", false),
            ("http://127.0.0.1.evil.example:1/cb", false), ("http://localhost:51004/cb", false), ("https://127.0.0.1:1/cb", false),
            ("http://127.0.0.1:x@evil.example/cb", false),
        ] {
            let ask = Ask::of("native", "patient/Patient.rs").with("redirect_uri", uri);
            let response = Browser::new(&site).get(&ask.address()).await;
            assert_eq!(response.header("location").starts_with("/auth/continue"), known, "{uri}");
        }
    }

    async fn a_code_that_is_not_good_is_400(kind) {
        let site = site(kind).await;
        assert_eq!(refusal(&bring(&site, "BAD_CODE", &[]).await), (400, "invalid_grant".to_owned()));
        assert_eq!(refusal(&bring(&site, "x", &[("code", "(none)")]).await), (400, "invalid_request".to_owned()));
        let other = code(&site).await;
        assert_eq!(refusal(&bring(&site, &other, &[("redirect_uri", "https://app.example.org/")]).await).0, 400);
        let other = code(&site).await;
        assert_eq!(refusal(&bring(&site, &other, &[("redirect_uri", "(none)")]).await).0, 400);
        let late = code(&site).await;
        wait(60);
        assert_eq!(refusal(&bring(&site, &late, &[]).await), (400, "invalid_grant".to_owned()));
    }

    /// A code that comes twice has been seen by somebody else: what the first one got ends.
    async fn a_code_is_good_once(kind) {
        let site = site(kind).await;
        let code = code(&site).await;
        let tokens = Tokens::of(&bring(&site, &code, &[]).await);
        assert_eq!(site.by(&tokens).get("/fhir/Patient").await.status, 200);
        assert_eq!(refusal(&bring(&site, &code, &[]).await), (400, "invalid_grant".to_owned()));
        assert_eq!(site.by(&tokens).get("/fhir/Patient").await.status, 401);
        assert_eq!(site.refresh("app", tokens.refresh()).await.status, 400);
    }

    async fn a_client_that_is_not_known_is_401(kind) {
        let site = site(kind).await;
        let code = code(&site).await;
        let pairs = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK), ("code_verifier", VERIFIER)];
        let unknown = |header: &str| vec![("authorization", header.to_owned())];
        for headers in [
            unknown(&basic("BAD_CLIENT_ID", "BAD_CLIENT_SECRET")), unknown(&basic("site", "wrong")), unknown(&basic("site", "")),
            unknown("Basic !!!"), unknown("Basic"), unknown("Bearer x"), vec![],
        ] {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let refused = site.token(&headers, &pairs).await;
            assert_eq!(refusal(&refused), (401, "invalid_client".to_owned()), "{headers:?}");
            assert!(refused.header("www-authenticate").starts_with("Basic"));
        }
        assert_eq!(refusal(&bring(&site, &code, &[("client_id", "BAD_CLIENT_ID")]).await).0, 401);
        // A client with a secret is not believed without, and one without has none.
        for change in [[("client_id", "site"), ("x", "y")], [("client_id", "signer"), ("x", "y")], [("client_id", "app"), ("client_secret", "x")]] {
            assert_eq!(refusal(&bring(&site, &code, &change).await), (401, "invalid_client".to_owned()), "{change:?}");
        }
        // Two claims at once are one too many.
        let both = [("client_id", "app"), ("grant_type", "authorization_code")];
        let refused = site.token(&[("authorization", &basic("site", SECRET))], &both).await;
        assert_eq!(refusal(&refused), (400, "invalid_request".to_owned()));
        // After all of these the code is still good for its own client.
        assert_eq!(bring(&site, &code, &[]).await.status, 200);
    }

    async fn a_code_is_its_clients(kind) {
        let site = site(kind).await;
        let code = code(&site).await;
        assert_eq!(refusal(&site.redeem("site", &code).await), (400, "invalid_grant".to_owned()));
    }

    async fn a_verifier_has_to_fit(kind) {
        let site = site(kind).await;
        for verifier in ["(none)", "", "wrong", &"w".repeat(43), CHALLENGE] {
            let code = code(&site).await;
            let refused = bring(&site, &code, &[("code_verifier", verifier)]).await;
            assert_eq!(refusal(&refused), (400, "invalid_grant".to_owned()), "{verifier}");
            // The code is gone with the first try.
            assert_eq!(bring(&site, &code, &[]).await.status, 400);
        }
        // A verifier for nothing is wrong as well.
        let ask = Ask::of("old", SCOPE).with("code_challenge", "").with("code_challenge_method", "");
        let code = code_of(&site, &ask).await;
        assert_eq!(refusal(&site.redeem("old", &code).await), (400, "invalid_grant".to_owned()));
    }

    async fn pkce_is_left_out_only_where_that_is_said(kind) {
        let site = site(kind).await;
        for client in ["app", "site", "signer"] {
            let ask = Ask::of(client, SCOPE).with("code_challenge", "").with("code_challenge_method", "");
            let response = Browser::new(&site).get(&ask.address()).await;
            assert_eq!(answer(response.header("location"))["error"], "invalid_request", "{client}");
        }
    }

    async fn a_refresh_token_that_is_not_good_is_400(kind) {
        let site = site(kind).await;
        for client in ["app", "site"] {
            let refused = site.refresh(client, "0a1b2c3d-1111-4222-8333-444455556666").await;
            assert_eq!(refusal(&refused), (400, "invalid_grant".to_owned()));
        }
        let tokens = launch(&site, "pat", SCOPE).await;
        // Another client's, and an access token.
        assert_eq!(refusal(&site.refresh("site", tokens.refresh()).await).0, 400);
        assert_eq!(refusal(&site.refresh("app", tokens.access()).await).0, 400);
        assert_eq!(refusal(&site.token_of("app", &[("grant_type", "refresh_token")]).await), (400, "invalid_request".to_owned()));
        assert_eq!(site.refresh("app", tokens.refresh()).await.status, 200);
        // A refresh token opens no records.
        assert_eq!(site.with(tokens.refresh()).get("/fhir/Patient").await.status, 401);
    }

    async fn the_token_endpoint_takes_forms(kind) {
        let site = site(kind).await;
        let json = site.form("/auth/token", &[], &[]).await;
        assert_eq!(refusal(&json), (400, "invalid_request".to_owned()));
        assert_eq!(refusal(&site.token_of("app", &[("grant_type", "password")]).await), (400, "unsupported_grant_type".to_owned()));
        let body = tests::support::server::request(actix_web::http::Method::POST, "/auth/token", &[("content-type", "application/json")]);
        assert_eq!(refusal(&site.send(body.set_payload("{}")).await), (400, "invalid_request".to_owned()));
        let long = format!("client_id={}", "x".repeat(70_000));
        assert_eq!(refusal(&site.post("/auth/token", &long).await), (400, "invalid_request".to_owned()));
        assert_eq!(site.get("/auth/token").await.status, 404);
    }

    /// Conformance, section 2.7: no token, a bad one, one that was taken back.
    async fn records_need_a_good_token(kind) {
        let site = site(kind).await;
        let address = format!("/fhir/Patient/{PATIENT}");
        assert_eq!(
            site.get(&address).await.error(),
            "401 error login: An access token is needed; /.well-known/smart-configuration says where to get one"
        );
        let tokens = launch(&site, "pat", SCOPE).await;
        for header in ["Bearer", "Bearer x", "Basic x", "", tokens.access(), &format!("bearer  {} x", tokens.access())] {
            let response = site.ask(actix_web::http::Method::GET, &address, &[("authorization", header)]).await;
            assert_eq!(response.status, 401, "{header}");
        }
        // Neither in the address nor in a form.
        assert_eq!(site.get(&format!("{address}?access_token={}", tokens.access())).await.status, 401);
        let lower = format!("bearer {}", tokens.access());
        assert_eq!(site.ask(actix_web::http::Method::GET, &address, &[("authorization", &lower)]).await.status, 200);
        assert_eq!(
            site.by(&tokens).get("/fhir/Encounter").await.error(),
            "403 error forbidden: The access token has no scope for this"
        );
    }

    async fn no_means_no(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let page = browser.consent(&Ask::of("app", SCOPE), "pat", None).await;
        let form = form_to(&page.text(), "/auth/consent");
        let denied = browser.submit(&form.clone().with("decision", "deny")).await;
        let told = answer(denied.header("location"));
        assert_eq!((told["error"].as_str(), told["state"].as_str(), told.get("code")), ("access_denied", "the state", None));
        // It cannot be allowed afterwards.
        assert_eq!(browser.submit(&form.with("decision", "allow")).await.status, 400);
        // Nothing ticked is no as well.
        let page = browser.consent(&Ask::of("app", SCOPE), "pat", None).await;
        let nothing = form_to(&page.text(), "/auth/consent").ticking(&[]).with("decision", "allow");
        assert_eq!(answer(browser.submit(&nothing).await.header("location"))["error"], "access_denied");
        // An answer counts once.
        let page = browser.consent(&Ask::of("app", SCOPE), "pat", None).await;
        let form = form_to(&page.text(), "/auth/consent").with("decision", "allow");
        assert_eq!((browser.submit(&form).await.status, browser.submit(&form).await.status), (303, 400));
    }

    async fn who_must_not_be_asked_is_not(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let ask = Ask::of("app", SCOPE).with("prompt", "none");
        let asked = browser.follow(browser.get(&ask.address()).await).await;
        assert_eq!(answer(asked.header("location"))["error"], "login_required");
        browser.open_as("/auth/apps", "pat").await;
        let asked = browser.follow(browser.get(&ask.address()).await).await;
        assert_eq!(answer(asked.header("location"))["error"], "consent_required");
    }

    /// What servers keep of secrets opens nothing.
    async fn secrets_are_not_in_the_state(kind) {
        use diesel::prelude::*;
        let smart = Smart::new(kind);
        let server = smart.serve(tests::support::setup::Setup::all(kind)).await;
        let browser = Browser::new(&server);
        let tokens = browser.launch(&Ask::of("app", SCOPE), "pat", None).await;
        #[derive(QueryableByName)]
        struct Text {
            #[diesel(sql_type = diesel::sql_types::Text)]
            text: String,
        }
        let mut all = String::new();
        for sql in [
            "SELECT hash || scopes AS text FROM sm_token", "SELECT hash || redirect_uri AS text FROM sm_code",
            "SELECT hash || body AS text FROM sm_pending", "SELECT id || reach || context AS text FROM sm_grant", "SELECT sealed AS text FROM sm_key",
        ] {
            let rows: Vec<Text> = diesel::sql_query(sql).load(&mut smart.database().connect()).unwrap();
            assert!(!rows.is_empty(), "{sql}");
            all.extend(rows.into_iter().map(|row| row.text));
        }
        let cookies = browser.cookies.borrow().values().cloned().collect::<Vec<_>>();
        for secret in [tokens.access(), tokens.refresh(), "PRIVATE"].into_iter().chain(cookies.iter().map(String::as_str)) {
            assert!(!all.contains(secret));
        }
        let hash: Vec<Text> = diesel::sql_query("SELECT hash AS text FROM sm_token").load(&mut smart.database().connect()).unwrap();
        for row in hash {
            assert_eq!(server.with(&row.text).get("/fhir/Patient").await.status, 401);
        }
        assert_eq!(server.ok("/auth/jwks").await["keys"][0]["d"], json!(null));
    }
}
