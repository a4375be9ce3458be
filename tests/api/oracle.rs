//! The server against the oracle, on requests made of the data.

use actix_web::http::Method;
use serde_json::Value;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::oracle::generate::{Case, Generator};
use tests::oracle::query::Query;
use tests::oracle::random::Random;
use tests::oracle::{Oracle, name};
use tests::support::database::Kind;
use tests::support::sample::{samples, twin};
use tests::support::server::{ORIGIN, Server, Setup, link, now, request, resources};

/// How many requests are tried on each database, over all bases; `CHARTGATE_ORACLE_CASES` says otherwise.
const CASES: usize = 4000;
/// Where the random numbers begin; `CHARTGATE_ORACLE_SEED` says otherwise.
const SEED: u64 = 20_260_302;
/// After so many that fail the rest would not tell more.
const ENOUGH: usize = 10;

/// A number that the environment may say.
pub fn setting<T: std::str::FromStr>(variable: &str, otherwise: T) -> T {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is not a number")),
        Err(_) => otherwise,
    }
}

on_both! {
    /// Every search gives the resources that R4 says, in the order and with the includes and the number that R4 says: of each
    /// source alone, and of all together with one that lives in another zone and has the same keys.
    async fn the_server_agrees_with_the_oracle(kind) {
        let server = Setup::all(kind).and_sample(kind, twin()).start().await;
        let (cases, seed) = (setting("CHARTGATE_ORACLE_CASES", CASES), setting("CHARTGATE_ORACLE_SEED", SEED));
        let alone = samples().iter().map(|sample| format!("/{}/fhir", sample.name()));
        let bases: Vec<String> = alone.chain(["/fhir".to_owned()]).collect();
        let mut failures = vec![];
        for (seed, base) in (seed..).zip(&bases) {
            let oracle = everything(&server, base).await;
            let asked = Asked { server: &server, base, values: &oracle, oracle: &oracle };
            failures.extend(asked.sweep(kind, seed).await);
            failures.extend(asked.compare(kind, cases / bases.len(), seed).await);
        }
        assert!(failures.is_empty(), "{} requests are answered wrongly:\n{}", failures.len(), failures.join("\n"));
    }
}

/// All resources under a base, by paging through every type it says it has.
pub async fn everything(server: &Server, base: &str) -> Oracle {
    let claims = Claims::read(&server.ok(&format!("{base}/metadata")).await);
    let mut all = vec![];
    for ty in claims.types() {
        for page in server.pages(&format!("{base}/{ty}?_count=100")).await {
            all.extend(resources(&page, "match").into_iter().cloned());
        }
    }
    let sources = || samples().iter().chain([twin()]);
    let zones = sources().map(|s| (s.name().to_owned(), s.site.zone())).collect();
    let alone = sources().map(|s| format!("{ORIGIN}/{}/fhir", s.name()));
    Oracle::new(all, claims, zones, alone.chain([format!("{ORIGIN}/fhir")]).collect())
}

/// A base of the server, and what it must answer.
pub struct Asked<'a> {
    pub server: &'a Server,
    pub base: &'a str,
    /// What requests are made of.
    pub values: &'a Oracle,
    /// What they are answered with.
    pub oracle: &'a Oracle,
}

/// Matches on a page of the sweep: its requests are for pages only where those of whole types are.
const PAGE: usize = 150;

impl Asked<'_> {
    /// Everything that is declared, once: what is answered wrongly.
    async fn sweep(&self, kind: Kind, seed: u64) -> Vec<String> {
        let cases = Generator::new(self.values, Random::new(seed)).sweep();
        let (mut failures, mut matched) = (vec![], 0);
        for case in &cases {
            if let Err(why) = self.check(case, PAGE, false).await {
                failures.push(format!(
                    "{}/{}?{} {:?}\n    {why}",
                    self.base,
                    case.ty,
                    case.query(),
                    case.pairs
                ));
            }
            matched += usize::from(!answer(self.oracle, case).is_empty());
        }
        tests::support::say(&format!(
            "oracle on {kind:?}: all that {} declares by {} requests, {matched} with matches",
            self.base,
            cases.len()
        ));
        failures
    }

    /// The requests that are answered wrongly.
    pub async fn compare(&self, kind: Kind, cases: usize, seed: u64) -> Vec<String> {
        let random = Random::new(seed);
        let mut generator = Generator::new(self.values, random);
        let (mut failures, mut matched) = (vec![], 0);
        for _ in 0..cases {
            let case = generator.case();
            let count = 1 + generator.random.below(40);
            let post = generator.random.once_in(8);
            if let Err(why) = self.check(&case, count, post).await {
                failures.push(self.shortest(case.clone(), why).await);
            }
            matched += usize::from(!answer(self.oracle, &case).is_empty());
            if failures.len() == ENOUGH {
                break;
            }
        }
        tests::support::say(&format!(
            "oracle on {kind:?}: {cases} requests to {} over {} resources, {matched} with matches, seed {seed}",
            self.base,
            self.oracle.len()
        ));
        failures
    }

    /// Leaves out what a failing request does not need to fail.
    async fn shortest(&self, mut case: Case, mut why: String) -> String {
        'shorter: loop {
            for at in 0..case.pairs.len() {
                let mut less = case.clone();
                less.pairs.remove(at);
                if let Err(still) = self.check(&less, 20, false).await {
                    (case, why) = (less, still);
                    continue 'shorter;
                }
            }
            let Case { ty, pairs } = &case;
            return format!("{}/{ty}?{}\n    {pairs:?}\n    {why}", self.base, case.query());
        }
    }

    async fn check(&self, case: &Case, count: usize, post: bool) -> Result<(), String> {
        let text = case.query();
        let query = Query::parse(&text);
        let pages = self.pages(case, &text, count, post).await?;
        let found: Vec<&Value> = pages.iter().flat_map(|page| resources(page, "match")).collect();
        let matches = answer(self.oracle, case);
        same("matches", &names(&matches), &names(&found))?;
        if let Some(why) = self.oracle.misordered(&case.ty, &query, &found) {
            return Err(format!("not sorted: {why}"));
        }
        for page in &pages {
            let shown = resources(page, "match");
            if shown.len() > count {
                return Err(format!("a page of {} for _count={count}", shown.len()));
            }
            let wanted: Vec<String> = self.oracle.included(&query, &shown).into_iter().collect();
            same("includes", &wanted, &names(&resources(page, "include")))?;
            let total = query.total.as_ref().map(|_| matches.len());
            if page["total"].as_u64() != total.map(|n| n as u64) {
                return Err(format!("total {} for {total:?}", page["total"]));
            }
        }
        Ok(())
    }

    /// Strict, so that nothing is ignored in silence.
    async fn pages(&self, case: &Case, query: &str, count: usize, post: bool) -> Result<Vec<Value>, String> {
        let strict = [
            ("prefer", "handling=strict"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let address = format!("{}/{}", self.base, case.ty);
        let first = if post {
            let asked = request(Method::POST, &format!("{address}/_search"), &strict);
            let form = format!("{query}&_count={count}");
            self.server.send(asked.set_payload(form)).await
        } else {
            let address = format!("{address}?{query}&_count={count}");
            self.server.ask(Method::GET, &address, &strict).await
        };
        let mut responses = vec![first];
        let mut pages = vec![];
        while let Some(response) = responses.pop() {
            if response.status != 200 {
                return Err(response.text());
            }
            let page = response.json();
            if let Some(next) = link(&page, "next") {
                responses.push(self.server.ask(Method::GET, &next, &strict).await);
            }
            pages.push(page);
        }
        Ok(pages)
    }
}

fn answer<'a>(oracle: &'a Oracle, case: &Case) -> Vec<&'a Value> {
    oracle.search(&case.ty, &Query::parse(&case.query()), now()).matches
}

fn names(resources: &[&Value]) -> Vec<String> {
    let mut names: Vec<String> = resources.iter().map(|r| name(r)).collect();
    names.sort();
    names
}

/// The same names, each as often.
fn same(what: &str, wanted: &[String], found: &[String]) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    let missing: Vec<&String> = wanted.iter().filter(|n| !found.contains(n)).collect();
    let surplus: Vec<&String> = found.iter().filter(|n| !wanted.contains(n)).collect();
    Err(format!(
        "{what}: {} for {}, missing {missing:?}, surplus {surplus:?}",
        found.len(),
        wanted.len()
    ))
}
