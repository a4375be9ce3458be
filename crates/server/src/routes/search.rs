//! `GET /{type}?…` and `POST /{type}/_search` (<http://hl7.org/fhir/R4/http.html#search>).

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header;
use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir::bundle::{self, Entry, Link, Mode, Relation};
use fhir::capability::Interaction;
use fhir::outcome::{Issue, IssueCode, Severity, outcome};
use fhir::r4::ResourceType;
use fhir::search::{self, Request, Total};
use fhir::subset;
use mapper::{Ask, Hit, MAX_INCLUDED, Page, Partial};

use super::{asked_type, query};
use crate::app::{Served, State};
use crate::endpoint::{self, Endpoint, Serves};
use crate::error::Failure;
use crate::explain;
use crate::negotiate::{self, Wanted};
use crate::respond::{self, Reply};

pub(crate) const GET: Endpoint = Endpoint {
    paths: &["/{type}", "/{type}/"],
    allow: endpoint::READ,
    route: || web::to(get),
    serves: Serves::Type(Interaction::SearchType),
};

pub(crate) const POST: Endpoint = Endpoint {
    paths: &["/{type}/_search"],
    allow: "POST",
    route: || web::to(post),
    serves: Serves::Type(Interaction::SearchType),
};

async fn get(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async {
        let ty = asked_type(&request, &served)?;
        search(&request, &state, &served, ty, query(&request)?).await
    };
    respond::run(&request, answer).await
}

async fn post(request: HttpRequest, state: Data<State>, served: Data<Served>, body: Payload) -> HttpResponse {
    let answer = async {
        let ty = asked_type(&request, &served)?;
        let mut pairs = query(&request)?;
        let body = form(&request, body, state.max_body).await?;
        pairs.extend(search::parse_query_string(&body).map_err(|problem| Failure::problems(&[problem]))?);
        search(&request, &state, &served, ty, pairs).await
    };
    respond::run(&request, answer).await
}

/// The body's text. A body without type is taken when it is empty: the parameters are then all in the address.
async fn form(request: &HttpRequest, body: Payload, limit: usize) -> Result<String, Failure> {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE).map(|k| k.to_str().unwrap_or("?"));
    let media = kind.map(|k| k.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let encoded = headers.get(header::CONTENT_ENCODING).is_some_and(|e| e != "identity");
    if encoded
        || media
            .as_deref()
            .is_some_and(|m| m != "application/x-www-form-urlencoded")
    {
        return Err(Failure::not_a_form());
    }
    let body = body
        .to_bytes_limited(limit)
        .await
        .map_err(|_exceeded| Failure::body_too_long(limit))?;
    let body = body.map_err(|_transport| Failure::body_broken())?;
    if media.is_none() && !body.is_empty() {
        return Err(Failure::not_a_form());
    }
    String::from_utf8(body.to_vec()).map_err(|_not_utf8| Failure::body_broken())
}

async fn search(
    request: &HttpRequest,
    state: &State,
    served: &Served,
    ty: ResourceType,
    pairs: Vec<(String, String)>,
) -> Result<Reply, Failure> {
    let wanted = negotiate::wanted(request.headers(), &pairs)?;
    let handling = negotiate::handling(request.headers());
    let begun = Instant::now();
    let mut parsed = search::parse(ty, &pairs, handling, served.view.dictionary(), &state.limits)
        .map_err(|problems| Failure::problems(&problems))?;
    let parsing = begun.elapsed();
    if parsed.total == Total::Estimate {
        // An exact number is a good estimate, and the self link says what was done.
        parsed.total = Total::Accurate;
    }
    // One source alone has nothing to be partial with.
    let mut partial = Partial::allowed(state.partial_answers && served.gates.len() > 1);
    for gate in &served.gates {
        gate.admit(&mut partial).await?;
    }
    let count = parsed.count.unwrap_or(state.default_count);
    let ask = Ask::new(parsed, (state.clock)(), Arc::clone(&state.bases));
    explain::parsed(&ask, pairs.len(), parsing);
    let page = if count == 0 || ask.request.count_only {
        Page {
            total: Some(served.view.count(&ask, &mut partial).await?),
            ..Page::default()
        }
    } else {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        served.view.search(&ask, count, &mut partial).await?
    };
    if partial.missing().len() == served.gates.len() {
        // Nothing is left to answer from.
        let first = partial.missing().first().cloned().unwrap_or_default();
        return Err(mapper::Error::Unavailable(first).into());
    }
    let rows = page.hits.len() + page.included.hits.len();
    let bundle = bundle(served, wanted, &ask, page, &partial);
    Ok(Reply {
        body: bundle.to_json().into(),
        wanted,
        rows,
        ..Reply::default()
    })
}

fn bundle(served: &Served, wanted: Wanted, ask: &Ask, page: Page, partial: &Partial) -> bundle::Page {
    let request = &*ask.request;
    let link = |relation, cursor: Option<String>| {
        let request = Request {
            cursor,
            ..request.clone()
        };
        Link {
            relation,
            url: address(served, wanted, &request),
        }
    };
    let mut links = vec![link(Relation::SelfLink, request.cursor.clone())];
    if request.cursor.is_some() || page.next.is_some() {
        links.push(link(Relation::First, None));
    }
    links.extend(page.next.map(|cursor| link(Relation::Next, Some(cursor))));
    let entry = |mode| {
        move |hit: Hit| Entry {
            full_url: Some(format!("{}/{}/{}", served.base, hit.target.ty, hit.id)),
            mode,
            json: match &request.subset {
                Some(subset) => subset::cut(&hit.body.json, hit.target.ty, subset).into(),
                None => hit.body.json,
            },
        }
    };
    let mut entries: Vec<Entry> = page.hits.into_iter().map(entry(Mode::Match)).collect();
    entries.extend(page.included.hits.into_iter().map(entry(Mode::Include)));
    let ignored = request.ignored.iter().map(|p| p.issue(Severity::Warning));
    let missing = partial.missing().iter().map(|source| {
        let text = format!("source `{source}` is away: what it holds is missing from this answer, and from its total");
        Issue::warning(IssueCode::Incomplete, text)
    });
    let cut = page.included.cut.then(|| {
        let text = format!("there are more than {MAX_INCLUDED} resources to include; ask for a smaller _count");
        Issue::warning(IssueCode::TooCostly, text)
    });
    let issues: Vec<Issue> = ignored.chain(missing).chain(cut).collect();
    if !issues.is_empty() {
        entries.push(Entry {
            full_url: None,
            mode: Mode::Outcome,
            json: outcome(&issues).into(),
        });
    }
    entries.extend(explain::entry(ask));
    bundle::Page {
        links,
        total: page.total,
        timestamp: Some(ask.now),
        entries,
    }
}

/// The address of a search, with what was applied and how the answer looks.
fn address(served: &Served, wanted: Wanted, request: &Request) -> String {
    let query = request.query();
    let parts = std::iter::once(query).chain(wanted.parameters());
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let query = if parts.is_empty() {
        String::new()
    } else {
        format!("?{}", parts.join("&"))
    };
    format!("{}/{}{query}", served.base, request.resource_type)
}
