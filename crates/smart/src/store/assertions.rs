//! Client assertions that were used: each `jti` of a client is good once (RFC 7523, section 3).

use diesel::prelude::*;
use diesel::result::DatabaseErrorKind::UniqueViolation;
use diesel::result::Error::DatabaseError;

use super::tables::sm_assertion;
use super::{Seconds, Store};
use crate::Error;

impl Store {
    /// Notes an assertion's id until it expires; false when it is known already.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn first_use(&self, client: &str, jti: &str, expires: Seconds) -> Result<bool, Error> {
        let (client, jti) = (client.to_owned(), jti.to_owned());
        let noted = self.run(move |conn| {
            let known = sm_assertion::table.filter(sm_assertion::client.eq(&client).and(sm_assertion::jti.eq(&jti)));
            if diesel::select(diesel::dsl::exists(known)).get_result::<bool>(conn)? {
                return Ok(false);
            }
            let values = (
                sm_assertion::client.eq(&client),
                sm_assertion::jti.eq(&jti),
                sm_assertion::expires.eq(expires),
            );
            diesel::insert_into(sm_assertion::table)
                .values(values)
                .execute(conn)
                .map(|_| true)
        });
        match noted.await {
            // On PostgreSQL another request may have been faster since we looked.
            Err(Error::State(mapper::Error::Query(DatabaseError(UniqueViolation, _)))) => Ok(false),
            noted => noted,
        }
    }
}
