//! The server against the oracle, on requests made of the data.

use serde_json::Value;
use tests::on_both;
use tests::oracle::generate::{Case, Generator};
use tests::oracle::query::Query;
use tests::oracle::random::Random;
use tests::oracle::{Oracle, name};
use tests::support::server::{ORIGIN, Server, Setup, link, now, resources};
use tests::support::source::ZONE;

/// How many requests are tried on each database; `CHARTGATE_ORACLE_CASES` says otherwise.
const CASES: usize = 4000;
/// Where the random numbers begin; `CHARTGATE_ORACLE_SEED` says otherwise.
const SEED: u64 = 20_260_302;
/// After so many that fail the rest would not tell more.
const ENOUGH: usize = 10;

fn setting<T: std::str::FromStr>(variable: &str, otherwise: T) -> T {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is not a number")),
        Err(_) => otherwise,
    }
}

on_both! {
    /// Every search gives the resources that R4 says, in the order and with the includes and the number that R4 says.
    async fn the_server_agrees_with_the_oracle(kind) {
        let server = Setup::sample(kind).start().await;
        let oracle = everything(&server).await;
        let (cases, seed) = (setting("CHARTGATE_ORACLE_CASES", CASES), setting("CHARTGATE_ORACLE_SEED", SEED));
        let mut generator = Generator { oracle: &oracle, random: Random::new(seed) };
        let (mut failures, mut matched) = (vec![], 0);
        for _ in 0..cases {
            let case = generator.case();
            let count = 1 + generator.random.below(40);
            let post = generator.random.once_in(8);
            if let Err(why) = check(&server, &oracle, &case, count, post).await {
                failures.push(shortest(&server, &oracle, case.clone(), why).await);
            }
            matched += usize::from(!answer(&oracle, &case).is_empty());
            if failures.len() == ENOUGH {
                break;
            }
        }
        tests::support::say(&format!("oracle on {kind:?}: {cases} requests over {} resources, {matched} with matches, seed {seed}", oracle.len()));
        assert!(failures.is_empty(), "{} requests are answered wrongly:\n{}", failures.len(), failures.join("\n"));
    }
}

/// All resources of a server, by paging through every type it says it has.
async fn everything(server: &Server) -> Oracle {
    let metadata = server.ok("/fhir/metadata").await;
    let types: Vec<&str> = metadata["rest"][0]["resource"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["type"].as_str().unwrap())
        .collect();
    let mut all = vec![];
    for ty in types {
        for page in server.pages(&format!("/fhir/{ty}?_count=100")).await {
            all.extend(resources(&page, "match").into_iter().cloned());
        }
    }
    let bases = vec![format!("{ORIGIN}/fhir"), format!("{ORIGIN}/healthjump/fhir")];
    Oracle::new(all, ZONE, bases)
}

fn answer<'a>(oracle: &'a Oracle, case: &Case) -> Vec<&'a Value> {
    oracle.search(&case.ty, &Query::parse(&case.query()), now()).matches
}

/// Leaves out what a failing request does not need to fail.
async fn shortest(server: &Server, oracle: &Oracle, mut case: Case, mut why: String) -> String {
    'shorter: loop {
        for at in 0..case.pairs.len() {
            let mut less = case.clone();
            less.pairs.remove(at);
            if let Err(still) = check(server, oracle, &less, 20, false).await {
                (case, why) = (less, still);
                continue 'shorter;
            }
        }
        return format!("{}?{}\n    {:?}\n    {why}", case.ty, case.query(), case.pairs);
    }
}

async fn check(server: &Server, oracle: &Oracle, case: &Case, count: usize, post: bool) -> Result<(), String> {
    let text = case.query();
    let query = Query::parse(&text);
    let pages = pages(server, case, &text, count, post).await?;
    let found: Vec<&Value> = pages.iter().flat_map(|page| resources(page, "match")).collect();
    let matches = answer(oracle, case);
    same("matches", &names(&matches), &names(&found))?;
    if let Some(why) = oracle.misordered(&case.ty, &query, &found) {
        return Err(format!("not sorted: {why}"));
    }
    for page in &pages {
        let shown = resources(page, "match");
        if shown.len() > count {
            return Err(format!("a page of {} for _count={count}", shown.len()));
        }
        let wanted: Vec<String> = oracle.included(&case.ty, &query, &shown).into_iter().collect();
        same("includes", &wanted, &names(&resources(page, "include")))?;
        let total = query.total.as_ref().map(|_| matches.len());
        if page["total"].as_u64() != total.map(|n| n as u64) {
            return Err(format!("total {} for {total:?}", page["total"]));
        }
    }
    Ok(())
}

/// Strict, so that nothing is ignored in silence.
async fn pages(server: &Server, case: &Case, query: &str, count: usize, post: bool) -> Result<Vec<Value>, String> {
    let strict = [
        ("prefer", "handling=strict"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let get = actix_web::http::Method::GET;
    let first = if post {
        let request = tests::support::server::request(
            actix_web::http::Method::POST,
            &format!("/fhir/{}/_search", case.ty),
            &strict,
        );
        server
            .send(request.set_payload(format!("{query}&_count={count}")))
            .await
    } else {
        server
            .ask(
                get.clone(),
                &format!("/fhir/{}?{query}&_count={count}", case.ty),
                &strict,
            )
            .await
    };
    let mut responses = vec![first];
    let mut pages = vec![];
    while let Some(response) = responses.pop() {
        if response.status != 200 {
            return Err(response.text());
        }
        let page = response.json();
        if let Some(next) = link(&page, "next") {
            responses.push(server.ask(get.clone(), &next, &strict).await);
        }
        pages.push(page);
    }
    Ok(pages)
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
