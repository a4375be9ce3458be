//! What the user shares with an app.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use smart::audit::Interaction;
use smart::authority::Authorization;
use smart::consent;
use smart::refusal::Code;
use smart::secret::Secret;
use smart::store::Context;
use url::Url;

use super::flow::{About, Waiting, about};
use super::people::Person;
use super::scopes::{self, Shown};
use super::{Broken, Visit, field, onward, shown};
use crate::app::State;
use crate::audit::Step;
use crate::auth::{Auth, oauth};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/consent", web::post().to(decided));
}

#[derive(Template)]
#[template(path = "consent.html")]
struct Consent<'a> {
    user: &'a str,
    token: String,
    app: &'a str,
    request: &'a str,
    patient: Option<Person>,
    choices: Vec<Shown>,
}

impl Visit<'_> {
    /// The page that asks.
    pub(super) fn consent(&self, waiting: &Waiting, patient: Option<Person>) -> Result<HttpResponse, Broken> {
        self.shows(&patient);
        let choices = consent::choices(&waiting.asked.scopes, &self.auth.types);
        let page = Consent {
            user: self.session.as_ref().map_or("", |(session, _)| &session.name),
            token: self.token(),
            app: &waiting.client.name,
            request: &waiting.secret,
            patient,
            choices: choices.iter().map(scopes::choice).collect(),
        };
        Ok(self.page_leading_to(&page, &origin(&waiting.asked.redirect_uri)))
    }
}

/// What browsers have to be told of an address that a form leads on to: its origin, or its scheme where that is the app's own.
fn origin(uri: &str) -> String {
    let Ok(url) = Url::parse(uri) else { return String::new() };
    match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    }
}

async fn decided(request: HttpRequest, auth: Data<Auth>, state: Data<State>, body: Payload) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        let form = oauth::form(&request, body).await.map_err(Broken::App)?;
        visit.is_ours(&form)?;
        let secret = field(&form, "request").unwrap_or_default();
        let waiting = visit.waiting(secret).await?;
        let Some((session, cookie)) = &visit.session else {
            return visit.login(Some(secret), None).await;
        };
        let step = Step::new(Interaction::Consent).with(&waiting.asked.client);
        visit.tells(step.clone().refused());
        if field(&form, "decision") != Some("allow") {
            return visit
                .refuse(&waiting, Code::AccessDenied, "the user did not allow it")
                .await;
        }
        let ticked: Vec<String> = form
            .iter()
            .filter(|(n, _)| n == "scope")
            .map(|(_, scope)| scope.clone())
            .collect();
        let allowed = consent::allowed(&waiting.asked.scopes, &auth.types, &ticked);
        if allowed.is_empty() {
            return visit
                .refuse(&waiting, Code::AccessDenied, "the user allowed nothing")
                .await;
        }
        // The page may have been made up: whom it is about is judged once more.
        let context = match about(&state, &waiting, session, field(&form, "patient")).await? {
            About::Nobody => Context::default(),
            About::One(context) => context,
            About::Unknown => return Err(Broken::Told("No patient was chosen", "Start again from the app.")),
            About::Refused(why) => return visit.refuse(&waiting, Code::AccessDenied, why).await,
        };
        // Of two answers to one request the first counts.
        let asked: Option<Authorization> = auth.authority.store().take(&Secret::sent(secret), auth.now()).await?;
        let asked = asked.ok_or(Broken::Told("This was answered already", "Start again from the app."))?;
        visit.tells(step.about(context.patient.as_deref()));
        let to = auth
            .authority
            .allow(&asked, (session, cookie), allowed, context, auth.now())
            .await?;
        Ok(onward(&to))
    };
    shown(page.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_no_more_than_where_a_form_leads() {
        assert_eq!(
            origin("https://app.example.org:8443/back?x=1"),
            "https://app.example.org:8443"
        );
        assert_eq!(origin("org.example.app:/back"), "org.example.app:");
        assert_eq!(origin("nonsense"), "");
    }
}
