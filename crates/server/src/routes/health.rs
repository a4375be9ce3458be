//! `GET /health`, for whoever watches the server, and `GET /`, for whoever opens it in a browser.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use futures_util::future::join_all;
use serde_json::json;

use crate::app::State;

/// Whether each database answers. It holds nothing of any row.
pub(crate) async fn health(state: Data<State>) -> HttpResponse {
    let Some(all) = state.served.first() else {
        return HttpResponse::InternalServerError().finish();
    };
    let patience = state.patience;
    let checks = all
        .view
        .sources()
        .iter()
        .zip(&all.gates)
        .map(|(source, gate)| async move {
            let answers = async { gate.pass().await.is_ok() && source.ping().await.is_ok() };
            let answers = tokio::time::timeout(patience, answers).await.unwrap_or(false);
            (source.name(), if answers { "ok" } else { "unavailable" })
        });
    let sources: BTreeMap<&str, &str> = join_all(checks).await.into_iter().collect();
    let ok = sources.values().all(|s| *s == "ok");
    let body = json!({ "status": if ok { "ok" } else { "unavailable" }, "sources": sources });
    if ok {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}

/// What this is and where to go on.
pub(crate) async fn index(state: Data<State>) -> HttpResponse {
    let bases: Vec<&str> = state.bases.iter().map(String::as_str).collect();
    let metadata: Vec<String> = bases.iter().take(1).map(|base| format!("{base}/metadata")).collect();
    HttpResponse::Ok().json(json!({
        "software": concat!("Chartgate ", env!("CARGO_PKG_VERSION")),
        "what": "FHIR R4, read-only",
        "bases": bases,
        "start": metadata.first(),
        "openapi": super::OPENAPI,
    }))
}
