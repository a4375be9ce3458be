//! What an entry expects of a resource.

use serde_json::Value;

/// Whether all of the entry's `expect` hold.
pub fn expect(resource: &Value, trap: &Value) -> Result<(), String> {
    for wanted in trap["expect"].as_array().unwrap() {
        let found = resource.pointer(wanted["path"].as_str().unwrap());
        let (how, value) = wanted
            .as_object()
            .unwrap()
            .iter()
            .find(|(name, _)| *name != "path")
            .unwrap();
        let elements = || found.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let text = || found.and_then(Value::as_str);
        let holds = match how.as_str() {
            "equals" => found == Some(value),
            "absent" => found.is_none(),
            "has" => elements().iter().any(|e| contains(e, value)),
            "lacks" => !elements().iter().any(|e| contains(e, value)),
            "starts" => text().is_some_and(|t| t.starts_with(value.as_str().unwrap())),
            "excludes" => text().is_some_and(|t| !t.contains(value.as_str().unwrap())),
            "differs" => found != Some(value),
            other => panic!("unknown member {other}"),
        };
        if !holds {
            return Err(format!("{wanted}, but it is {}", found.unwrap_or(&Value::Null)));
        }
    }
    Ok(())
}

/// All members given, arrays element by element.
pub fn contains(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|f| contains(f, value))),
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| contains(f, w))
        }
        _ => found == wanted,
    }
}
