//! Keys for tests.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use data_encoding::BASE64;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::Value;

/// A key with its public half.
pub(crate) struct Key {
    algorithm: Algorithm,
    pub private: EncodingKey,
    pub public: Jwk,
}

/// A new key with this id.
pub(crate) fn key(algorithm: Algorithm, kid: &str) -> Key {
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

/// A token with these claims.
pub(crate) fn signed(algorithm: Algorithm, kid: Option<&str>, key: &EncodingKey, claims: &Value) -> String {
    let header = Header {
        kid: kid.map(str::to_owned),
        ..Header::new(algorithm)
    };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

/// A token whose header says where the keys are.
pub(crate) fn signed_with(key: &Key, jku: Option<&str>, claims: &Value) -> String {
    let header = Header {
        kid: key.public.common.key_id.clone(),
        jku: jku.map(str::to_owned),
        ..Header::new(key.algorithm)
    };
    jsonwebtoken::encode(&header, claims, &key.private).unwrap()
}
