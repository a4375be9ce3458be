//! Requests that nobody should send. Whatever is asked: no panic, no 5xx but 504, errors that are OperationOutcomes, nothing of the
//! request in a header, and never another row than the oracle's.
//!
//! Of all cases one in [`FULL`] is sent to a server over every vendor's sample; the others are read and turned into SQL, which is
//! where requests differ. `make fuzz CASES=1000000` runs as many as one likes.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

use actix_web::http::{Method, Uri};
use fhir::search::{Handling, Limits, ProblemKind, parse, parse_query_string};
use mapper::cursor::{Bookmark, CursorKey};
use mapper::param::{Alone, Context};
use mapper::{Dictionary, Plan, Source};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use tests::fuzz::{Case, FORM, Op, Words, case, corpus, strategy};
use tests::on_both;
use tests::oracle::query::Query;
use tests::oracle::{Oracle, name};
use tests::support::database::Kind;
use tests::support::sample::{samples, twin};
use tests::support::server::{ORIGIN, Response, Server, Setup, link, now, request, resources};

use crate::oracle::{everything, setting};

/// How many cases are tried on each database; `CHARTGATE_FUZZ_CASES` says otherwise.
const CASES: usize = 6_000;
/// Where the random numbers begin; `CHARTGATE_FUZZ_SEED` says otherwise.
const SEED: u64 = 20_260_302;
/// One in so many is sent; `CHARTGATE_FUZZ_FULL` says otherwise.
const FULL: usize = 20;
/// After so many that fail the rest would not tell more.
const ENOUGH: usize = 10;

on_both! {
    async fn nothing_that_is_asked_breaks_anything(kind) {
        let fuzz = Fuzz::new(kind).await;
        let cases = setting("CHARTGATE_FUZZ_CASES", CASES);
        let failures = fuzz.run(cases, setting("CHARTGATE_FUZZ_SEED", SEED), setting("CHARTGATE_FUZZ_FULL", FULL)).await;
        assert!(failures.is_empty(), "{} requests fail:\n{}", failures.len(), failures.join("\n"));
    }

    /// As they are, and in every way that one change makes of them.
    async fn the_corpus_breaks_nothing(kind) {
        let fuzz = Fuzz::new(kind).await;
        let mut seen = Seen::default();
        for line in 0..fuzz.corpus.len() {
            for body in [None, Some(FORM)] {
                let case = Case { body, ..case(&fuzz.corpus, &fuzz.words, &(line, vec![])) };
                if let Err(why) = fuzz.full(&case, &mut seen).await {
                    panic!("{}: {why}", fuzz.corpus[line]);
                }
            }
        }
        // Most of the corpus are searches that the oracle can answer.
        assert!(seen.judged * 2 > fuzz.corpus.len(), "{seen:?}");
    }
}

/// What became of cases.
#[derive(Debug, Default)]
struct Seen {
    /// Turned into SQL.
    planned: usize,
    /// Refused when they were read.
    refused: usize,
    /// Sent to the server.
    sent: usize,
    /// Answered with 200.
    answered: usize,
    /// Compared with the oracle.
    judged: usize,
    /// No address at all for the HTTP library.
    unsendable: usize,
}

struct Fuzz {
    server: Server,
    oracle: Oracle,
    words: Words,
    corpus: Vec<String>,
    sources: Vec<Arc<Source>>,
    dictionary: Dictionary,
    kind: Kind,
}

type Drawn = (usize, Vec<Op>);

impl Fuzz {
    async fn new(kind: Kind) -> Self {
        let server = Setup::all(kind).and_sample(kind, twin()).start().await;
        let oracle = everything(&server, "/fhir").await;
        let sources: Vec<Arc<Source>> = samples().iter().map(crate::golden::source).collect();
        Self {
            words: Words::of(&oracle.claims),
            corpus: with_pages(&server, corpus()).await,
            dictionary: Dictionary::of(&sources),
            server,
            oracle,
            sources,
            kind,
        }
    }

    /// The cases that fail, each cut down to what it needs.
    async fn run(&self, cases: usize, seed: u64, full: usize) -> Vec<String> {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        let strategy = strategy(self.corpus.len());
        let (mut failures, mut seen, mut tried) = (vec![], Seen::default(), 0);
        for n in 0..cases {
            tried += 1;
            let mut tree = strategy.new_tree(&mut runner).unwrap();
            let sent = n % full == 0;
            if let Err(why) = self.check(&tree.current(), sent, &mut seen).await {
                failures.push(self.shortest(&mut tree, sent, why).await);
            }
            if failures.len() == ENOUGH {
                break;
            }
        }
        tests::support::say(&format!(
            "fuzz on {:?}: {tried} cases, seed {seed}: {seen:?}",
            self.kind
        ));
        failures
    }

    async fn check(&self, drawn: &Drawn, sent: bool, seen: &mut Seen) -> Result<(), String> {
        let case = case(&self.corpus, &self.words, drawn);
        if sent {
            self.full(&case, seen).await
        } else {
            quietly(|| self.plan(&case, seen)).unwrap_or_else(|| Err("it panics".to_owned()))
        }
    }

    /// Leaves out what a failing case does not need to fail.
    async fn shortest(&self, tree: &mut impl ValueTree<Value = Drawn>, sent: bool, mut why: String) -> String {
        let mut worst = tree.current();
        let mut more = tree.simplify();
        for _ in 0..500 {
            if !more {
                break;
            }
            match self.check(&tree.current(), sent, &mut Seen::default()).await {
                Err(still) => {
                    (worst, why) = (tree.current(), still);
                    more = tree.simplify();
                }
                Ok(()) => more = tree.complicate(),
            }
        }
        let case = case(&self.corpus, &self.words, &worst);
        let shown = |text: String| text.chars().take(600).collect::<String>();
        format!(
            "{}\n    {}\n    {}",
            shown(format!("{case:?}")),
            shown(target(&case)),
            shown(why)
        )
    }

    /// Reads a request, and makes the SQL of it for every mapping of every vendor.
    fn plan(&self, case: &Case, seen: &mut Seen) -> Result<(), String> {
        let Some(ty) = self.dictionary.served(case.ty()) else {
            seen.refused += 1;
            return Ok(());
        };
        let handling = if case.strict {
            Handling::Strict
        } else {
            Handling::Lenient
        };
        let read = |query: &str, handling| {
            let pairs = parse_query_string(query).map_err(|problem| vec![problem])?;
            parse(ty, &pairs, handling, &self.dictionary, &Limits::default())
        };
        let asked = match read(&case.query(), handling) {
            Ok(asked) => asked,
            Err(problems) => {
                seen.refused += 1;
                return told(problems.iter().map(|p| p.message.as_str()), case);
            }
        };
        told(asked.ignored.iter().map(|p| p.message.as_str()), case)?;
        if let Some(cursor) = &asked.cursor {
            // Not one of this key's: it must say so.
            let opened = CursorKey::derive(b"another").open::<Bookmark>(cursor, &asked.query(), now());
            assert!(opened.is_err());
        }
        match read(&asked.query(), Handling::Strict) {
            Ok(again) if again.query() == asked.query() => {}
            // What is written out may be longer than it was given.
            Err(problems) if problems.iter().all(|p| p.kind == ProblemKind::Limit) => {}
            other => {
                return Err(format!(
                    "the self link says something else: {} is {other:?}",
                    asked.query()
                ));
            }
        }
        let bases = [format!("{ORIGIN}/fhir")];
        for (source, sample) in self.sources.iter().zip(samples()) {
            let context = Context {
                access: None,
                follow: &Alone,
                site: &sample.site,
                now: now(),
                bases: &bases,
            };
            for provider in source.providers().iter().filter(|p| p.target().ty == ty) {
                let plan = Plan {
                    criteria: &asked.criteria,
                    confined: &asked.confined,
                    sort: &asked.sort,
                    place: None,
                    limit: 51,
                };
                provider.sql(plan, context);
            }
        }
        seen.planned += 1;
        Ok(())
    }

    /// Sends a request, and looks at what comes back.
    async fn full(&self, case: &Case, seen: &mut Seen) -> Result<(), String> {
        let target = target(case);
        if Uri::try_from(&target).is_err() {
            seen.unsendable += 1;
            return Ok(());
        }
        let prefer = if case.strict {
            "handling=strict"
        } else {
            "handling=lenient"
        };
        let prefer = ("prefer", prefer);
        let asked = match case.body {
            Some(kind) => request(Method::POST, &target, &[prefer, ("content-type", kind)]).set_payload(case.query()),
            None => request(Method::GET, &target, &[prefer]),
        };
        seen.sent += 1;
        let response = self.server.send(asked).await;
        proper(&response, case)?;
        if response.status == 200 && response.header("content-type").contains("json") {
            seen.answered += 1;
            let body = response.json();
            if body["type"] == "searchset" {
                seen.judged += usize::from(self.judged(&body)?);
            }
        }
        Ok(())
    }

    /// Whether the oracle could answer what the server says that it did; an error when it answers something else.
    fn judged(&self, page: &Value) -> Result<bool, String> {
        let own = link(page, "self").unwrap();
        let (path, query) = own.split_once('?').unwrap_or((&own, ""));
        let ty = path.rsplit('/').next().unwrap();
        // Of several types at once the oracle knows nothing.
        if !self.words.types.iter().any(|served| served == ty) {
            return Ok(false);
        }
        let selects = |pair: &&str| !CONTROLS.iter().any(|control| pair.starts_with(&format!("{control}=")));
        let criteria: Vec<&str> = query.split('&').filter(|p| !p.is_empty()).filter(selects).collect();
        // The oracle is made for values that are right, and says so of others.
        let answer = quietly(|| {
            let matches = self
                .oracle
                .search(ty, &Query::parse(&criteria.join("&")), now())
                .matches;
            matches.into_iter().map(name).collect::<BTreeSet<String>>()
        });
        let Some(answer) = answer else { return Ok(false) };
        let found: BTreeSet<String> = resources(page, "match").into_iter().map(name).collect();
        if let Some(other) = found.difference(&answer).next() {
            return Err(format!("{other} does not match {own}"));
        }
        let of_type = path == format!("{ORIGIN}/fhir/{ty}");
        let whole =
            of_type && !query.contains("_cursor=") && !query.contains("_count=0") && !query.contains("_summary=count");
        if whole && link(page, "next").is_none() && found != answer {
            return Err(format!("{} of {} for {own}", found.len(), answer.len()));
        }
        Ok(true)
    }
}

/// The corpus, and the second pages of its searches: cursors to be altered and carried elsewhere.
async fn with_pages(server: &Server, mut corpus: Vec<String>) -> Vec<String> {
    for line in corpus.clone() {
        let mut first = Case::read(&line);
        first.pairs.push(("_count".to_owned(), "1".to_owned()));
        let response = server.get(&target(&first)).await;
        if response.status == 200 && response.header("content-type").contains("json") {
            let next = link(&response.json(), "next");
            corpus.extend(next.and_then(|next| Some(next.split_once("/fhir/")?.1.to_owned())));
        }
    }
    corpus
}

/// Parameters that select nothing.
const CONTROLS: [&str; 13] = [
    "_count",
    "_sort",
    "_total",
    "_include",
    "_revinclude",
    "_include:iterate",
    "_revinclude:iterate",
    "_summary",
    "_elements",
    "_cursor",
    "_format",
    "_pretty",
    "_explain",
];

/// The address of a case; what a form says is not in it.
fn target(case: &Case) -> String {
    if case.body.is_some() {
        format!("/fhir/{}/_search", case.path)
    } else {
        format!("/fhir/{}?{}", case.path, case.query())
    }
}

/// Texts of ours hold nothing of a request but plain names.
fn told<'a>(mut messages: impl Iterator<Item = &'a str>, case: &Case) -> Result<(), String> {
    let query = case.query();
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let marks: Vec<&&str> = MARKS
        .iter()
        .filter(|mark| !names.iter().any(|name| name.contains(**mark)))
        .collect();
    let leaks = |text: &&str| text.chars().any(char::is_control) || marks.iter().any(|mark| text.contains(**mark));
    messages
        .find(leaks)
        .map_or(Ok(()), |text| Err(format!("it repeats what it was given: {text}")))
}

/// Parts of values that no answer may repeat.
const MARKS: [&str; 4] = ["Zzyzx", "DROP TABLE", "UNION SELECT", "OR '1'"];

/// Whether a response is one that may be: whatever was asked.
fn proper(response: &Response, case: &Case) -> Result<(), String> {
    let text = response.text();
    if response.status >= 500 && response.status != 504 {
        return Err(format!("{}: {text}", response.status));
    }
    for (header, value) in &response.headers {
        let plain = value.as_bytes().iter().all(|b| (0x20..0x7f).contains(b));
        let shown = String::from_utf8_lossy(value.as_bytes());
        if !plain || MARKS.iter().any(|mark| shown.contains(mark)) || header.as_str().contains("inject") {
            return Err(format!("header {header}: {shown}"));
        }
    }
    if response.status >= 400 {
        let outcome = text.starts_with(r#"{"resourceType":"OperationOutcome""#) || text.contains("<OperationOutcome");
        if !outcome && !text.contains("\"OperationOutcome\"") {
            return Err(format!("{} without outcome: {text}", response.status));
        }
        told(std::iter::once(text.as_str()).filter(|t| !t.contains('\n')), case)?;
    }
    Ok(())
}

/// What `work` gives; nothing when it panics, of which nothing is printed.
fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    done.ok()
}
