//! Keys of clients that sign.

use std::sync::OnceLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use data_encoding::BASE64;
use jsonwebtoken::jwk::Jwk;
pub use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::clock;
use crate::support::server::ORIGIN;

/// A key with its public half.
pub struct Key {
    pub algorithm: Algorithm,
    pub private: EncodingKey,
    pub public: Jwk,
}

/// The key of an algorithm that the clients of tests have registered.
#[must_use]
pub fn key(algorithm: Algorithm) -> &'static Key {
    static KEYS: OnceLock<[Key; 2]> = OnceLock::new();
    let [rsa, ec] = KEYS.get_or_init(|| [new(Algorithm::RS384, "rsa"), new(Algorithm::ES384, "ec")]);
    if algorithm == Algorithm::ES384 { ec } else { rsa }
}

/// A key that nobody knows.
#[must_use]
pub fn new(algorithm: Algorithm, kid: &str) -> Key {
    let private = if algorithm == Algorithm::ES384 {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
        EncodingKey::from_ec_pem(&pem(pair.to_pkcs8v1().unwrap().as_ref())).unwrap()
    } else {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
        EncodingKey::from_rsa_pem(&pem(der.as_ref())).unwrap()
    };
    let mut public = Jwk::from_encoding_key(&private, algorithm).unwrap();
    public.common.key_id = Some(kid.to_owned());
    Key {
        algorithm,
        private,
        public,
    }
}

fn pem(der: &[u8]) -> Vec<u8> {
    let base64 = BASE64.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n").into_bytes()
}

/// The public halves of the known keys.
#[must_use]
pub fn jwks() -> Value {
    let public = |algorithm| &key(algorithm).public;
    json!({ "keys": [public(Algorithm::RS384), public(Algorithm::ES384)] })
}

/// JSON as TOML writes it in a line.
#[must_use]
pub fn toml(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{name:?} = {}", toml(value));
            format!("{{ {} }}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// The claims of an assertion that is right.
#[must_use]
pub fn claims(client: &str) -> Value {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let jti = format!("jti-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    json!({
        "iss": client, "sub": client, "aud": format!("{ORIGIN}/auth/token"), "jti": jti,
        "exp": clock().and_utc().timestamp() + 300,
    })
}

/// A signed token.
#[must_use]
pub fn sign(key: &Key, claims: &Value) -> String {
    let header = Header {
        kid: key.public.common.key_id.clone(),
        ..Header::new(key.algorithm)
    };
    jsonwebtoken::encode(&header, claims, &key.private).unwrap()
}

/// The form of a client that signs with its key of this algorithm.
#[must_use]
pub fn assertion(client: &str, algorithm: Algorithm) -> [(&'static str, String); 2] {
    asserted(sign(key(algorithm), &claims(client)))
}

/// The form of a client that says this of itself.
#[must_use]
pub fn asserted(jwt: String) -> [(&'static str, String); 2] {
    [
        ("client_assertion_type", smart::client::ASSERTION_TYPE.to_owned()),
        ("client_assertion", jwt),
    ]
}
