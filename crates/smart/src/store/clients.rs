//! Clients that registered themselves.

use diesel::prelude::*;

use super::tables::sm_client;
use super::{Seconds, Store};
use crate::Error;
use crate::client::Client;

impl Store {
    /// Keeps a client that has registered itself.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn register(&self, client: &Client, now: Seconds) -> Result<(), Error> {
        let registration = serde_json::to_string(client).map_err(|_json| Error::Stored("client"))?;
        let id = client.id.clone();
        self.run(move |conn| {
            let values = (
                sm_client::id.eq(&id),
                sm_client::registration.eq(&registration),
                sm_client::created.eq(now),
            );
            diesel::insert_into(sm_client::table)
                .values(values)
                .execute(conn)
                .map(|_| ())
        })
        .await
    }

    /// The client that has registered itself under this id.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Stored`].
    pub async fn registered(&self, id: &str) -> Result<Option<Client>, Error> {
        let id = id.to_owned();
        let found = self.read(move |conn| {
            let this = sm_client::table.filter(sm_client::id.eq(&id));
            this.select(sm_client::registration).first::<String>(conn).optional()
        });
        let Some(text) = found.await? else { return Ok(None) };
        let client: Client = serde_json::from_str(&text).map_err(|_json| Error::Stored("client"))?;
        Ok(Some(Client {
            by_itself: true,
            ..client
        }))
    }
}
