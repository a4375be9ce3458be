//! A server that keeps a record of accesses, and tokens for it that nobody had to sign in for.

use std::collections::BTreeSet;

use actix_web::http::Method;
use data_encoding::BASE64;
use serde_json::Value;
use smart::authority::Role;
use smart::scope::Scopes;
use smart::secret::Secret;
use smart::store::{Context, Grant, Kind as TokenKind, Reach, Seconds, Store};

use super::database::{Database, Kind};
use super::server::{Response, Server, Setup, now, request, resources};

/// The state of authorization server and trail, with the accounts and clients of tests.
pub struct Recorded {
    pub db: Database,
}

/// Whose token it is.
#[derive(Debug, Clone)]
pub struct Who {
    pub role: Option<Role>,
    pub client: &'static str,
    pub scopes: &'static str,
    pub patient: Option<String>,
}

/// The password of every account.
pub const PASSWORD: &str = "correct horse";

impl Who {
    /// An administrator with these scopes.
    #[must_use]
    pub fn administrator(scopes: &'static str) -> Self {
        Self {
            role: Some(Role::Administrator),
            client: "app",
            scopes,
            patient: None,
        }
    }

    /// The subject that grants and records name.
    #[must_use]
    pub fn subject(&self) -> Option<&'static str> {
        self.role.map(Role::name)
    }
}

impl Recorded {
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let db = Database::new(kind);
        let folder = db.folder.path();
        let hash = smart::password::hash(PASSWORD).unwrap();
        let accounts = format!(
            "[[account]]\nlogin = \"ada\"\nname = \"Ada Example\"\nrole = \"administrator\"\nsees = \"\"\npassword_hash = {hash:?}\n"
        );
        std::fs::write(folder.join("accounts.toml"), accounts).unwrap();
        std::fs::create_dir(folder.join("clients")).unwrap();
        let client = |id: &str, more: &str| format!("[[client]]\nid = {id:?}\nname = \"The {id}\"\n{more}\n");
        let back = "proof = \"public\"\nredirect_uris = [\"https://app.example.org/back\"]";
        let clients = [
            client(
                "app",
                &format!("{back}\nscopes = \"openid offline_access patient/*.rs user/*.rs\""),
            ),
            client("reporter", &format!("{back}\nscopes = \"system/AuditEvent.rs\"")),
            client("service", &format!("{back}\nscopes = \"system/*.rs\"")),
        ];
        std::fs::write(folder.join("clients/all.toml"), clients.concat()).unwrap();
        Self { db }
    }

    /// `[smart]` of a configuration.
    #[must_use]
    pub fn settings(&self) -> String {
        let path = |name: &str| self.db.folder.path().join(name);
        format!(
            "[smart]\ndatabase = {:?}\nclients = {:?}\naccounts = {:?}\n",
            self.db.url(),
            path("clients"),
            path("accounts.toml")
        )
    }

    /// A server over these sources.
    pub async fn serve(&self, setup: Setup) -> Server {
        setup.with(&self.settings()).start().await
    }

    /// An access token.
    pub async fn token(&self, who: &Who) -> String {
        self.tokens(who).await.0
    }

    /// An access token and a refresh token.
    pub async fn tokens(&self, who: &Who) -> (String, String) {
        self.tokens_since(who, now().and_utc().timestamp()).await
    }

    /// The same, given at a time, for the program with its real clock.
    pub async fn tokens_since(&self, who: &Who, now: Seconds) -> (String, String) {
        let url = mapper::db::Url::parse(&self.db.url()).unwrap();
        let manager = mapper::db::Manager::new(url, mapper::db::Access::Load, std::time::Duration::from_secs(10));
        let store = Store::open(manager, mapper::Limits::default()).await.unwrap();
        let grant = Grant {
            id: Secret::new().unwrap().hash(),
            client: who.client.to_owned(),
            subject: who.subject().map(str::to_owned),
            person: who.role.map(|role| format!("Practitioner/{}", role.name())),
            role: who.role,
            reach: Reach::Search(String::new()),
            scopes: Scopes::parse(who.scopes),
            context: Context {
                patient: who.patient.clone(),
                ..Context::default()
            },
            session: None,
            created: now,
            ended: None,
        };
        store.grant(&grant).await.unwrap();
        let mut given = vec![];
        for kind in [TokenKind::Access, TokenKind::Refresh] {
            let token = store.give_token(kind, &grant, &grant.scopes, now, 3600).await.unwrap();
            given.push(token.expose().to_owned());
        }
        (given[0].clone(), given[1].clone())
    }
}

/// Headers of a request with a token, which the record will name by `id`.
#[must_use]
pub fn headers<'a>(bearer: &'a str, id: &'a str) -> [(&'static str, &'a str); 2] {
    [("authorization", bearer), ("x-request-id", id)]
}

/// `GET` with a token.
pub async fn get(server: &Server, address: &str, token: &str) -> Response {
    let bearer = format!("Bearer {token}");
    let asked = request(Method::GET, address, &[("authorization", bearer.as_str())]);
    server.send(asked).await
}

/// Every AuditEvent there is, page by page, oldest first.
pub async fn events(server: &Server, token: &str) -> Vec<Value> {
    let mut all = vec![];
    let mut next = Some("/fhir/AuditEvent?_count=50".to_owned());
    while let Some(address) = next {
        let response = get(server, &address, token).await;
        assert_eq!(response.status, 200, "{address}: {}", response.text());
        let page = response.json();
        all.extend(resources(&page, "match").into_iter().cloned());
        next = super::server::link(&page, "next");
    }
    all.reverse();
    all
}

/// The event of the request with this id.
#[must_use]
pub fn event<'a>(events: &'a [Value], id: &str) -> &'a Value {
    let found: Vec<&Value> = events.iter().filter(|event| request_id(event) == id).collect();
    assert_eq!(found.len(), 1, "{id}");
    found[0]
}

/// The id of the request that an event is about.
#[must_use]
pub fn request_id(event: &Value) -> &str {
    let entities = event["entity"].as_array().unwrap();
    let transaction = entities.iter().find(|entity| entity["type"]["code"] == "XrequestId");
    transaction.unwrap()["what"]["identifier"]["value"].as_str().unwrap()
}

/// The references of an event's entities of a role: `1` for patients, `4` for resources.
#[must_use]
pub fn entities(event: &Value, role: &str) -> BTreeSet<String> {
    let of_role = |entity: &&Value| entity["role"]["code"] == role;
    let entities = event["entity"].as_array().unwrap().iter().filter(of_role);
    entities
        .map(|entity| entity["what"]["reference"].as_str().unwrap().to_owned())
        .collect()
}

/// What an event says was asked.
#[must_use]
pub fn queries(event: &Value) -> Vec<String> {
    let entities = event["entity"].as_array().unwrap().iter();
    let queries = entities.filter_map(|entity| entity["query"].as_str());
    queries
        .map(|query| String::from_utf8(BASE64.decode(query.as_bytes()).unwrap()).unwrap())
        .collect()
}
