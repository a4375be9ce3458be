//! Access tokens, which open doors, and refresh tokens (RFC 6749, section 6), which are good for one refresh each.

use diesel::prelude::*;

use super::grants::{self, Row as GrantRow};
use super::tables::{sm_grant, sm_token};
use super::{Grant, Seconds, Store};
use crate::Error;
use crate::scope::Scopes;
use crate::secret::Secret;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Requests.
    Access,
    /// A new access token.
    Refresh,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// A token that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// What it is for.
    pub kind: Kind,
    /// What it allows: the grant's scopes or fewer.
    pub scopes: Scopes,
    /// Since when it is good.
    pub issued: Seconds,
    /// Until when it is.
    pub expires: Seconds,
    /// Its grant.
    pub grant: Grant,
}

/// What became of a refresh token that a client brought.
#[derive(Debug)]
pub enum Refreshed {
    /// It was good, and is no more.
    Good(Box<Grant>),
    /// It was used before: whoever has it now, it was stolen or lost. Its grant has ended now.
    Again,
    /// There is none, it has expired, its grant has ended, or it is another client's.
    Unknown,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sm_token)]
struct Row {
    hash: String,
    kind: String,
    grant_id: String,
    scopes: String,
    issued: Seconds,
    expires: Seconds,
    spent: Option<Seconds>,
}

impl Store {
    /// Gives out a token of a grant for a number of seconds.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Randomness`].
    pub async fn give_token(
        &self,
        kind: Kind,
        grant: &Grant,
        scopes: &Scopes,
        now: Seconds,
        lifetime: Seconds,
    ) -> Result<Secret, Error> {
        let secret = Secret::new()?;
        let row = Row {
            hash: secret.hash(),
            kind: kind.name().to_owned(),
            grant_id: grant.id.clone(),
            scopes: scopes.to_string(),
            issued: now,
            expires: now.saturating_add(lifetime),
            spent: None,
        };
        self.run(move |conn| {
            diesel::insert_into(sm_token::table)
                .values(&row)
                .execute(conn)
                .map(|_| ())
        })
        .await?;
        Ok(secret)
    }

    /// The token, when it is good at this moment: one statement.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn token(&self, token: &Secret, now: Seconds) -> Result<Option<Active>, Error> {
        let hash = token.hash();
        let found = self.read(move |conn| {
            sm_token::table
                .inner_join(sm_grant::table)
                .filter(sm_token::hash.eq(&hash).and(sm_token::expires.gt(now)))
                .filter(sm_token::spent.is_null().and(sm_grant::ended.is_null()))
                .select((Row::as_select(), GrantRow::as_select()))
                .first::<(Row, GrantRow)>(conn)
                .optional()
        });
        let Some((row, grant)) = found.await? else {
            return Ok(None);
        };
        Ok(Some(Active {
            kind: match row.kind.as_str() {
                "access" => Kind::Access,
                "refresh" => Kind::Refresh,
                _ => return Err(Error::Stored("token")),
            },
            scopes: Scopes::parse(&row.scopes),
            issued: row.issued,
            expires: row.expires,
            grant: grant.grant()?,
        }))
    }

    /// Takes a refresh token back from a client. One that comes twice ends its grant, and with it every token of it. One that lives as
    /// long as a sign-in is good for nothing once that is over.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn refresh(&self, token: &Secret, client: &str, now: Seconds) -> Result<Refreshed, Error> {
        let (hash, client) = (token.hash(), client.to_owned());
        let found = self.run(move |conn| {
            let this = sm_token::table.filter(sm_token::hash.eq(&hash).and(sm_token::kind.eq(Kind::Refresh.name())));
            let row: Option<Row> = this.select(Row::as_select()).first(conn).optional()?;
            let Some(row) = row else { return Ok(Taken::Unknown) };
            let grant = sm_grant::table.filter(sm_grant::id.eq(&row.grant_id).and(sm_grant::client.eq(&client)));
            let grant = grant.filter(sm_grant::ended.is_null());
            let grant: Option<GrantRow> = grant.select(GrantRow::as_select()).first(conn).optional()?;
            let Some(grant) = grant else { return Ok(Taken::Unknown) };
            if !grants::is_signed_in(conn, &grant, now)? {
                return Ok(Taken::Unknown);
            }
            let fresh = this.filter(sm_token::spent.is_null().and(sm_token::expires.gt(now)));
            if diesel::update(fresh).set(sm_token::spent.eq(now)).execute(conn)? == 1 {
                return Ok(Taken::Good(Box::new(grant)));
            }
            // Nobody has won the race for a token that has only expired.
            let spent: Option<Option<Seconds>> = this.select(sm_token::spent).first(conn).optional()?;
            if spent.flatten().is_none() {
                return Ok(Taken::Unknown);
            }
            grants::end(conn, &row.grant_id, now)?;
            Ok(Taken::Again)
        });
        Ok(match found.await? {
            Taken::Good(grant) => Refreshed::Good(Box::new(grant.grant()?)),
            Taken::Again => Refreshed::Again,
            Taken::Unknown => Refreshed::Unknown,
        })
    }

    /// The client that a refresh token was given to, used or not.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn owner(&self, token: &Secret) -> Result<Option<String>, Error> {
        let hash = token.hash();
        self.run(move |conn| {
            let this = sm_token::table.inner_join(sm_grant::table);
            let this = this.filter(sm_token::hash.eq(&hash).and(sm_token::kind.eq(Kind::Refresh.name())));
            this.select(sm_grant::client).first(conn).optional()
        })
        .await
    }

    /// Ends a token that a client gives back (RFC 7009): a refresh token with its whole grant, an access token alone. Nothing
    /// happens for a token of another client.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn give_back(&self, token: &Secret, client: &str, now: Seconds) -> Result<(), Error> {
        let (hash, client) = (token.hash(), client.to_owned());
        self.run(move |conn| {
            let theirs = sm_token::table
                .inner_join(sm_grant::table)
                .filter(sm_token::hash.eq(&hash).and(sm_grant::client.eq(&client)));
            let row: Option<Row> = theirs.select(Row::as_select()).first(conn).optional()?;
            match row {
                Some(row) if row.kind == Kind::Refresh.name() => grants::end(conn, &row.grant_id, now).map(|_| ()),
                Some(row) => diesel::update(sm_token::table.filter(sm_token::hash.eq(&row.hash)))
                    .set(sm_token::spent.eq(now))
                    .execute(conn)
                    .map(|_| ()),
                None => Ok(()),
            }
        })
        .await
    }
}

/// [`Refreshed`] in rows.
enum Taken {
    Good(Box<GrantRow>),
    Again,
    Unknown,
}
