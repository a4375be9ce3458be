//! `POST [base]` with a Bundle of type `batch`: several requests in one, each for itself (<http://hl7.org/fhir/R4/http.html#transaction>).
//!
//! Each entry goes through the routes as a request of its own would, so it is answered alike; see [`inside`]. The server is read-only, so only `GET`
//! and `HEAD` are taken.

mod entry;
mod inside;

use std::cell::Cell;
use std::rc::Rc;

use actix_web::web::{self, Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir::bundle::{Answered, batch_response};
use fhir::capability::SystemInteraction;
use futures_util::StreamExt;
use futures_util::stream::iter;
use serde_json::Value;

use super::{body, query};
use crate::app::{Served, State};
use crate::endpoint::{Endpoint, Serves};
use crate::error::Failure;
use crate::log::Told;
use crate::negotiate;
use crate::respond::{self, Reply};
use entry::Entry;
pub(crate) use inside::Inside;

pub(crate) const BATCH: Endpoint = Endpoint {
    paths: &["", "/"],
    allow: "POST",
    route: || web::to(batch),
    serves: Serves::System(SystemInteraction::Batch),
};

/// Entries of one batch.
const MAX_ENTRIES: usize = 100;
/// Entries that are worked on at a time: as many as a source has database threads, unless it is configured otherwise.
const AT_A_TIME: usize = 4;
/// Bytes of an answer after which further entries are refused: a hundred pages of a thousand resources would fill the memory.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

async fn batch(request: HttpRequest, state: Data<State>, served: Data<Served>, payload: Payload) -> HttpResponse {
    let answer = async {
        Told::asked(&request, &served.name, None);
        let wanted = negotiate::wanted(request.headers(), &query(&request)?)?;
        let bundle = body::resource(&request, payload, "Bundle", state.max_body).await?;
        let bundle = bundle.ok_or_else(Failure::no_batch)?;
        let answers = answers(&request, &state, &served, entries(&bundle)?).await?;
        Ok(Reply {
            rows: answers.iter().filter(|answer| answer.resource.is_some()).count(),
            body: batch_response(&answers).into(),
            wanted,
            ..Reply::default()
        })
    };
    respond::run(&request, answer).await
}

/// The entries of a batch.
fn entries(bundle: &Value) -> Result<&[Value], Failure> {
    match bundle.get("type").and_then(Value::as_str) {
        Some("batch") => {}
        Some("transaction") => return Err(Failure::transaction()),
        _ => return Err(Failure::no_batch()),
    }
    let entries = match bundle.get("entry") {
        None => &[],
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(_) => return Err(Failure::unreadable("Bundle")),
    };
    if entries.len() > MAX_ENTRIES {
        return Err(Failure::too_many_entries(MAX_ENTRIES));
    }
    Ok(entries)
}

/// The answer to each entry, in their order.
async fn answers(
    request: &HttpRequest,
    state: &State,
    served: &Served,
    entries: &[Value],
) -> Result<Vec<Answered>, Failure> {
    let inside = request.app_data::<Rc<Inside>>();
    let inside = inside.ok_or_else(|| Failure::internal("the routes are not to be reached from inside"))?;
    let size = Cell::new(0_usize);
    let work = entries.iter().map(|entry| async {
        let asked = if size.get() > MAX_ANSWER {
            Err(Failure::answer_too_long(MAX_ANSWER))
        } else {
            Entry::read(entry, state, served)
        };
        let answer = match asked {
            Ok(entry) => inside.answer(request, &entry).await,
            Err(failure) => inside::failed(failure, request).await,
        };
        size.set(size.get() + answer.resource.as_ref().map_or(0, Bytes::len));
        answer
    });
    Ok(iter(work).buffered(AT_A_TIME).collect().await)
}
