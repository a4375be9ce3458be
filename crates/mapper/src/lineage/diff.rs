//! What of a resource is another way, or gone, in another one.

use std::collections::BTreeSet;

use serde_json::Value;

/// The leaves of a resource, each with its path: `name[0].family`.
pub(super) fn leaves(json: &Value) -> Vec<(String, Value)> {
    let mut found = vec![];
    collect(json, String::new(), &mut found);
    found
}

fn collect(json: &Value, path: String, found: &mut Vec<(String, Value)>) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                collect(value, under(&path, name), found);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                collect(item, format!("{path}[{n}]"), found);
            }
        }
        // FHIR's JSON has a null where an item of a list has only extensions.
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push((path, json.clone())),
    }
}

fn under(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The paths of the leaves of `one` that `other` does not have, or has with another value. Lists are compared item by item, whatever
/// their places: an item that is gone does not change those behind it.
pub(super) fn changed(one: &Value, other: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    compare(one, Some(other), String::new(), &mut found);
    found
}

fn compare(one: &Value, other: Option<&Value>, path: String, found: &mut BTreeSet<String>) {
    if other == Some(one) {
        return;
    }
    match (one, other) {
        (Value::Object(fields), Some(Value::Object(theirs))) => {
            for (name, value) in fields {
                compare(value, theirs.get(name), under(&path, name), found);
            }
        }
        (Value::Array(items), Some(Value::Array(theirs))) => {
            for (n, like) in alike(items, theirs).into_iter().enumerate() {
                if let Some(item) = items.get(n) {
                    compare(item, like, format!("{path}[{n}]"), found);
                }
            }
        }
        _ => {
            let mut gone = vec![];
            collect(one, path, &mut gone);
            found.extend(gone.into_iter().map(|(path, _)| path));
        }
    }
}

/// For each item the one of `theirs` that it became: the same where there is one, else the one that shares most with it.
fn alike<'t>(items: &[Value], theirs: &'t [Value]) -> Vec<Option<&'t Value>> {
    let mut free: Vec<&Value> = theirs.iter().collect();
    let mut take = |fits: &dyn Fn(&Value) -> bool| {
        let at = free.iter().position(|item| fits(item))?;
        Some(free.remove(at))
    };
    let mut found: Vec<Option<&Value>> = items.iter().map(|item| take(&|other| other == item)).collect();
    for (item, like) in items.iter().zip(&mut found) {
        if like.is_some() {
            continue;
        }
        let best = free
            .iter()
            .map(|other| shared(item, other))
            .max()
            .filter(|most| *most > 0);
        if let Some(at) = best.and_then(|most| free.iter().position(|other| shared(item, other) == most)) {
            *like = Some(free.remove(at));
        }
    }
    found
}

/// How many leaves two values have in common.
fn shared(one: &Value, other: &Value) -> usize {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let both = a.iter().filter_map(|(name, value)| Some((value, b.get(name)?)));
            both.map(|(a, b)| shared(a, b)).sum()
        }
        (Value::Array(a), Value::Array(b)) => {
            let most = |item: &Value| b.iter().map(|other| shared(item, other)).max().unwrap_or(0);
            a.iter().map(most).sum()
        }
        (a, b) => usize::from(a == b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_are_found_wherever_they_are() {
        let one = json!({"name": [{"family": "A", "given": ["B", "C"]}, {"family": "D"}], "gender": "male", "x": {"y": 1, "z": [2]}});
        let changed = |other: Value| changed(&one, &other).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(changed(one.clone()), "");
        assert_eq!(
            changed(
                json!({"name": [{"family": "D"}, {"family": "A", "given": ["B", "C"]}], "gender": "male", "x": {"y": 1, "z": [2]}})
            ),
            ""
        );
        assert_eq!(
            changed(json!({"name": [{"family": "A", "given": ["C"]}, {"family": "D"}], "x": {"z": [2, 3]}})),
            "gender name[0].given[0] x.y"
        );
        assert_eq!(
            changed(json!({"name": [{"family": "D"}], "gender": "male", "x": 1})),
            "name[0].family name[0].given[0] name[0].given[1] x.y x.z[0]"
        );
    }
}
