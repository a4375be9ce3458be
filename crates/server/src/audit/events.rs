//! `/fhir/AuditEvent`: the record of accesses, for those who run the server, and for patients who want to know who looked.

mod query;

use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, Scope};
use fhir::bundle::{Entry as BundleEntry, Link, Mode, Page, Relation};
use fhir::capability::{Interaction as Offered, ResourceCapability};
use fhir::outcome::{Severity, outcome};
use fhir::r4::ResourceType;
use fhir::search::{self, Handling, Request, Total};
use smart::audit::{Entry, Interaction};
use smart::authority::Role;
use smart::scope::{Level, Permissions, Types};

use super::{Audit, Ledger};
use crate::app::{Served, State};
use crate::auth::Principal;
use crate::endpoint;
use crate::error::Failure;
use crate::log::Told;
use crate::negotiate::{self, Wanted};
use crate::respond::{self, Reply};
use crate::routes::{form, is_id, query as parameters};
use query::{Vocabulary, wanted};

const TYPE: ResourceType = ResourceType::AuditEvent;
pub(crate) const SEARCH: &str = "/AuditEvent";
pub(crate) const POST: &str = "/AuditEvent/_search";
pub(crate) const READ: &str = "/AuditEvent/{id}";

/// The routes, in front of those for every type.
pub(crate) fn routes(scope: Scope) -> Scope {
    scope
        .service(endpoint::routed(&[SEARCH], vec![(endpoint::READ, web::to(search))]))
        .service(endpoint::routed(&[POST], vec![("POST", web::to(post))]))
        .service(endpoint::routed(&[READ], vec![(endpoint::READ, web::to(read))]))
}

/// What a request at an address below a base is recorded as, when it is for records of accesses: these are accesses, too.
pub(super) fn interaction(below: &str) -> Option<Interaction> {
    match below {
        SEARCH | POST => Some(Interaction::Search),
        READ => Some(Interaction::Read),
        _ => None,
    }
}

/// For the CapabilityStatement.
pub(crate) fn capability() -> ResourceCapability {
    ResourceCapability {
        ty: TYPE,
        profiles: vec![],
        interactions: vec![Offered::Read, Offered::SearchType],
        params: query::capability(),
        includes: vec![],
        rev_includes: vec![],
    }
}

async fn search(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async { found(&request, &state, &served, parameters(&request)?).await };
    respond::run(&request, answer).await
}

async fn post(request: HttpRequest, state: Data<State>, served: Data<Served>, body: Payload) -> HttpResponse {
    let answer = async {
        let pairs = form::parameters(&request, body, state.max_body).await?;
        found(&request, &state, &served, pairs).await
    };
    respond::run(&request, answer).await
}

/// Whose records somebody may see.
enum Sight {
    /// All.
    All,
    /// Those about one patient, `Patient/…`, without what they say of others.
    Own(String),
}

impl Sight {
    /// A scope of all types is not meant to have these: they must be named. An app's user must be an administrator, a service be registered
    /// for them by name; a patient may see who looked at their own records.
    fn of(request: &HttpRequest, state: &State, permission: Permissions) -> Result<Self, Failure> {
        let principal = Principal::of(request).ok_or_else(Failure::insufficient_scope)?;
        let grant = principal.grant();
        let named = |level: Level| {
            let mut scopes = principal.scopes().allowing(level, TYPE, permission);
            scopes.any(|scope| scope.types == Types::One(TYPE) && !scope.is_granular())
        };
        let registered = || {
            let client = state.auth.as_ref()?.client(&grant.client)?;
            let mut scopes = client.scopes.allowing(Level::System, TYPE, permission);
            scopes.find(|scope| scope.types == Types::One(TYPE)).map(|_| ())
        };
        if named(Level::User) && grant.role == Some(Role::Administrator) {
            return Ok(Self::All);
        }
        if named(Level::System) && registered().is_some() {
            return Ok(Self::All);
        }
        match &grant.context.patient {
            Some(patient) if named(Level::Patient) => Ok(Self::Own(format!("{}/{patient}", ResourceType::Patient))),
            _ => Err(Failure::insufficient_scope()),
        }
    }

    /// A search for what may be seen of what is wanted.
    fn limit(&self, wanted: &mut smart::audit::Wanted) -> Result<(), Failure> {
        let Self::Own(patient) = self else { return Ok(()) };
        // What else a record is about is not told, so it cannot be asked for either.
        if wanted.entities.iter().flatten().any(|entity| entity != patient) {
            return Err(Failure::insufficient_scope());
        }
        wanted.entities.push(vec![patient.clone()]);
        Ok(())
    }

    fn json(&self, entry: &Entry) -> String {
        match self {
            Self::All => entry.json(),
            Self::Own(patient) => entry.about(patient).json(),
        }
    }
}

fn audit(state: &State) -> Result<&Audit, Failure> {
    let audit = state.audit.as_deref();
    audit.ok_or_else(|| Failure::internal("records of accesses without a trail"))
}

fn failed(error: &smart::Error) -> Failure {
    Failure::internal(error.to_string())
}

async fn read(request: HttpRequest, state: Data<State>, served: Data<Served>) -> HttpResponse {
    let answer = async {
        Told::asked(&request, &served.name, Some(TYPE));
        let sight = Sight::of(&request, &state, Permissions::READ)?;
        let wanted_form = negotiate::wanted(request.headers(), &parameters(&request)?)?;
        let id = request.match_info().get("id").filter(|id| is_id(id));
        let seq = id.and_then(query::number).ok_or_else(Failure::not_found)?;
        let mut wanted = smart::audit::Wanted {
            seqs: vec![vec![seq]],
            ..smart::audit::Wanted::default()
        };
        sight.limit(&mut wanted)?;
        let found = audit(&state)?.trail.search(&wanted, 1).await;
        let found = found.map_err(|error| failed(&error))?;
        let entry = found.first().ok_or_else(Failure::not_found)?;
        note(&request, &found);
        Ok(Reply {
            body: sight.json(entry).into(),
            wanted: wanted_form,
            rows: 1,
            ..Reply::default()
        })
    };
    respond::run(&request, answer).await
}

/// Who looks at records of accesses is recorded, too.
fn note(request: &HttpRequest, found: &[Entry]) {
    if let Some(ledger) = Ledger::of(request) {
        let shown = found.iter().map(|entry| entry.seq.to_string());
        shown.for_each(|id| ledger.shows_one(TYPE, &id, None));
    }
}

async fn found(
    http: &HttpRequest,
    state: &State,
    served: &Served,
    pairs: Vec<(String, String)>,
) -> Result<Reply, Failure> {
    Told::asked(http, &served.name, Some(TYPE));
    let sight = Sight::of(http, state, Permissions::SEARCH)?;
    let form = negotiate::wanted(http.headers(), &pairs)?;
    let request = read_request(http, state, served, &pairs)?;
    let now = (state.clock)();
    let mut wanted = wanted(&request, &state.bases, now)?;
    sight.limit(&mut wanted)?;
    if let Some(ledger) = Ledger::of(http) {
        ledger.asks(&request);
    }
    let trail = &audit(state)?.trail;
    let count = request.count.unwrap_or(state.default_count);
    let alone = request.count_only || count == 0;
    let limit = if alone {
        0
    } else {
        usize::try_from(count).unwrap_or(usize::MAX - 1)
    };
    let mut found = match alone {
        true => vec![],
        false => trail.search(&wanted, limit + 1).await.map_err(|error| failed(&error))?,
    };
    let total = match alone || request.total != Total::None {
        true => Some(trail.count(&wanted).await.map_err(|error| failed(&error))?),
        false => None,
    };
    let more = found.len() > limit;
    found.truncate(limit);
    note(http, &found);
    let last = found.last().filter(|_| more).map(|entry| entry.seq.to_string());
    let rows = found.len();
    let page = Page {
        links: links(&served.base, &request, form, last.as_deref()),
        total,
        timestamp: Some(now),
        entries: entries(&sight, &served.base, &found, &request),
    };
    Ok(Reply {
        body: page.to_json().into(),
        wanted: form,
        rows,
        ..Reply::default()
    })
}

fn read_request(
    http: &HttpRequest,
    state: &State,
    served: &Served,
    pairs: &[(String, String)],
) -> Result<Request, Failure> {
    let handling = negotiate::handling(http.headers());
    let limits = search::Limits {
        explain: false,
        ..state.limits
    };
    let vocabulary = Vocabulary::of(served.view.dictionary());
    let request = search::parse(TYPE, pairs, handling, &vocabulary, &limits);
    let mut request = request.map_err(|problems| Failure::problems(&problems))?;
    if request.subset.take().is_some() {
        let mut names = pairs.iter().map(|(name, _)| name.as_str());
        let name = names.rfind(|name| ["_summary", "_elements"].contains(name));
        let problem = search::Problem::not_taken(name.unwrap_or_default(), "AuditEvent");
        if handling == Handling::Strict {
            return Err(Failure::problems(&[problem]));
        }
        request.ignored.push(problem);
    }
    if request.total == Total::Estimate {
        request.total = Total::Accurate;
    }
    Ok(request)
}

fn links(base: &str, request: &Request, form: Wanted, last: Option<&str>) -> Vec<Link> {
    let link = |relation, cursor: Option<&str>| Link {
        relation,
        url: format!("{base}/{TYPE}{}", form.appended(&[&request.query_at(&[], cursor)])),
    };
    let own = request.cursor.as_deref();
    let mut links = vec![link(Relation::SelfLink, own)];
    if own.is_some() || last.is_some() {
        links.push(link(Relation::First, None));
    }
    links.extend(last.map(|last| link(Relation::Next, Some(last))));
    links
}

fn entries(sight: &Sight, base: &str, found: &[Entry], request: &Request) -> Vec<BundleEntry> {
    let shown = found.iter().map(|entry| BundleEntry {
        full_url: Some(format!("{base}/{TYPE}/{}", entry.seq)),
        mode: Mode::Match,
        json: sight.json(entry).into(),
    });
    let ignored: Vec<_> = request.ignored.iter().map(|p| p.issue(Severity::Warning)).collect();
    let told = (!ignored.is_empty()).then(|| BundleEntry {
        full_url: None,
        mode: Mode::Outcome,
        json: outcome(&ignored).into(),
    });
    shown.chain(told).collect()
}
