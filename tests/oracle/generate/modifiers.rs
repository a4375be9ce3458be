//! Values for what each modifier wants.

use fhir::terminology;
use serde_json::Value;

use super::{Generator, escape};
use crate::oracle::params::Parameter;
use crate::oracle::text;

impl Generator<'_> {
    /// A criterion of one or several values under a modifier.
    pub(super) fn modified(
        &mut self,
        ty: &str,
        parameter: &Parameter,
        modifier: &str,
        pivot: &Value,
    ) -> (String, String) {
        if modifier == "[type]" {
            return self.typed_reference(ty, parameter, pivot);
        }
        let count = [1, 1, 1, 2, 3][self.random.below(5)];
        let values: Vec<String> = (0..count)
            .map(|_| self.for_modifier(ty, parameter, modifier, pivot))
            .collect();
        (format!("{}:{modifier}", parameter.name), values.join(","))
    }

    fn for_modifier(&mut self, ty: &str, parameter: &Parameter, modifier: &str, pivot: &Value) -> String {
        let element = self.element(ty, parameter, pivot).unwrap_or(Value::Null);
        match modifier {
            "contains" => self.inside(text(&element)),
            "text" => {
                let shown = shown(&element);
                let one = if shown.is_empty() {
                    "Unknown".to_owned()
                } else {
                    self.random.pick(&shown).clone()
                };
                self.text(&one)
            }
            "in" | "not-in" => self.value_set(&element),
            "of-type" => self.of_type(&element),
            "identifier" => self.token(None, &element["identifier"]),
            "below" | "above" if parameter.is_uri() => {
                let url = text(&element);
                let cut = url.rfind('/').unwrap_or(url.len());
                let near = [
                    url.to_owned(),
                    url[..cut].to_owned(),
                    url[..=cut.min(url.len().saturating_sub(1))].to_owned(),
                    format!("{url}/more"),
                    format!("{url}x"),
                ];
                escape(self.random.pick::<String>(&near))
            }
            "below" | "above" => self.in_tree(&element),
            _ => self.value(ty, parameter, pivot),
        }
    }

    /// A part of a text, as somebody might type it.
    fn inside(&mut self, full: &str) -> String {
        let length = full.chars().count().max(1);
        let from = self.random.below(length);
        let part: String = full.chars().skip(from).take(1 + self.random.below(length)).collect();
        let part = match self.random.below(12) {
            0 => "%".to_owned(),
            1 => "_".to_owned(),
            2 => "%a%".to_owned(),
            _ => part,
        };
        self.text(&part)
    }

    /// One that has the element's system, else any.
    fn value_set(&mut self, element: &Value) -> String {
        let codings = element["coding"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![element.clone()]);
        let system = self.random.pick(&codings)["system"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let of_system: Vec<&str> = terminology::value_sets()
            .filter(|set| set.codes.iter().any(|(of, _)| *of == system) || set.systems.contains(&system.as_str()))
            .map(|set| set.url)
            .collect();
        let all: Vec<&str> = terminology::value_sets().map(|set| set.url).collect();
        let from = if of_system.is_empty() || self.random.once_in(3) {
            all
        } else {
            of_system
        };
        let url = *self.random.pick::<&str>(&from);
        escape(url)
    }

    fn of_type(&mut self, element: &Value) -> String {
        let kind = &element["type"]["coding"][0];
        let system = kind["system"]
            .as_str()
            .unwrap_or("http://terminology.hl7.org/CodeSystem/v2-0203");
        let (code, value) = (
            kind["code"].as_str().unwrap_or("MR"),
            element["value"].as_str().unwrap_or("7"),
        );
        let code = self.near(code);
        let value = self.near(value);
        format!("{}|{}|{}", escape(system), escape(&code), escape(&value))
    }

    /// A code of ICD with fewer or more characters.
    fn in_tree(&mut self, element: &Value) -> String {
        let codings = element["coding"].as_array().cloned().unwrap_or_default();
        let icd = |c: &&Value| text(&c["system"]).starts_with("http://hl7.org/fhir/sid/icd-");
        let (system, code) = match codings.iter().find(icd) {
            Some(coding) => (text(&coding["system"]), text(&coding["code"])),
            None => ("http://hl7.org/fhir/sid/icd-10-cm", "E11.65"),
        };
        let keep = 1 + self.random.below(code.len().max(1));
        let code = match self.random.below(6) {
            0 => code.to_owned(),
            1 => format!("{code}1"),
            2 => code.split('.').next().unwrap_or(code).to_owned(),
            _ => code.chars().take(keep).collect(),
        };
        let other = ["http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-9-cm"];
        let system = if self.random.once_in(6) {
            other[self.random.below(2)]
        } else {
            system
        };
        format!("{system}|{code}")
    }
}

impl Generator<'_> {
    /// A value of a parameter as a resource has it, escaped; nothing when it has none.
    #[must_use]
    pub fn exactly(&self, ty: &str, parameter: &str, resource: &Value) -> Option<String> {
        let parameter = crate::oracle::params::find(ty, parameter);
        let elements = parameter
            .elements(resource)
            .into_iter()
            .filter(|e| parameter.has_value(e));
        let value = |element: &Value| -> Option<String> {
            let code = element["coding"].as_array().map_or(element, |codings| &codings[0]);
            let text = element
                .as_str()
                .or_else(|| element["reference"].as_str())
                .or_else(|| code["code"].as_str())
                .or_else(|| element["value"].as_str())
                .or_else(|| element["start"].as_str())?;
            // A period with an end is within no moment that its start could be.
            let after = if element["start"].is_string() { "ge" } else { "" };
            Some(format!("{after}{}", escape(text)))
        };
        elements.into_iter().find_map(value)
    }
}

/// The texts of a concept or coding.
fn shown(element: &Value) -> Vec<String> {
    let codings = element["coding"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![element.clone()]);
    let displays = codings
        .iter()
        .map(|coding| &coding["display"])
        .chain([&element["text"]]);
    displays.filter_map(Value::as_str).map(str::to_owned).collect()
}
