//! Grants: what somebody allowed an app.

use diesel::prelude::*;
use mapper::db::AnyConnection;
use serde::{Deserialize, Serialize};

use super::tables::{sm_grant, sm_pending};
use super::{Seconds, Store};
use crate::Error;
use crate::authority::Role;
use crate::scope::Scopes;

/// What a launch is about (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#launch-context-arrives-with-your-access_token>).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// The patient's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// The encounter's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encounter: Option<String>,
    /// Whether the app is to show who the patient is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need_patient_banner: Option<bool>,
    /// What the app was launched for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// Further resources, as `fhirContext` has them.
    #[serde(rename = "fhirContext", skip_serializing_if = "Vec::is_empty")]
    pub fhir_context: Vec<serde_json::Value>,
}

/// Which patients' records somebody may see at all, whatever they allow an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Those with these ids.
    Patients(Vec<String>),
    /// Those that match this search of patients; all with an empty one.
    Search(String),
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: String,
    /// The client.
    pub client: String,
    /// Who allowed it; `None` for a backend service.
    pub subject: Option<String>,
    /// That user's FHIR resource, `Patient/…`.
    pub person: Option<String>,
    /// What that user is to the organisation.
    pub role: Option<Role>,
    /// Which patients that user, or the service, may see.
    pub reach: Reach,
    /// What was allowed.
    pub scopes: Scopes,
    /// What the launch is about.
    pub context: Context,
    /// The sign-in that it ends with, for `online_access`.
    pub session: Option<String>,
    /// Since when.
    pub created: Seconds,
    /// Until when, once it was ended.
    pub ended: Option<Seconds>,
}

/// A row of `sm_grant`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sm_grant)]
pub(super) struct Row {
    id: String,
    client: String,
    subject: Option<String>,
    person: Option<String>,
    role: Option<String>,
    reach: String,
    scopes: String,
    context: String,
    session: Option<String>,
    created: Seconds,
    ended: Option<Seconds>,
}

impl Row {
    pub fn grant(self) -> Result<Grant, Error> {
        Ok(Grant {
            id: self.id,
            client: self.client,
            subject: self.subject,
            person: self.person,
            role: match self.role.as_deref().map(Role::parse) {
                Some(None) => return Err(Error::Stored("grant")),
                role => role.flatten(),
            },
            reach: serde_json::from_str(&self.reach).map_err(|_json| Error::Stored("grant"))?,
            scopes: Scopes::parse(&self.scopes),
            context: serde_json::from_str(&self.context).map_err(|_json| Error::Stored("grant"))?,
            session: self.session,
            created: self.created,
            ended: self.ended,
        })
    }
}

impl Store {
    /// Stores a new grant.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn grant(&self, grant: &Grant) -> Result<(), Error> {
        let row = Row {
            id: grant.id.clone(),
            client: grant.client.clone(),
            subject: grant.subject.clone(),
            person: grant.person.clone(),
            role: grant.role.map(|role| role.name().to_owned()),
            reach: serde_json::to_string(&grant.reach).map_err(|_json| Error::Stored("grant"))?,
            scopes: grant.scopes.to_string(),
            context: serde_json::to_string(&grant.context).map_err(|_json| Error::Stored("grant"))?,
            session: grant.session.clone(),
            created: grant.created,
            ended: grant.ended,
        };
        self.run(move |conn| {
            diesel::insert_into(sm_grant::table)
                .values(&row)
                .execute(conn)
                .map(|_| ())
        })
        .await
    }

    /// The grants of a user that have not ended, newest first.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn grants_of(&self, subject: &str) -> Result<Vec<Grant>, Error> {
        let subject = subject.to_owned();
        let rows = self.run(move |conn| {
            sm_grant::table
                .filter(sm_grant::subject.eq(&subject).and(sm_grant::ended.is_null()))
                .order((sm_grant::created.desc(), sm_grant::id))
                .select(Row::as_select())
                .load(conn)
        });
        rows.await?.into_iter().map(Row::grant).collect()
    }

    /// Ends a grant of a user: its tokens are good for nothing from now on. False when the user has no such grant.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn revoke(&self, subject: &str, id: &str, now: Seconds) -> Result<bool, Error> {
        let (subject, id) = (subject.to_owned(), id.to_owned());
        self.run(move |conn| {
            let theirs = sm_grant::table.filter(sm_grant::id.eq(&id).and(sm_grant::subject.eq(&subject)));
            let open = theirs.filter(sm_grant::ended.is_null());
            diesel::update(open)
                .set(sm_grant::ended.eq(now))
                .execute(conn)
                .map(|n| n > 0)
        })
        .await
    }

    /// The grants that have not ended, of a user or of a client when one is named, oldest first; those of services are not among them, which
    /// end within minutes and come again as long as the client is registered.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn open_grants(&self, user: Option<&str>, client: Option<&str>) -> Result<Vec<Grant>, Error> {
        let (user, client) = (user.map(str::to_owned), client.map(str::to_owned));
        let rows = self.run(move |conn| {
            let mut open = sm_grant::table.into_boxed();
            open = open.filter(sm_grant::ended.is_null().and(sm_grant::subject.is_not_null()));
            if let Some(user) = &user {
                open = open.filter(sm_grant::subject.eq(user.clone()));
            }
            if let Some(client) = &client {
                open = open.filter(sm_grant::client.eq(client.clone()));
            }
            open.order((sm_grant::created, sm_grant::id))
                .select(Row::as_select())
                .load(conn)
        });
        rows.await?.into_iter().map(Row::grant).collect()
    }

    /// Ends a grant, whoever it belongs to. False when it has ended before.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn end_grant(&self, id: &str, now: Seconds) -> Result<bool, Error> {
        let id = id.to_owned();
        self.run(move |conn| end(conn, &id, now)).await
    }

    /// Ends all grants that live as long as a sign-in.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn end_session(&self, session: &str, now: Seconds) -> Result<(), Error> {
        let session = session.to_owned();
        self.run(move |conn| {
            let open = sm_grant::table.filter(sm_grant::session.eq(&session).and(sm_grant::ended.is_null()));
            diesel::update(open)
                .set(sm_grant::ended.eq(now))
                .execute(conn)
                .map(|_| ())
        })
        .await
    }
}

/// Whether the sign-in that a grant lives as long as goes on; true for a grant without one.
pub(super) fn is_signed_in(conn: &mut AnyConnection, grant: &Row, now: Seconds) -> QueryResult<bool> {
    let Some(session) = &grant.session else { return Ok(true) };
    let known = sm_pending::table.filter(sm_pending::hash.eq(session).and(sm_pending::expires.gt(now)));
    diesel::select(diesel::dsl::exists(known)).get_result(conn)
}

/// Ends a grant, whoever it belongs to; whether it had not ended before.
pub(super) fn end(conn: &mut AnyConnection, id: &str, now: Seconds) -> QueryResult<bool> {
    let open = sm_grant::table.filter(sm_grant::id.eq(id).and(sm_grant::ended.is_null()));
    diesel::update(open)
        .set(sm_grant::ended.eq(now))
        .execute(conn)
        .map(|n| n > 0)
}
