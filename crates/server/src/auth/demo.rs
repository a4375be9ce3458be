//! The small SMART app that comes with the server, at `/app/`, so that a newcomer sees one work. It is there when its client is
//! configured.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, ServiceConfig};

/// Its `client_id`.
pub(super) const CLIENT: &str = "chartgate-demo";

/// It loads nothing from elsewhere and talks to this server alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn configure(config: &mut ServiceConfig) {
    // A launch is the same page with other parameters.
    config.route("/app/", web::get().to(page));
    config.route("/app/launch", web::get().to(page));
    config.route("/app/app.js", web::get().to(script));
}

async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(include_str!("../../app/index.html"))
}

async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .body(include_str!("../../app/app.js"))
}
