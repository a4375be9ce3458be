//! What apps find the authorization server by.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde_json::Value;

use super::Auth;

/// Below each FHIR base (<https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html#using-well-known>).
pub(crate) const SMART_CONFIGURATION: &str = "/.well-known/smart-configuration";

pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("/.well-known/openid-configuration", web::get().to(openid));
    config.route("/.well-known/smart-configuration", web::get().to(smart));
}

/// `GET [base]/.well-known/smart-configuration`
pub(crate) async fn smart(auth: Data<Auth>) -> HttpResponse {
    public(&auth.authority.smart_configuration())
}

async fn openid(auth: Data<Auth>) -> HttpResponse {
    public(&auth.authority.openid_configuration())
}

/// JSON that everybody may read.
pub(super) fn public(json: &Value) -> HttpResponse {
    HttpResponse::Ok().json(json)
}
