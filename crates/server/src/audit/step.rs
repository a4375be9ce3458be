//! A step of somebody towards access: signing in, consent, tokens.

use actix_web::{HttpMessage, HttpRequest};
use smart::audit::Interaction;
use smart::authority::Session;
use smart::store::Grant;

/// What a handler of the authorization server tells of its request.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(super) interaction: Interaction,
    pub(super) client: Option<String>,
    pub(super) grant: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) person: Option<String>,
    pub(super) patients: Vec<String>,
    /// The status to record when the answer's own does not tell how it ended: a page may say so, too.
    pub(super) status: Option<u16>,
}

impl Step {
    /// Nobody in particular did something.
    pub fn new(interaction: Interaction) -> Self {
        Self {
            interaction,
            client: None,
            grant: None,
            subject: None,
            person: None,
            patients: vec![],
            status: None,
        }
    }

    /// Somebody who is signed in did.
    pub fn by(self, session: &Session) -> Self {
        Self {
            subject: Some(session.subject.clone()),
            person: session.person.clone(),
            ..self
        }
    }

    /// It is about a grant.
    pub fn on(self, grant: &Grant) -> Self {
        Self {
            client: Some(grant.client.clone()),
            grant: Some(grant.id.clone()),
            subject: grant.subject.clone(),
            person: grant.person.clone(),
            ..self.about(grant.context.patient.as_deref())
        }
    }

    /// It is about the grant of this id.
    pub fn of(self, grant: &str) -> Self {
        Self {
            grant: Some(grant.to_owned()),
            ..self
        }
    }

    /// A client did it, or it is for that client.
    pub fn with(self, client: &str) -> Self {
        Self {
            client: Some(client.to_owned()),
            ..self
        }
    }

    /// It is about patients with these ids.
    pub fn about<'a>(mut self, patients: impl IntoIterator<Item = &'a str>) -> Self {
        let patients = patients.into_iter().map(|id| format!("Patient/{id}"));
        self.patients.extend(patients);
        self
    }

    /// It was refused.
    pub fn refused(self) -> Self {
        Self {
            status: Some(403),
            ..self
        }
    }

    /// Tells it. Of several, the last counts.
    pub fn tell(self, request: &HttpRequest) {
        request.extensions_mut().insert(self);
    }
}
