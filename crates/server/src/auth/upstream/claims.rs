//! What the provider's claims mean here.

use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use smart::authority::{Role, Session};
use smart::store::Seconds;

use crate::config::{Requirement, Upstream};

/// All claims that OpenID Connect does not name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Extra {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Extra {}

/// Who it is.
pub(super) fn session(
    config: &Upstream,
    claims: &IdTokenClaims<Extra, CoreGenderClaim>,
    now: Seconds,
) -> Result<Session, String> {
    let extra = &claims.additional_claims().all;
    let role = role(config, extra)?;
    let acr = claims.auth_context_ref().map(|acr| acr.as_str());
    let amr: Vec<&str> = claims
        .auth_method_refs()
        .map(|all| all.iter().map(|amr| amr.as_str()).collect())
        .unwrap_or_default();
    if let Some(required) = config.require.get(&role) {
        required.meet(acr, &amr)?;
    }
    let subject = claims.subject().as_str();
    let name = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str());
    Ok(Session {
        subject: format!("upstream:{subject}"),
        name: name.unwrap_or(subject).to_owned(),
        person: text(extra, &config.claims.fhir_user).map(relative),
        role,
        patients: list(extra, &config.claims.patients),
        sees: text(extra, &config.claims.sees).map(str::to_owned),
        authenticated: now,
    })
}

fn role(config: &Upstream, extra: &Map<String, Value>) -> Result<Role, String> {
    let named = list(extra, &config.claims.role);
    let own = |name: &String| {
        let mapped = config.claims.roles.get(name).copied();
        mapped.or_else(|| serde_json::from_value(Value::from(name.as_str())).ok())
    };
    let role = named.iter().find_map(own);
    role.ok_or_else(|| "your account has no role at this server".to_owned())
}

impl Requirement {
    fn meet(&self, acr: Option<&str>, amr: &[&str]) -> Result<(), String> {
        let context = self.acr.is_empty() || acr.is_some_and(|acr| self.acr.iter().any(|a| a == acr));
        let method = self.amr.is_empty() || self.amr.iter().any(|a| amr.contains(&a.as_str()));
        if context && method {
            Ok(())
        } else {
            Err("your role has to sign in with a second factor".to_owned())
        }
    }
}

/// `Practitioner/…` of a relative or absolute reference.
fn relative(reference: &str) -> String {
    let mut parts = reference.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(id), Some(ty)) => format!("{ty}/{id}"),
        _ => reference.to_owned(),
    }
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str()
}

/// One text, several with blanks between, or an array of them.
fn list(claims: &Map<String, Value>, name: &str) -> Vec<String> {
    match claims.get(name) {
        Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Upstream {
        let head = "issuer = \"https://idp.example.org\"\nclient_id = \"chartgate\"\n";
        toml::from_str(&format!("{head}{text}")).unwrap()
    }

    fn claims(extra: &Value) -> IdTokenClaims<Extra, CoreGenderClaim> {
        let mut all = serde_json::json!({
            "iss": "https://idp.example.org", "sub": "42", "aud": ["chartgate"], "exp": 2_000_000_000, "iat": 1, "name": "Ada Example",
        });
        all.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn claims_tell_who_somebody_is_here() {
        let extra =
            serde_json::json!({ "role": "practitioner", "fhirUser": "https://h/fhir/Practitioner/a.pr.1", "sees": "" });
        let session = session(&config(""), &claims(&extra), 7).unwrap();
        assert_eq!(session.subject, "upstream:42");
        assert_eq!(session.name, "Ada Example");
        assert_eq!(session.role, Role::Practitioner);
        assert_eq!(session.person.as_deref(), Some("Practitioner/a.pr.1"));
        assert_eq!(session.sees.as_deref(), Some(""));
        assert_eq!(session.authenticated, 7);
    }

    #[test]
    fn roles_can_have_other_names_and_must_be_there() {
        let config =
            config("[claims]\nrole = \"groups\"\npatients = \"wards\"\n[claims.roles]\nFamilies = \"patient\"\n");
        let extra = serde_json::json!({ "groups": ["Everybody", "Families"], "wards": ["a.pt.1", "a.pt.2"] });
        let session_of = |extra| session(&config, &claims(&extra), 0);
        assert_eq!(session_of(extra).unwrap().patients, ["a.pt.1", "a.pt.2"]);
        assert!(session_of(serde_json::json!({ "groups": ["Everybody"] })).is_err());
        assert!(session_of(serde_json::json!({})).is_err());
    }

    #[test]
    fn a_role_may_need_a_second_factor() {
        let config = config("[require.practitioner]\namr = [\"mfa\", \"hwk\"]\n");
        let ask = |extra: Value| session(&config, &claims(&extra), 0).is_ok();
        assert!(!ask(serde_json::json!({ "role": "practitioner" })));
        assert!(!ask(serde_json::json!({ "role": "practitioner", "amr": ["pwd"] })));
        assert!(ask(
            serde_json::json!({ "role": "practitioner", "amr": ["pwd", "hwk"] })
        ));
        assert!(ask(serde_json::json!({ "role": "patient" })));
    }
}
