//! An authorization request on its way: judged, the user signed in, a patient chosen, the user asked.

use actix_web::web::{self, Data, Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use smart::authority::{Authorization, Launch, Role, Session, Unanswered};
use smart::client::Client;
use smart::refusal::{Code, Refusal};
use smart::scope::{Level, Scope, Scopes};
use smart::secret::Secret;
use smart::store::Context;

use super::people::{self, Person};
use super::{Broken, Visit, address, beyond, onward, shown};
use crate::app::State;
use crate::auth::throttle::Wait;
use crate::auth::{Auth, oauth};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/authorize", web::get().to(by_get));
    config.route("/authorize", web::post().to(by_post));
    config.route("/continue", web::get().to(go_on));
}

/// How long a request waits for its user, in seconds.
const WAITS: i64 = 1800;

async fn by_get(request: HttpRequest, auth: Data<Auth>) -> HttpResponse {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .into_owned()
        .collect();
    shown(begin(&request, &auth, &pairs).await)
}

async fn by_post(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let page = async {
        let form = oauth::form(&request, body).await.map_err(Broken::App)?;
        begin(&request, &auth, &form).await
    };
    shown(page.await)
}

async fn begin(request: &HttpRequest, auth: &Auth, pairs: &[(String, String)]) -> Result<HttpResponse, Broken> {
    // Each request is kept for a while.
    auth.throttle
        .token(oauth::address(request))
        .map_err(|Wait(seconds)| Broken::TooMany(seconds))?;
    match auth.authority.judge(pairs, auth.now()).await {
        Ok(asked) => {
            let secret = auth.authority.store().keep(&asked, auth.now() + WAITS).await?;
            Ok(onward(&address("/auth/continue", &[("request", secret.expose())])))
        }
        Err(Unanswered::ToClient(answer)) => Ok(onward(&answer)),
        Err(Unanswered::ToUser(refusal)) => Err(Broken::App(refusal)),
        Err(Unanswered::Broken(error)) => Err(error.into()),
    }
}

/// A request that waits, with who is to decide it.
pub(super) struct Waiting {
    pub secret: String,
    pub asked: Authorization,
    pub client: std::sync::Arc<Client>,
    pub launch: Option<Launch>,
}

impl Visit<'_> {
    /// The request behind this secret.
    pub(super) async fn waiting(&self, secret: &str) -> Result<Waiting, Broken> {
        let (authority, now) = (&self.auth.authority, self.auth.now());
        let asked: Option<Authorization> = authority.store().look(&Secret::sent(secret), now).await?;
        let asked = asked.ok_or(Broken::Told("That took too long", "Start again from the app."))?;
        let client = authority.known(&asked.client).await?;
        Ok(Waiting {
            secret: secret.to_owned(),
            launch: authority.launch_of(&asked, now).await?,
            client: client.ok_or(Broken::Told("That app is gone", "It is no longer registered here."))?,
            asked,
        })
    }

    /// Tells the app that nothing comes of it.
    pub(super) async fn refuse(
        &self,
        waiting: &Waiting,
        code: Code,
        why: &'static str,
    ) -> Result<HttpResponse, Broken> {
        let (authority, now) = (&self.auth.authority, self.auth.now());
        authority
            .store()
            .take::<Authorization>(&Secret::sent(&waiting.secret), now)
            .await?;
        Ok(onward(&authority.refused(&waiting.asked, &Refusal::new(code, why))))
    }
}

#[derive(Deserialize)]
struct Step {
    request: String,
    patient: Option<String>,
    name: Option<String>,
}

async fn go_on(request: HttpRequest, auth: Data<Auth>, state: Data<State>, step: Query<Step>) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        let waiting = visit.waiting(&step.request).await?;
        let prompt = waiting.asked.prompt.as_deref();
        let Some((session, _)) = &visit.session else {
            if prompt == Some("none") {
                return visit
                    .refuse(&waiting, Code::LoginRequired, "the user is not signed in")
                    .await;
            }
            return visit.login(Some(&step.request), None).await;
        };
        if prompt == Some("login") && session.authenticated < waiting.asked.since {
            return visit.login(Some(&step.request), None).await;
        }
        if prompt == Some("none") {
            return visit
                .refuse(&waiting, Code::ConsentRequired, "the user has to be asked")
                .await;
        }
        match about(&state, &waiting, session, step.patient.as_deref()).await? {
            About::Nobody => visit.consent(&state, &waiting, &Context::default()).await,
            About::One(context) => visit.consent(&state, &waiting, &context).await,
            About::Unknown => {
                visit
                    .picker(&state, &waiting, session, step.name.as_deref().unwrap_or_default())
                    .await
            }
            About::Refused(why) => visit.refuse(&waiting, Code::AccessDenied, why).await,
        }
    };
    shown(page.await)
}

/// Whom a request is about.
pub(super) enum About {
    /// No patient in particular.
    Nobody,
    /// This.
    One(Context),
    /// A patient who is yet to be chosen.
    Unknown,
    /// Somebody whom the user may not choose, or nobody at all to choose from.
    Refused(&'static str),
}

/// Whom a request is about, as the user has chosen it.
pub(super) async fn about(
    state: &State,
    waiting: &Waiting,
    session: &Session,
    chosen: Option<&str>,
) -> Result<About, Broken> {
    if let Some(launch) = &waiting.launch {
        if launch.subject != session.subject {
            return Ok(About::Refused("the launch is somebody else's"));
        }
        return Ok(About::One(launch.context.clone()));
    }
    if !is_about_a_patient(&waiting.asked.scopes) {
        return Ok(About::Nobody);
    }
    let of = |patient: &str| Context {
        patient: Some(patient.to_owned()),
        ..Context::default()
    };
    let theirs = session.role == Role::Patient;
    match (chosen, session.patients.as_slice()) {
        (Some(id), all) if theirs && all.iter().any(|known| known == id) => Ok(About::One(of(id))),
        (Some(_), _) if theirs => Ok(About::Refused("the patient is none of the user's")),
        (None, []) if theirs => Ok(About::Refused("the user has no patient's records")),
        (None, [only]) if theirs => Ok(About::One(of(only))),
        (None, _) if theirs => Ok(About::Unknown),
        (Some(id), _) => {
            let sees = session.sees.as_deref();
            let may = match sees {
                Some(sees) => people::matches(state, sees, id).await?,
                None => false,
            };
            Ok(if may {
                About::One(of(id))
            } else {
                About::Refused("the patient is none of the user's")
            })
        }
        (None, _) if session.sees.is_some() => Ok(About::Unknown),
        (None, _) => Ok(About::Refused("the user has no patient's records")),
    }
}

/// Scopes at the patient level mean nothing without a patient.
fn is_about_a_patient(scopes: &Scopes) -> bool {
    scopes.has(&Scope::LaunchPatient) || scopes.resources().any(|resource| resource.level == Level::Patient)
}

#[derive(Template)]
#[template(path = "picker.html")]
struct Picker<'a> {
    user: &'a str,
    token: String,
    app: &'a str,
    request: &'a str,
    searches: bool,
    name: &'a str,
    patients: Vec<Person>,
    more: bool,
}

impl Visit<'_> {
    async fn picker(
        &self,
        state: &State,
        waiting: &Waiting,
        session: &Session,
        name: &str,
    ) -> Result<HttpResponse, Broken> {
        let (patients, more) = match (session.role, &session.sees) {
            (Role::Practitioner | Role::Administrator, Some(sees)) => people::found(state, sees, name).await?,
            _ => (people::known(state, &session.patients).await?, false),
        };
        self.shows(&patients);
        let page = Picker {
            user: &session.name,
            token: self.token(),
            app: &waiting.client.name,
            request: &waiting.secret,
            searches: session.role != Role::Patient,
            name,
            patients,
            more,
        };
        Ok(self.page_leading_to(&page, &beyond(&waiting.asked.redirect_uri)))
    }
}
