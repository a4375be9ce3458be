//! For tests of vendors' translations: what comes out, as text that a snapshot can hold.

use fhir::r4::Resource;

use crate::{Rejected, Site, Trace};

/// What a translation gives: the resource as pretty JSON without its version, then what it could not carry over.
#[must_use]
pub fn outcome(site: &Site, translate: impl FnOnce(&Site, &mut Trace) -> Result<Resource, Rejected>) -> String {
    let mut trace = Trace::collecting();
    let mut resource = match translate(site, &mut trace) {
        Ok(resource) => resource,
        Err(Rejected(reason)) => return format!("rejected: {reason}"),
    };
    let json = fhir::json::encode(&mut resource).map(|e| serde_json::from_slice::<serde_json::Value>(&e.json));
    let Ok(Ok(json)) = json else {
        return "not JSON".to_owned();
    };
    let mut text = shown(&json);
    for (what, list) in [("lost", &trace.lost), ("adjusted", &trace.adjusted)] {
        for note in list {
            text.push_str(&format!(
                "\n{what}: {} from {}: {}",
                note.element, note.column, note.why
            ));
        }
    }
    for note in &trace.unmapped {
        text.push_str(&format!("\nunmapped: {} `{}`", note.map, note.word));
    }
    text
}

/// One line per leaf, `path = value`: shorter than JSON and as exact.
fn shown(json: &serde_json::Value) -> String {
    let mut lines = vec![];
    leaves(json, "", &mut lines);
    lines.retain(|l| !l.starts_with("meta.versionId") && !l.starts_with("resourceType"));
    lines.join("\n")
}

fn leaves(json: &serde_json::Value, path: &str, lines: &mut Vec<String>) {
    match json {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                leaves(value, &path, lines);
            }
        }
        serde_json::Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                leaves(value, &format!("{path}[{n}]"), lines);
            }
        }
        serde_json::Value::String(text) => lines.push(format!("{path} = {text}")),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            lines.push(format!("{path} = {json}"));
        }
    }
}
