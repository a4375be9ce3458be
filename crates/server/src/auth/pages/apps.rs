//! What somebody shares, and how they take it back.

use actix_web::web::{self, Data, Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::DateTime;
use serde::Deserialize;
use smart::audit::Interaction;

use super::people::{self, Person};
use super::scopes::{self, Shown};
use super::{Broken, Visit, field, onward, shown};
use crate::app::State;
use crate::audit::Step;
use crate::auth::{Auth, oauth};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/apps", web::get().to(page));
    config.route("/apps/revoke", web::post().to(revoke));
}

#[derive(Template)]
#[template(path = "apps.html")]
struct Apps<'a> {
    user: &'a str,
    token: String,
    done: bool,
    grants: Vec<Given>,
}

struct Given {
    id: String,
    app: String,
    since: String,
    patient: Option<Person>,
    scopes: Vec<Shown>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    done: bool,
}

async fn page(request: HttpRequest, auth: Data<Auth>, state: Data<State>, asked: Query<Asked>) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        let Some((session, _)) = &visit.session else {
            return visit.login(None, None).await;
        };
        let mut grants = vec![];
        for grant in auth.authority.store().grants_of(&session.subject).await? {
            let patient = match &grant.context.patient {
                Some(id) => people::one(&state, id).await?,
                None => None,
            };
            let client = auth.authority.known(&grant.client).await?;
            let since = DateTime::from_timestamp(grant.created, 0).unwrap_or_default();
            grants.push(Given {
                id: grant.id,
                app: client.map_or(grant.client, |client| client.name.clone()),
                since: since.format("%Y-%m-%d").to_string(),
                patient,
                scopes: grant.scopes.iter().map(scopes::allowed).collect(),
            });
        }
        visit.shows(grants.iter().filter_map(|given| given.patient.as_ref()));
        Ok(visit.page(&Apps {
            user: &session.name,
            token: visit.token(),
            done: asked.done,
            grants,
        }))
    };
    shown(page.await)
}

async fn revoke(request: HttpRequest, auth: Data<Auth>, body: Payload) -> HttpResponse {
    let page = async {
        let visit = Visit::of(&request, &auth).await?;
        let form = oauth::form(&request, body).await.map_err(Broken::App)?;
        visit.is_ours(&form)?;
        let Some((session, _)) = &visit.session else {
            return visit.login(None, None).await;
        };
        let grant = field(&form, "grant").unwrap_or_default();
        let ended = auth
            .authority
            .store()
            .revoke(&session.subject, grant, auth.now())
            .await?;
        if ended {
            visit.tells(Step::new(Interaction::Revoke).of(grant));
        }
        Ok(onward(if ended { "/auth/apps?done=true" } else { "/auth/apps" }))
    };
    shown(page.await)
}
