//! What clients find the server by: `/.well-known/smart-configuration` (SMART App Launch 2.2, section 8),
//! `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0) and the JWK set.

use serde_json::{Value, json};

use super::Authority;

/// What of SMART App Launch there is (section 8.1.1).
const CAPABILITIES: [&str; 19] = [
    "launch-ehr",
    "launch-standalone",
    "authorize-post",
    "client-public",
    "client-confidential-symmetric",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-banner",
    "context-style",
    "context-ehr-patient",
    "context-ehr-encounter",
    "context-standalone-patient",
    "context-standalone-encounter",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
];

/// How clients may prove who they are at the token endpoint.
const METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

impl Authority {
    /// The SMART configuration.
    #[must_use]
    pub fn smart_configuration(&self) -> Value {
        let mut found = json!({
            "issuer": self.settings.issuer,
            "jwks_uri": self.endpoint("jwks"),
            "authorization_endpoint": self.endpoint("authorize"),
            "token_endpoint": self.endpoint("token"),
            "introspection_endpoint": self.endpoint("introspect"),
            "revocation_endpoint": self.endpoint("revoke"),
            "management_endpoint": self.endpoint("apps"),
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": METHODS,
            "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
            "scopes_supported": self.scopes_supported(),
            "capabilities": CAPABILITIES,
        });
        self.tell_registration(&mut found);
        found
    }

    fn tell_registration(&self, found: &mut Value) {
        if let (Some(uri), Some(object)) = (self.registration(), found.as_object_mut()) {
            object.insert("registration_endpoint".to_owned(), json!(uri));
        }
    }

    /// Where clients register themselves, if they can.
    fn registration(&self) -> Option<String> {
        self.settings.registration.as_ref().map(|_| self.endpoint("register"))
    }

    /// The OpenID Connect configuration.
    #[must_use]
    pub fn openid_configuration(&self) -> Value {
        let mut found = json!({
            "issuer": self.settings.issuer,
            "authorization_endpoint": self.endpoint("authorize"),
            "token_endpoint": self.endpoint("token"),
            "userinfo_endpoint": self.endpoint("userinfo"),
            "jwks_uri": self.endpoint("jwks"),
            "scopes_supported": self.scopes_supported(),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": METHODS,
            "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nonce", "fhirUser"],
            "authorization_response_iss_parameter_supported": true,
        });
        self.tell_registration(&mut found);
        found
    }

    /// The public keys, as a JWK set.
    #[must_use]
    pub fn jwks(&self) -> Value {
        self.keys().published()
    }

    /// The addresses that a CapabilityStatement tells (`oauth-uris`), by their names there.
    #[must_use]
    pub fn oauth_uris(&self) -> Vec<(&'static str, String)> {
        let mut uris = vec![
            ("authorize", self.endpoint("authorize")),
            ("token", self.endpoint("token")),
            ("introspect", self.endpoint("introspect")),
            ("revoke", self.endpoint("revoke")),
            ("manage", self.endpoint("apps")),
        ];
        uris.extend(self.registration().map(|uri| ("register", uri)));
        uris
    }

    fn scopes_supported(&self) -> Vec<String> {
        let named = [
            "openid",
            "fhirUser",
            "launch",
            "launch/patient",
            "launch/encounter",
            "offline_access",
            "online_access",
        ];
        let levels = ["patient", "user", "system"];
        let types = || std::iter::once("*").chain(self.settings.types.iter().map(String::as_str));
        let resources = levels
            .iter()
            .flat_map(|level| types().map(move |ty| format!("{level}/{ty}.rs")));
        named.iter().map(|name| (*name).to_owned()).chain(resources).collect()
    }
}
