//! Launches, from the authorization request to the first record.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};
use tests::on_both;
use tests::support::server::{ORIGIN, Server};
use tests::support::setup::Setup;
use tests::support::smart::browser::Browser;
use tests::support::smart::flow::{Ask, Tokens, VERIFIER, answer, basic, launch};
use tests::support::smart::page::{form_to, forms};
use tests::support::smart::{BACK, CHILDREN, MOTHER, PATIENT, SECRET, STRANGER, Smart, clock, site};

const USUAL: &str = "openid fhirUser launch/patient offline_access patient/Patient.rs patient/Condition.rs";

/// The claims of an id token, verified with the keys that the server publishes.
async fn id_token(server: &Server, tokens: &Tokens, client: &str) -> Value {
    let keys: JwkSet = serde_json::from_value(server.ok("/auth/jwks").await).unwrap();
    let jwt = tokens.text("id_token");
    let header = jsonwebtoken::decode_header(jwt).unwrap();
    assert_eq!(header.alg, Algorithm::RS256);
    let key = keys.find(&header.kid.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[client]);
    validation.set_issuer(&[ORIGIN]);
    // The server's clock stands still.
    validation.validate_exp = false;
    decode::<Value>(jwt, &DecodingKey::from_jwk(key).unwrap(), &validation)
        .unwrap()
        .claims
}

on_both! {
    async fn a_standalone_launch_ends_with_records(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let page = browser.consent(&Ask::of("app", USUAL), "pat", None).await;
        assert!(page.text().contains("The app asks to see records"), "{}", page.text());
        let sent = browser.allow(&page, |form| form).await;
        assert_eq!((sent["state"].as_str(), sent["iss"].as_str()), ("the state", ORIGIN));
        assert_eq!(sent.get("error"), None);
        let response = site.redeem("app", &sent["code"]).await;
        assert_eq!((response.header("cache-control"), response.header("pragma")), ("no-store", "no-cache"));
        assert!(response.header("content-type").starts_with("application/json"));
        let tokens = Tokens::of(&response);
        assert_eq!((&tokens.0["token_type"], &tokens.0["expires_in"]), (&json!("Bearer"), &json!(3600)));
        assert_eq!((tokens.scope(), tokens.text("patient")), (USUAL, PATIENT));
        let app = site.by(&tokens);
        assert_eq!(app.ok(&format!("/fhir/Patient/{PATIENT}")).await["id"], PATIENT);
        assert_eq!(app.ids("/fhir/Patient").await, [PATIENT]);
        assert_eq!(app.ids("/fhir/Condition?_count=100").await.len(), 8);
        assert_eq!(app.get(&format!("/fhir/Patient/{STRANGER}")).await.status, 404);
        // What is pretty to look at is there, too.
        let style = site.ok(tokens.text("smart_style_url")).await;
        assert!(style["color_background"].is_string());
    }

    async fn who_the_user_is_is_told_and_can_be_read(kind) {
        let site = site(kind).await;
        let ask = Ask::of("app", "openid fhirUser launch/patient patient/Condition.rs").with("nonce", "n-1");
        for (login, patient, person) in [
            ("pat", None, format!("Patient/{PATIENT}")),
            ("mother", Some(CHILDREN[0]), format!("Patient/{MOTHER}")),
            ("sam", Some(STRANGER), "Practitioner/healthjump.prov.3001".to_owned()),
        ] {
            let tokens = Browser::new(&site).launch(&ask, login, patient).await;
            let claims = id_token(&site, &tokens, "app").await;
            let now = clock().and_utc().timestamp();
            assert_eq!(claims["sub"], format!("account:{login}"));
            assert_eq!(claims["fhirUser"], format!("{ORIGIN}/fhir/{person}"));
            assert_eq!(claims["nonce"], "n-1");
            assert!(claims["iat"].as_i64().unwrap() <= now && claims["exp"].as_i64().unwrap() > now);
            let app = site.by(&tokens);
            let info = app.ok("/auth/userinfo").await;
            assert_eq!(info, json!({ "sub": claims["sub"], "fhirUser": claims["fhirUser"] }));
            // The launch token reads that one resource, without any other scope for its type.
            assert_eq!(app.ok(claims["fhirUser"].as_str().unwrap()).await["id"], person.split('/').next_back().unwrap());
            let ty = person.split('/').next().unwrap();
            assert_eq!(app.get(&format!("/fhir/{ty}")).await.status, 403);
            assert_eq!(app.get(&format!("/fhir/{ty}/healow.pt.5001")).await.status, 404);
        }
        // Without these scopes nothing is told.
        let tokens = launch(&site, "pat", "launch/patient patient/Patient.rs").await;
        assert_eq!(tokens.0.get("id_token"), None);
        assert_eq!(tokens.0.get("refresh_token"), None);
        let response = site.by(&tokens).get("/auth/userinfo").await;
        assert_eq!(response.status, 403);
        assert_eq!(site.get("/auth/userinfo").await.status, 401);
    }

    async fn authorization_is_asked_for_by_post_as_well(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let ask = Ask::of("app", USUAL);
        let begun = browser.post("/auth/authorize", &ask.query()).await;
        let page = browser.follow(begun).await;
        let page = browser.sign_in(&page, "pat").await;
        let sent = browser.allow(&page, |form| form).await;
        assert_eq!(Tokens::of(&site.redeem("app", &sent["code"]).await).scope(), USUAL);
    }

    /// `aud` may end with a slash, and each base is one.
    async fn every_base_is_an_audience(kind) {
        let site = site(kind).await;
        for aud in ["/fhir", "/fhir/", "/healow/fhir", "/healthjump/fhir/"] {
            let ask = Ask::of("app", USUAL).with("aud", &format!("{ORIGIN}{aud}"));
            let tokens = Browser::new(&site).launch(&ask, "pat", None).await;
            assert_eq!(tokens.text("patient"), PATIENT, "{aud}");
        }
    }

    async fn a_client_with_a_secret_proves_it_in_each_way_that_clients_do(kind) {
        let site = site(kind).await;
        let encoded: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        for client in ["site", "old"] {
            for (header, form) in [
                (Some(basic(client, SECRET)), vec![]),
                (Some(basic(client, &encoded)), vec![]),
                (Some(basic(client, SECRET)), vec![("client_id", client)]),
                (Some(basic(client, SECRET)), vec![("client_id", client), ("client_secret", SECRET), ("state", "x")]),
                (None, vec![("client_id", client), ("client_secret", SECRET)]),
            ] {
                let mut ask = Ask::of(client, USUAL);
                if client == "old" {
                    ask = ask.with("code_challenge", "").with("code_challenge_method", "");
                }
                let browser = Browser::new(&site);
                let page = browser.consent(&ask, "pat", None).await;
                let sent = browser.allow(&page, |form| form).await;
                let headers: Vec<(&str, &str)> = header.iter().map(|value| ("authorization", value.as_str())).collect();
                let mut pairs = vec![("grant_type", "authorization_code"), ("code", &sent["code"]), ("redirect_uri", BACK)];
                if client == "site" {
                    pairs.push(("code_verifier", VERIFIER));
                }
                pairs.extend(form);
                assert_eq!(Tokens::of(&site.token(&headers, &pairs).await).scope(), USUAL);
            }
        }
    }

    async fn a_client_that_signs_is_believed_with_both_algorithms(kind) {
        use tests::support::smart::keys::assertion;
        let site = site(kind).await;
        for algorithm in [Algorithm::RS384, Algorithm::ES384] {
            let browser = Browser::new(&site);
            let page = browser.consent(&Ask::of("signer", USUAL), "pat", None).await;
            let sent = browser.allow(&page, |form| form).await;
            let proof = assertion("signer", algorithm);
            let mut pairs = vec![
                ("grant_type", "authorization_code"), ("code", sent["code"].as_str()), ("redirect_uri", BACK), ("code_verifier", VERIFIER),
            ];
            pairs.extend(proof.iter().map(|(name, value)| (*name, value.as_str())));
            let tokens = Tokens::of(&site.token(&[], &pairs).await);
            assert_eq!(tokens.scope(), USUAL);
            let refreshed = Tokens::of(&site.refresh("signer", tokens.refresh()).await);
            assert_eq!(refreshed.scope(), USUAL);
        }
    }

    /// Who may see several patients picks one, and only theirs can be picked.
    async fn a_patient_is_picked_by_who_has_several(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let picker = browser.consent(&Ask::of("app", USUAL), "mother", None).await;
        let offered = forms(&picker.text()).into_iter().flat_map(|form| form.choices);
        let offered: Vec<String> = offered.filter(|(name, _)| name == "patient").map(|(_, id)| id).collect();
        assert_eq!(offered, CHILDREN);
        let page = browser.pick(&picker, CHILDREN[1]).await;
        let sent = browser.allow(&page, |form| form).await;
        let tokens = Tokens::of(&site.redeem("app", &sent["code"]).await);
        assert_eq!(tokens.text("patient"), CHILDREN[1]);
        assert_eq!(site.by(&tokens).ids("/fhir/Patient").await, [CHILDREN[1]]);
        // Somebody else's patient cannot be picked, neither on the way nor by the last form.
        for stranger in [STRANGER, MOTHER, "nobody"] {
            let refused = browser.get(&Ask::of("app", USUAL).address()).await;
            let picker = browser.follow(refused).await;
            let refused = browser.pick(&picker, stranger).await;
            assert!(refused.header("location").starts_with(BACK), "{}", refused.text());
            assert_eq!(answer(refused.header("location"))["error"], "access_denied");
            let picker = browser.follow(browser.get(&Ask::of("app", USUAL).address()).await).await;
            let page = browser.pick(&picker, CHILDREN[0]).await;
            let mut form = form_to(&page.text(), "/auth/consent").with("decision", "allow");
            form.fields.retain(|(name, _)| name != "patient");
            let refused = browser.submit(&form.with("patient", stranger)).await;
            let told = answer(refused.header("location"));
            assert_eq!((told["error"].as_str(), told.get("code")), ("access_denied", None));
        }
    }

    async fn a_clinician_finds_a_patient_by_name(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let ask = Ask::of("app", "launch/patient patient/Patient.rs");
        let picker = browser.consent(&ask, "sam", None).await;
        let search = forms(&picker.text()).into_iter().find(|form| form.choices.is_empty() && form.method == "get");
        let family = {
            let app = site.by(&launch_of(&site, "ada", STRANGER).await);
            app.ok(&format!("/fhir/Patient/{STRANGER}")).await["name"][0]["family"].as_str().unwrap().to_owned()
        };
        let search = search.or_else(|| forms(&picker.text()).into_iter().find(|form| form.method == "get")).unwrap();
        let found = browser.submit(&search.with("name", &family)).await;
        assert!(found.text().contains(&format!("value=\"{STRANGER}\"")), "{}", found.text());
        // Names of others than his patients are not shown.
        let all = browser.follow(browser.get(&ask.address()).await).await;
        assert!(!all.text().contains("healow.pt.") && !all.text().contains("mychart.pt."));
        let refused = browser.pick(&all, "healow.pt.5001").await;
        assert_eq!(answer(refused.header("location"))["error"], "access_denied");
    }

    async fn who_has_no_patient_shares_none(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let page = browser.follow(browser.get(&Ask::of("app", USUAL).address()).await).await;
        let refused = browser.sign_in(&page, "nobody").await;
        assert_eq!(answer(refused.header("location"))["error"], "access_denied");
    }

    async fn an_ehr_launches_with_all_that_it_knows(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let encounter = site.by(&launch_of(&site, "ada", STRANGER).await).ids(&format!("/fhir/Encounter?patient={STRANGER}")).await[3].clone();
        let page = browser.open_as("/auth/launcher", "sam").await;
        let form = form_to(&page.text(), "/auth/launcher");
        let form = form.with("app", "app").with("patient", STRANGER).with("encounter", &encounter).with("intent", "reconcile").with("context", "Practitioner/healthjump.prov.3001 Location/healthjump.loc.1");
        let launched = browser.submit(&form).await;
        assert_eq!(launched.status, 303, "{}", launched.text());
        let told = answer(launched.header("location"));
        assert!(launched.header("location").starts_with("https://app.example.org/launch?"));
        assert_eq!(told["iss"], format!("{ORIGIN}/fhir"));
        let scope = "launch openid fhirUser offline_access user/Patient.rs user/Encounter.rs";
        let ask = Ask::of("app", scope).with("launch", &told["launch"]);
        let page = browser.follow(browser.get(&ask.address()).await).await;
        let sent = browser.allow(&page, |form| form).await;
        let tokens = Tokens::of(&site.redeem("app", &sent["code"]).await);
        assert_eq!(tokens.scope(), scope);
        assert_eq!((tokens.text("patient"), tokens.text("encounter")), (STRANGER, encounter.as_str()));
        assert_eq!((&tokens.0["need_patient_banner"], tokens.text("intent")), (&json!(true), "reconcile"));
        // Objects, as SMART 2.2 has them.
        assert_eq!(
            tokens.0["fhirContext"],
            json!([{ "reference": "Practitioner/healthjump.prov.3001" }, { "reference": "Location/healthjump.loc.1" }])
        );
        assert_eq!(site.by(&tokens).ok(&format!("/fhir/Encounter/{encounter}")).await["id"], encounter);
        // A launch is good for one answer.
        let again = browser.get(&ask.address()).await;
        assert_eq!(answer(again.header("location"))["error"], "invalid_request");
    }

    /// Conformance, section 2.5: granted literally.
    async fn an_ehr_launches_for_one_patient(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let page = browser.open_as("/auth/launcher", "pat").await;
        let form = form_to(&page.text(), "/auth/launcher").with("app", "app").with("patient", PATIENT);
        let told = answer(browser.submit(&form).await.header("location"));
        let scope = "launch openid fhirUser offline_access patient/Patient.rs";
        let ask = Ask::of("app", scope).with("launch", &told["launch"]);
        let page = browser.follow(browser.get(&ask.address()).await).await;
        let sent = browser.allow(&page, |form| form).await;
        let tokens = Tokens::of(&site.redeem("app", &sent["code"]).await);
        assert_eq!((tokens.scope(), tokens.text("patient")), (scope, PATIENT));
    }

    /// Nobody launches for a patient whom they may not see, or uses somebody else's launch.
    async fn a_launch_is_its_users_and_its_apps(kind) {
        let site = site(kind).await;
        let (mother, pat) = (Browser::new(&site), Browser::new(&site));
        let page = mother.open_as("/auth/launcher", "mother").await;
        let form = |patient: &str| form_to(&page.text(), "/auth/launcher").with("app", "app").with("patient", patient);
        let refused = mother.submit(&form(STRANGER)).await;
        assert!(refused.text().contains("no such patient"), "{}", refused.text());
        let strange = mother.submit(&form(CHILDREN[0]).with("encounter", "healow.enc.1")).await;
        assert!(strange.text().contains("not this patient"), "{}", strange.text());
        let told = answer(mother.submit(&form(CHILDREN[0])).await.header("location"));
        let ask = Ask::of("app", "launch patient/Patient.rs").with("launch", &told["launch"]);
        let theirs = pat.consent(&ask, "pat", None).await;
        assert_eq!(answer(theirs.header("location"))["error"], "access_denied");
        let other = Ask::of("small", "patient/Patient.r").with("launch", &told["launch"]);
        let other = mother.get(&other.address()).await;
        assert_eq!(answer(other.header("location"))["error"], "invalid_request");
        let made_up = Ask::of("app", "launch patient/Patient.rs").with("launch", "made up");
        assert_eq!(answer(mother.get(&made_up.address()).await.header("location"))["error"], "invalid_request");
    }

    async fn a_visit_can_be_chosen_where_no_ehr_has(kind) {
        let site = site(kind).await;
        let scope = "launch/patient launch/encounter patient/Encounter.rs";
        let browser = Browser::new(&site);
        let page = browser.consent(&Ask::of("app", scope), "pat", None).await;
        let form = form_to(&page.text(), "/auth/consent");
        let visits: Vec<&str> = form.choices.iter().filter(|(name, id)| name.is_empty() && !id.is_empty()).map(|(_, id)| id.as_str()).collect();
        assert_eq!(visits.len(), 7, "{form:?}");
        let sent = browser.allow(&page, |form| form.with("encounter", visits[2])).await;
        let tokens = Tokens::of(&site.redeem("app", &sent["code"]).await);
        assert_eq!(tokens.text("encounter"), visits[2]);
        // Another patient's visit is none.
        let strange = site.by(&launch_of(&site, "ada", STRANGER).await).ids(&format!("/fhir/Encounter?patient={STRANGER}&_count=1")).await;
        let page = browser.consent(&Ask::of("app", scope), "pat", None).await;
        let sent = browser.allow(&page, |form| form.with("encounter", &strange[0])).await;
        let tokens = Tokens::of(&site.redeem("app", &sent["code"]).await);
        assert_eq!(tokens.0.get("encounter"), None);
    }

    /// Any server finishes what another began.
    async fn servers_that_share_a_state_are_one(kind) {
        let smart = Smart::new(kind);
        let (one, other) = (smart.serve(Setup::all(kind)).await, smart.serve(Setup::all(kind)).await);
        let browser = Browser::new(&one);
        let page = browser.follow(browser.get(&Ask::of("app", USUAL).address()).await).await;
        let browser = browser.moved_to(&other);
        let page = browser.sign_in(&page, "pat").await;
        let sent = browser.moved_to(&one).allow(&page, |form| form).await;
        let tokens = Tokens::of(&other.redeem("app", &sent["code"]).await);
        assert_eq!(one.by(&tokens).ids("/fhir/Patient").await, [PATIENT]);
        assert_eq!(one.redeem("app", &sent["code"]).await.status, 400);
        assert_eq!(other.by(&tokens).get("/fhir/Patient").await.status, 401);
        assert_eq!(one.ok("/auth/jwks").await, other.ok("/auth/jwks").await);
    }
}

/// A launch about one patient, allowed as a whole.
async fn launch_of(server: &Server, login: &str, patient: &str) -> Tokens {
    let ask = Ask::of("app", "launch/patient patient/*.rs");
    Browser::new(server).launch(&ask, login, Some(patient)).await
}
