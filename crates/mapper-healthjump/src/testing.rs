//! What the tests of translations share.

use fhir::r4::Resource;
use mapper::{Rejected, Site, Trace};

/// A site in New York without profile.
pub fn site() -> Site {
    crate::VENDOR
        .site("hj", chrono_tz::America::New_York, mapper::Profile::default())
        .unwrap()
}

/// A filled-in cell.
#[allow(clippy::unnecessary_wraps)]
pub fn s(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// What a translation gives: the resource as pretty JSON without its version, then what it could not carry over.
pub fn outcome(translate: impl FnOnce(&Site, &mut Trace) -> Result<Resource, Rejected>) -> String {
    let mut trace = Trace::collecting();
    let mut resource = match translate(&site(), &mut trace) {
        Ok(resource) => resource,
        Err(Rejected(reason)) => return format!("rejected: {reason}"),
    };
    let encoded = fhir::json::encode(&mut resource).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&encoded.json).unwrap();
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
