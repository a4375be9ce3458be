//! Patients as the pages show them, out of the served records.

use std::sync::Arc;

use fhir::r4::ResourceType;
use fhir::search::{self, Handling, Request, Vocabulary};
use mapper::{Ask, Found, Partial};
use serde_json::Value;

use super::Broken;
use crate::app::State;

/// A patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their birth date.
    pub born: Option<String>,
}

/// How many are shown at once.
pub(super) const SHOWN: usize = 20;

/// The patients with these ids, in this order; those that are not there are left out.
pub(super) async fn known(state: &State, ids: &[String]) -> Result<Vec<Person>, Broken> {
    let mut people = vec![];
    for id in ids.iter().take(SHOWN) {
        people.extend(one(state, id).await?);
    }
    Ok(people)
}

/// The patient with this id.
pub(super) async fn one(state: &State, id: &str) -> Result<Option<Person>, Broken> {
    let Some(all) = state.served.first() else {
        return Ok(None);
    };
    match all
        .view
        .read(
            ResourceType::Patient,
            id,
            &ask(state, Request::new(ResourceType::Patient)),
        )
        .await?
    {
        Found::Resource(hit) => Ok(person(&hit.body.json)),
        Found::Held(_) | Found::Nothing => Ok(None),
    }
}

/// Patients that match a search and have a name that begins so, and whether there are more.
pub(super) async fn found(state: &State, sees: &str, name: &str) -> Result<(Vec<Person>, bool), Broken> {
    let mut pairs = criteria(sees)?;
    if !name.trim().is_empty() {
        pairs.push(("name".to_owned(), search::escape(name.trim())));
    }
    let page = matching(state, ResourceType::Patient, &pairs, SHOWN).await?;
    let people = page.hits.iter().filter_map(|hit| person(&hit.body.json)).collect();
    Ok((people, page.next.is_some()))
}

/// Whether a patient matches a search.
pub(super) async fn matches(state: &State, sees: &str, id: &str) -> Result<bool, Broken> {
    let mut pairs = criteria(sees)?;
    pairs.push(("_id".to_owned(), search::escape(id)));
    Ok(!matching(state, ResourceType::Patient, &pairs, 1).await?.hits.is_empty())
}

fn criteria(sees: &str) -> Result<Vec<(String, String)>, Broken> {
    search::parse_query_string(sees)
        .map_err(|_problem| Broken::Server("a search of patients cannot be read".to_owned()))
}

async fn matching(
    state: &State,
    ty: ResourceType,
    pairs: &[(String, String)],
    count: usize,
) -> Result<mapper::Page, Broken> {
    let Some(all) = state.served.first() else {
        return Ok(mapper::Page::default());
    };
    let parsed = search::parse(ty, pairs, Handling::Strict, all.view.dictionary(), &state.limits);
    let request = parsed.map_err(|_problems| Broken::Server("a search of patients cannot be answered".to_owned()))?;
    Ok(all
        .view
        .search(&ask(state, request), count, &mut Partial::default())
        .await?)
}

fn ask(state: &State, request: Request) -> Ask {
    Ask::new(request, (state.clock)(), Arc::clone(&state.bases))
}

fn person(json: &[u8]) -> Option<Person> {
    let patient: Value = serde_json::from_slice(json).ok()?;
    let text = |pointer: &str| patient.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let given = text("/name/0/given/0").unwrap_or_default();
    let family = text("/name/0/family").unwrap_or_default();
    let named = format!("{given} {family}");
    Some(Person {
        id: text("/id")?,
        name: text("/name/0/text").unwrap_or_else(|| named.trim().to_owned()),
        born: text("/birthDate"),
    })
}

/// A visit of a patient.
pub(super) struct Encounter {
    /// Its id.
    pub id: String,
    /// Its day, and what it was.
    pub label: String,
}

/// A visit of a patient: the one with this id, or the latest.
pub(super) async fn visit_of(state: &State, patient: &str, id: Option<&str>) -> Result<Option<String>, Broken> {
    Ok(visits(state, patient, id, 1)
        .await?
        .into_iter()
        .next()
        .map(|visit| visit.id))
}

/// The latest visits of a patient, or the one with this id.
pub(super) async fn visits(
    state: &State,
    patient: &str,
    id: Option<&str>,
    count: usize,
) -> Result<Vec<Encounter>, Broken> {
    let has_visits = state.served.first().is_some_and(|all| {
        let dictionary = all.view.dictionary();
        dictionary.param_type(ResourceType::Encounter, "patient").is_some()
    });
    if !has_visits {
        return Ok(vec![]);
    }
    let mut pairs = vec![
        ("patient".to_owned(), search::escape(patient)),
        ("_sort".to_owned(), "-date".to_owned()),
    ];
    pairs.extend(id.map(|id| ("_id".to_owned(), search::escape(id))));
    let page = matching(state, ResourceType::Encounter, &pairs, count).await?;
    Ok(page.hits.iter().map(|hit| encounter(&hit.id, &hit.body.json)).collect())
}

fn encounter(id: &str, json: &[u8]) -> Encounter {
    let visit: Value = serde_json::from_slice(json).unwrap_or_default();
    let text = |pointer: &str| visit.pointer(pointer).and_then(Value::as_str);
    let day: Option<String> = text("/period/start").map(|start| start.chars().take(10).collect());
    let what = text("/type/0/text").or_else(|| text("/type/0/coding/0/display"));
    let said: Vec<String> = day.into_iter().chain(what.map(str::to_owned)).collect();
    Encounter {
        id: id.to_owned(),
        label: if said.is_empty() {
            id.to_owned()
        } else {
            said.join(", ")
        },
    }
}
