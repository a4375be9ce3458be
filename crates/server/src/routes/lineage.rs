//! `GET /{type}/{id}/$lineage`: where each element of a resource comes from.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use fhir::capability::{On, Operation};
use mapper::lineage::{Cell, Lineage, Traced};
use mapper::load::DELETED;
use serde_json::{Value, json};

use super::instance::Instance;
use crate::app::{Served, State};
use crate::audit::Ledger;
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::respond::{self, Reply};

pub(crate) const LINEAGE: Endpoint = Endpoint {
    paths: &["/{type}/{id}/$lineage"],
    allow: endpoint::READ,
    route: || web::to(lineage),
    serves: Serves::Operation(&Operation {
        name: "lineage",
        canonical: None,
        documentation: "For each element of the resource: source, table, row key, column, the cell as delivered, and the rule that \
                        made the element of it; then the cells that gave no element.",
        on: On::EveryInstance,
        parameters: &[],
        answer: "Parameters",
    }),
};

async fn lineage(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    respond::run(&request, answer(&request, &state, &served)).await
}

async fn answer(request: &HttpRequest, state: &State, served: &Served) -> Result<Reply, Failure> {
    let asked = Instance::asked(request, state, served, &[]).await?;
    let source = asked.id.split('.').next().unwrap_or_default();
    match served.view.lineage(&asked.id, &asked.ask).await? {
        Traced::Lineage(found) => {
            if let Some(ledger) = Ledger::of(request) {
                let subject = found.resource.pointer("/subject/reference").and_then(Value::as_str);
                let patient = subject.filter(|subject| subject.starts_with("Patient/"));
                ledger.shows_one(asked.ty, &asked.id, patient);
            }
            Ok(Reply {
                body: parameters(&found, source, asked.ty.as_str()).into(),
                wanted: asked.wanted,
                rows: 1,
                ..Reply::default()
            })
        }
        Traced::Live => Err(Failure::no_lineage()),
        Traced::Held(reason) if reason.starts_with(DELETED) => Err(Failure::gone()),
        Traced::Held(_) | Traced::Nothing => Err(Failure::not_found()),
    }
}

/// The answer as Parameters (<http://hl7.org/fhir/R4/parameters.html>).
fn parameters(lineage: &Lineage, source: &str, ty: &str) -> String {
    let elements = lineage.elements.iter().map(|element| {
        let path = match element.path.as_str() {
            "" => ty.to_owned(),
            path => format!("{ty}.{path}"),
        };
        let mut parts = vec![part("path", path)];
        if !element.value.is_null() {
            parts.push(part("value", shown(&element.value)));
        }
        parts.push(part("source", source));
        parts.extend(element.cell.iter().flat_map(cell));
        parts.push(part("rule", element.told()));
        json!({ "name": "element", "part": parts })
    });
    let unused = lineage.unused.iter().map(|unused| {
        let mut parts = vec![part("source", source)];
        parts.extend(cell(&unused.cell));
        parts.push(part("why", unused.why.as_str()));
        json!({ "name": "unused", "part": parts })
    });
    let all: Vec<Value> = elements.chain(unused).collect();
    // By hand, so that the type comes first, as readers expect.
    format!(r#"{{"resourceType":"Parameters","parameter":{}}}"#, Value::Array(all))
}

fn cell(cell: &Cell) -> [Value; 4] {
    [
        part("table", cell.table),
        part("key", cell.key.as_str()),
        part("column", cell.column),
        part("raw", cell.raw.as_str()),
    ]
}

fn part(name: &str, text: impl Into<String>) -> Value {
    json!({ "name": name, "valueString": text.into() })
}

/// A leaf as text.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
