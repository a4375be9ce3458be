//! Assertions that a client signs (RFC 7523; SMART: RS384 or ES384, five minutes at most, each once).

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

use crate::refusal::{Code, Refusal};
use crate::store::Seconds;

/// `client_assertion_type`
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion may be good for, and how far clocks may differ.
const LIFETIME: Seconds = 300;
const LEEWAY: Seconds = 60;

/// A verified assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its id, good once.
    pub jti: String,
    /// Until when it has to be remembered.
    pub expires: Seconds,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Seconds,
    jti: String,
    nbf: Option<Seconds>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct Claimed {
    iss: String,
}

impl Assertion {
    /// The client that an assertion names, not yet verified: it tells whose keys to verify with.
    #[must_use]
    pub fn claimed_id(jwt: &str) -> Option<String> {
        insecure_decode_claims::<Claimed>(jwt).ok().map(|claimed| claimed.iss)
    }

    /// The key that the assertion says it is signed with (`kid`), and the address at which it says that the keys are (`jku`): not to be
    /// fetched, it has to be the registered one.
    #[must_use]
    pub fn claimed_key(jwt: &str) -> Option<(String, Option<String>)> {
        let header = decode_header(jwt).ok()?;
        Some((header.kid?, header.jku))
    }

    /// Verifies an assertion of client `id` for the token endpoint with the client's keys. Whether it was used before is
    /// for the caller to ask the store.
    ///
    /// # Errors
    /// [`Code::InvalidClient`].
    pub fn verify(jwt: &str, id: &str, keys: &JwkSet, endpoint: &str, now: Seconds) -> Result<Self, Refusal> {
        let header = decode_header(jwt).map_err(|_jwt| refused("the assertion is not a JWT"))?;
        if !matches!(header.alg, Algorithm::RS384 | Algorithm::ES384) {
            return Err(refused("the assertion is not signed with RS384 or ES384"));
        }
        let kid = header.kid.ok_or(refused("the assertion does not name its key"))?;
        let validation = signature_only(header.alg);
        // Several keys may have one id, of different types.
        let named = keys
            .keys
            .iter()
            .filter(|key| key.common.key_id.as_deref() == Some(&kid));
        let claims = named
            .filter_map(|key| verified(jwt, key, &validation))
            .next()
            .ok_or(refused("no registered key verifies the assertion"))?;
        claims.judge(id, endpoint, now)
    }
}

impl Claims {
    fn judge(self, id: &str, endpoint: &str, now: Seconds) -> Result<Assertion, Refusal> {
        let meant = match &self.aud {
            Audience::One(one) => one == endpoint,
            Audience::Several(several) => several.iter().any(|one| one == endpoint),
        };
        if self.iss != id || self.sub != id {
            return Err(refused("iss and sub of the assertion are not the client"));
        }
        if !meant {
            return Err(refused("aud of the assertion is not the token endpoint"));
        }
        if self.exp.saturating_add(LEEWAY) <= now || self.nbf.is_some_and(|nbf| nbf.saturating_sub(LEEWAY) > now) {
            return Err(refused("the assertion has expired or is not yet good"));
        }
        if self.exp > now.saturating_add(LIFETIME + LEEWAY) {
            return Err(refused("the assertion is good for longer than five minutes"));
        }
        if self.jti.is_empty() {
            return Err(refused("the assertion has no jti"));
        }
        Ok(Assertion {
            jti: self.jti,
            expires: self.exp.saturating_add(LEEWAY),
        })
    }
}

fn verified(jwt: &str, key: &Jwk, validation: &Validation) -> Option<Claims> {
    let key = DecodingKey::from_jwk(key).ok()?;
    decode::<Claims>(jwt, &key, validation).ok().map(|data| data.claims)
}

/// Times and audience are judged here, by the server's own clock.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}

const fn refused(why: &'static str) -> Refusal {
    Refusal::new(Code::InvalidClient, why)
}
