//! The authorization server from the outside, without HTTP.

mod authorize;
mod services;
mod tokens;

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::client::Proof;
use crate::pkce::Challenge;
use crate::refusal::{Failed, Refusal};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::store::testing::{NOW, store};
use crate::store::{Active, Context};
use crate::testing::{self, Key};

const ISSUER: &str = "https://chartgate.example.org";
const FHIR: &str = "https://chartgate.example.org/fhir";
const BACK: &str = "https://app.example.org/back";
// RFC 7636, appendix B
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Keys by address.
struct Published(BTreeMap<String, Arc<JwkSet>>);

impl FetchKeys for Published {
    fn fetch<'a>(
        &'a self,
        uri: &'a str,
        _kid: &'a str,
    ) -> Pin<Box<dyn Future<Output = Option<Arc<JwkSet>>> + Send + 'a>> {
        Box::pin(async move { self.0.get(uri).cloned() })
    }
}

/// An authorization server with four clients: `app` (public), `site` (secret `s3cret`), `svc` (keys), `far` (keys at an
/// address).
struct Clinic {
    authority: Authority,
    key: Key,
    _folder: tempfile::TempDir,
}

fn client(id: &str, proof: Proof) -> Client {
    Client {
        id: id.to_owned(),
        name: id.to_owned(),
        proof,
        redirect_uris: vec![BACK.to_owned()],
        launch_uri: None,
        scopes: Scopes::parse(
            "openid fhirUser launch launch/patient offline_access online_access patient/*.rs user/*.rs",
        ),
        without_pkce: id == "site",
        patients: None,
        introspects: false,
        by_itself: false,
    }
}

async fn clinic() -> Clinic {
    let (store, folder) = store().await;
    let key = testing::key(jsonwebtoken::Algorithm::ES384, "k");
    let keys = JwkSet {
        keys: vec![key.public.clone()],
    };
    let service = |id: &str, proof| Client {
        scopes: Scopes::parse("system/*.rs"),
        patients: Some(String::new()),
        ..client(id, proof)
    };
    let address = "https://far.example.org/keys".to_owned();
    let clients = vec![
        client("app", Proof::Public),
        client("site", Proof::SecretHash(crate::password::hash("s3cret").unwrap())),
        service("svc", Proof::Jwks(keys.clone())),
        service("far", Proof::JwksUri(address.clone())),
    ];
    let settings = Settings {
        issuer: ISSUER.to_owned(),
        audiences: vec![FHIR.to_owned()],
        types: vec!["Condition".to_owned(), "Patient".to_owned()],
        access_lifetime: 3600,
        service_lifetime: 300,
        refresh_lifetime: 100 * 24 * 3600,
        session_lifetime: 3600,
        open_introspection: true,
        registration: None,
    };
    let fetch = Box::new(Published([(address, Arc::new(keys))].into()));
    let authority = Authority::open(settings, store, Seal::derive(b"secret"), clients, fetch, NOW).await;
    Clinic {
        authority: authority.unwrap(),
        key,
        _folder: folder,
    }
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

/// An authorization request of `app`, with some parameters changed; an empty value takes one out.
fn request(change: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: BTreeMap<&str, &str> = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", BACK),
        (
            "scope",
            "openid fhirUser launch/patient offline_access patient/Condition.rs",
        ),
        ("state", "st"),
        ("aud", FHIR),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("nonce", "no"),
    ]
    .into();
    all.extend(change.iter().copied());
    all.retain(|_, value| !value.is_empty());
    pairs(&all.into_iter().collect::<Vec<_>>())
}

fn amy() -> Session {
    Session {
        subject: "amy".to_owned(),
        name: "Amy Sample".to_owned(),
        person: Some("Patient/hj.pt.1".to_owned()),
        role: Role::Patient,
        patients: vec!["hj.pt.1".to_owned()],
        sees: None,
        authenticated: NOW,
    }
}

fn about_amy() -> Context {
    Context {
        patient: Some("hj.pt.1".to_owned()),
        need_patient_banner: Some(true),
        ..Context::default()
    }
}

impl Clinic {
    /// The access token, when it is good.
    async fn active(&self, token: &str) -> Option<Active> {
        self.authority.access(token, NOW + 2).await.unwrap()
    }

    /// What introspection tells of a token.
    async fn told_of(&self, token: &str) -> Value {
        let active = self.authority.token_of(token, NOW + 2).await.unwrap();
        self.authority.introspect(active.as_ref())
    }

    /// Judges a request and lets Amy allow all of it; the code.
    async fn code(&self, change: &[(&str, &str)]) -> String {
        let asked = self.authority.judge(&request(change), NOW).await.unwrap();
        let session = Secret::new().unwrap();
        let scopes = asked.scopes.clone();
        let to = self
            .authority
            .allow(&asked, (&amy(), &session), scopes, about_amy(), NOW)
            .await;
        query(&to.unwrap(), "code").unwrap()
    }

    async fn ask(&self, authorization: Option<&str>, form: &[(&str, &str)]) -> Result<Value, Failed> {
        let answer = self.authority.token(authorization, &pairs(form), NOW + 1).await;
        answer.map(Tokens::body)
    }

    /// Redeems a code of `app`.
    async fn redeem(&self, code: &str) -> Result<Value, Failed> {
        self.ask(None, &redemption(code)).await
    }

    /// The refusal of a token request.
    async fn refusal(&self, authorization: Option<&str>, form: &[(&str, &str)]) -> &'static str {
        match self.ask(authorization, form).await {
            Err(Failed::Refused(Refusal { code, .. })) => code.as_str(),
            other => panic!("{other:?}"),
        }
    }
}

fn redemption(code: &str) -> [(&'static str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("client_id", "app"),
        ("code_verifier", VERIFIER),
    ]
}

/// A parameter of an address.
fn query(address: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(address).unwrap();
    url.query_pairs()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.into_owned())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

#[test]
fn the_challenge_is_the_one_of_the_verifier() {
    assert!(Challenge::parse(CHALLENGE, Some("S256")).unwrap().is_met(VERIFIER));
}
