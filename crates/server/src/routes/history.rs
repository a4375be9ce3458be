//! `GET /{type}/{id}/_history` and `GET /{type}/{id}/_history/{vid}` (<http://hl7.org/fhir/R4/http.html#history>).

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDateTime, SecondsFormat};
use fhir::bundle::{Change, History, HistoryEntry, Link, Relation};
use fhir::capability::Interaction;
use fhir::outcome::{Issue, IssueCode};
use fhir::search::Request;
use fhir::subset;
use mapper::Found;
use mapper::history::{self, Before, HistoryPage, Known, State as Content, Version, Versions};
use mapper::load::DELETED;

use super::instance::{Instance, PAGE, PARTS, refuse_parameters};
use super::read::reply;
use crate::app::{Served, State};
use crate::audit::Ledger;
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::respond::{self, Reply};

pub(crate) const VREAD: Endpoint = Endpoint {
    paths: &["/{type}/{id}/_history/{vid}"],
    allow: endpoint::READ,
    route: || web::to(vread),
    serves: Serves::Type(Interaction::Vread),
};

pub(crate) const HISTORY: Endpoint = Endpoint {
    paths: &["/{type}/{id}/_history"],
    allow: endpoint::READ,
    route: || web::to(history),
    serves: Serves::Type(Interaction::HistoryInstance),
};

async fn vread(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async {
        let asked = Instance::asked(&request, &state, &served, &PARTS).await?;
        visible(&served, &asked).await?;
        let version = request.match_info().get("vid").unwrap_or_default();
        match served.view.version(&asked.id, version, &asked.ask).await? {
            Known::Resource(hit) => Ok(reply(&request, &asked, *hit)),
            Known::Deleted => Err(Failure::gone()),
            Known::NoVersion(since) => Err(Failure::no_version(since)),
            Known::Nothing => Err(Failure::not_found()),
        }
    };
    respond::run(&request, answer).await
}

/// Who may not see a resource as it is learns nothing of what it was.
async fn visible(served: &Served, asked: &Instance) -> Result<(), Failure> {
    if asked.ask.access.is_none() {
        return Ok(());
    }
    match served.view.read(asked.ty, &asked.id, &asked.ask).await? {
        Found::Resource(_) => Ok(()),
        Found::Held(reason) if reason.starts_with(DELETED) => Ok(()),
        Found::Held(_) | Found::Nothing => Err(Failure::not_found()),
    }
}

/// What a history's query may name.
const TAKES: [&str; 5] = [PARTS[0], PARTS[1], PAGE[0], PAGE[1], SINCE];
const SINCE: &str = "_since";

async fn history(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async {
        let asked = Instance::asked(&request, &state, &served, &TAKES).await?;
        visible(&served, &asked).await?;
        // A Bundle of this type has no room for what was left out.
        refuse_parameters(&asked.pairs, &TAKES)?;
        let since = since(&asked.pairs)?;
        let count = asked.controls.count.unwrap_or(state.default_count);
        let page = HistoryPage {
            since,
            count: usize::try_from(count).unwrap_or(usize::MAX),
            cursor: asked.controls.cursor.as_deref(),
        };
        let found = served.view.history(&asked.id, &asked.ask, page).await?;
        let (found, next) = found.ok_or_else(Failure::not_found)?;
        let rows = found.entries.len();
        if let Some(ledger) = Ledger::of(&request) {
            let shown = found.entries.iter().filter_map(|version| match &version.state {
                Content::Resource(hit) => Some(hit.as_ref()),
                Content::Deleted => None,
            });
            ledger.shows(shown);
        }
        let body = bundle(&served, &asked, since, found, next.filter(|_| count > 0)).to_json();
        Ok(Reply {
            body: body.into(),
            wanted: asked.wanted,
            rows,
            ..Reply::default()
        })
    };
    respond::run(&request, answer).await
}

/// The instant of `_since`, UTC.
fn since(pairs: &[(String, String)]) -> Result<Option<NaiveDateTime>, Failure> {
    let mut named = pairs.iter().filter(|(name, _)| name == SINCE).map(|(_, value)| value);
    let (Some(value), more) = (named.next(), named.next()) else {
        return Ok(None);
    };
    // The `+` of an offset is often sent as it is, and is then a blank.
    match DateTime::parse_from_rfc3339(&value.replace(' ', "+")) {
        Ok(at) if more.is_none() => Ok(Some(at.naive_utc())),
        _ => {
            let mut issue = Issue::error(
                IssueCode::Value,
                "_since takes one instant such as 2026-01-31T10:00:00Z",
            );
            issue.location = Some(format!("http.{SINCE}"));
            Err(Failure::unsupported(vec![issue]))
        }
    }
}

fn bundle(
    served: &Served,
    asked: &Instance,
    since: Option<NaiveDateTime>,
    found: Versions,
    next: Option<String>,
) -> History {
    let link = |relation, cursor: Option<String>| Link {
        relation,
        url: address(served, asked, since, cursor),
    };
    let own = asked.controls.cursor.clone();
    let mut links = vec![link(Relation::SelfLink, own.clone())];
    if own.is_some() || next.is_some() {
        links.push(link(Relation::First, None));
    }
    links.extend(next.map(|cursor| link(Relation::Next, Some(cursor))));
    History {
        base: served.base.clone(),
        links,
        total: Some(found.total),
        timestamp: Some(asked.ask.now),
        entries: found.entries.into_iter().map(|version| entry(asked, version)).collect(),
    }
}

fn entry(asked: &Instance, version: Version) -> HistoryEntry {
    let change = match (&version.state, version.before) {
        (Content::Deleted, _) => Change::Deleted,
        (Content::Resource(_), Before::Nothing) => Change::Created,
        (Content::Resource(_), Before::Deleted) => Change::Restored,
        (Content::Resource(_), Before::Resource) => Change::Updated,
    };
    let (version_id, json) = match version.state {
        Content::Deleted => (history::deletion(&asked.id, version.at), None),
        Content::Resource(hit) => {
            let json = match &asked.controls.subset {
                Some(subset) => subset::cut(&hit.body.json, asked.ty, subset).into(),
                None => hit.body.json,
            };
            (hit.body.version, Some(json))
        }
    };
    HistoryEntry {
        ty: asked.ty.as_str(),
        id: asked.id.clone(),
        change,
        version: version_id,
        modified: version.at,
        json,
    }
}

/// The address of a page of a history, with what was applied and how the answer looks.
fn address(served: &Served, asked: &Instance, since: Option<NaiveDateTime>, cursor: Option<String>) -> String {
    let controls = Request {
        cursor,
        ..asked.controls.clone()
    };
    let since = since.map(|at| format!("{SINCE}={}", at.and_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)));
    let query: Vec<String> = since.into_iter().chain([controls.query()]).collect();
    let query = asked
        .wanted
        .appended(&query.iter().map(String::as_str).collect::<Vec<_>>());
    format!("{}/{}/{}/_history{query}", served.base, asked.ty, asked.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_one_instant() {
        let of = |values: &[&str]| {
            let pairs: Vec<_> = values.iter().map(|v| (SINCE.to_owned(), (*v).to_owned())).collect();
            since(&pairs).map(|at| at.map(|at| at.to_string())).ok()
        };
        assert_eq!(of(&[]), Some(None));
        assert_eq!(
            of(&["2026-01-31T10:00:00Z"]),
            Some(Some("2026-01-31 10:00:00".to_owned()))
        );
        assert_eq!(
            of(&["2026-01-31T10:00:00 02:00"]),
            Some(Some("2026-01-31 08:00:00".to_owned()))
        );
        for bad in ["", "2026", "2026-01-31", "2026-01-31T10:00:00", "yesterday"] {
            assert_eq!(of(&[bad]), None, "{bad}");
        }
        assert_eq!(of(&["2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"]), None);
    }
}
