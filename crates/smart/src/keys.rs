//! The keys that sign id tokens: made at the first start, sealed in the state, published as a JWK set (RFC 7517).

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use data_encoding::BASE64;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

use crate::Error;
use crate::seal::Seal;
use crate::store::{Seconds, Store, StoredKey};

/// How long a retired key stays published: longer than any id token is good for.
const KEPT: Seconds = 7 * 24 * 3600;

/// The algorithm of id tokens, which every client knows (OpenID Connect Core, section 2).
const ALGORITHM: &str = "RS256";

/// The keys of this generation and the one before.
pub struct Keys {
    kid: String,
    signing: EncodingKey,
    published: Vec<Jwk>,
}

impl Keys {
    /// The keys of the state; the first is made when there is none.
    ///
    /// # Errors
    /// [`Error::State`]; [`Error::Key`] when they were sealed with another secret.
    pub async fn open(store: &Store, seal: &Seal, now: Seconds) -> Result<Self, Error> {
        let mut stored = store.keys().await?;
        if stored.iter().all(|key| key.retired.is_some()) {
            store.add_first_key(&generate(seal, now)?).await?;
            stored = store.keys().await?;
        }
        Self::of(&stored, seal)
    }

    /// Makes a new key that signs from now on.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Key`].
    pub async fn rotate(store: &Store, seal: &Seal, now: Seconds) -> Result<Self, Error> {
        store.rotate_key(&generate(seal, now)?, now - KEPT).await?;
        Self::of(&store.keys().await?, seal)
    }

    fn of(stored: &[StoredKey], seal: &Seal) -> Result<Self, Error> {
        let mut signing = None;
        let mut published = vec![];
        for key in stored {
            let pem = seal
                .open(&key.kid, &key.sealed)
                .ok_or(Error::Key("it was sealed with another secret, or altered"))?;
            let private = EncodingKey::from_rsa_pem(&pem).map_err(|_pem| Error::Key("it cannot be read"))?;
            published.push(public(&private, Some(&key.kid))?);
            if key.retired.is_none() && signing.is_none() {
                signing = Some((key.kid.clone(), private));
            }
        }
        let (kid, signing) = signing.ok_or(Error::Key("there is none"))?;
        Ok(Self {
            kid,
            signing,
            published,
        })
    }

    /// The id of the key that signs.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The ids of all keys that are published, newest first.
    pub fn published_kids(&self) -> impl Iterator<Item = &str> {
        self.published.iter().filter_map(|jwk| jwk.common.key_id.as_deref())
    }

    /// The JWK set.
    #[must_use]
    pub fn published(&self) -> serde_json::Value {
        serde_json::json!({ "keys": self.published })
    }

    /// Signs claims.
    ///
    /// # Errors
    /// [`Error::Key`].
    pub fn sign<C: Serialize>(&self, claims: &C) -> Result<String, Error> {
        let header = Header {
            kid: Some(self.kid.clone()),
            ..Header::new(Algorithm::RS256)
        };
        jsonwebtoken::encode(&header, claims, &self.signing).map_err(|_jwt| Error::Key("it does not sign"))
    }
}

fn generate(seal: &Seal, now: Seconds) -> Result<StoredKey, Error> {
    let made = || Error::Key("it cannot be made");
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_unspecified| made())?;
    let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_unspecified| made())?;
    let base64 = BASE64.encode(der.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
    let private = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_pem| made())?;
    let kid = public(&private, None)?
        .thumbprint(ThumbprintHash::SHA256)
        .map_err(|_jwk| made())?;
    Ok(StoredKey {
        sealed: seal.seal(&kid, pem.as_bytes())?,
        kid,
        algorithm: ALGORITHM.to_owned(),
        created: now,
        retired: None,
    })
}

/// The public half, as it is published.
fn public(private: &EncodingKey, kid: Option<&str>) -> Result<Jwk, Error> {
    let mut jwk =
        Jwk::from_encoding_key(private, Algorithm::RS256).map_err(|_jwk| Error::Key("it has no public half"))?;
    jwk.common.key_id = kid.map(str::to_owned);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{NOW, store};
    use jsonwebtoken::jwk::JwkSet;
    use jsonwebtoken::{DecodingKey, Validation};

    fn verified(keys: &Keys, token: &str) -> Option<serde_json::Value> {
        let set: JwkSet = serde_json::from_value(keys.published()).unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        let jwk = set.find(&header.kid.unwrap())?;
        let validation = Validation::new(Algorithm::RS256);
        let key = DecodingKey::from_jwk(jwk).unwrap();
        jsonwebtoken::decode(token, &key, &validation).map(|d| d.claims).ok()
    }

    #[tokio::test]
    async fn tokens_are_verified_by_what_is_published_and_by_another_server() {
        let (store, _folder) = store().await;
        let seal = Seal::derive(b"secret");
        let first = Keys::open(&store, &seal, NOW).await.unwrap();
        let claims = serde_json::json!({ "sub": "amy", "exp": 9_999_999_999_i64 });
        let token = first.sign(&claims).unwrap();
        let second = Keys::open(&store, &seal, NOW + 1).await.unwrap();
        assert_eq!(verified(&second, &token), Some(claims.clone()));
        assert!(!first.published().to_string().contains("\"d\""));
        let after = Keys::rotate(&store, &seal, NOW + 2).await.unwrap();
        assert_eq!(verified(&after, &token), Some(claims.clone()));
        assert_eq!(verified(&after, &after.sign(&claims).unwrap()), Some(claims.clone()));
        assert_eq!(verified(&first, &after.sign(&claims).unwrap()), None);
        let later = Keys::rotate(&store, &seal, NOW + 3 + KEPT).await.unwrap();
        assert_eq!(verified(&later, &token), None);
    }

    #[tokio::test]
    async fn another_secret_does_not_open_them() {
        let (store, _folder) = store().await;
        Keys::open(&store, &Seal::derive(b"secret"), NOW).await.unwrap();
        assert!(Keys::open(&store, &Seal::derive(b"other"), NOW).await.is_err());
    }
}
