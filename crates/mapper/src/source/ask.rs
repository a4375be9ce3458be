//! What a source is asked.

use std::sync::Arc;

use chrono::NaiveDateTime;
use fhir::search::Request;

use super::Inner;
use crate::Access;
use crate::explain::Recording;
use crate::param::Context;
use crate::provider::Plan;
use crate::sql::Keyset;

/// A request with what it takes to answer it anywhere.
#[derive(Clone)]
pub struct Ask {
    /// The parsed search (for a read: its type and no criteria).
    pub request: Arc<Request>,
    /// The time of the request, UTC.
    pub now: NaiveDateTime,
    /// See [`Context::bases`].
    pub bases: Arc<[String]>,
    /// What whoever asks may see; all without.
    pub access: Option<Arc<Access>>,
    /// Where to tell how the answer comes about, for a request that wants to know.
    pub explain: Option<Arc<Recording>>,
}

impl Ask {
    /// A request that is made at `now` (UTC) to a server with these base addresses.
    #[must_use]
    pub fn new(request: Request, now: NaiveDateTime, bases: Arc<[String]>) -> Self {
        let explain = request.explain.then(Arc::default);
        Self {
            request: Arc::new(request),
            now,
            bases,
            access: None,
            explain,
        }
    }

    /// The same by somebody who may not see all.
    #[must_use]
    pub fn by(self, access: Option<Arc<Access>>) -> Self {
        Self { access, ..self }
    }

    pub(super) fn plan<'a>(&'a self, place: Option<&'a Keyset>, limit: usize) -> Plan<'a> {
        Plan {
            criteria: &self.request.criteria,
            confined: &self.request.confined,
            sort: &self.request.sort,
            place,
            limit,
        }
    }

    /// Who asks, where that is known; page links are bound to it.
    pub(crate) fn principal(&self) -> Option<&str> {
        self.access.as_deref().map(Access::who)
    }

    pub(crate) fn context<'a>(&'a self, inner: &'a Inner) -> Context<'a> {
        Context {
            site: inner.site(),
            now: self.now,
            bases: &self.bases,
            access: self.access.as_deref(),
            follow: inner,
        }
    }
}
