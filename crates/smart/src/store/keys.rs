//! Signing keys as they are stored: sealed.

use diesel::prelude::*;

use super::tables::sm_key;
use super::{Seconds, Store};
use crate::Error;

/// A key.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sm_key)]
pub struct StoredKey {
    /// Its id in tokens and in the published set.
    pub kid: String,
    /// `RS256`
    pub algorithm: String,
    /// The private key, encrypted.
    pub sealed: String,
    /// Since when it signs.
    pub created: Seconds,
    /// Since when it signs no more.
    pub retired: Option<Seconds>,
}

impl Store {
    /// Every key, newest first.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn keys(&self) -> Result<Vec<StoredKey>, Error> {
        self.run(|conn| {
            sm_key::table
                .order((sm_key::created.desc(), sm_key::kid))
                .select(StoredKey::as_select())
                .load(conn)
        })
        .await
    }

    /// Adds the first key of an algorithm; nothing happens when there is one that signs: another server was faster.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn add_first_key(&self, key: &StoredKey) -> Result<(), Error> {
        let key = key.clone();
        self.run(move |conn| {
            let signing = sm_key::table.filter(sm_key::algorithm.eq(&key.algorithm).and(sm_key::retired.is_null()));
            if diesel::select(diesel::dsl::exists(signing)).get_result::<bool>(conn)? {
                return Ok(());
            }
            diesel::insert_into(sm_key::table)
                .values(&key)
                .execute(conn)
                .map(|_| ())
        })
        .await
    }

    /// Adds a key that signs from now on, retires those that did, and forgets those that were retired before `oldest`.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn rotate_key(&self, key: &StoredKey, oldest: Seconds) -> Result<(), Error> {
        let key = key.clone();
        self.run(move |conn| {
            let signing = sm_key::table.filter(sm_key::algorithm.eq(&key.algorithm).and(sm_key::retired.is_null()));
            diesel::update(signing)
                .set(sm_key::retired.eq(key.created))
                .execute(conn)?;
            diesel::delete(sm_key::table.filter(sm_key::retired.lt(oldest))).execute(conn)?;
            diesel::insert_into(sm_key::table)
                .values(&key)
                .execute(conn)
                .map(|_| ())
        })
        .await
    }
}
