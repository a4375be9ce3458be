//! Whether one element matches one value.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::params::{Kind, Parameter};
use super::query::{split, unescape};
use super::{Oracle, dates};

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
        match parameter.kind {
            Kind::Id => element.as_str() == Some(self.value),
            Kind::Token => self.token(None, element),
            Kind::Code(system) => self.token(Some(system), element),
            Kind::Text => self.text(element),
            Kind::Reference => self.reference(element),
            Kind::Date | Kind::Day | Kind::Instant => self.date(parameter.kind, element),
        }
    }

    /// `code`, `system|code`, `|code` and `system|` (<http://hl7.org/fhir/R4/search.html#token>).
    fn token(&self, implied: Option<&str>, element: &Value) -> bool {
        if let Some(codings) = element["coding"].as_array() {
            return codings.iter().any(|coding| self.token(None, coding));
        }
        let code = if element.is_string() {
            element
        } else {
            element.get("value").unwrap_or(&element["code"])
        };
        let (Some(code), system) = (code.as_str(), implied.or(element["system"].as_str())) else {
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
        if self.modifier == Some("exact") {
            text == asked
        } else {
            normalised(text).starts_with(&normalised(&asked))
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

/// Text without case, accents and repeated blanks.
#[must_use]
pub fn normalised(text: &str) -> String {
    let bare = |c: &char| !is_combining_mark(*c);
    let lower: String = text.nfd().filter(bare).collect::<String>().to_lowercase();
    let lower: String = lower.nfd().filter(bare).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}
