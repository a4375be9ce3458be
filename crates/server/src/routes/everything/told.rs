//! What `$everything` is told, in the address or as Parameters in the body.

use actix_web::HttpRequest;
use actix_web::web::Payload;
use fhir::r4::ResourceType;
use fhir::search::{self, Criterion, Handling, Problem, Request};
use serde_json::Value;

use super::care::Care;
use crate::app::{Served, State};
use crate::error::Failure;
use crate::routes::body;
use crate::routes::system::TYPE;

/// Only what was changed since.
pub(super) const SINCE: &str = "_since";
/// Only care from then on.
pub(super) const START: &str = "start";
/// Only care until then.
pub(super) const END: &str = "end";

/// Parameters that mean here what they mean to searches.
const OF_SEARCHES: [&str; 5] = ["_count", "_cursor", "_explain", "_format", "_pretty"];

/// What it is told.
pub(super) struct Told {
    /// The types wanted, as given; none for all.
    pub types: Vec<String>,
    /// The time of the last change.
    pub since: Option<Criterion>,
    /// When it has to do with care.
    pub care: Care,
    /// Page size and place, and what is left out.
    pub shown: Request,
    /// `_since`, `start` and `end` as given.
    times: Vec<(String, String)>,
}

impl Told {
    pub fn read(
        ty: ResourceType,
        pairs: &[(String, String)],
        handling: Handling,
        served: &Served,
        state: &State,
    ) -> Result<Self, Failure> {
        let of = |names: &[&str]| -> Vec<(String, String)> {
            let named = pairs.iter().filter(|(name, _)| names.contains(&name.as_str()));
            named.cloned().collect()
        };
        let parse = |ty, pairs: &[(String, String)]| {
            search::parse(ty, pairs, Handling::Strict, served.view.dictionary(), &state.limits)
        };
        let mut shown = parse(ty, &of(&OF_SEARCHES)).map_err(|problems| Failure::problems(&problems))?;
        let times = of(&[SINCE, START, END]);
        let once = |name: &'static str| {
            let mut given = times
                .iter()
                .filter(|(given, _)| given == name)
                .map(|(_, value)| value.as_str());
            match (given.next(), given.next()) {
                (value, None) => Ok(value),
                (_, Some(_)) => Err(Failure::bad_parameter(name, "may be given once")),
            }
        };
        let date = |ty, param: &str, prefix: &str, name: &'static str, value: &str| -> Result<Criterion, Failure> {
            let pair = (param.to_owned(), format!("{prefix}{value}"));
            let criterion = (!value.contains(','))
                .then(|| parse(ty, &[pair]).ok()?.criteria.into_iter().next())
                .flatten();
            criterion.ok_or_else(|| Failure::bad_parameter(name, "must be one date or time"))
        };
        let since = once(SINCE)?
            .map(|value| date(ty, "_lastUpdated", "ge", SINCE, value))
            .transpose()?;
        let care = Care::read(once(START)?, once(END)?, &date)?;
        let known = |name: &str| OF_SEARCHES.contains(&name) || [SINCE, START, END, TYPE].contains(&name);
        let others = pairs.iter().map(|(name, _)| name.as_str()).filter(|name| !known(name));
        shown.ignored = others.map(|name| Problem::not_taken(name, "$everything")).collect();
        if handling == Handling::Strict && !shown.ignored.is_empty() {
            return Err(Failure::problems(&shown.ignored));
        }
        Ok(Self {
            types: of(&[TYPE]).into_iter().map(|(_, types)| types).collect(),
            since,
            care,
            shown,
            times,
        })
    }

    /// What links repeat before page size and place.
    pub fn lead(&self, types: &[ResourceType]) -> Vec<(String, String)> {
        let mut lead = self.times.clone();
        if !types.is_empty() {
            let names: Vec<&str> = types.iter().map(ResourceType::as_str).collect();
            lead.push((TYPE.to_owned(), names.join(",")));
        }
        lead
    }
}

/// Names and values of a Parameters resource; none of an empty body.
pub(super) async fn body(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
) -> Result<Vec<(String, String)>, Failure> {
    let parameters = body::resource(request, payload, "Parameters", limit)
        .await?
        .unwrap_or_default();
    match parameters.get("parameter") {
        None => Ok(vec![]),
        Some(Value::Array(list)) => list.iter().map(pair).collect(),
        Some(_) => Err(Failure::unreadable("Parameters")),
    }
}

/// A parameter with one simple value.
fn pair(parameter: &Value) -> Result<(String, String), Failure> {
    let name = parameter.get("name").and_then(Value::as_str);
    let value = parameter
        .as_object()
        .into_iter()
        .flatten()
        .find_map(|(key, value)| match value {
            _ if !key.starts_with("value") => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        });
    let pair = name.map(str::to_owned).zip(value);
    pair.ok_or_else(Failure::not_simple)
}
