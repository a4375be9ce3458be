//! How apps and services get their tokens.

use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use data_encoding::BASE64;
use serde_json::Value;

use super::browser::Browser;
use super::keys::{Algorithm, assertion};
use super::page::{Form, form_to};
use super::{BACK, SECRET};
use crate::support::server::{ORIGIN, Response, Server, request};

/// Of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What a backend service asks for.
pub const SERVICE: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("scope", "system/*.rs")];

/// An authorization request.
#[derive(Debug, Clone)]
pub struct Ask(BTreeMap<&'static str, String>);

impl Ask {
    /// What a client asks for.
    #[must_use]
    pub fn of(client: &str, scope: &str) -> Self {
        let pairs = [
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", BACK),
            ("scope", scope),
            ("state", "the state"),
            ("aud", &format!("{ORIGIN}/fhir")),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        Self(pairs.map(|(name, value)| (name, value.to_owned())).into())
    }

    /// With a parameter changed; an empty one is taken out.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.insert(name, value.to_owned());
        self.0.retain(|_, value| !value.is_empty());
        self
    }

    #[must_use]
    pub fn client(&self) -> &str {
        &self.0["client_id"]
    }

    #[must_use]
    pub fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }

    #[must_use]
    pub fn address(&self) -> String {
        format!("/auth/authorize?{}", self.query())
    }
}

/// What the token endpoint answers.
#[derive(Debug, Clone)]
pub struct Tokens(pub Value);

impl Tokens {
    /// Reads a good answer.
    #[must_use]
    pub fn of(response: &Response) -> Self {
        assert_eq!(response.status, 200, "{}", response.text());
        Self(response.json())
    }

    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.0))
    }

    #[must_use]
    pub fn access(&self) -> &str {
        self.text("access_token")
    }

    #[must_use]
    pub fn refresh(&self) -> &str {
        self.text("refresh_token")
    }

    #[must_use]
    pub fn scope(&self) -> &str {
        self.text("scope")
    }
}

impl Server {
    /// The same server, asked with a token.
    #[must_use]
    pub fn with(&self, token: &str) -> Self {
        let (send, header) = (Rc::clone(&self.send), format!("Bearer {token}"));
        Self {
            send: Rc::new(move |asked: TestRequest| send(asked.insert_header(("authorization", header.clone())))),
        }
    }

    /// The same server, asked with the access token of these.
    #[must_use]
    pub fn by(&self, tokens: &Tokens) -> Self {
        self.with(tokens.access())
    }

    /// `POST` of a form to an endpoint of the authorization server.
    pub async fn form(&self, address: &str, headers: &[(&str, &str)], pairs: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = headers.iter().copied().chain([kind]).collect();
        self.send(request(Method::POST, address, &headers).set_payload(body))
            .await
    }

    /// A token request.
    pub async fn token(&self, headers: &[(&str, &str)], pairs: &[(&str, &str)]) -> Response {
        self.form("/auth/token", headers, pairs).await
    }

    /// The token request of a client with its code. How it proves who it is depends on the client: see [`super::clients`].
    pub async fn redeem(&self, client: &str, code: &str) -> Response {
        let code = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        self.token_of(client, &code).await
    }

    /// The refresh of a client.
    pub async fn refresh(&self, client: &str, token: &str) -> Response {
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token_of(client, &pairs).await
    }

    /// A token request of a client that proves who it is.
    pub async fn token_of(&self, client: &str, pairs: &[(&str, &str)]) -> Response {
        match client {
            "app" | "small" => self.token(&[], &[pairs, &[("client_id", client)]].concat()).await,
            "signer" | "service" | "ward" => {
                let proof = assertion(client, Algorithm::ES384);
                let proof = proof.each_ref().map(|(name, value)| (*name, value.as_str()));
                self.token(&[], &[pairs, &proof].concat()).await
            }
            _ => self.token(&[("authorization", &basic(client, SECRET))], pairs).await,
        }
    }

    /// A token of a backend service.
    pub async fn service(&self, client: &str, scope: &str) -> Tokens {
        let pairs = [("grant_type", "client_credentials"), ("scope", scope)];
        Tokens::of(&self.token_of(client, &pairs).await)
    }
}

/// `Authorization` of a client with a secret, as test kits send it: not encoded.
#[must_use]
pub fn basic(client: &str, secret: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{client}:{secret}").as_bytes()))
}

/// The parameters that an address ends with.
#[must_use]
pub fn answer(address: &str) -> BTreeMap<String, String> {
    let (_, query) = address.split_once('?').unwrap_or((address, ""));
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl Browser<'_> {
    /// Asks for authorization as somebody, up to the page that asks what to share.
    pub async fn consent(&self, ask: &Ask, login: &str, patient: Option<&str>) -> Response {
        let mut page = self.follow(self.get(&ask.address()).await).await;
        if page.text().contains("name=\"password\"") {
            page = self.sign_in(&page, login).await;
        }
        match patient {
            Some(id) => self.pick(&page, id).await,
            None => page,
        }
    }

    /// Picks a patient, whether or not the page offers them.
    pub async fn pick(&self, page: &Response, patient: &str) -> Response {
        let form = form_to(&page.text(), "/auth/continue");
        let request = form.value("request").unwrap();
        let to = format!("/auth/continue?request={request}&patient={patient}");
        self.follow(self.get(&to).await).await
    }

    /// Allows what a page asks for, but for what `change` makes of it. The answer is what the client is sent.
    pub async fn allow(&self, page: &Response, change: impl FnOnce(Form) -> Form) -> BTreeMap<String, String> {
        assert_eq!(page.status, 200, "{} {}", page.header("location"), page.text());
        let form = change(form_to(&page.text(), "/auth/consent"));
        let response = self.submit(&form.with("decision", "allow")).await;
        assert_eq!(response.status, 303, "{}", response.text());
        assert!(
            response.header("location").starts_with(BACK),
            "{}",
            response.header("location")
        );
        answer(response.header("location"))
    }

    /// A whole standalone launch: everything that is asked for is allowed.
    pub async fn launch(&self, ask: &Ask, login: &str, patient: Option<&str>) -> Tokens {
        let page = self.consent(ask, login, patient).await;
        let sent = self.allow(&page, |form| form).await;
        Tokens::of(&self.redeem(ask.client(), &sent["code"]).await)
    }

    /// A client's token request, from anywhere.
    pub async fn redeem(&self, client: &str, code: &str) -> Response {
        self.server().redeem(client, code).await
    }
}

/// A whole launch in a new browser: of `app`, for whatever patient is the only one.
pub async fn launch(server: &Server, login: &str, scope: &str) -> Tokens {
    Browser::new(server).launch(&Ask::of("app", scope), login, None).await
}
