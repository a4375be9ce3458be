//! What others may ask about tokens: introspection (RFC 7662), revocation (RFC 7009), userinfo.

use serde::Serialize;
use serde_json::{Value, json};

use super::Authority;
use crate::Error;
use crate::scope::Scope;
use crate::secret::Secret;
use crate::store::{Active, Kind, Seconds};

/// The answer of the userinfo endpoint (OpenID Connect Core, section 5.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserInfo {
    /// Who.
    pub sub: String,
    /// Their resource's address.
    #[serde(rename = "fhirUser", skip_serializing_if = "Option::is_none")]
    pub fhir_user: Option<String>,
}

impl Authority {
    /// The access token, when it is good.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn access(&self, token: &str, now: Seconds) -> Result<Option<Active>, Error> {
        let active = self.token_of(token, now).await?;
        Ok(active.filter(|active| active.kind == Kind::Access))
    }

    /// The token, access or refresh, when it is good.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn token_of(&self, token: &str, now: Seconds) -> Result<Option<Active>, Error> {
        self.store.token(&Secret::sent(token), now).await
    }

    /// What is to be told about a token. Of one that is not good nothing is told but that.
    #[must_use]
    pub fn introspect(&self, token: Option<&Active>) -> Value {
        let Some(active) = token else {
            return json!({ "active": false });
        };
        let Active {
            scopes, expires, grant, ..
        } = active;
        let mut told = json!({
            "active": true,
            "scope": scopes.to_string(),
            "client_id": grant.client,
            "exp": expires,
            "iat": active.issued,
        });
        let mut put = |name: &str, value: Option<Value>| {
            if let (Some(value), Some(object)) = (value, told.as_object_mut()) {
                object.insert(name.to_owned(), value);
            }
        };
        if active.kind == Kind::Access {
            put("token_type", Some(json!("Bearer")));
        }
        put("patient", grant.context.patient.as_ref().map(|p| json!(p)));
        put("encounter", grant.context.encounter.as_ref().map(|e| json!(e)));
        put("fhirUser", self.fhir_user(grant, scopes).map(|f| json!(f)));
        if let Some(subject) = grant.subject.as_ref().filter(|_| scopes.has(&Scope::OpenId)) {
            put("sub", Some(json!(subject)));
            put("iss", Some(json!(self.settings.issuer)));
        }
        told
    }

    /// Who the token's user is; `None` without `openid`.
    #[must_use]
    pub fn user_info(&self, active: &Active) -> Option<UserInfo> {
        let sub = active
            .grant
            .subject
            .clone()
            .filter(|_| active.scopes.has(&Scope::OpenId))?;
        Some(UserInfo {
            sub,
            fhir_user: self.fhir_user(&active.grant, &active.scopes),
        })
    }
}
