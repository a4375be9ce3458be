//! Signing in and out.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use smart::audit::Interaction;
use smart::authority::{Authorization, Session};
use smart::secret::Secret;

use super::{Broken, Visit, address, beyond, field, onward, own_page, shown};
use crate::app::State;
use crate::audit::Step;
use crate::auth::Auth;
use crate::auth::access;
use crate::auth::oauth;
use crate::auth::throttle::Wait;
use crate::auth::upstream::{Away, Denied};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/login", web::get().to(page));
    config.route("/login", web::post().to(sign_in));
    config.route("/upstream", web::get().to(leave));
    config.route("/callback", web::get().to(come_back));
    config.route("/logout", web::post().to(sign_out));
}

/// How long somebody may be at the identity provider, in seconds.
const AWAY: i64 = 900;

#[derive(Template)]
#[template(path = "login.html")]
struct Login<'a> {
    app: Option<String>,
    problem: Option<&'a str>,
    provider: Option<&'a str>,
    accounts: bool,
    request: Option<&'a str>,
    next: &'a str,
    token: String,
}

#[derive(Deserialize)]
struct Asked {
    request: Option<String>,
}

#[derive(Deserialize)]
struct Back {
    state: Option<String>,
    code: Option<String>,
}

impl Visit<'_> {
    /// The page to sign in on; `request` is the authorization request that waits.
    pub(super) async fn login(&self, request: Option<&str>, problem: Option<&str>) -> Result<HttpResponse, Broken> {
        let authority = &self.auth.authority;
        let waiting: Option<Authorization> = match request {
            Some(request) => authority.store().look(&Secret::sent(request), self.auth.now()).await?,
            None => None,
        };
        let client = match &waiting {
            Some(waiting) => authority.known(&waiting.client).await?,
            None => None,
        };
        let page = Login {
            app: client.map(|client| client.name.clone()),
            problem,
            provider: self.auth.upstream.as_ref().map(super::super::upstream::Upstream::name),
            accounts: !self.auth.accounts.is_empty(),
            request,
            next: self.next,
            token: self.token(),
        };
        // Who signs in and may share nothing is sent back to the app at once.
        let leads = waiting.map(|waiting| beyond(&waiting.redirect_uri));
        Ok(self.page_leading_to(&page, leads.as_deref().unwrap_or_default()))
    }

    /// Goes on signed in.
    async fn signed_in(&self, session: Session, request: Option<&str>) -> Result<HttpResponse, Broken> {
        Step::new(Interaction::SignIn).by(&session).tell(self.request);
        let lifetime = self.auth.authority.settings().session_lifetime;
        let store = self.auth.authority.store();
        // A new secret, so that nobody who knew the cookie before knows it now.
        let secret = store.keep(&session, self.auth.now() + lifetime).await?;
        let mut response = match request {
            Some(request) => onward(&address("/auth/continue", &[("request", request)])),
            None => onward(self.next),
        };
        // A cookie's text is always a header's.
        let _ = response.add_cookie(&self.auth.cookies.for_session(&secret, lifetime));
        Ok(response)
    }
}

async fn page(request: HttpRequest, auth: Data<Auth>, asked: Query<Asked>) -> HttpResponse {
    let page = async {
        Visit::of(&request, &auth)
            .await?
            .login(asked.request.as_deref(), None)
            .await
    };
    shown(page.await)
}

async fn sign_in(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let page = async {
        let mut visit = Visit::of(&request, &auth).await?;
        let form = oauth::form(&request, body).await.map_err(Broken::App)?;
        visit.is_ours(&form)?;
        visit.next = own_page(field(&form, "next").unwrap_or_default());
        let waiting = field(&form, "request");
        let login = field(&form, "login").unwrap_or_default();
        // Whoever it is has not proved it yet: what was typed in the wrong place may be a password.
        Step::new(Interaction::SignIn).refused().tell(&request);
        if let Err(Wait(seconds)) = auth.throttle.sign_in(oauth::address(&request), login) {
            let problem = format!("Too many attempts. Try again in {seconds} seconds.");
            let mut page = visit.login(waiting, Some(&problem)).await?;
            *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            page.headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            return Ok(page);
        }
        let typed = field(&form, "password").unwrap_or_default().to_owned();
        match auth.accounts.sign_in(login, typed, auth.now()).await {
            Some(session) => visit.signed_in(session, waiting).await,
            None => visit.login(waiting, Some("Name and password do not fit.")).await,
        }
    };
    shown(page.await)
}

/// Sends somebody to the identity provider.
async fn leave(request: HttpRequest, auth: Data<Auth>, asked: Query<Asked>) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        auth.throttle
            .token(oauth::address(&request))
            .map_err(|Wait(seconds)| Broken::TooMany(seconds))?;
        let upstream = auth.upstream.as_ref().ok_or(NO_PROVIDER)?;
        let state = Secret::new()?;
        let begun = upstream.begin(&state, asked.request.clone(), visit.token()).await;
        let (url, away) = begun.map_err(|error| denied(&error))?;
        auth.authority.store().put(&state, &away, auth.now() + AWAY).await?;
        let mut response = onward(&url);
        if let Some(cookie) = auth.cookies.for_browser(&visit.browser) {
            // A cookie's text is always a header's.
            let _ = response.add_cookie(&cookie);
        }
        Ok(response)
    };
    shown(page.await)
}

/// Somebody comes back from the identity provider.
async fn come_back(request: HttpRequest, auth: Data<Auth>, state: Data<State>, back: Query<Back>) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        let upstream = auth.upstream.as_ref().ok_or(NO_PROVIDER)?;
        let sent = Secret::sent(back.state.as_deref().unwrap_or_default());
        let away: Option<Away> = auth.authority.store().take(&sent, auth.now()).await?;
        let away = away.filter(|away| away.browser == visit.token());
        let away = away.ok_or(Broken::Told("That took too long", "Start again from the app."))?;
        let waiting = away.request.clone();
        let Some(code) = back.code.clone() else {
            let problem = "Your organisation did not sign you in.";
            return visit.login(waiting.as_deref(), Some(problem)).await;
        };
        match upstream.finish(&away, code, auth.now()).await {
            Ok(session) if !sees(&state, &session) => {
                let problem = "You cannot sign in: whose records you may see cannot be told.";
                visit.login(waiting.as_deref(), Some(problem)).await
            }
            Ok(session) => visit.signed_in(session, waiting.as_deref()).await,
            Err(Denied::Person(why)) => {
                Step::new(Interaction::SignIn).refused().tell(&request);
                visit
                    .login(waiting.as_deref(), Some(&format!("You cannot sign in: {why}.")))
                    .await
            }
            Err(error) => Err(denied(&error)),
        }
    };
    shown(page.await)
}

/// Whether the search of patients in somebody's claims is one.
fn sees(state: &State, session: &Session) -> bool {
    let all = state.served.first();
    let sees = session.sees.as_deref();
    sees.is_none_or(|sees| all.is_some_and(|all| access::is_search(sees, all.view.dictionary(), &state.limits)))
}

const NO_PROVIDER: Broken = Broken::Told("There is no such sign-in", "Sign in with a name and a password.");

fn denied(error: &Denied) -> Broken {
    let told = "Your organisation's sign-in does not answer as it should. Try again in a moment.";
    Broken::Elsewhere(told, error.to_string())
}

async fn sign_out(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        let form = oauth::form(&request, body).await.map_err(Broken::App)?;
        visit.is_ours(&form)?;
        if let Some((_, secret)) = &visit.session {
            visit.tells(Step::new(Interaction::SignOut));
            let store = auth.authority.store();
            store.end_session(&secret.hash(), auth.now()).await?;
            store.take::<Session>(secret, auth.now()).await?;
        }
        let mut response = onward("/auth/login");
        // A cookie's text is always a header's.
        let _ = response.add_cookie(&auth.cookies.without_session());
        Ok(response)
    };
    shown(page.await)
}
