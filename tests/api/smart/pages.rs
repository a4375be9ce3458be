//! The pages: what they are made of, and who can use them for whom.

use actix_web::http::Method;
use tests::on_both;
use tests::support::server::{ORIGIN, Response};
use tests::support::setup::Setup;
use tests::support::smart::browser::Browser;
use tests::support::smart::flow::{Ask, answer};
use tests::support::smart::page::{form_to, forms};
use tests::support::smart::{PASSWORD, PATIENT, Smart, clients, site};

const SCOPE: &str = "openid launch/patient offline_access patient/Patient.rs";

/// A sign-in with a password.
async fn try_password(browser: &Browser<'_>, login: &str, password: &str) -> Response {
    let page = browser.get("/auth/login").await;
    let form = form_to(&page.text(), "/auth/login")
        .with("login", login)
        .with("password", password);
    browser.submit(&form).await
}

fn is_in(response: &Response) -> bool {
    response.status == 303 && response.header("set-cookie").contains("chartgate-session=")
}

/// What holds for every page.
fn sound(what: &str, page: &Response) {
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{what}");
    assert_eq!(page.header("cache-control"), "no-store", "{what}");
    assert_eq!(
        (page.header("x-frame-options"), page.header("referrer-policy")),
        ("DENY", "no-referrer"),
        "{what}"
    );
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(page.header("access-control-allow-origin"), "", "{what}");
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(
        !policy.contains("unsafe") && !policy.contains("script-src"),
        "{what}: {policy}"
    );
    let html = page.text();
    assert!(
        html.contains("<html lang=\"en\">") && html.contains("name=\"viewport\"") && html.matches("<h1>").count() == 1,
        "{what}"
    );
    assert!(
        !html.contains("<script") && !html.contains("style=\"") && !html.contains("=\"javascript:"),
        "{what}: {html}"
    );
    for attribute in ["src=\"", "href=\"", "action=\""] {
        let elsewhere = html
            .split(attribute)
            .skip(1)
            .find(|rest| !rest.starts_with('/') && !rest.starts_with('#'));
        assert_eq!(elsewhere, None, "{what}");
    }
    for form in forms(&html) {
        assert!(
            form.method == "get" || form.value("token").is_some_and(|token| token.len() == 43),
            "{what}: {form:?}"
        );
    }
    // Whatever is filled in has a label.
    for id in html
        .split(" id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|id| !["main", "patients"].contains(id))
    {
        assert!(html.contains(&format!("<label for=\"{id}\">")), "{what}: {id}");
    }
}

on_both! {
    async fn every_page_keeps_to_itself(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        sound("login", &browser.get("/auth/login").await);
        let login = browser.follow(browser.get(&Ask::of("app", SCOPE).address()).await).await;
        sound("login for an app", &login);
        let picker = browser.sign_in(&login, "mother").await;
        sound("picker", &picker);
        sound("consent", &browser.pick(&picker, "healow.pt.5003").await);
        browser.launch(&Ask::of("app", SCOPE), "mother", Some("healow.pt.5003")).await;
        sound("apps", &browser.get("/auth/apps").await);
        sound("launcher", &browser.get("/auth/launcher").await);
        sound("message", &browser.get("/auth/continue?request=none").await);
        sound("refusal", &browser.get("/auth/authorize").await);
        let css = browser.get("/auth/style.css").await;
        assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
        assert!(!css.text().contains("url("));
    }

    /// What apps call themselves, and people type, is text.
    async fn names_are_text(kind) {
        let evil = "[[client]]\nid = \"evil\"\nname = \"<script>alert(1)</script>\\\" onload=x\"\nproof = \"public\"\nscopes = \"patient/*.rs\"\nredirect_uris = [\"https://app.example.org/back\"]\n";
        let site = tests::support::smart::site_and(kind, evil).await;
        let browser = Browser::new(&site);
        let page = browser.consent(&Ask::of("evil", "patient/Patient.rs"), "pat", None).await;
        assert!(page.text().contains("&#60;script&#62;") && !page.text().contains("<script"), "{}", page.text());
        let name = "%3Cb%3E%22x";
        let picker = browser.get("/auth/login").await;
        browser.sign_in(&picker, "ada").await;
        let page = browser.follow(browser.get(&Ask::of("app", SCOPE).address()).await).await;
        let request = form_to(&page.text(), "/auth/continue").value("request").unwrap().to_owned();
        let found = browser.get(&format!("/auth/continue?request={request}&name={name}")).await;
        assert!(found.status == 200 && !found.text().contains("<b>") && found.text().contains("No patient is found"), "{}", found.text());
    }

    async fn cookies_are_for_this_server_alone(kind) {
        let smart = Smart::new(kind);
        for (origin, prefix, secure) in [(ORIGIN, "", false), ("https://fhir.example.org", "__Host-", true)] {
            let server = Setup::all(kind).with(smart.settings()).start_at(origin).await;
            let browser = Browser::new(&server);
            let page = browser.get("/auth/login").await;
            let signed_in = try_password(&browser, "pat", PASSWORD).await;
            for (response, name) in [(&page, "chartgate-browser"), (&signed_in, "chartgate-session")] {
                let cookie = response.header("set-cookie");
                assert!(cookie.starts_with(&format!("{prefix}{name}=")), "{cookie}");
                assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"), "{cookie}");
                assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
                assert!(!cookie.contains("Domain"), "{cookie}");
            }
        }
    }

    /// No other page can send these forms: not without the token, and not with that of another browser.
    async fn forms_of_others_are_refused(kind) {
        let site = site(kind).await;
        let (browser, other) = (Browser::new(&site), Browser::new(&site));
        let page = browser.consent(&Ask::of("app", SCOPE), "pat", None).await;
        browser.launch(&Ask::of("app", SCOPE), "pat", None).await;
        let theirs = form_to(&other.get("/auth/login").await.text(), "/auth/login").value("token").unwrap().to_owned();
        let (apps, launcher) = (browser.get("/auth/apps").await, browser.get("/auth/launcher").await);
        let login = browser.get("/auth/login").await;
        for (page, action) in [
            (&login, "/auth/login"), (&page, "/auth/consent"), (&apps, "/auth/apps/revoke"), (&apps, "/auth/logout"), (&launcher, "/auth/launcher"),
        ] {
            let form = form_to(&page.text(), action);
            let form = form.with("login", "pat").with("password", PASSWORD).with("decision", "allow").with("app", "app").with("patient", PATIENT);
            for token in [None, Some(""), Some(theirs.as_str()), Some("made up")] {
                let mut forged = form.clone();
                forged.fields.retain(|(name, _)| name != "token");
                forged.fields.extend(token.map(|token| ("token".to_owned(), token.to_owned())));
                let refused = browser.submit(&forged).await;
                assert_eq!(refused.status, 400, "{action} {token:?}");
                assert!(refused.text().contains("This form is too old"), "{action}");
                // Neither is it a form from a browser without cookies.
                let anybody = Browser::new(&site);
                assert_eq!(anybody.submit(&form).await.status, 400, "{action}");
            }
        }
        assert_eq!(browser.get("/auth/apps").await.text().matches("<h2>").count(), 1, "nothing happened");
    }

    async fn a_sign_in_is_a_new_cookie(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        browser.cookies.borrow_mut().insert("chartgate-session".to_owned(), "planted".to_owned());
        assert!(browser.get("/auth/apps").await.text().contains("name=\"password\""));
        let signed_in = try_password(&browser, "pat", PASSWORD).await;
        assert!(is_in(&signed_in) && browser.cookies.borrow()["chartgate-session"] != "planted");
        let before = browser.cookies.borrow().clone();
        let page = browser.get("/auth/apps").await;
        browser.submit(&form_to(&page.text(), "/auth/logout")).await;
        // The cookie of before opens nothing any more.
        *browser.cookies.borrow_mut() = before;
        assert!(browser.get("/auth/apps").await.text().contains("name=\"password\""));
    }

    /// Who guesses waits; whom they guess at does not, neither do others at the same address who know their password.
    async fn guessing_locks_nobody_else_out(kind) {
        let site = site(kind).await;
        let guesser = Browser::new(&site).at([192, 0, 2, 1]);
        for guess in 0..5 {
            let told = try_password(&guesser, "pat", &format!("guess {guess}")).await;
            assert!(told.text().contains("Name and password do not fit"), "{}", told.text());
            // A name that nobody has is answered alike.
            let nobody = Browser::new(&site).at([192, 0, 2, 9]);
            assert!(try_password(&nobody, &format!("nobody {guess}"), "x").await.text().contains("Name and password do not fit"));
        }
        let told = try_password(&guesser, "pat", PASSWORD).await;
        assert!(!is_in(&told) && told.text().contains("Too many attempts"), "{}", told.text());
        assert_eq!(told.status, 429);
        assert!(told.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
        assert!(is_in(&try_password(&Browser::new(&site).at([192, 0, 2, 2]), "pat", PASSWORD).await));
        assert!(is_in(&try_password(&Browser::new(&site).at([192, 0, 2, 1]), "mother", PASSWORD).await));
    }

    /// Behind a proxy all come from one address: the one that counts is what the proxy says, and not what is said to the proxy.
    async fn a_proxy_tells_who_asks(kind) {
        let smart = Smart::new(kind);
        for (proxied, waits) in [(true, false), (false, true)] {
            let server = Setup::all(kind).with(&format!("[server]\nbehind_proxy = {proxied}\n{}", smart.settings())).start().await;
            let tried = async |forwarded: &str, password: &str| {
                let browser = Browser::new(&server).at([127, 0, 0, 9]).forwarded(forwarded);
                try_password(&browser, "pat", password).await
            };
            for guess in 0..5 {
                tried(&format!("10.0.0.{guess}, 192.0.2.7"), "guess").await;
            }
            assert!(!is_in(&tried("10.9.9.9, 192.0.2.7", PASSWORD).await));
            assert_eq!(is_in(&tried("192.0.2.7, 192.0.2.8", PASSWORD).await), !waits, "{proxied}");
        }
    }

    /// Passwords are taken where nobody else can connect, or where that is said.
    async fn accounts_are_for_this_machine(kind) {
        let smart = Smart::new(kind);
        let others = Smart::of(kind, "accounts_for_others = true", &clients(""));
        for (smart, listen, taken) in [
            (&smart, "127.0.0.1:8080", true), (&smart, "[::1]:8080", true), (&smart, "0.0.0.0:8080", false), (&smart, "192.0.2.1:8080", false),
            (&others, "0.0.0.0:8080", true),
        ] {
            let server = Setup::all(kind).with(&format!("[server]\nlisten = \"{listen}\"\n{}", smart.settings())).start().await;
            let page = Browser::new(&server).get("/auth/login").await;
            assert_eq!(page.text().contains("name=\"password\""), taken, "{listen}");
        }
    }

    /// Token requests and guesses at tokens are limited too.
    async fn the_token_endpoint_has_a_limit(kind) {
        let site = site(kind).await;
        let (mut limited, mut tries) = (None, 0);
        while limited.is_none() && tries < 3000 {
            let response = site.form("/auth/introspect", &[], &[("token", "x")]).await;
            limited = (response.status == 429).then_some(response);
            tries += 1;
        }
        let limited = limited.expect("no limit");
        assert!(tries >= 300 && limited.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
        assert!(limited.json()["error"].is_string());
        // Records are not behind it.
        assert_eq!(site.ask(Method::GET, "/fhir/metadata", &[]).await.status, 200);
    }

    async fn prompts_are_followed(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        browser.open_as("/auth/apps", "pat").await;
        tests::support::smart::wait(10);
        let ask = Ask::of("app", SCOPE).with("prompt", "login");
        let page = browser.follow(browser.get(&ask.address()).await).await;
        assert!(page.text().contains("name=\"password\""));
        let page = browser.sign_in(&page, "pat").await;
        let sent = browser.submit(&form_to(&page.text(), "/auth/consent").with("decision", "allow")).await;
        assert!(answer(sent.header("location")).contains_key("code"));
    }
}
