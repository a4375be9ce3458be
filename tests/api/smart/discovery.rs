//! What clients find the server by: exact names, content types, any origin.

use actix_web::http::Method;
use serde_json::{Value, json};
use tests::on_both;
use tests::support::sample::bases;
use tests::support::server::{ORIGIN, Server};
use tests::support::smart::{site, site_with};

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect()
}

/// JSON of any kind that everybody may read, whatever they accept.
async fn open(server: &Server, address: &str) -> Value {
    for accept in ["application/json", "application/fhir+json", "*/*"] {
        let headers = [("accept", accept), ("origin", "https://kit.example.org")];
        let response = server.ask(Method::GET, address, &headers).await;
        assert_eq!(response.status, 200, "{address}: {}", response.text());
        assert!(
            response.header("content-type").starts_with("application/json"),
            "{address}"
        );
        assert_eq!(response.header("access-control-allow-origin"), "*", "{address}");
    }
    server.ok(address).await
}

on_both! {
    /// Conformance, section 2.1.
    async fn the_smart_configuration_is_what_test_kits_want(kind) {
        let site = site(kind).await;
        for base in bases() {
            let found = open(&site, &format!("{base}/.well-known/smart-configuration")).await;
            let at = |name: &str| json!(format!("{ORIGIN}/auth/{name}"));
            assert_eq!(found["issuer"], ORIGIN);
            assert_eq!(found["jwks_uri"], at("jwks"));
            assert_eq!(found["authorization_endpoint"], at("authorize"));
            assert_eq!(found["token_endpoint"], at("token"));
            assert_eq!(found["introspection_endpoint"], at("introspect"));
            assert_eq!(found["revocation_endpoint"], at("revoke"));
            assert_eq!(found["management_endpoint"], at("apps"));
            assert_eq!(found.get("registration_endpoint"), None);
            assert_eq!(found["code_challenge_methods_supported"], json!(["S256"]));
            assert_eq!(found["response_types_supported"], json!(["code"]));
            let grants = strings(&found["grant_types_supported"]);
            assert_eq!(grants, ["authorization_code", "refresh_token", "client_credentials"]);
            assert!(strings(&found["token_endpoint_auth_methods_supported"]).contains(&"private_key_jwt"));
            assert_eq!(found["token_endpoint_auth_signing_alg_values_supported"], json!(["RS384", "ES384"]));
            let scopes = strings(&found["scopes_supported"]);
            for scope in ["openid", "fhirUser", "launch", "launch/patient", "offline_access", "patient/*.rs", "user/Condition.rs", "system/*.rs"] {
                assert!(scopes.contains(&scope), "{scope}");
            }
            let capabilities = strings(&found["capabilities"]);
            for capability in [
                "launch-ehr", "launch-standalone", "authorize-post", "client-public", "client-confidential-symmetric",
                "client-confidential-asymmetric", "sso-openid-connect", "context-banner", "context-style", "context-ehr-patient",
                "context-ehr-encounter", "context-standalone-patient", "permission-offline", "permission-patient",
                "permission-user", "permission-v1", "permission-v2",
            ] {
                assert!(capabilities.contains(&capability), "{capability}");
            }
        }
    }

    async fn the_openid_configuration_is_below_the_issuer(kind) {
        let site = site(kind).await;
        let found = open(&site, "/.well-known/openid-configuration").await;
        let smart = open(&site, "/fhir/.well-known/smart-configuration").await;
        for name in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
            assert_eq!(found[name], smart[name], "{name}");
        }
        assert_eq!(found["userinfo_endpoint"], format!("{ORIGIN}/auth/userinfo"));
        assert_eq!(found["response_types_supported"], json!(["code"]));
        assert_eq!(found["subject_types_supported"], json!(["public"]));
        assert_eq!(found["id_token_signing_alg_values_supported"], json!(["RS256"]));
    }

    async fn the_keys_are_public_halves(kind) {
        let site = site(kind).await;
        let found = open(&site, "/auth/jwks").await;
        let keys = found["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!((&keys[0]["kty"], &keys[0]["alg"], &keys[0]["use"]), (&json!("RSA"), &json!("RS256"), &json!("sig")));
        assert!(keys[0]["kid"].as_str().is_some_and(|kid| !kid.is_empty()));
        for secret in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
            assert_eq!(keys[0].get(secret), None, "{secret}");
        }
    }

    /// What SMART 1 looks for, and it says the same as the well-known document.
    async fn the_statement_tells_the_endpoints(kind) {
        let site = site(kind).await;
        for base in bases() {
            let smart = open(&site, &format!("{base}/.well-known/smart-configuration")).await;
            let response = site.ask(Method::GET, &format!("{base}/metadata"), &[("origin", "https://kit.example.org")]).await;
            assert_eq!(response.header("access-control-allow-origin"), "*");
            let security = &response.json()["rest"][0]["security"];
            let coding = &security["service"][0]["coding"][0];
            assert_eq!(coding["system"], "http://terminology.hl7.org/CodeSystem/restful-security-service");
            assert_eq!(coding["code"], "SMART-on-FHIR");
            assert_eq!(security["cors"], true);
            let oauth = &security["extension"][0];
            assert_eq!(oauth["url"], "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris");
            let uri = |name: &str| {
                let all = oauth["extension"].as_array().unwrap();
                all.iter().find(|one| one["url"] == name).map(|one| one["valueUri"].clone()).unwrap_or_default()
            };
            for (name, known) in [
                ("authorize", "authorization_endpoint"), ("token", "token_endpoint"), ("introspect", "introspection_endpoint"),
                ("revoke", "revocation_endpoint"), ("manage", "management_endpoint"), ("register", "registration_endpoint"),
            ] {
                assert_eq!(uri(name), smart[known], "{name}");
            }
        }
    }

    /// A browser may ask for tokens from the page of any app, and for records from the pages of those that are registered.
    async fn browsers_may_ask_for_apps(kind) {
        let site = site(kind).await;
        let preflight = async |address: &str, origin: &str| {
            let headers = [
                ("origin", origin), ("access-control-request-method", "GET"), ("access-control-request-headers", "authorization"),
            ];
            let response = site.ask(Method::OPTIONS, address, &headers).await;
            assert_eq!(response.status, 204, "{address}");
            let allowed = response.header("access-control-allow-headers").to_lowercase();
            (response.header("access-control-allow-origin").to_owned(), allowed.contains("authorization"))
        };
        for address in ["/auth/token", "/auth/revoke", "/auth/userinfo", "/auth/jwks", "/fhir/metadata"] {
            assert_eq!(preflight(address, "https://kit.example.org").await, ("*".to_owned(), true), "{address}");
        }
        let own = "https://app.example.org";
        for address in ["/fhir/Patient/x", "/fhir/Patient?name=a", "/healow/fhir/Condition"] {
            assert_eq!(preflight(address, own).await, (own.to_owned(), true), "{address}");
            assert_eq!(preflight(address, "https://other.example.org").await.0, "", "{address}");
            // A refusal can be read, too.
            let response = site.ask(Method::GET, address, &[("origin", own)]).await;
            assert_eq!((response.status, response.header("access-control-allow-origin")), (401, own));
            assert!(response.header("access-control-expose-headers").contains("WWW-Authenticate"));
            assert!(response.headers.get_all("vary").any(|vary| vary == "origin"));
        }
        // Pages are for people.
        for address in ["/auth/login", "/auth/consent", "/auth/apps"] {
            assert_eq!(preflight(address, own).await.0, "", "{address}");
        }
    }

    /// What everybody may ask, and what nobody may without a token.
    async fn the_rest_needs_a_token(kind) {
        let site = site_with(kind, "").await;
        for address in ["/fhir/metadata", "/health", "/", "/fhir/openapi.json", "/healow/fhir/metadata", "/fhir/OperationDefinition/lineage"] {
            assert_ne!(site.get(address).await.status, 401, "{address}");
        }
        for address in [
            "/fhir", "/fhir/", "/fhir/Patient", "/fhir/Patient/x", "/fhir/Patient/x/_history", "/fhir/Patient/x/$everything", "/fhir/nothing/at/all",
            "/fhir/Patient/x/$lineage", "/fhir?_type=Patient", "/healow/fhir/Patient", "/fhir/Patient?_explain=true", "/fhir//metadata", "/fhir/metadata/",
            "/fhir/Patient/x/Condition", "/fhir/Patient/x/*",
        ] {
            let response = site.get(address).await;
            assert_eq!(response.status, 401, "{address}");
            assert_eq!(response.header("www-authenticate"), "Bearer", "{address}");
            assert_eq!(response.json()["issue"][0]["code"], "login", "{address}");
            let response = site.with("made up").get(address).await;
            assert_eq!((response.status, response.header("www-authenticate")), (401, "Bearer error=\"invalid_token\""), "{address}");
        }
        for address in ["/fhir", "/fhir/_search", "/fhir/Patient/_search", "/fhir/Patient/x/$everything", "/fhir/Patient/x/Condition/_search"] {
            assert_eq!(site.post(address, "").await.status, 401, "{address}");
        }
    }
}
