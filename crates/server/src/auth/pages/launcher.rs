//! Launching an app as an EHR does, for those who build apps and for those who test them
//! (<https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-ehr-launch>).

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use fhir::r4::ResourceType;
use serde_json::json;
use smart::authority::{LAUNCH_LIFETIME, Launch, Role, Session};
use smart::client::Client;
use smart::store::Context;
use url::Url;

use super::people::{self, Person};
use super::{Broken, Visit, beyond, field, onward, shown};
use crate::app::State;
use crate::auth::{Auth, oauth};
use crate::routes::is_id;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/launcher", web::get().to(page));
    config.route("/launcher", web::post().to(launch));
}

#[derive(Template)]
#[template(path = "launcher.html")]
struct Launcher<'a> {
    user: &'a str,
    token: String,
    problem: Option<&'a str>,
    apps: Vec<&'a Client>,
    patients: Vec<Person>,
}

impl Visit<'_> {
    async fn launcher(&self, state: &State, session: &Session, problem: Option<&str>) -> Result<HttpResponse, Broken> {
        let apps: Vec<&Client> = self
            .auth
            .authority
            .clients()
            .filter(|client| client.launch_uri.is_some())
            .collect();
        let patients = match (&session.sees, session.role) {
            (Some(sees), Role::Practitioner | Role::Administrator) => people::found(state, sees, "").await?.0,
            _ => people::known(state, &session.patients).await?,
        };
        self.shows(&patients);
        let leads: Vec<String> = apps
            .iter()
            .filter_map(|client| client.launch_uri.as_deref().map(beyond))
            .collect();
        let page = Launcher {
            user: &session.name,
            token: self.token(),
            problem,
            apps,
            patients,
        };
        Ok(self.page_leading_to(&page, &leads.join(" ")))
    }
}

async fn page(request: HttpRequest, auth: Data<Auth>, state: Data<State>) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        match &visit.session {
            Some((session, _)) => visit.launcher(&state, session, None).await,
            None => visit.login(None, None).await,
        }
    };
    shown(page.await)
}

async fn launch(request: HttpRequest, auth: Data<Auth>, state: Data<State>, body: Payload) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        let form = oauth::form(&request, body).await.map_err(Broken::App)?;
        visit.is_ours(&form)?;
        let Some((session, _)) = &visit.session else {
            return visit.login(None, None).await;
        };
        let client = field(&form, "app").and_then(|id| auth.authority.client(id));
        let Some((client, uri)) = client.and_then(|client| Some((client.id.clone(), client.launch_uri.clone()?)))
        else {
            return visit.launcher(&state, session, Some("Choose an app.")).await;
        };
        let context = match chosen(&state, session, &form).await? {
            Ok(context) => context,
            Err(problem) => return visit.launcher(&state, session, Some(problem)).await,
        };
        let launch = Launch {
            subject: session.subject.clone(),
            client,
            context,
        };
        let secret = auth
            .authority
            .store()
            .keep(&launch, auth.now() + LAUNCH_LIFETIME)
            .await?;
        let mut to = Url::parse(&uri).map_err(|error| Broken::Server(error.to_string()))?;
        let base = auth.authority.settings().audiences.first().cloned().unwrap_or_default();
        to.query_pairs_mut()
            .append_pair("iss", &base)
            .append_pair("launch", secret.expose());
        Ok(onward(to.as_str()))
    };
    shown(page.await)
}

/// What the launch is about, or what is wrong with it.
async fn chosen(
    state: &State,
    session: &Session,
    form: &[(String, String)],
) -> Result<Result<Context, &'static str>, Broken> {
    let Some(patient) = field(form, "patient") else {
        return Ok(Err("Choose a patient."));
    };
    let may = match (&session.sees, session.role) {
        (Some(sees), Role::Practitioner | Role::Administrator) => people::matches(state, sees, patient).await?,
        _ => session.patients.iter().any(|known| known == patient),
    };
    if !may {
        return Ok(Err("There is no such patient among yours."));
    }
    let encounter = people::visit_of(state, patient, field(form, "encounter")).await?;
    if field(form, "encounter").is_some() && encounter.is_none() {
        return Ok(Err("That visit is not this patient's."));
    }
    let references = field(form, "context").unwrap_or_default().split_whitespace();
    let fhir_context: Vec<&str> = references.collect();
    if !fhir_context.iter().all(|reference| is_reference(reference)) {
        return Ok(Err("Further resources are written Practitioner/id."));
    }
    let fhir_context = fhir_context
        .iter()
        .map(|reference| json!({ "reference": reference }))
        .collect();
    Ok(Ok(Context {
        patient: Some(patient.to_owned()),
        encounter,
        need_patient_banner: Some(field(form, "banner").is_some()),
        intent: field(form, "intent").map(str::to_owned),
        fhir_context,
    }))
}

/// `Type/id`
fn is_reference(text: &str) -> bool {
    let named = text.split_once('/');
    named.is_some_and(|(ty, id)| ty.parse::<ResourceType>().is_ok() && is_id(id))
}
