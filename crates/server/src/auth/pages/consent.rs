//! What the user shares with an app.

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use smart::audit::Interaction;
use smart::authority::Authorization;
use smart::consent;
use smart::refusal::Code;
use smart::scope::Scope;
use smart::secret::Secret;
use smart::store::Context;
use url::Url;

use super::flow::{About, Waiting, about};
use super::people::{self, Encounter, Person};
use super::scopes::{self, Shown};
use super::{Broken, Visit, beyond, field, onward, shown};
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
    /// Of an app that nobody here has looked at: where it is.
    unknown: Option<String>,
    request: &'a str,
    patient: Option<Person>,
    visits: Vec<Encounter>,
    choices: Vec<Shown>,
}

impl Visit<'_> {
    /// The page that asks, about a patient or about nobody in particular.
    pub(super) async fn consent(
        &self,
        state: &State,
        waiting: &Waiting,
        context: &Context,
    ) -> Result<HttpResponse, Broken> {
        let patient = match &context.patient {
            Some(id) => people::one(state, id).await?,
            None => None,
        };
        let visits = match &patient {
            Some(patient) if asks_for_a_visit(waiting) => {
                people::visits(state, &patient.id, None, people::SHOWN).await?
            }
            _ => vec![],
        };
        self.shows(&patient);
        let choices = consent::choices(&waiting.asked.scopes, &self.auth.types);
        let page = Consent {
            user: self.session.as_ref().map_or("", |(session, _)| &session.name),
            token: self.token(),
            app: &waiting.client.name,
            unknown: waiting.client.by_itself.then(|| place(&waiting.asked.redirect_uri)),
            request: &waiting.secret,
            patient,
            visits,
            choices: choices.iter().map(scopes::choice).collect(),
        };
        Ok(self.page_leading_to(&page, &beyond(&waiting.asked.redirect_uri)))
    }
}

/// What people may know an address by.
fn place(uri: &str) -> String {
    let url = Url::parse(uri).ok();
    let host = url.as_ref().and_then(|url| url.host_str());
    host.map_or_else(|| "this device".to_owned(), str::to_owned)
}

/// An EHR that launches has chosen the visit.
fn asks_for_a_visit(waiting: &Waiting) -> bool {
    waiting.launch.is_none() && waiting.asked.scopes.has(&Scope::LaunchEncounter)
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
        let mut context = match about(&state, &waiting, session, field(&form, "patient")).await? {
            About::Nobody => Context::default(),
            About::One(context) => context,
            About::Unknown => return Err(Broken::Told("No patient was chosen", "Start again from the app.")),
            About::Refused(why) => return visit.refuse(&waiting, Code::AccessDenied, why).await,
        };
        if let (Some(patient), Some(id)) = (&context.patient, field(&form, "encounter"))
            && asks_for_a_visit(&waiting)
            && allowed.has(&Scope::LaunchEncounter)
        {
            context.encounter = people::visit_of(&state, patient, Some(id)).await?;
        }
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
