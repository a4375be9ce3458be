//! An optional limit on the requests that one client address may have running at a time.
//!
//! Behind a proxy all clients have the proxy's address; leave the limit off there and let the proxy do it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

type Running = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// The running requests by client address.
pub(crate) struct Crowd {
    limit: usize,
    running: Running,
}

/// A running request; it counts until it is dropped.
pub(crate) struct Place(Option<(Running, IpAddr)>);

impl Crowd {
    /// With 0 as `limit` there is none.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            running: Running::default(),
        }
    }

    /// A place for one more request of this client; `None` when it has as many as it may.
    pub fn enter(&self, client: Option<IpAddr>) -> Option<Place> {
        let Some(client) = client.filter(|_| self.limit > 0) else {
            return Some(Place(None));
        };
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(client).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Place(Some((Arc::clone(&self.running), client))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((running, client)) = &self.0 else { return };
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(client) {
            *count -= 1;
            if *count == 0 {
                running.remove(client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_its_own_places() {
        let crowd = Crowd::new(2);
        let [a, b] = [1, 2].map(|n| Some(IpAddr::from([10, 0, 0, n])));
        let first = crowd.enter(a);
        let second = crowd.enter(a);
        assert!(first.is_some() && second.is_some());
        assert!(crowd.enter(a).is_none());
        assert!(crowd.enter(b).is_some());
        drop(first);
        assert!(crowd.enter(a).is_some());
        drop(second);
        assert!(crowd.running.lock().unwrap().is_empty());
    }

    #[test]
    fn zero_is_no_limit() {
        let crowd = Crowd::new(0);
        let places: Vec<_> = (0..100)
            .map(|_| crowd.enter(Some(IpAddr::from([10, 0, 0, 1]))))
            .collect();
        assert!(places.iter().all(Option::is_some));
    }
}
