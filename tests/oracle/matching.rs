//! Whether one element matches one value.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::params::{Kind, Parameter};
use super::query::{split, unescape};
use super::{Oracle, dates, text};

/// A value that is asked for.
pub struct Asked<'a> {
    /// As it stands between the commas, with escapes.
    pub value: &'a str,
    pub modifier: Option<&'a str>,
    /// When the request is made, in UTC.
    pub now: NaiveDateTime,
    /// The zone of the source that is asked: values without offset are its wall clock.
    pub zone: Tz,
    pub oracle: &'a Oracle,
}

impl Asked<'_> {
    #[must_use]
    pub fn matches(&self, parameter: &Parameter, element: &Value) -> bool {
        match (self.modifier, parameter.kind) {
            (Some("text"), _) => self.display(element),
            (Some("in" | "not-in"), Kind::Code(system)) => self.in_set(Some(system), element),
            (Some("in" | "not-in"), _) => self.in_set(None, element),
            (Some("below" | "above"), Kind::Token) => self.in_tree(element),
            (Some("of-type"), _) => self.of_type(element),
            (Some("identifier"), _) => self.token(None, &element["identifier"]),
            _ => self.plainly(parameter, element),
        }
    }

    fn plainly(&self, parameter: &Parameter, element: &Value) -> bool {
        match parameter.kind {
            Kind::Uri => self.uri(text(element)),
            Kind::Flag => self.token(Some(SPECIAL_VALUES), element),
            Kind::Id => element.as_str() == Some(self.value),
            Kind::Token => self.token(None, element),
            Kind::Code(system) => self.token(Some(system), element),
            Kind::Text => self.text(element),
            Kind::Reference => self.reference(element),
            Kind::Date | Kind::Day | Kind::Instant => self.date(parameter.kind, element),
        }
    }

    /// Equal; under `:below` the URL asked for is the element's or a folder that it is in, under `:above` the other way round.
    fn uri(&self, url: &str) -> bool {
        let asked = unescape(self.value);
        let within = |url: &str, folder: &str| {
            let folder = folder.trim_end_matches('/');
            url.trim_end_matches('/') == folder || url.starts_with(&format!("{folder}/"))
        };
        match self.modifier {
            Some("below") => within(url, &asked),
            Some("above") => within(&asked, url),
            _ => url == asked,
        }
    }

    /// A text that belongs to the code begins so: the concept's own, or a coding's display.
    fn display(&self, element: &Value) -> bool {
        let asked = normalised(&unescape(self.value));
        let codings = element["coding"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![element.clone()]);
        let shown = codings
            .iter()
            .map(|coding| &coding["display"])
            .chain([&element["text"]]);
        let mut shown = shown.filter_map(Value::as_str);
        shown.any(|shown| normalised(shown).starts_with(&asked))
    }

    fn in_set(&self, implied: Option<&str>, element: &Value) -> bool {
        let url = unescape(self.value);
        let set = fhir::terminology::value_set(&url).unwrap_or_else(|| panic!("no value set {url}"));
        codings(implied, element).iter().any(|(system, code)| {
            let listed = |(of, codes): &(&str, &[&str])| of == system && codes.contains(&code.as_str());
            set.codes.iter().any(listed) || set.systems.contains(&system.as_str())
        })
    }

    /// In ICD's hierarchies what is below a code begins with it. A code has a category of three characters (external causes of
    /// ICD-9-CM: four), and details behind a point.
    fn in_tree(&self, element: &Value) -> bool {
        let [asked_system, asked] = split(self.value, '|').try_into().expect("system|code");
        let (asked_system, asked) = (unescape(&asked_system), unescape(&asked));
        let is_code = |code: &str| {
            let nine = asked_system == "http://hl7.org/fhir/sid/icd-9-cm";
            let length = if nine && code.starts_with('E') { 4 } else { 3 };
            let mut parts = code.split('.');
            let (category, detail) = (parts.next().unwrap_or_default(), parts.next());
            let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
            category.len() == length && plain(category) && detail.is_none_or(plain) && parts.next().is_none()
        };
        let fits = |code: &str| match self.modifier {
            Some("below") => code.starts_with(&asked),
            _ => asked.starts_with(code),
        };
        is_code(&asked)
            && codings(None, element)
                .iter()
                .any(|(system, code)| *system == asked_system && is_code(code) && fits(code))
    }

    fn of_type(&self, element: &Value) -> bool {
        let [system, code, value] = split(self.value, '|').try_into().expect("system|code|value");
        let wanted = (unescape(&system), unescape(&code));
        element["value"].as_str() == Some(&unescape(&value)) && codings(None, &element["type"]).contains(&wanted)
    }

    /// `code`, `system|code`, `|code` and `system|` (<http://hl7.org/fhir/R4/search.html#token>).
    fn token(&self, implied: Option<&str>, element: &Value) -> bool {
        if let Some(codings) = element["coding"].as_array() {
            return codings.iter().any(|coding| self.token(None, coding));
        }
        let yes_or_no = element.as_bool().map(|flag| Value::from(flag.to_string()));
        let code = match &yes_or_no {
            Some(flag) => flag,
            None if element.is_string() => element,
            None => element.get("value").unwrap_or(&element["code"]),
        };
        // Of a way to reach somebody, `system` tells telephones from mail: it is not the system of the value.
        let own = element["system"].as_str().filter(|system| system.contains(':'));
        let (Some(code), system) = (code.as_str(), implied.or(own)) else {
            return false;
        };
        match split(self.value, '|').as_slice() {
            [asked] => unescape(asked) == code,
            [asked, wanted] if asked.is_empty() => system.is_none() && unescape(wanted) == code,
            [asked, wanted] => system == Some(&unescape(asked)) && (wanted.is_empty() || unescape(wanted) == code),
            other => panic!("{other:?} is no token"),
        }
    }

    /// Begins with, without case, accents and repeated blanks; all of it as it is under `:exact`
    /// (<http://hl7.org/fhir/R4/search.html#string>).
    fn text(&self, element: &Value) -> bool {
        let (asked, text) = (unescape(self.value), element.as_str().unwrap_or_default());
        match self.modifier {
            Some("exact") => text == asked,
            Some("contains") => normalised(text).contains(&normalised(&asked)),
            _ => normalised(text).starts_with(&normalised(&asked)),
        }
    }

    /// `id`, `Type/id` and the absolute URL; under `:Type` only references to that type
    /// (<http://hl7.org/fhir/R4/search.html#reference>).
    fn reference(&self, element: &Value) -> bool {
        let Some(target) = element["reference"].as_str() else {
            return false;
        };
        let (ty, id) = target.split_once('/').unwrap();
        if self.modifier.is_some_and(|modifier| modifier != ty) {
            return false;
        }
        let asked = unescape(self.value);
        let absolute = |base: &String| format!("{base}/{target}") == asked;
        asked == id || asked == target || self.oracle.bases.iter().any(absolute)
    }

    fn date(&self, kind: Kind, element: &Value) -> bool {
        let prefixed = self.value.starts_with(|c: char| c.is_ascii_lowercase());
        let (prefix, text) = if prefixed {
            self.value.split_at(2)
        } else {
            ("eq", self.value)
        };
        let zone = self.zone;
        // `date` has no zone: its day and the value's wall clock are compared as they are written.
        let value = dates::range(text, (kind != Kind::Day).then_some(zone));
        dates::compares(prefix, dates::element(element, kind, zone), value, self.now)
    }
}

/// The system of `true` and `false` as codes.
const SPECIAL_VALUES: &str = "http://terminology.hl7.org/CodeSystem/special-values";

/// Systems and codes of a concept, a coding or a code.
fn codings(implied: Option<&str>, element: &Value) -> Vec<(String, String)> {
    if let Some(codings) = element["coding"].as_array() {
        return codings.iter().flat_map(|coding| self::codings(None, coding)).collect();
    }
    let code = element.as_str().or_else(|| element["code"].as_str());
    let system = implied.or_else(|| element["system"].as_str());
    system
        .zip(code)
        .map(|(system, code)| (system.to_owned(), code.to_owned()))
        .into_iter()
        .collect()
}

/// Text without case, accents and repeated blanks.
#[must_use]
pub fn normalised(text: &str) -> String {
    let bare = |c: &char| !is_combining_mark(*c);
    let lower: String = text.nfd().filter(bare).collect::<String>().to_lowercase();
    let lower: String = lower.nfd().filter(bare).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}
