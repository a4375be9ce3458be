//! Values of elements, as a search would ask for them.

use fhir::search::escape;
use mapper::fold;
use serde_json::Value;

use super::element::children;

/// A code with its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub system: Option<String>,
    pub code: String,
}

impl Token {
    /// `code`
    pub(super) fn bare(&self) -> String {
        escape(&self.code)
    }

    /// `system|code`
    pub(super) fn whole(&self) -> String {
        format!(
            "{}|{}",
            escape(self.system.as_deref().unwrap_or_default()),
            escape(&self.code)
        )
    }
}

/// Systems of a ContactPoint, which are no code systems.
const CONTACTS: [&str; 7] = ["phone", "fax", "email", "pager", "url", "sms", "other"];

/// The tokens of an element: a code, a Coding, those of a CodeableConcept, an Identifier or a ContactPoint.
pub(super) fn tokens(element: &Value) -> Vec<Token> {
    let codings = children(element, "coding");
    if !codings.is_empty() {
        return codings.into_iter().flat_map(tokens).collect();
    }
    let code = if element.is_object() {
        element.get("code").or_else(|| element.get("value"))
    } else {
        Some(element)
    };
    let code = match code {
        Some(Value::String(code)) => code.clone(),
        Some(Value::Bool(code)) => code.to_string(),
        _ => return vec![],
    };
    let system = text(element, "system").filter(|system| !CONTACTS.contains(&system.as_str()));
    vec![Token { system, code }]
}

/// What stands for people to read beside a code.
pub(super) fn displays(element: &Value) -> Vec<String> {
    let own = text(element, "text").or_else(|| text(element, "display"));
    let codings = children(element, "coding");
    own.into_iter()
        .chain(codings.into_iter().filter_map(|coding| text(coding, "display")))
        .collect()
}

/// Parts of names and addresses that a string is looked for in.
const PARTS: [&str; 10] = [
    "family",
    "given",
    "prefix",
    "suffix",
    "text",
    "line",
    "city",
    "district",
    "state",
    "postalCode",
];

/// The strings of an element: itself, or the parts of a HumanName or an Address.
pub(super) fn strings(element: &Value) -> Vec<String> {
    if let Some(text) = element.as_str() {
        return vec![text.to_owned()];
    }
    let parts = PARTS
        .iter()
        .chain(&["country"])
        .flat_map(|part| children(element, part));
    parts.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A point in time or a span of it, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    Point(String),
    Span { start: Option<String>, end: Option<String> },
}

/// The times of an element.
pub(super) fn when(element: &Value) -> Option<When> {
    if let Some(text) = element.as_str() {
        return Some(When::Point(text.to_owned()));
    }
    let (start, end) = (text(element, "start"), text(element, "end"));
    (start.is_some() || end.is_some()).then_some(When::Span { start, end })
}

/// `Type/id` that an element points at.
pub(super) fn target(element: &Value) -> Option<String> {
    text(element, "reference").filter(|reference| reference.split('/').count() == 2)
}

/// The values of an element as a search for it would be written, the most exact first.
pub(super) fn values(kind: &str, element: &Value) -> Vec<String> {
    match kind {
        "token" => tokens(element).iter().map(Token::bare).collect(),
        "string" => strings(element).iter().map(|text| escape(text)).collect(),
        "uri" => element.as_str().map(escape).into_iter().collect(),
        "reference" => target(element).into_iter().collect(),
        "date" => match when(element) {
            Some(When::Point(at)) => vec![at],
            // Every span begins in a day that is not before it.
            Some(When::Span { start: Some(start), .. }) => vec![format!("ge{start}")],
            Some(When::Span { .. }) | None => vec![],
        },
        _ => vec![],
    }
}

/// Whether an element is what a search for this value looks for, as far as it can be told from outside.
pub(super) fn holds(kind: &str, element: &Value, value: &str) -> bool {
    match kind {
        "token" => tokens(element)
            .iter()
            .any(|token| token.bare().eq_ignore_ascii_case(value) || token.whole() == value),
        "string" => strings(element)
            .iter()
            .any(|text| fold(&escape(text)).starts_with(&fold(value))),
        "uri" => element.as_str().map(escape).as_deref() == Some(value),
        "reference" => target(element).as_deref() == Some(value),
        _ => true,
    }
}

fn text(element: &Value, name: &str) -> Option<String> {
    element.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_searches_want_them() {
        let concept = json!({"coding": [{"system": "s", "code": "a,b", "display": "D"}, {"code": "c"}], "text": "T"});
        assert_eq!(values("token", &concept), [r"a\,b", "c"]);
        assert_eq!(tokens(&concept).first().map(Token::whole).as_deref(), Some(r"s|a\,b"));
        assert_eq!(displays(&concept), ["T", "D"]);
        assert_eq!(values("token", &json!({"system": "phone", "value": "1"})), ["1"]);
        assert_eq!(values("token", &json!(true)), ["true"]);
        assert_eq!(
            values("string", &json!({"family": "F", "given": ["G", "H"]})),
            ["F", "G", "H"]
        );
        assert_eq!(values("reference", &json!({"reference": "Patient/1"})), ["Patient/1"]);
        assert_eq!(values("reference", &json!({"reference": "#p"})), Vec::<String>::new());
        assert_eq!(values("date", &json!({"start": "2026"})), ["ge2026"]);
    }

    #[test]
    fn what_does_not_hold_is_seen() {
        assert!(holds("token", &json!({"system": "s", "code": "C"}), "c"));
        assert!(!holds("token", &json!({"system": "s", "code": "C"}), "d"));
        assert!(holds("string", &json!({"family": "Núñez"}), "nun"));
        assert!(!holds("string", &json!({"family": "Núñez"}), "une"));
        assert!(!holds("reference", &json!({"reference": "Patient/1"}), "Patient/2"));
    }
}
