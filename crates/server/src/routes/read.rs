//! `GET /{type}/{id}` (<http://hl7.org/fhir/R4/http.html#read>).

use std::sync::Arc;

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use fhir::capability::Interaction;
use fhir::outcome::{Issue, IssueCode};
use fhir::r4::ResourceType;
use fhir::search::{self, Handling, Request};
use fhir::subset::{self, Subset};
use mapper::load::DELETED;
use mapper::{Ask, Found};

use super::{asked_type, query};
use crate::app::{Served, State};
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::negotiate;
use crate::respond::{self, Reply};

pub(crate) const READ: Endpoint = Endpoint {
    paths: &["/{type}/{id}"],
    allow: endpoint::READ,
    route: || web::to(read),
    serves: Serves::Type(Interaction::Read),
};

async fn read(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    respond::run(&request, answer(&request, &state, &served)).await
}

async fn answer(request: &HttpRequest, state: &State, served: &Served) -> Result<Reply, Failure> {
    let ty = asked_type(request, served)?;
    let pairs = query(request)?;
    let wanted = negotiate::wanted(request.headers(), &pairs)?;
    if negotiate::handling(request.headers()) == Handling::Strict {
        refuse_parameters(&pairs)?;
    }
    let subset = part(ty, &pairs, state, served)?;
    let id = request
        .match_info()
        .get("id")
        .filter(|id| is_id(id))
        .ok_or_else(Failure::not_found)?;
    let source = mapper::id::decode(id)
        .map(|(source, ..)| source)
        .ok_or_else(Failure::not_found)?;
    let gate = served
        .gates
        .iter()
        .find(|g| g.source() == source)
        .ok_or_else(Failure::not_found)?;
    gate.pass().await?;
    let ask = Ask::new(Request::new(ty), (state.clock)(), Arc::clone(&state.bases));
    match served.view.read(ty, id, &ask).await? {
        Found::Resource(hit) => {
            let not_modified = negotiate::has_already(request.headers(), &hit.body.version);
            Ok(Reply {
                body: match &subset {
                    Some(subset) => subset::cut(&hit.body.json, ty, subset).into(),
                    None => hit.body.json,
                },
                wanted,
                version: Some(hit.body.version),
                modified: Some(hit.updated),
                not_modified,
                rows: 1,
            })
        }
        Found::Held(reason) if reason.starts_with(DELETED) => Err(Failure::gone()),
        Found::Held(_) | Found::Nothing => Err(Failure::not_found()),
    }
}

/// The part of the resource that is wanted: `_summary` and `_elements` are read as searches read them.
pub(super) fn part(
    ty: ResourceType,
    pairs: &[(String, String)],
    state: &State,
    served: &Served,
) -> Result<Option<Subset>, Failure> {
    let asked: Vec<(String, String)> = pairs
        .iter()
        .filter(|(name, _)| PARTS.contains(&name.as_str()))
        .cloned()
        .collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let parsed = search::parse(ty, &asked, Handling::Strict, served.view.dictionary(), &state.limits)
        .map_err(|problems| Failure::problems(&problems))?;
    if parsed.count_only {
        let issue = Issue::error(IssueCode::NotSupported, "_summary=count is for searches");
        return Err(Failure::unsupported(vec![issue]));
    }
    Ok(parsed.subset)
}

/// Parameters that say which part of a resource is wanted.
const PARTS: [&str; 2] = ["_summary", "_elements"];

/// <http://hl7.org/fhir/R4/datatypes.html#id>
pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// A read takes parameters about its answer only.
fn refuse_parameters(pairs: &[(String, String)]) -> Result<(), Failure> {
    let unknown = |name: &str| {
        let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b));
        let shown = if plain { name } else { "(unreadable name)" };
        let mut issue = Issue::error(IssueCode::NotSupported, format!("A read does not support {shown}"));
        issue.location = plain.then(|| format!("http.{name}"));
        issue
    };
    let names = pairs
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !["_format", "_pretty"].contains(name) && !PARTS.contains(name));
    let issues: Vec<Issue> = names.map(unknown).collect();
    if issues.is_empty() {
        Ok(())
    } else {
        Err(Failure::unsupported(issues))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_specification() {
        for good in ["hj.pt.1", "A-1", &"a".repeat(64)] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "a_b", "a/b", "a%2Fb", "é", "a b", &"a".repeat(65)] {
            assert!(!is_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_strict_read_refuses_what_it_would_ignore() {
        let pairs = |names: &[&str]| {
            names
                .iter()
                .map(|n| ((*n).to_owned(), "x".to_owned()))
                .collect::<Vec<_>>()
        };
        assert!(refuse_parameters(&pairs(&["_format", "_pretty"])).is_ok());
        assert!(refuse_parameters(&pairs(&["_summary", "_elements"])).is_ok());
        assert!(refuse_parameters(&pairs(&["_sort"])).is_err());
    }
}
