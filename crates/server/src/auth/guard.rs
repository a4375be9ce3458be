//! The gate before every FHIR address: who asks, and whether they may ask for that at all.
//!
//! Which rows they may see is decided in the statements themselves (see [`super::access`]).

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use fhir::r4::ResourceType;
use mapper::Access;
use smart::scope::{Permissions, Scopes};
use smart::store::{Active, Grant};

use super::{access, oauth};
use crate::app::{Served, State};
use crate::error::Failure;
use crate::respond;

/// Who asks.
#[derive(Clone)]
pub(crate) struct Principal {
    active: Arc<Active>,
}

impl Principal {
    /// Who makes this request; `None` where nobody is asked.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// The grant that allows what they do.
    pub fn grant(&self) -> &Grant {
        &self.active.grant
    }

    /// The scopes of their token.
    pub fn scopes(&self) -> &Scopes {
        &self.active.scopes
    }

    /// Whether they may do this with a type.
    ///
    /// # Errors
    /// 403 when no scope allows it.
    pub fn may(&self, ty: ResourceType, what: Permissions) -> Result<(), Failure> {
        let allowed = self
            .active
            .scopes
            .resources()
            .any(|scope| scope.types.contain(ty) && scope.permissions.contain(what));
        let own = what == Permissions::READ && access::person(&self.active, ty).is_some();
        if allowed || own {
            Ok(())
        } else {
            Err(Failure::insufficient_scope())
        }
    }

    /// What they may see below a base by reading, or by searching: a part of every statement.
    pub fn access(&self, what: Permissions, served: &Served, state: &State) -> Arc<Access> {
        let vocabulary = served.view.shared_dictionary();
        Arc::new(access::access(&self.active, what, vocabulary, &state.limits))
    }
}

/// What everybody may read: what the server is, and how to get access.
fn is_public(path: &str) -> bool {
    ["/metadata", "/openapi.json"].contains(&path)
        || path.starts_with("/.well-known/")
        || path.starts_with("/OperationDefinition/")
}

/// The middleware around one base.
///
/// # Errors
/// What the services within say.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (state, served) = (request.app_data::<Data<State>>(), request.app_data::<Data<Served>>());
    let (Some(state), Some(served)) = (state.cloned(), served.cloned()) else {
        return refuse(request, Failure::internal("a base without its state"));
    };
    let path = request.path().strip_prefix(&served.prefix).unwrap_or_default();
    // The entries of a batch are asked by who asks the batch.
    let known = request.extensions().contains::<Principal>();
    if known || state.auth.is_none() || is_public(path) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    match principal(request.request(), &state).await {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            next.call(request).await.map(ServiceResponse::map_into_boxed_body)
        }
        Err(failure) => refuse(request, failure),
    }
}

fn refuse(request: ServiceRequest, failure: Failure) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = respond::fail(request.request(), failure);
    Ok(request.into_response(response))
}

async fn principal(request: &HttpRequest, state: &State) -> Result<Principal, Failure> {
    let auth = state
        .auth
        .as_ref()
        .ok_or_else(|| Failure::internal("no authorization server"))?;
    let token = oauth::bearer(request).ok_or_else(Failure::no_token)?;
    let active = auth.access(token).await;
    let active = active.map_err(|error| Failure::internal(error.to_string()))?;
    let active = active.ok_or_else(Failure::bad_token)?;
    Ok(Principal {
        active: Arc::new(active),
    })
}
