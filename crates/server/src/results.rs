//! A search that was understood, answered: its page as a Bundle with links, notes and an ETag
//! (<http://hl7.org/fhir/R4/http.html#search>). What differs between searches of a type, of a compartment, of the system and `$everything` is how
//! they are understood; from here on they are the same.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::Method;
use chrono::NaiveDateTime;
use fhir::bundle::{self, Entry, Link, Mode, Relation, Tag};
use fhir::outcome::{Issue, IssueCode, Severity, outcome};
use fhir::r4::ResourceType;
use fhir::search::{Request, Total};
use fhir::subset;
use mapper::{Access, Ask, Asked, Hit, MAX_INCLUDED, Page, Partial, cursor};
use smart::scope::Permissions;

use crate::app::{Served, State};
use crate::audit::Ledger;
use crate::auth::Principal;
use crate::edge::MAX_ADDRESS;
use crate::error::Failure;
use crate::explain;
use crate::negotiate::{self, Wanted};
use crate::respond::Reply;

/// A search that was understood.
pub(crate) struct Search {
    /// Where it is below the base, without slash before it: `Patient`; empty for the system.
    pub path: String,
    /// What its links say before the parameters of `shown`.
    pub lead: Vec<(String, String)>,
    /// The search as its links repeat it, which also says how its page is to look.
    pub shown: Arc<Request>,
    /// The same for each type, in the order of the answer.
    pub requests: Vec<Arc<Request>>,
    /// The only source that can have what is asked; any may without.
    pub source: Option<String>,
    /// Types whose resources are there because others refer to them.
    pub along: Vec<ResourceType>,
    /// How many parameters were read, and how long that took.
    pub reading: (usize, Duration),
}

impl Search {
    /// A search of one type.
    pub fn of_type(request: Request) -> Self {
        Self::at(request.resource_type.to_string(), request)
    }

    /// The same at another address than the type's.
    pub fn at(path: String, request: Request) -> Self {
        Self::of_types(path, request, vec![])
    }

    /// A search of several types. They differ in what they include, and their links show the includes of all.
    pub fn of_types(path: String, mut first: Request, mut others: Vec<Request>) -> Self {
        // An exact number is a good estimate, and the self link says what was done.
        for request in std::iter::once(&mut first).chain(&mut others) {
            if request.total == Total::Estimate {
                request.total = Total::Accurate;
            }
        }
        let first = Arc::new(first);
        let mut shown = Arc::clone(&first);
        for include in others.iter().flat_map(|request| &request.includes) {
            if !shown.includes.contains(include) {
                Arc::make_mut(&mut shown).includes.push(include.clone());
            }
        }
        Self {
            path,
            lead: vec![],
            shown,
            requests: std::iter::once(first).chain(others.into_iter().map(Arc::new)).collect(),
            source: None,
            along: vec![],
            reading: (0, Duration::ZERO),
        }
    }

    /// The answer.
    pub async fn answer(
        mut self,
        http: &HttpRequest,
        state: &State,
        served: &Served,
        wanted: Wanted,
    ) -> Result<Reply, Failure> {
        let gates = served.gates.iter().filter(|gate| self.is_of(gate.source()));
        let gates: Vec<_> = gates.collect();
        // One source alone has nothing to be partial with.
        let mut partial = Partial::allowed(state.partial_answers && gates.len() > 1);
        for gate in &gates {
            gate.admit(&mut partial).await?;
        }
        let now = (state.clock)();
        let principal = Principal::of(http);
        let forbidden = self.without_forbidden(principal.as_ref())?;
        let ledger = Ledger::of(http);
        if let Some(ledger) = &ledger {
            self.requests.iter().for_each(|request| ledger.asks(request));
        }
        let access = principal.map(|principal| principal.access(Permissions::SEARCH, served, state));
        let asks = self.asks(state, now, access.as_ref());
        let page = self.page(&asks, state.default_count, served, &mut partial).await?;
        if !gates.is_empty() && partial.missing().len() == gates.len() {
            // Nothing is left to answer from.
            let first = partial.missing().first().cloned().unwrap_or_default();
            return Err(mapper::Error::Unavailable(first).into());
        }
        if let Some(ledger) = &ledger {
            ledger.shows(page.hits.iter().chain(&page.included.hits));
        }
        let results = Results {
            search: &self,
            base: &served.base,
            wanted,
            now,
            issues: self.issues(&page, &partial, &forbidden),
            explained: asks.first().and_then(explain::entry),
            page,
        };
        results.reply(http)
    }

    fn is_of(&self, source: &str) -> bool {
        self.source.as_deref().is_none_or(|name| name == source)
    }

    /// Leaves out the types that whoever asks may not search; they are named.
    fn without_forbidden(&mut self, principal: Option<&Principal>) -> Result<Vec<ResourceType>, Failure> {
        let Some(principal) = principal else { return Ok(vec![]) };
        let types = self.requests.iter().map(|request| request.resource_type);
        let may = |ty: &ResourceType| principal.may(*ty, Permissions::SEARCH).is_ok();
        let forbidden: Vec<ResourceType> = types.filter(|ty| !may(ty)).collect();
        self.requests.retain(|request| may(&request.resource_type));
        if self.requests.is_empty() {
            return Err(Failure::insufficient_scope());
        }
        Ok(forbidden)
    }

    fn asks(&self, state: &State, now: NaiveDateTime, access: Option<&Arc<Access>>) -> Vec<Ask> {
        // Of several types, one account is kept.
        let explain = self.shown.explain.then(Arc::default);
        let asks = self.requests.iter().map(|request| Ask {
            request: Arc::clone(request),
            now,
            bases: Arc::clone(&state.bases),
            access: access.cloned(),
            explain: explain.clone(),
        });
        let asks: Vec<Ask> = asks.collect();
        let (parameters, time) = self.reading;
        asks.iter()
            .take(1)
            .for_each(|ask| explain::parsed(ask, parameters, time));
        asks
    }

    async fn page(
        &self,
        asks: &[Ask],
        default_count: u32,
        served: &Served,
        partial: &mut Partial,
    ) -> Result<Page, Failure> {
        let asked = Asked {
            asks,
            source: self.source.as_deref(),
        };
        let count = self.shown.count.unwrap_or(default_count);
        if count == 0 || self.shown.count_only {
            let total = served.view.count(asked, partial).await?;
            return Ok(Page {
                total: Some(total),
                ..Page::default()
            });
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Ok(served.view.search(asked, count, partial).await?)
    }

    /// What is to be said of the answer.
    fn issues(&self, page: &Page, partial: &Partial, forbidden: &[ResourceType]) -> Vec<Issue> {
        let ignored = self.shown.ignored.iter().map(|p| p.issue(Severity::Warning));
        let missing = partial.missing().iter().map(|source| {
            let text =
                format!("source `{source}` is away: what it holds is missing from this answer, and from its total");
            Issue::warning(IssueCode::Incomplete, text)
        });
        let shifted = page.shifted.iter().map(|source| {
            let text = format!(
                "rows were loaded into source `{source}` since the page that led here: what changed may be on both pages or on neither"
            );
            Issue::warning(IssueCode::Informational, text)
        });
        let cut = page.included.cut.then(|| {
            let text = format!("there are more than {MAX_INCLUDED} resources to include; ask for a smaller _count");
            Issue::warning(IssueCode::TooCostly, text)
        });
        let forbidden = forbidden.iter().map(|ty| {
            let text = format!("{ty} is left out: the token has no scope to search it");
            Issue::warning(IssueCode::Suppressed, text)
        });
        ignored
            .chain(missing)
            .chain(shifted)
            .chain(cut)
            .chain(forbidden)
            .collect()
    }
}

/// What a search found, on its way to the client.
struct Results<'a> {
    search: &'a Search,
    base: &'a str,
    wanted: Wanted,
    now: NaiveDateTime,
    page: Page,
    issues: Vec<Issue>,
    /// How the answer came about.
    explained: Option<Entry>,
}

impl Results<'_> {
    fn reply(self, http: &HttpRequest) -> Result<Reply, Failure> {
        let own = self.address(self.search.shown.cursor.as_deref());
        let rows = self.page.hits.len() + self.page.included.hits.len();
        let mut reply = Reply {
            wanted: self.wanted,
            rows,
            ..Reply::default()
        };
        // The answer to a POST is of the request in its body; caches know addresses only. Of what it took to answer, nothing is ever the same.
        if *http.method() != Method::POST && self.explained.is_none() {
            let tag = self.tag(&own);
            reply.not_modified = negotiate::has_already(http.headers(), &tag, None);
            reply.version = Some(tag);
        }
        if !reply.not_modified {
            reply.body = self.bundle(own)?.to_json().into();
        }
        Ok(reply)
    }

    /// Everything but what changes by time alone. The link to the next page does: it is good for a day, so the half of the day stands for it, and an
    /// answer that a client has already leads on for half a day more.
    fn tag(&self, own: &str) -> String {
        let mut tag = Tag::default();
        tag.add(own);
        tag.add(self.wanted.format.name());
        for hit in &self.page.hits {
            tag.add(&hit.id);
            tag.add(&hit.body.version);
        }
        tag.add("included");
        for hit in &self.page.included.hits {
            tag.add(&hit.id);
            tag.add(&hit.body.version);
        }
        tag.add(self.page.total.map_or_else(String::new, |total| total.to_string()));
        if self.page.next.is_some() {
            let half = cursor::LIFETIME.num_seconds() / 2;
            let now = self.now.and_utc().timestamp();
            tag.add(now.checked_div(half).unwrap_or_default().to_string());
        }
        if !self.issues.is_empty() {
            tag.add(outcome(&self.issues));
        }
        tag.finish()
    }

    fn bundle(self, own: String) -> Result<bundle::Page, Failure> {
        let link = |relation, url| Link { relation, url };
        let mut links = vec![link(Relation::SelfLink, own)];
        if self.search.shown.cursor.is_some() || self.page.next.is_some() {
            links.push(link(Relation::First, self.address(None)));
        }
        if let Some(cursor) = &self.page.next {
            let next = self.address(Some(cursor));
            // A search by POST may be longer than an address.
            if next.len() > MAX_ADDRESS {
                return Err(Failure::no_next_link(MAX_ADDRESS));
            }
            links.push(link(Relation::Next, next));
        }
        let subset = &self.search.shown.subset;
        let entry = |mode| {
            move |hit: Hit| Entry {
                full_url: Some(format!("{}/{}/{}", self.base, hit.target.ty, hit.id)),
                mode: if self.search.along.contains(&hit.target.ty) {
                    Mode::Include
                } else {
                    mode
                },
                json: match subset {
                    Some(subset) => subset::cut(&hit.body.json, hit.target.ty, subset).into(),
                    None => hit.body.json,
                },
            }
        };
        let mut entries: Vec<Entry> = self.page.hits.into_iter().map(entry(Mode::Match)).collect();
        entries.extend(self.page.included.hits.into_iter().map(entry(Mode::Include)));
        if !self.issues.is_empty() {
            entries.push(Entry {
                full_url: None,
                mode: Mode::Outcome,
                json: outcome(&self.issues).into(),
            });
        }
        entries.extend(self.explained);
        Ok(bundle::Page {
            links,
            total: self.page.total,
            timestamp: Some(self.now),
            entries,
        })
    }

    /// The address of a page, with what was applied and how the answer looks.
    fn address(&self, cursor: Option<&str>) -> String {
        let query = self.search.shown.query_at(&self.search.lead, cursor);
        let slash = if self.search.path.is_empty() { "" } else { "/" };
        format!(
            "{}{slash}{}{}",
            self.base,
            self.search.path,
            self.wanted.appended(&[&query])
        )
    }
}
