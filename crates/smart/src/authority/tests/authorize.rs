use super::*;

/// What a client is told: `error` in the address that the user is sent to.
async fn told(clinic: &Clinic, change: &[(&str, &str)]) -> String {
    match clinic.authority.judge(&request(change), NOW).await {
        Err(Unanswered::ToClient(to)) => {
            assert!(to.starts_with(&format!("{BACK}?")), "{to}");
            assert_eq!(query(&to, "state").as_deref(), Some("st"));
            assert_eq!(query(&to, "iss").as_deref(), Some(ISSUER));
            assert_eq!(query(&to, "code"), None);
            query(&to, "error").unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_sound_request_is_granted_as_asked_and_no_more() {
    let clinic = clinic().await;
    for aud in [FHIR, &format!("{FHIR}/")] {
        let asked = clinic.authority.judge(&request(&[("aud", aud)]), NOW).await.unwrap();
        let expected = "openid fhirUser launch/patient offline_access patient/Condition.rs";
        assert_eq!(asked.scopes.to_string(), expected);
    }
    let more = "openid patient/Condition.cruds user/Patient.rs system/*.rs nonsense";
    let asked = clinic.authority.judge(&request(&[("scope", more)]), NOW).await.unwrap();
    assert_eq!(asked.scopes.to_string(), "openid patient/Condition.rs user/Patient.rs");
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let clinic = clinic().await;
    for change in [
        [("client_id", "")],
        [("client_id", "BAD_CLIENT_ID")],
        [("redirect_uri", "")],
        [("redirect_uri", "https://evil.example.org/back")],
        [("redirect_uri", "https://app.example.org/back?x=1")],
    ] {
        let judged = clinic.authority.judge(&request(&change), NOW).await;
        assert!(matches!(judged, Err(Unanswered::ToUser(_))), "{change:?}");
    }
    for name in ["client_id", "redirect_uri"] {
        let mut twice = request(&[]);
        let value = twice.iter().find(|(n, _)| n == name).unwrap().clone();
        twice.push(value);
        assert!(matches!(
            clinic.authority.judge(&twice, NOW).await,
            Err(Unanswered::ToUser(_))
        ));
    }
}

#[tokio::test]
async fn the_client_is_told_what_is_wrong() {
    let clinic = clinic().await;
    for (change, error) in [
        (("aud", "https://inferno.healthit.gov/invalid_aud"), "invalid_request"),
        (("aud", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("scope", ""), "invalid_scope"),
        (("scope", "system/*.rs patient/*.cud"), "invalid_scope"),
        (("launch", "unknown"), "invalid_request"),
    ] {
        assert_eq!(told(&clinic, &[change]).await, error, "{change:?}");
    }
    let without_pkce = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(told(&clinic, &without_pkce).await, "invalid_request");
    let mut twice = request(&[]);
    twice.push(("scope".to_owned(), "openid".to_owned()));
    assert!(matches!(
        clinic.authority.judge(&twice, NOW).await,
        Err(Unanswered::ToClient(_))
    ));
    // A confidential client may be registered to do without.
    let confidential = [("client_id", "site"), without_pkce[0], without_pkce[1]];
    assert!(clinic.authority.judge(&request(&confidential), NOW).await.is_ok());
}

#[tokio::test]
async fn the_user_allows_less_but_never_more() {
    let clinic = clinic().await;
    let asked = clinic.authority.judge(&request(&[]), NOW).await.unwrap();
    let session = Secret::new().unwrap();
    let chosen = Scopes::parse("openid patient/Condition.rs?category=x patient/Patient.rs user/*.rs");
    let to = clinic
        .authority
        .allow(&asked, (&amy(), &session), chosen, about_amy(), NOW)
        .await
        .unwrap();
    assert_eq!(query(&to, "state").as_deref(), Some("st"));
    assert_eq!(query(&to, "error"), None);
    let tokens = clinic.redeem(&query(&to, "code").unwrap()).await.unwrap();
    assert_eq!(text(&tokens, "scope"), "openid patient/Condition.rs?category=x");
    assert_eq!(tokens.get("refresh_token"), None);
}

#[tokio::test]
async fn a_launch_is_of_its_app_and_user_and_good_once() {
    let clinic = clinic().await;
    let launch = Launch {
        subject: "amy".to_owned(),
        client: "app".to_owned(),
        context: about_amy(),
    };
    let secret = clinic
        .authority
        .store()
        .keep(&launch, NOW + LAUNCH_LIFETIME)
        .await
        .unwrap();
    let change = [("launch", secret.expose()), ("scope", "launch patient/Condition.rs")];
    assert_eq!(
        told(&clinic, &[change[0], ("client_id", "site")]).await,
        "invalid_request"
    );
    let asked = clinic.authority.judge(&request(&change), NOW).await.unwrap();
    assert_eq!(clinic.authority.launch_of(&asked, NOW).await.unwrap(), Some(launch));
    let session = Secret::new().unwrap();
    let allow = |user: Session| {
        let (asked, session, authority) = (&asked, &session, &clinic.authority);
        async move {
            let scopes = asked.scopes.clone();
            authority
                .allow(asked, (&user, session), scopes, about_amy(), NOW)
                .await
                .unwrap()
        }
    };
    assert!(query(&allow(amy()).await, "code").is_some());
    assert_eq!(query(&allow(amy()).await, "error").as_deref(), Some("access_denied"));
    let late = clinic.authority.judge(&request(&change), NOW + LAUNCH_LIFETIME).await;
    assert!(matches!(late, Err(Unanswered::ToClient(_))));
}

#[tokio::test]
async fn a_launch_of_somebody_else_is_refused() {
    let clinic = clinic().await;
    let launch = Launch {
        subject: "bob".to_owned(),
        client: "app".to_owned(),
        context: Context::default(),
    };
    let secret = clinic
        .authority
        .store()
        .keep(&launch, NOW + LAUNCH_LIFETIME)
        .await
        .unwrap();
    let change = [("launch", secret.expose()), ("scope", "launch")];
    let asked = clinic.authority.judge(&request(&change), NOW).await.unwrap();
    let session = Secret::new().unwrap();
    let to = clinic
        .authority
        .allow(&asked, (&amy(), &session), asked.scopes.clone(), about_amy(), NOW)
        .await;
    assert_eq!(query(&to.unwrap(), "error").as_deref(), Some("access_denied"));
}
