//! What becomes of tokens: refreshed, looked at, given back, taken back.

use serde_json::json;
use tests::on_both;
use tests::support::server::Server;
use tests::support::smart::browser::Browser;
use tests::support::smart::flow::{Ask, Tokens, basic, launch};
use tests::support::smart::page::form_to;
use tests::support::smart::{PATIENT, SECRET, site, site_with, wait};

const SCOPE: &str = "openid fhirUser launch/patient offline_access patient/Patient.rs patient/Condition.rs";

async fn reads(server: &Server, tokens: &Tokens) -> u16 {
    server.by(tokens).get(&format!("/fhir/Patient/{PATIENT}")).await.status
}

async fn introspect(server: &Server, token: &str) -> serde_json::Value {
    let response = server
        .form(
            "/auth/introspect",
            &[("accept", "application/json")],
            &[("token", token)],
        )
        .await;
    assert_eq!(response.status, 200, "{}", response.text());
    response.json()
}

on_both! {
    async fn a_refresh_gives_what_was_granted(kind) {
        let site = site(kind).await;
        let first = launch(&site, "pat", SCOPE).await;
        let response = site.refresh("app", first.refresh()).await;
        assert_eq!((response.header("cache-control"), response.header("pragma")), ("no-store", "no-cache"));
        let second = Tokens::of(&response);
        assert_eq!((second.scope(), second.text("patient"), &second.0["expires_in"]), (SCOPE, PATIENT, &json!(3600)));
        assert!(second.access() != first.access() && second.refresh() != first.refresh());
        assert_eq!((reads(&site, &first).await, reads(&site, &second).await), (200, 200));
        // With the scopes that were received, with fewer, and with more, which are not given.
        let asked = async |token: &str, scope: &str| {
            let pairs = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
            site.token_of("app", &pairs).await
        };
        let third = Tokens::of(&asked(second.refresh(), SCOPE).await);
        assert_eq!(third.scope(), SCOPE);
        let fewer = Tokens::of(&asked(third.refresh(), "patient/Patient.r").await);
        assert_eq!(fewer.scope(), "patient/Patient.r");
        assert_eq!(site.by(&fewer).get("/fhir/Condition").await.status, 403);
        let more = Tokens::of(&asked(fewer.refresh(), "patient/*.rs user/Patient.rs patient/Condition.rs").await);
        assert_eq!(more.scope(), "patient/Condition.rs");
    }

    /// As SMART's JavaScript client does.
    async fn only_public_clients_refresh_without_their_id(kind) {
        let site = site(kind).await;
        let asked = async |token: &str| site.token(&[], &[("grant_type", "refresh_token"), ("refresh_token", token)]).await;
        let public = launch(&site, "pat", SCOPE).await;
        assert_eq!(reads(&site, &Tokens::of(&asked(public.refresh()).await)).await, 200);
        let confidential = Browser::new(&site).launch(&Ask::of("site", SCOPE), "pat", None).await;
        for token in [confidential.refresh(), "nonsense"] {
            let refused = asked(token).await;
            assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_client")));
        }
        assert_eq!(site.refresh("site", confidential.refresh()).await.status, 200);
    }

    /// A token that comes twice was stolen or lost: whoever has tokens of it loses them.
    async fn a_refresh_token_that_comes_twice_ends_everything(kind) {
        let site = site(kind).await;
        let first = launch(&site, "pat", SCOPE).await;
        let second = Tokens::of(&site.refresh("app", first.refresh()).await);
        let reused = site.refresh("app", first.refresh()).await;
        assert_eq!((reused.status, &reused.json()["error"]), (400, &json!("invalid_grant")));
        for tokens in [&first, &second] {
            assert_eq!(reads(&site, tokens).await, 401);
        }
        assert_eq!(site.refresh("app", second.refresh()).await.status, 400);
    }

    async fn tokens_end(kind) {
        let site = site(kind).await;
        let tokens = launch(&site, "pat", SCOPE).await;
        wait(3599);
        assert_eq!(reads(&site, &tokens).await, 200);
        wait(1);
        assert_eq!(reads(&site, &tokens).await, 401);
        assert_eq!(introspect_closed(&site, tokens.access()).await, json!({ "active": false }));
        // Three months and more, as the certification wants.
        wait(100 * 24 * 3600);
        let later = Tokens::of(&site.refresh("app", tokens.refresh()).await);
        assert_eq!(reads(&site, &later).await, 200);
        wait(181 * 24 * 3600);
        assert_eq!(site.refresh("app", later.refresh()).await.status, 400);
    }

    /// `online_access` lasts as long as the sign-in; `offline_access` longer.
    async fn online_tokens_end_with_the_sign_in(kind) {
        let site = site(kind).await;
        let online = SCOPE.replace("offline", "online");
        let browser = Browser::new(&site);
        let (offline, online) = (launch(&site, "pat", SCOPE).await, Ask::of("app", &online));
        let first = browser.launch(&online, "pat", None).await;
        let second = Tokens::of(&site.refresh("app", first.refresh()).await);
        let other = browser.launch(&online, "pat", None).await;
        let page = browser.get("/auth/apps").await;
        let out = browser.submit(&form_to(&page.text(), "/auth/logout")).await;
        assert_eq!((out.status, out.header("location")), (303, "/auth/login"));
        for tokens in [&second, &other] {
            assert_eq!((reads(&site, tokens).await, site.refresh("app", tokens.refresh()).await.status), (401, 400));
        }
        // Eight hours later nobody is signed in any more.
        let third = browser.launch(&online, "pat", None).await;
        wait(8 * 3600);
        assert_eq!(site.refresh("app", third.refresh()).await.status, 400);
        assert_eq!(site.refresh("app", offline.refresh()).await.status, 200);
    }

    async fn a_token_can_be_looked_at(kind) {
        let site = site_with(kind, "open_introspection = true").await;
        let tokens = launch(&site, "pat", SCOPE).await;
        let told = introspect(&site, tokens.access()).await;
        let claims = site.by(&tokens).ok("/auth/userinfo").await;
        assert_eq!(told["active"], json!(true));
        assert_eq!((told["client_id"].as_str(), told["scope"].as_str()), (Some("app"), Some(SCOPE)));
        assert_eq!((told["patient"].as_str(), &told["sub"], &told["fhirUser"]), (Some(PATIENT), &claims["sub"], &claims["fhirUser"]));
        assert_eq!(told["iss"], "http://localhost:8080");
        assert!(told["exp"].as_i64().is_some_and(|exp| exp > 0));
        for token in ["invalid_token_value", "", "é"] {
            let response = site.form("/auth/introspect", &[], &[("token", token)]).await;
            if token.is_empty() {
                assert_eq!(response.status, 400);
            } else {
                assert_eq!((response.status, response.json()), (200, json!({ "active": false })), "{token}");
            }
        }
    }

    /// Unless it is opened for test kits, only clients that may look at tokens can.
    async fn looking_at_tokens_is_for_clients_that_may(kind) {
        let site = site(kind).await;
        let tokens = launch(&site, "pat", SCOPE).await;
        let asked = async |headers: &[(&str, &str)]| site.form("/auth/introspect", headers, &[("token", tokens.access())]).await;
        let may = asked(&[("authorization", &basic("looker", SECRET))]).await;
        assert_eq!((may.status, &may.json()["active"]), (200, &json!(true)));
        for headers in [
            vec![],
            vec![("authorization", basic("site", SECRET))],
            vec![("authorization", basic("looker", "wrong"))],
            vec![("authorization", format!("Bearer {}", tokens.access()))],
        ] {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let refused = asked(&headers).await;
            assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_client")));
        }
    }

    async fn a_client_gives_tokens_back(kind) {
        let site = site(kind).await;
        let revoke = async |client: &str, token: &str| {
            site.form("/auth/revoke", &[], &[("token", token), ("client_id", client)]).await.status
        };
        let tokens = launch(&site, "pat", SCOPE).await;
        // Another client's token is not touched, and that is not told.
        assert_eq!((revoke("small", tokens.access()).await, revoke("small", tokens.refresh()).await), (200, 200));
        assert_eq!(reads(&site, &tokens).await, 200);
        assert_eq!(revoke("app", "unknown").await, 200);
        // An access token goes alone, a refresh token with all that came of it.
        assert_eq!(revoke("app", tokens.access()).await, 200);
        assert_eq!(reads(&site, &tokens).await, 401);
        let refreshed = Tokens::of(&site.refresh("app", tokens.refresh()).await);
        assert_eq!(reads(&site, &refreshed).await, 200);
        assert_eq!(revoke("app", refreshed.refresh()).await, 200);
        assert_eq!((reads(&site, &refreshed).await, site.refresh("app", refreshed.refresh()).await.status), (401, 400));
        assert_eq!(site.form("/auth/revoke", &[], &[("token", "x")]).await.status, 401);
        assert_eq!(site.form("/auth/revoke", &[], &[("client_id", "app")]).await.status, 400);
    }

    /// Taking access back under "Your apps" ends it with the next request.
    async fn people_take_access_back(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let ask = Ask::of("app", SCOPE);
        let (one, other) = (browser.launch(&ask, "pat", None).await, browser.launch(&ask, "pat", None).await);
        let page = browser.get("/auth/apps").await.text();
        assert_eq!(page.matches("<h2>The app</h2>").count(), 2, "{page}");
        assert!(page.contains("patient/Condition.rs"));
        let done = browser.submit(&form_to(&page, "/auth/apps/revoke")).await;
        assert_eq!(done.header("location"), "/auth/apps?done=true");
        let states = [reads(&site, &one).await, reads(&site, &other).await];
        assert!(states == [200, 401] || states == [401, 200], "{states:?}");
        let (gone, left) = if states[0] == 401 { (&one, &other) } else { (&other, &one) };
        assert_eq!((site.refresh("app", gone.refresh()).await.status, reads(&site, left).await), (400, 200));
        // Somebody else's cannot be ended.
        let theirs = form_to(&browser.get("/auth/apps").await.text(), "/auth/apps/revoke");
        let mother = Browser::new(&site);
        mother.open_as("/auth/apps", "mother").await;
        let mut form = form_to(&mother.get("/auth/apps").await.text(), "/auth/logout");
        form.action = "/auth/apps/revoke".to_owned();
        let refused = mother.submit(&form.with("grant", theirs.value("grant").unwrap())).await;
        assert_eq!(refused.header("location"), "/auth/apps");
        assert_eq!(reads(&site, left).await, 200);
    }
}

async fn introspect_closed(server: &Server, token: &str) -> serde_json::Value {
    let header = basic("looker", SECRET);
    server
        .form("/auth/introspect", &[("authorization", &header)], &[("token", token)])
        .await
        .json()
}
