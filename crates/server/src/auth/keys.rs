//! Keys of clients that publish them at an address.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::JwkSet;
use smart::authority::FetchKeys;
use ureq::Agent;

use crate::outward;

/// How long keys are believed to be the present ones.
const FRESH: Duration = Duration::from_secs(60);
/// How long they are not asked for again even when a client signs with a key that is not among them: anybody can name such a key.
const JUST_NOW: Duration = Duration::from_secs(5);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of a key set that are read.
const MAX_BODY: u64 = 256 * 1024;

/// The keys, kept for a while by their addresses. Only addresses of registered clients are asked, so there are not many.
pub(super) struct Published {
    agent: Agent,
    kept: Mutex<HashMap<String, (Instant, Arc<JwkSet>)>>,
}

impl Published {
    pub fn new() -> Self {
        Self {
            agent: outward::agent(PATIENCE),
            kept: Mutex::default(),
        }
    }

    fn kept(&self, uri: &str, kid: &str) -> Option<Arc<JwkSet>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, keys) = kept.get(uri)?;
        let good_for = if keys.find(kid).is_some() { FRESH } else { JUST_NOW };
        (at.elapsed() < good_for).then(|| Arc::clone(keys))
    }
}

impl FetchKeys for Published {
    fn fetch<'a>(
        &'a self,
        uri: &'a str,
        kid: &'a str,
    ) -> Pin<Box<dyn Future<Output = Option<Arc<JwkSet>>> + Send + 'a>> {
        Box::pin(async move {
            if let Some(keys) = self.kept(uri, kid) {
                return Some(keys);
            }
            let (agent, from) = (self.agent.clone(), uri.to_owned());
            let answer = tokio::task::spawn_blocking(move || fetched(&agent, &from)).await;
            let keys = Arc::new(answer.ok().flatten()?);
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(uri.to_owned(), (Instant::now(), Arc::clone(&keys)));
            Some(keys)
        })
    }
}

fn fetched(agent: &Agent, uri: &str) -> Option<JwkSet> {
    let mut response = agent.get(uri).header("accept", "application/json").call().ok()?;
    if !response.status().is_success() {
        return None;
    }
    let body = response.body_mut().with_config().limit(MAX_BODY).read_to_vec().ok()?;
    serde_json::from_slice(&body).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const URI: &str = "https://app.example.org/jwks";

    /// Keys of which one is named `old`, fetched that long ago.
    fn fetched(ago: Duration) -> Published {
        let keys = serde_json::json!({ "keys": [{ "kty": "oct", "kid": "old", "k": "AAAA" }] });
        let keys = Arc::new(serde_json::from_value(keys).unwrap());
        let published = Published::new();
        let at = Instant::now().checked_sub(ago).unwrap();
        published.kept.lock().unwrap().insert(URI.to_owned(), (at, keys));
        published
    }

    #[test]
    fn keys_are_fetched_again_for_a_new_one_but_not_again_and_again() {
        let seconds = Duration::from_secs;
        for (ago, kid, kept) in [
            (seconds(30), "old", true),
            (seconds(61), "old", false),
            (seconds(30), "new", false),
            (seconds(1), "new", true),
        ] {
            assert_eq!(fetched(ago).kept(URI, kid).is_some(), kept, "{ago:?} {kid}");
        }
    }
}
