//! What is served at which address below a base: one declaration per interaction, beside its handler in [`routes`].
//!
//! The router, the CapabilityStatement and `/openapi.json` are all made from [`routes::ENDPOINTS`], so none can claim what another does not have.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route, Scope, guard};
use fhir::capability::{Interaction, Operation, SystemInteraction};
use smart::audit;

use crate::routes::{self, ENDPOINTS};

/// One interaction: where it is and what it is in FHIR's words.
pub(crate) struct Endpoint {
    /// Addresses below the base that mean the same. The first is told to others; it may be empty, for the base itself.
    pub paths: &'static [&'static str],
    /// The methods it takes, as `Allow` says them.
    pub allow: &'static str,
    /// Its handler.
    pub route: fn() -> Route,
    /// What it is.
    pub serves: Serves,
}

/// What an endpoint is.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "a kind may have no endpoint")]
pub(crate) enum Serves {
    /// A part of the description of the server itself, told by this sentence.
    Description(&'static str),
    /// An interaction with a type or with one resource of it.
    Type(Interaction),
    /// An interaction with the whole system.
    System(SystemInteraction),
    /// Searches of compartments; the canonical URLs of their definitions.
    Compartments(&'static [&'static str]),
    /// An operation.
    Operation(&'static Operation),
}

impl Serves {
    /// What the trail calls it; `None` for what tells nothing of anybody.
    pub fn recorded_as(self) -> Option<audit::Interaction> {
        match self {
            Self::Description(_) => None,
            Self::Type(Interaction::Read) => Some(audit::Interaction::Read),
            Self::Type(Interaction::Vread) => Some(audit::Interaction::Vread),
            Self::Type(Interaction::HistoryInstance | Interaction::HistoryType) => {
                Some(audit::Interaction::HistoryInstance)
            }
            Self::System(SystemInteraction::Batch) => Some(audit::Interaction::Batch),
            Self::Type(Interaction::SearchType) | Self::System(_) | Self::Compartments(_) => {
                Some(audit::Interaction::Search)
            }
            Self::Operation(_) => Some(audit::Interaction::Operation),
        }
    }
}

/// The endpoint at an address below a base, as the router writes it, that takes a method.
pub(crate) fn find(below: &str, method: &Method) -> Option<&'static Endpoint> {
    let here = |endpoint: &&Endpoint| endpoint.paths.contains(&below);
    let takes = |endpoint: &&Endpoint| endpoint.allow.split(", ").any(|allowed| allowed == method.as_str());
    ENDPOINTS.iter().filter(here).find(takes)
}

/// Methods of what can only be read.
pub(crate) const READ: &str = "GET, HEAD";

/// The endpoints as routes below a base, in the order of their list, behind what the scope has already.
pub(crate) fn scope(mut scope: Scope) -> Scope {
    for (at, endpoint) in ENDPOINTS.iter().enumerate() {
        let earlier = ENDPOINTS.iter().take(at);
        // Interactions at one address are one resource of the router, so that another method is a 405 that names all of theirs.
        if !earlier.map(|e| e.paths).any(|paths| paths == endpoint.paths) {
            scope = scope.service(resource(endpoint.paths));
        }
    }
    scope
}

fn resource(paths: &'static [&'static str]) -> Resource {
    let here = ENDPOINTS.iter().filter(|endpoint| endpoint.paths == paths);
    let routes: Vec<(&'static str, Route)> = here.map(|e| (e.allow, (e.route)())).collect();
    routed(paths, routes)
}

/// An address that is not below a base.
pub(crate) fn apart(config: &mut ServiceConfig, path: &'static str, route: Route) {
    config.service(routed(&[path], vec![(READ, route)]));
}

/// Takes the methods of its routes and answers 405 to others.
pub(crate) fn routed(paths: &[&str], routes: Vec<(&'static str, Route)>) -> Resource {
    let mut allow: Vec<&str> = routes.iter().flat_map(|(methods, _)| methods.split(", ")).collect();
    allow.dedup();
    let allow = allow.join(", ");
    let mut resource = web::resource(paths.to_vec());
    for (methods, route) in routes {
        let takes = guard::fn_guard(move |context| methods.split(", ").any(|method| context.head().method == method));
        resource = resource.route(route.guard(takes));
    }
    resource.default_service(web::to(move |request| {
        routes::method_not_allowed(request, allow.clone())
    }))
}
