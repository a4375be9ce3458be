//! A server in this process, with its real routes and middleware.

use std::pin::Pin;
use std::rc::Rc;

use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::test::TestRequest;
use chrono::{NaiveDateTime, TimeDelta};
use serde_json::Value;

pub use super::setup::Setup;

/// Where the server thinks it is.
pub const ORIGIN: &str = "http://localhost:8080";

/// The server's time, which stands still.
#[must_use]
pub fn now() -> NaiveDateTime {
    "2026-03-02T09:00:00".parse().unwrap()
}

/// A day and an hour later.
#[must_use]
pub fn tomorrow() -> NaiveDateTime {
    now() + TimeDelta::hours(25)
}

pub(super) type Answering = Pin<Box<dyn Future<Output = Response>>>;

/// A running server.
pub struct Server {
    pub(super) send: Rc<dyn Fn(TestRequest) -> Answering>,
}

/// An answer, read to its end.
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Server {
    /// `GET` of an address, or of a link.
    pub async fn get(&self, address: &str) -> Response {
        self.ask(Method::GET, address, &[]).await
    }

    /// `GET` that must be answered with 200.
    pub async fn ok(&self, address: &str) -> Value {
        let response = self.get(address).await;
        assert_eq!(response.status, 200, "{address}: {}", response.text());
        response.json()
    }

    /// A request with headers.
    pub async fn ask(&self, method: Method, address: &str, headers: &[(&str, &str)]) -> Response {
        self.send(request(method, address, headers)).await
    }

    /// `POST` of a form.
    pub async fn post(&self, address: &str, form: &str) -> Response {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.send(request(Method::POST, address, &kind).set_payload(form.to_owned()))
            .await
    }

    pub async fn send(&self, request: TestRequest) -> Response {
        (self.send)(request).await
    }

    /// All pages of a search, from its first address on.
    pub async fn pages(&self, address: &str) -> Vec<Value> {
        let mut pages = vec![self.ok(address).await];
        while let Some(next) = link(&pages[pages.len() - 1], "next") {
            assert!(pages.len() < 1000, "{address} has no last page");
            pages.push(self.ok(&next).await);
        }
        pages
    }

    /// The ids of all matches of a search, in order.
    pub async fn ids(&self, address: &str) -> Vec<String> {
        self.pages(address).await.iter().flat_map(ids).collect()
    }
}

/// A request; the address may be a link of the server.
#[must_use]
pub fn request(method: Method, address: &str, headers: &[(&str, &str)]) -> TestRequest {
    let path = address.strip_prefix(ORIGIN).unwrap_or(address);
    let request = TestRequest::default().method(method).uri(path);
    headers
        .iter()
        .fold(request, |request, header| request.insert_header(*header))
}

impl Response {
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// A header's text, empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// Status, code and text of the first issue, for errors.
    #[must_use]
    pub fn error(&self) -> String {
        let body = self.json();
        assert_eq!(body["resourceType"], "OperationOutcome", "{body}");
        assert!(
            self.header("content-type").starts_with("application/fhir+json"),
            "{}",
            self.header("content-type")
        );
        let issue = |issue: &Value| {
            let text = |name: &str| issue[name].as_str().unwrap_or_default().to_owned();
            let place = issue["location"][0]
                .as_str()
                .map(|at| format!(" at {at}"))
                .unwrap_or_default();
            format!("{} {}: {}{place}", text("severity"), text("code"), text("diagnostics"))
        };
        let issues: Vec<String> = body["issue"].as_array().unwrap().iter().map(issue).collect();
        format!("{} {}", self.status, issues.join(" / "))
    }
}

/// The address of a bundle's link.
#[must_use]
pub fn link(bundle: &Value, relation: &str) -> Option<String> {
    let links = bundle["link"].as_array()?;
    links.iter().find(|l| l["relation"] == relation)?["url"]
        .as_str()
        .map(str::to_owned)
}

/// The resources of a bundle with this `search.mode`.
#[must_use]
pub fn resources<'a>(bundle: &'a Value, mode: &str) -> Vec<&'a Value> {
    let entries = bundle["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries
        .iter()
        .filter(|e| e["search"]["mode"] == mode)
        .map(|e| &e["resource"])
        .collect()
}

/// The ids of a bundle's matches.
#[must_use]
pub fn ids(bundle: &Value) -> Vec<String> {
    resources(bundle, "match")
        .iter()
        .map(|r| r["id"].as_str().unwrap().to_owned())
        .collect()
}

/// A resource or bundle with its versions blanked: they are hashes, which a snapshot should not repeat.
#[must_use]
pub fn unversioned(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                *field = if name == "versionId" {
                    "[version]".into()
                } else {
                    unversioned(field.take())
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = unversioned(item.take())),
        _ => {}
    }
    value
}
