//! What waits for the next request of somebody, by the secret that the request will carry.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::tables::sm_pending;
use super::{Seconds, Store};
use crate::Error;
use crate::secret::Secret;

/// Something that can wait.
pub trait Pending: Serialize + DeserializeOwned {
    /// What it is: a secret of one kind opens nothing of another.
    const KIND: &'static str;
}

impl Store {
    /// Keeps something until a time, for whoever brings the secret.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Randomness`].
    pub async fn keep<P: Pending>(&self, what: &P, expires: Seconds) -> Result<Secret, Error> {
        let secret = Secret::new()?;
        self.put(&secret, what, expires).await?;
        Ok(secret)
    }

    /// Keeps something else, or longer, for whoever brings this secret.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn put<P: Pending>(&self, secret: &Secret, what: &P, expires: Seconds) -> Result<(), Error> {
        let hash = secret.hash();
        let body = serde_json::to_string(what).map_err(|_json| Error::Stored(P::KIND))?;
        self.run(move |conn| {
            diesel::delete(sm_pending::table.filter(sm_pending::hash.eq(&hash))).execute(conn)?;
            let values = (
                sm_pending::hash.eq(&hash),
                sm_pending::kind.eq(P::KIND),
                sm_pending::body.eq(&body),
                sm_pending::expires.eq(expires),
            );
            diesel::insert_into(sm_pending::table)
                .values(values)
                .execute(conn)
                .map(|_| ())
        })
        .await
    }

    /// What waits for this secret; it goes on waiting.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn look<P: Pending>(&self, secret: &Secret, now: Seconds) -> Result<Option<P>, Error> {
        self.find(secret, now, false).await
    }

    /// What waits for this secret; it is gone then, and of several who ask one gets it.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn take<P: Pending>(&self, secret: &Secret, now: Seconds) -> Result<Option<P>, Error> {
        self.find(secret, now, true).await
    }

    /// Forgets what waits for whoever has a secret, of those for which `which` is true; how many these were.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn forget<P: Pending>(&self, which: impl Fn(&P) -> bool + Send + 'static) -> Result<usize, Error> {
        self.run(move |conn| {
            let all = sm_pending::table.filter(sm_pending::kind.eq(P::KIND));
            let all: Vec<(String, String)> = all.select((sm_pending::hash, sm_pending::body)).load(conn)?;
            let meant =
                |(hash, body): (String, String)| serde_json::from_str(&body).is_ok_and(|p| which(&p)).then_some(hash);
            let hashes: Vec<String> = all.into_iter().filter_map(meant).collect();
            let mut forgotten = 0;
            for hash in hashes {
                forgotten += diesel::delete(sm_pending::table.filter(sm_pending::hash.eq(hash))).execute(conn)?;
            }
            Ok(forgotten)
        })
        .await
    }

    async fn find<P: Pending>(&self, secret: &Secret, now: Seconds, gone: bool) -> Result<Option<P>, Error> {
        let hash = secret.hash();
        let body = self.run(move |conn| {
            let this = sm_pending::table.filter(sm_pending::hash.eq(&hash).and(sm_pending::kind.eq(P::KIND)));
            let this = this.filter(sm_pending::expires.gt(now));
            let body: Option<String> = this.select(sm_pending::body).first(conn).optional()?;
            if gone && diesel::delete(this).execute(conn)? != 1 {
                return Ok(None);
            }
            Ok(body)
        });
        let Some(body) = body.await? else { return Ok(None) };
        serde_json::from_str(&body)
            .map(Some)
            .map_err(|_json| Error::Stored(P::KIND))
    }
}
