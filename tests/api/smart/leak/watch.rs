//! What answers show, and whether they may.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use tests::oracle::name;
use tests::support::server::Response;

use super::Token;

/// Looks at answers.
pub(super) struct Watch {
    allowed: HashSet<String>,
    /// Ids that nothing which is allowed has in it.
    hidden: HashSet<String>,
    by_type: BTreeMap<String, u64>,
    /// How many records were seen.
    pub seen: Cell<usize>,
    /// How many requests were refused.
    pub refused: Cell<usize>,
}

impl Watch {
    pub fn new(token: &Token, all: &BTreeMap<String, Value>) -> Self {
        let seen: Vec<&Value> = all
            .values()
            .filter(|resource| token.allowed.allows(resource, all))
            .collect();
        let mut by_type = BTreeMap::new();
        for resource in &seen {
            *by_type
                .entry(resource["resourceType"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
        let told: HashSet<String> = seen.iter().flat_map(|resource| words(&resource.to_string())).collect();
        let ids = all.values().map(|resource| resource["id"].as_str().unwrap().to_owned());
        Self {
            allowed: seen.into_iter().map(name).collect(),
            hidden: ids.filter(|id| !told.contains(id)).collect(),
            by_type,
            seen: Cell::default(),
            refused: Cell::default(),
        }
    }

    /// What is wrong with an answer.
    pub fn look(&self, address: &str, response: &Response) -> Vec<String> {
        let mut wrong = vec![];
        if response.status >= 500 || response.status == 401 {
            wrong.push(format!("{address}: {} {}", response.status, response.text()));
        }
        if response.status == 403 {
            self.refused.set(self.refused.get() + 1);
        }
        // A client may be told what it said itself, and may have said it encoded.
        let decoded = url::form_urlencoded::parse(address.as_bytes())
            .flat_map(|(name, value)| [name, value].concat().chars().collect::<Vec<_>>())
            .collect::<String>();
        let said: HashSet<String> = words(address)
            .chain(words(&decoded))
            .chain(words(&address.replace("%2F", "/").replace("%3A", ":")))
            .collect();
        let headers = response
            .headers
            .iter()
            .map(|(_, value)| value.to_str().unwrap_or_default().to_owned());
        let body = serde_json::from_slice::<Value>(&response.body).map_or_else(|_| response.text(), shown);
        for text in headers.chain([body]) {
            let leaked = words(&text).filter(|word| self.hidden.contains(word) && !said.contains(word));
            wrong.extend(leaked.map(|id| format!("{address}: {id}")));
        }
        if let Ok(body) = serde_json::from_slice::<Value>(&response.body) {
            self.within(address, &body, &mut wrong);
        } else if response.text().starts_with('<') {
            let ids = response.text();
            let ids = ids
                .split("<id value=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            let strange =
                ids.filter(|id| id.contains('.') && !self.allowed.iter().any(|name| name.ends_with(&format!("/{id}"))));
            wrong.extend(strange.map(|id| format!("{address}: {id} in XML")));
        }
        wrong
    }

    /// Every resource anywhere within an answer, and every total.
    fn within(&self, address: &str, value: &Value, wrong: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                let ty = value["resourceType"].as_str();
                let is_record = ty.is_some_and(|ty| {
                    ![
                        "Bundle",
                        "OperationOutcome",
                        "CapabilityStatement",
                        "OperationDefinition",
                        "AuditEvent",
                        "Parameters",
                    ]
                    .contains(&ty)
                });
                if is_record && value["id"].is_string() {
                    self.seen.set(self.seen.get() + 1);
                    if !self.allowed.contains(&name(value)) {
                        wrong.push(format!("{address}: {}", name(value)));
                    }
                }
                if let Some(total) = value["total"].as_u64() {
                    let ty = address
                        .trim_start_matches("/fhir/")
                        .split(['?', '/'])
                        .next()
                        .unwrap_or_default();
                    let most = self.by_type.get(ty).copied();
                    if !address.contains(' ') && !address.contains("_history") && most.is_some_and(|most| total > most)
                    {
                        wrong.push(format!("{address}: total {total} of {most:?}"));
                    }
                }
                fields.values().for_each(|field| self.within(address, field, wrong));
            }
            Value::Array(items) => items.iter().for_each(|item| self.within(address, item, wrong)),
            _ => {}
        }
    }
}

/// A body's text, but for who it was in the record of accesses: patients are told who looked.
fn shown(mut body: Value) -> String {
    fn take(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                if fields.get("resourceType").is_some_and(|ty| ty == "AuditEvent") {
                    fields.remove("agent");
                }
                fields.values_mut().for_each(take);
            }
            Value::Array(items) => items.iter_mut().for_each(take),
            _ => {}
        }
    }
    take(&mut body);
    body.to_string()
}

/// What may be ids in a text.
fn words(text: &str) -> impl Iterator<Item = String> + use<> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let words: Vec<String> = text
        .split(move |c| !plain(c))
        .filter(|word| word.contains('.'))
        .map(|word| word.trim_matches('.').to_owned())
        .collect();
    words.into_iter()
}
