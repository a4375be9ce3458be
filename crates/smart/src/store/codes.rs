//! Authorization codes (RFC 6749, section 4.1.2): good for a minute and once.

use diesel::prelude::*;

use super::grants::{self, Row as GrantRow};
use super::tables::{sm_code, sm_grant};
use super::{Grant, Seconds, Store};
use crate::Error;
use crate::pkce::Challenge;
use crate::secret::Secret;

/// How long a code is good for.
pub const LIFETIME: Seconds = 60;

/// How long after that a used code is known, so that it ends its grant when it comes again.
pub(super) const REMEMBERED: Seconds = 24 * 3600;

/// A code that has been given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The grant's id.
    pub grant: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What the verifier must fit.
    pub challenge: Option<Challenge>,
    /// `nonce`, for the id token.
    pub nonce: Option<String>,
}

/// What became of a code that a client brought.
#[derive(Debug)]
pub enum Redeemed {
    /// It was good, and is no more.
    Good(Box<(Code, Grant)>),
    /// It was used before: its grant has ended now.
    Again,
    /// There is none, it is too old, or its grant has ended.
    Unknown,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sm_code)]
struct Row {
    hash: String,
    grant_id: String,
    redirect_uri: String,
    challenge: Option<String>,
    nonce: Option<String>,
    expires: Seconds,
    used: Option<Seconds>,
}

impl Store {
    /// Gives out a code.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Randomness`].
    pub async fn give_code(&self, code: &Code, now: Seconds) -> Result<Secret, Error> {
        let secret = Secret::new()?;
        let row = Row {
            hash: secret.hash(),
            grant_id: code.grant.clone(),
            redirect_uri: code.redirect_uri.clone(),
            challenge: code.challenge.as_ref().map(|c| c.as_str().to_owned()),
            nonce: code.nonce.clone(),
            expires: now + LIFETIME,
            used: None,
        };
        self.run(move |conn| {
            diesel::insert_into(sm_code::table)
                .values(&row)
                .execute(conn)
                .map(|_| ())
        })
        .await?;
        Ok(secret)
    }

    /// Takes a code back from a client. Whether it fits the client is for the caller to see: a code that the wrong client
    /// brings is gone as well.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn redeem(&self, code: &Secret, now: Seconds) -> Result<Redeemed, Error> {
        let hash = code.hash();
        let found = self.run(move |conn| {
            let this = sm_code::table.filter(sm_code::hash.eq(&hash));
            let fresh = this.filter(sm_code::used.is_null().and(sm_code::expires.gt(now)));
            let first = diesel::update(fresh).set(sm_code::used.eq(now)).execute(conn)? == 1;
            let row: Option<Row> = this.select(Row::as_select()).first(conn).optional()?;
            let Some(row) = row else { return Ok(Taken::Unknown) };
            if first {
                let grant = sm_grant::table.filter(sm_grant::id.eq(&row.grant_id).and(sm_grant::ended.is_null()));
                let grant = grant.select(GrantRow::as_select()).first(conn).optional()?;
                return Ok(grant.map_or(Taken::Unknown, |grant| Taken::Good(Box::new((row, grant)))));
            }
            if row.used.is_none() {
                return Ok(Taken::Unknown);
            }
            grants::end(conn, &row.grant_id, now)?;
            Ok(Taken::Again)
        });
        Ok(match found.await? {
            Taken::Good(both) => {
                let (row, grant) = *both;
                Redeemed::Good(Box::new((row.code(), grant.grant()?)))
            }
            Taken::Again => Redeemed::Again,
            Taken::Unknown => Redeemed::Unknown,
        })
    }
}

/// [`Redeemed`] in rows.
enum Taken {
    Good(Box<(Row, GrantRow)>),
    Again,
    Unknown,
}

impl Row {
    fn code(self) -> Code {
        Code {
            grant: self.grant_id,
            redirect_uri: self.redirect_uri,
            challenge: self.challenge.map(Challenge::stored),
            nonce: self.nonce,
        }
    }
}
