//! The pages on which people sign in, choose a patient, decide what to share and take it back. They work without scripts, load nothing
//! from elsewhere, and can be used by keyboard and on a phone.

mod apps;
mod consent;
mod flow;
mod launcher;
mod login;
mod people;
mod scopes;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::{Value, json};
use smart::audit::Interaction;
use smart::authority::Session;
use smart::refusal::Refusal;
use smart::secret::Secret;
use url::Url;

use super::Auth;
use super::cookies::Browser;
use super::oauth::field;
use crate::audit::Step;
use people::Person;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/style.css", web::get().to(css));
    config.configure(login::configure);
    config.configure(flow::configure);
    config.configure(consent::configure);
    config.configure(apps::configure);
    config.configure(launcher::configure);
}

/// One request for a page: who asks, and with which browser.
struct Visit<'a> {
    request: &'a HttpRequest,
    auth: &'a Auth,
    browser: Browser,
    session: Option<(Session, Secret)>,
    /// Where whoever signs in without an app goes on.
    next: &'static str,
}

/// The pages that people come to by themselves; the first when they only sign in.
const PAGES: [&str; 2] = ["/auth/apps", "/auth/launcher"];

/// One of them.
fn own_page(path: &str) -> &'static str {
    PAGES.into_iter().find(|page| *page == path).unwrap_or(PAGES[0])
}

impl<'a> Visit<'a> {
    async fn of(request: &'a HttpRequest, auth: &'a Auth) -> Result<Self, Broken> {
        let session = match auth.cookies.session(request) {
            Some(secret) => {
                let session: Option<Session> = auth.authority.store().look(&secret, auth.now()).await?;
                session.and_then(|session| Some((auth.accounts.present(session)?, secret)))
            }
            None => None,
        };
        Ok(Self {
            request,
            auth,
            browser: auth.cookies.browser(request)?,
            session,
            next: own_page(request.path()),
        })
    }

    /// Tells what whoever is signed in did, for the record.
    fn tells(&self, step: Step) {
        let step = match &self.session {
            Some((session, _)) => step.by(session),
            None => step,
        };
        step.tell(self.request);
    }

    /// Tells whose names are on the page.
    fn shows<'p>(&self, people: impl IntoIterator<Item = &'p Person>) {
        let mut ids = people.into_iter().map(|person| person.id.as_str()).peekable();
        if ids.peek().is_some() {
            self.tells(Step::new(Interaction::Search).about(ids));
        }
    }

    /// What the forms of this page carry.
    fn token(&self) -> String {
        self.auth.cookies.token(&self.browser)
    }

    /// Refuses a form that does not come from one of these pages.
    fn is_ours(&self, form: &[(String, String)]) -> Result<(), Broken> {
        let sent = field(form, "token").unwrap_or_default();
        if self.auth.cookies.is_ours(&self.browser, sent) {
            Ok(())
        } else {
            Err(Broken::Told(
                "This form is too old",
                "Go back, load the page again and try once more.",
            ))
        }
    }

    /// A page for this browser.
    fn page(&self, page: &impl Template) -> HttpResponse {
        self.page_leading_to(page, "")
    }

    /// A page whose form leads on to another site: browsers must be told beforehand.
    fn page_leading_to(&self, page: &impl Template, elsewhere: &str) -> HttpResponse {
        let mut response = rendered(StatusCode::OK, page, elsewhere);
        if let Some(cookie) = self.auth.cookies.for_browser(&self.browser) {
            // A cookie's text is always a header's.
            let _ = response.add_cookie(&cookie);
        }
        response
    }
}

/// Why there is no page.
#[derive(Debug)]
enum Broken {
    /// The person is told this.
    Told(&'static str, &'static str),
    /// The person is told what is wrong with their app.
    App(Refusal),
    /// Too many requests: so many seconds to wait.
    TooMany(u64),
    /// Somebody else's server failed: the person is told this.
    Elsewhere(&'static str, String),
    /// The server failed.
    Server(String),
}

impl From<smart::Error> for Broken {
    fn from(error: smart::Error) -> Self {
        Self::Server(error.to_string())
    }
}

impl From<mapper::Error> for Broken {
    fn from(error: mapper::Error) -> Self {
        Self::Server(error.to_string())
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    text: &'a str,
}

/// A page, or why there is none.
fn shown(page: Result<HttpResponse, Broken>) -> HttpResponse {
    let mut wait = None;
    let (status, title, text) = match page {
        Ok(page) => return page,
        Err(Broken::Told(title, text)) => (StatusCode::BAD_REQUEST, title, text),
        Err(Broken::App(refusal)) => (
            StatusCode::BAD_REQUEST,
            "The app asked for something impossible",
            refusal.description,
        ),
        Err(Broken::TooMany(seconds)) => {
            wait = Some(seconds);
            let text = "Wait a moment and try again.";
            (StatusCode::TOO_MANY_REQUESTS, "Too many requests", text)
        }
        Err(Broken::Elsewhere(text, error)) => {
            tracing::warn!(target: "chartgate", error, "another server failed a page");
            (StatusCode::BAD_GATEWAY, "Something is missing", text)
        }
        Err(Broken::Server(error)) => {
            tracing::error!(target: "chartgate", error, "a page failed");
            let text = "The server could not do that. Try again in a moment.";
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", text)
        }
    };
    let mut response = rendered(status, &Message { title, text }, "");
    if let Some(seconds) = wait {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A page with the headers that keep it to itself; its forms may lead to this server and to `elsewhere`.
fn rendered(status: StatusCode, page: &impl Template, elsewhere: &str) -> HttpResponse {
    let Ok(html) = page.render() else {
        return HttpResponse::InternalServerError().finish();
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {elsewhere}; base-uri 'none'; frame-ancestors 'none'"
    );
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    }
    response.body(html)
}

/// What browsers have to be told of an address that a form leads on to. Many apps send people on from there to another host of theirs, and
/// browsers look at every step; so it is the scheme, and the host only on this machine.
fn beyond(uri: &str) -> String {
    let Ok(url) = Url::parse(uri) else { return String::new() };
    match url.scheme() {
        "http" => url.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    }
}

/// Goes on elsewhere, by GET whatever this was.
fn onward(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .finish()
}

/// An address of these pages with parameters.
fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("{path}?{}", query.finish())
}

async fn css() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "max-age=3600"))
        .body(include_str!("../../../templates/style.css"))
}

/// The colours and sizes of these pages, for apps that want to look alike
/// (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#styling>).
pub(super) fn style() -> Value {
    json!({
        "color_background": "#ffffff",
        "color_error": "#a01c1c",
        "color_highlight": "#0b5a8a",
        "color_modal_backdrop": "#1b2733",
        "color_success": "#1d6b3a",
        "color_text": "#1b2733",
        "dim_border_radius": "4px",
        "dim_font_size": "16px",
        "dim_spacing_size": "16px",
        "font_family_body": "system-ui, sans-serif",
        "font_family_heading": "system-ui, sans-serif",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_where_a_form_leads() {
        assert_eq!(beyond("https://app.example.org:8443/back?x=1"), "https:");
        assert_eq!(beyond("http://127.0.0.1:9000/back"), "http://127.0.0.1:9000");
        assert_eq!(beyond("org.example.app:/back"), "org.example.app:");
        assert_eq!(beyond("nonsense"), "");
    }
}
