//! What requests about one resource have in common.

use std::sync::Arc;

use actix_web::HttpRequest;
use fhir::outcome::{Issue, IssueCode};
use fhir::r4::ResourceType;
use fhir::search::{self, Handling, Request};
use mapper::Ask;
use smart::scope::Permissions;

use super::{asked_type, query};
use crate::app::{Served, State};
use crate::audit::Ledger;
use crate::auth::Principal;
use crate::error::Failure;
use crate::negotiate::{self, Wanted};

/// A request about one resource: `/{type}/{id}` and what is below.
pub(super) struct Instance {
    pub ty: ResourceType,
    pub id: String,
    pub wanted: Wanted,
    /// The query's names and values.
    pub pairs: Vec<(String, String)>,
    /// Of these what searches know, too: which part of a resource is wanted, how many, from where on.
    pub controls: Request,
    pub ask: Ask,
    /// Whether its source is one that rows are loaded into.
    pub loaded: bool,
}

impl Instance {
    /// Reads the request, whose query may name `takes`; the resource's database has been checked then.
    pub async fn asked(request: &HttpRequest, state: &State, served: &Served, takes: &[&str]) -> Result<Self, Failure> {
        let ty = asked_type(request, served)?;
        let principal = Principal::of(request);
        if let Some(principal) = &principal {
            principal.may(ty, Permissions::READ)?;
        }
        let pairs = query(request)?;
        let wanted = negotiate::wanted(request.headers(), &pairs)?;
        if negotiate::handling(request.headers()) == Handling::Strict {
            refuse_parameters(&pairs, takes)?;
        }
        let controls = controls(ty, &pairs, takes, state, served)?;
        let id = request.match_info().get("id").filter(|id| is_id(id));
        let id = id.ok_or_else(Failure::not_found)?.to_owned();
        if let Some(ledger) = Ledger::of(request) {
            ledger.asks_for(ty, &id);
        }
        let (name, ..) = mapper::id::decode(&id).ok_or_else(Failure::not_found)?;
        let gate = served.gates.iter().find(|g| g.source() == name);
        gate.ok_or_else(Failure::not_found)?.pass().await?;
        let loaded = served.view.sources().iter().any(|s| s.name() == name && !s.is_live());
        let ask = Ask::new(Request::new(ty), (state.clock)(), Arc::clone(&state.bases));
        let ask = ask.by(principal.map(|principal| principal.access(Permissions::READ, served, state)));
        Ok(Self {
            ty,
            wanted,
            pairs,
            controls,
            ask,
            loaded,
            id,
        })
    }
}

/// Parameters that say which part of a resource is wanted.
pub(super) const PARTS: [&str; 2] = ["_summary", "_elements"];

/// Parameters that say which page is wanted.
pub(super) const PAGE: [&str; 2] = ["_count", "_cursor"];

/// What the query says in parameters that searches have, too, read as they read it.
pub(super) fn controls(
    ty: ResourceType,
    pairs: &[(String, String)],
    takes: &[&str],
    state: &State,
    served: &Served,
) -> Result<Request, Failure> {
    let ours = |name: &str| takes.contains(&name) && (PARTS.contains(&name) || PAGE.contains(&name));
    let asked: Vec<(String, String)> = pairs.iter().filter(|(name, _)| ours(name)).cloned().collect();
    let parsed = search::parse(ty, &asked, Handling::Strict, served.view.dictionary(), &state.limits)
        .map_err(|problems| Failure::problems(&problems))?;
    if parsed.count_only {
        let issue = Issue::error(IssueCode::NotSupported, "_summary=count is for searches");
        return Err(Failure::unsupported(vec![issue]));
    }
    Ok(parsed)
}

/// <http://hl7.org/fhir/R4/datatypes.html#id>
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// A request takes its own parameters, and those about the form of its answer.
pub(super) fn refuse_parameters(pairs: &[(String, String)], takes: &[&str]) -> Result<(), Failure> {
    let unknown = |name: &str| {
        let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b));
        let shown = if plain { name } else { "(unreadable name)" };
        let mut issue = Issue::error(IssueCode::NotSupported, format!("This does not support {shown}"));
        issue.location = plain.then(|| format!("http.{name}"));
        issue
    };
    let names = pairs
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !["_format", "_pretty"].contains(name) && !takes.contains(name));
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
        assert!(refuse_parameters(&pairs(&["_format", "_pretty"]), &[]).is_ok());
        assert!(refuse_parameters(&pairs(&PARTS), &PARTS).is_ok());
        assert!(refuse_parameters(&pairs(&["_sort"]), &PARTS).is_err());
        assert!(refuse_parameters(&pairs(&["_count"]), &PARTS).is_err());
    }
}
