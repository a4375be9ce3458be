//! A person with a browser: cookies, forms and redirects.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};

use actix_web::http::Method;

use super::PASSWORD;
use super::page::{Form, form_to};
use crate::support::server::{ORIGIN, Response, Server, request};

/// A browser. Each has an address of its own, so that the tries of one test do not count for another.
pub struct Browser<'a> {
    server: &'a Server,
    /// Names and values.
    pub cookies: RefCell<BTreeMap<String, String>>,
    address: SocketAddr,
    forwarded: Option<String>,
}

impl<'a> Browser<'a> {
    #[must_use]
    pub fn new(server: &'a Server) -> Self {
        static COUNT: AtomicU16 = AtomicU16::new(1);
        let [high, low] = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        Self {
            server,
            cookies: RefCell::default(),
            address: SocketAddr::from(([127, 1, high, low], 40_000)),
            forwarded: None,
        }
    }

    #[must_use]
    pub fn server(&self) -> &'a Server {
        self.server
    }

    /// At another address.
    #[must_use]
    pub fn at(mut self, address: [u8; 4]) -> Self {
        self.address = SocketAddr::from((address, 40_000));
        self
    }

    /// The same person at another of the servers that share a state.
    #[must_use]
    pub fn moved_to(&self, server: &'a Server) -> Self {
        Self {
            server,
            cookies: self.cookies.clone(),
            address: self.address,
            forwarded: self.forwarded.clone(),
        }
    }

    /// Behind a proxy that says this of where requests come from.
    #[must_use]
    pub fn forwarded(mut self, from: &str) -> Self {
        self.forwarded = Some(from.to_owned());
        self
    }

    pub async fn get(&self, address: &str) -> Response {
        self.send(Method::GET, address, None).await
    }

    pub async fn post(&self, address: &str, form: &str) -> Response {
        self.send(Method::POST, address, Some(form)).await
    }

    /// Sends a form.
    pub async fn submit(&self, form: &Form) -> Response {
        if form.method == "get" {
            return self.get(&format!("{}?{}", form.action, form.encoded())).await;
        }
        self.post(&form.action, &form.encoded()).await
    }

    async fn send(&self, method: Method, address: &str, form: Option<&str>) -> Response {
        let mut asked = request(method, address, &[]).peer_addr(self.address);
        let cookies: Vec<String> = self.cookies.borrow().iter().map(|(n, v)| format!("{n}={v}")).collect();
        if !cookies.is_empty() {
            asked = asked.insert_header(("cookie", cookies.join("; ")));
        }
        if let Some(forwarded) = &self.forwarded {
            asked = asked.insert_header(("x-forwarded-for", forwarded.clone()));
        }
        if let Some(form) = form {
            asked = asked.insert_header(("content-type", "application/x-www-form-urlencoded"));
            asked = asked.set_payload(form.to_owned());
        }
        let response = self.server.send(asked).await;
        for cookie in response.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        response
    }

    /// Goes where a response sends, as long as that is at this server.
    pub async fn follow(&self, mut response: Response) -> Response {
        while response.status == 303 && is_here(response.header("location")) {
            let to = response.header("location").to_owned();
            response = self.get(&to).await;
        }
        response
    }

    /// Signs in on the page that asks for it; gives what comes then.
    pub async fn sign_in(&self, page: &Response, login: &str) -> Response {
        let form = form_to(&page.text(), "/auth/login");
        let form = form.with("login", login).with("password", PASSWORD);
        let answer = self.submit(&form).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        self.follow(answer).await
    }

    /// Opens a page as somebody.
    pub async fn open_as(&self, address: &str, login: &str) -> Response {
        let page = self.get("/auth/login").await;
        self.sign_in(&page, login).await;
        self.follow(self.get(address).await).await
    }
}

fn is_here(address: &str) -> bool {
    address.starts_with("/auth/") || address.starts_with(&format!("{ORIGIN}/"))
}
