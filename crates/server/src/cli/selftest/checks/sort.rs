//! Orders: values go up, or down, and what has none is in one place.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use fhir::system;
use mapper::fold;
use serde_json::Value;

use super::super::element::{children, elements};
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::{Param, Type};
use super::super::value::{Token, When, strings, target, tokens, when};
use super::{Run, ensure};

/// Resources that are looked at.
const COUNT: usize = 50;

pub(super) fn check(run: &Run<'_>, ty: &Type, param: &Param, report: &mut Report) {
    for (part, sign) in [("up", ""), ("down", "-")] {
        let about = (ty.name.as_str(), param.name.as_str(), part);
        run.check(report, Area::Sort, about, |run| sorted(run, ty, param, sign));
    }
}

fn sorted(run: &Run<'_>, ty: &Type, param: &Param, sign: &str) -> Outcome {
    let address = format!("/{}?_sort={sign}{}&_count={COUNT}", ty.name, param.name);
    let page = run.client.page(&address)?;
    let keys: Vec<Option<Vec<String>>> = page
        .resources("match")
        .into_iter()
        .map(|r| keys(r, ty, param))
        .collect();
    let known: Vec<&Vec<String>> = keys.iter().flatten().collect();
    if known.len() < 2 {
        return Err(Fault::skipped("fewer than two resources have a value to sort by"));
    }
    // A resource with several values may stand by any of them.
    let fits = |pair: &[&Vec<String>]| {
        let [one, other] = pair else { return true };
        let (first, last) = if sign.is_empty() { (one, other) } else { (other, one) };
        first.iter().min() <= last.iter().max()
    };
    ensure(known.windows(2).all(fits), "the order of values is another", &address)?;
    let changes = keys
        .windows(2)
        .filter(|pair| matches!(pair, [one, other] if one.is_some() != other.is_some()));
    ensure(
        changes.count() <= 1,
        "resources without value stand among the others",
        &address,
    )?;
    continued(run, &format!("/{}?_sort={sign}{}", ty.name, param.name))
}

/// Small pages show what a large one does.
fn continued(run: &Run<'_>, search: &str) -> Outcome {
    let whole = run.client.page(&format!("{search}&_count=9"))?;
    let mut next = Some(format!("{search}&_count=3"));
    let mut found: Vec<String> = vec![];
    for _ in 0..3 {
        let Some(address) = next.take() else { break };
        let page = run.client.page(&address)?;
        found.extend(page.ids("match"));
        next = page.link("next").map(str::to_owned);
    }
    ensure(
        found == whole.ids("match"),
        "small pages show another order than a large one",
        search,
    )
}

/// What a resource can be sorted by.
fn keys(resource: &Value, ty: &Type, param: &Param) -> Option<Vec<String>> {
    let here = elements(resource, &ty.name, &param.name)?.into_iter();
    let keys: Vec<String> = match param.kind.as_str() {
        "date" => here.filter_map(when).flat_map(times).collect(),
        // A name stands by its family name.
        "string" => here
            .flat_map(|element| {
                if element.is_object() {
                    children(element, "family")
                } else {
                    vec![element]
                }
            })
            .flat_map(strings)
            .map(|text| fold(&text))
            .collect(),
        "token" => here
            .flat_map(tokens)
            .filter(|token| !is_absent(token))
            .map(|token| token.code)
            .collect(),
        "reference" => here.filter_map(target).collect(),
        _ => here.filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    (!keys.is_empty()).then_some(keys)
}

/// A code that says that there is none.
fn is_absent(token: &Token) -> bool {
    let system = token.system.as_deref();
    system.is_some_and(|system| [system::NULL_FLAVOR, system::DATA_ABSENT_REASON].contains(&system))
}

/// The instants that a time may stand for: the ends of a span, and of a day the earliest and the latest at which it begins somewhere.
fn times(when: When) -> Vec<String> {
    let texts = match when {
        When::Point(at) => vec![at],
        // What has no beginning began before anything else.
        When::Span { start, end } => start
            .or_else(|| Some("0001".to_owned()))
            .into_iter()
            .chain(end)
            .collect(),
    };
    texts
        .iter()
        .flat_map(|text| instants(text))
        .map(|at| at.format("%Y-%m-%dT%H:%M:%S%.6f").to_string())
        .collect()
}

fn instants(text: &str) -> Vec<NaiveDateTime> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return vec![at.naive_utc()];
    }
    // A year or a month begins with its first day.
    let day = format!("{text}-01-01");
    let day = day
        .get(..10)
        .and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    let begins = day.map(|day| day.and_time(NaiveTime::MIN));
    begins
        .into_iter()
        .flat_map(|at| [at - FARTHEST, at + FARTHEST])
        .collect()
}

/// No clock is farther from UTC.
const FARTHEST: TimeDelta = TimeDelta::hours(14);
