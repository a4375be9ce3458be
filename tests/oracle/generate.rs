//! Requests made of the data itself: mostly things that are there, and their nearest neighbours.

mod controls;
mod dates;
mod modifiers;
mod sweep;

use controls::Arrow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::params::{Kind, Parameter};
use super::random::Random;
use super::{Oracle, text};

/// A search, in parts that can be left out one by one to find the shortest that fails.
#[derive(Debug, Clone)]
pub struct Case {
    pub ty: String,
    /// Names and values, not encoded.
    pub pairs: Vec<(String, String)>,
}

impl Case {
    /// The query string, encoded.
    #[must_use]
    pub fn query(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{name}={}", encode(value));
        self.pairs.iter().map(pair).collect::<Vec<_>>().join("&")
    }
}

/// A value as it stands in a URL.
#[must_use]
pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
}

/// What the generator draws from.
pub struct Generator<'a> {
    pub oracle: &'a Oracle,
    pub random: Random,
    /// Every reference between types.
    arrows: Vec<Arrow>,
}

impl<'a> Generator<'a> {
    #[must_use]
    pub fn new(oracle: &'a Oracle, random: Random) -> Self {
        let arrows = controls::arrows(oracle);
        Self { oracle, random, arrows }
    }
}

impl Generator<'_> {
    /// One more request.
    pub fn case(&mut self) -> Case {
        let types: Vec<String> = self.oracle.types().map(str::to_owned).collect();
        let ty = self.random.pick(&types).clone();
        let mut pairs = vec![];
        let criteria = [0, 1, 1, 1, 1, 1, 2, 2, 2, 3][self.random.below(10)];
        // Criteria drawn from one resource have at least that resource in common.
        let pivot = self.random.pick(self.oracle.of(&ty)).clone();
        for _ in 0..criteria {
            let depth = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][self.random.below(10)];
            pairs.push(self.condition(&ty, &pivot, depth));
        }
        self.controls(&ty, &mut pairs);
        Case { ty, pairs }
    }

    /// A condition of a resource like `pivot`, or of one that up to `depth` references lead to from it.
    fn condition(&mut self, ty: &str, pivot: &Value, depth: usize) -> (String, String) {
        let backward = self.random.once_in(2);
        let ways: Vec<&Arrow> = self
            .arrows
            .iter()
            .filter(|a| if backward { a.to == ty } else { a.from == ty })
            .collect();
        if depth == 0 || ways.is_empty() {
            let parameters = self.oracle.parameters(ty);
            let parameter = *self.random.pick(&parameters);
            return self.criterion(ty, &parameter, pivot);
        }
        let ways: Vec<Arrow> = ways.into_iter().cloned().collect();
        let way = self.random.pick(&ways).clone();
        let named = self.random.once_in(2) || ways.iter().filter(|a| a.param == way.param).count() > 1;
        self.through(&way, backward, named, pivot, depth - 1)
    }

    /// A condition of what a reference leads to from a resource like `pivot`; with the type that it leads to, or without.
    fn through(&mut self, way: &Arrow, backward: bool, named: bool, pivot: &Value, depth: usize) -> (String, String) {
        let (there, prefix) = if backward {
            (&way.from, format!("_has:{}:{}:", way.from, way.param))
        } else {
            let ty = if named { format!(":{}", way.to) } else { String::new() };
            (&way.to, format!("{}{ty}.", way.param))
        };
        let pivot = self.neighbour(pivot, way, backward);
        let (name, value) = self.condition(there, &pivot, depth);
        (format!("{prefix}{name}"), value)
    }

    /// A resource at the other end of a reference from or to `pivot`; any of its type when there is none.
    fn neighbour(&mut self, pivot: &Value, way: &Arrow, backward: bool) -> Value {
        let there = if backward { &way.from } else { &way.to };
        let near = |other: &&Value| {
            let (from, to) = if backward { (*other, pivot) } else { (pivot, *other) };
            super::references(&way.from, way.param, from).contains(&super::name(to).as_str())
        };
        let near: Vec<&Value> = self.oracle.of(there).iter().filter(near).collect();
        if near.is_empty() {
            self.random.pick(self.oracle.of(there)).clone()
        } else {
            (*self.random.pick(&near)).clone()
        }
    }

    fn criterion(&mut self, ty: &str, parameter: &Parameter, pivot: &Value) -> (String, String) {
        if self.random.once_in(12) {
            return (
                format!("{}:missing", parameter.name),
                ["true", "false"][self.random.below(2)].to_owned(),
            );
        }
        let claimed = self.oracle.claims.modifiers(ty, parameter.name);
        let claimed: Vec<&str> = claimed.iter().map(String::as_str).filter(|m| *m != "missing").collect();
        if !claimed.is_empty() && self.random.once_in(3) {
            let modifier = *self.random.pick(&claimed);
            return self.modified(ty, parameter, modifier, pivot);
        }
        let values = [1, 1, 1, 1, 2, 2, 3, 5][self.random.below(8)];
        let values: Vec<String> = (0..values).map(|_| self.value(ty, parameter, pivot)).collect();
        (parameter.name.to_owned(), values.join(","))
    }

    /// `subject:Patient=id`, of the right type and of wrong ones.
    fn typed_reference(&mut self, ty: &str, parameter: &Parameter, pivot: &Value) -> (String, String) {
        let target = self
            .element(ty, parameter, pivot)
            .map(|e| text(&e["reference"]).to_owned())
            .unwrap_or_default();
        let (of, id) = target.split_once('/').unwrap_or(("Patient", "none"));
        let of = if self.random.once_in(4) { "Practitioner" } else { of };
        (format!("{}:{of}", parameter.name), id.to_owned())
    }

    /// An element that the parameter looks at: of the pivot mostly, else of some other resource.
    fn element(&mut self, ty: &str, parameter: &Parameter, pivot: &Value) -> Option<Value> {
        let stranger = self.random.once_in(4);
        for attempt in 0..6 {
            let from = if attempt == 0 && !stranger {
                pivot
            } else {
                self.random.pick(self.oracle.of(ty))
            };
            let elements: Vec<&Value> = parameter
                .elements(from)
                .into_iter()
                .filter(|e| parameter.has_value(e))
                .collect();
            if !elements.is_empty() {
                return Some((*self.random.pick(&elements)).clone());
            }
        }
        None
    }

    fn value(&mut self, ty: &str, parameter: &Parameter, pivot: &Value) -> String {
        let element = self.element(ty, parameter, pivot).unwrap_or(Value::Null);
        match parameter.kind {
            Kind::Id => self.id(text(&element)),
            Kind::Uri => escape(&self.near(text(&element))),
            Kind::Token => self.token(None, &element),
            Kind::Flag => self.token(Some("http://terminology.hl7.org/CodeSystem/special-values"), &element),
            Kind::Code(system) => self.token(Some(system), &element),
            Kind::Text => self.text(text(&element)),
            Kind::Reference => self.reference(text(&element["reference"])),
            Kind::Date | Kind::Day | Kind::Instant => self.date(parameter.kind, &element),
        }
    }

    fn id(&mut self, id: &str) -> String {
        match self.random.below(8) {
            0 => id.to_uppercase(),
            1 => format!("{id}0"),
            2 => "unknown.pt.1".to_owned(),
            3 => id.replace('.', "-"),
            _ => id.to_owned(),
        }
    }

    fn token(&mut self, implied: Option<&str>, element: &Value) -> String {
        let codings = element["coding"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![element.clone()]);
        let coding = self.random.pick(&codings).clone();
        let code = coding
            .as_str()
            .or_else(|| coding.as_bool().map(|flag| ["false", "true"][usize::from(flag)]))
            .or_else(|| coding["value"].as_str())
            .or_else(|| coding["code"].as_str());
        let own = coding["system"].as_str().filter(|system| system.contains(':'));
        let system = implied.or(own).unwrap_or("urn:none");
        let code = self.near(code.unwrap_or("none"));
        let code = escape(&code);
        match self.random.below(9) {
            0 | 1 => format!("{}|{code}", escape(system)),
            2 => format!("{}|", escape(system)),
            3 => format!("|{code}"),
            4 => format!("{}|{code}", escape(&self.near(system))),
            5 => format!("http://example.org/other|{code}"),
            _ => code,
        }
    }

    /// A code, or one that differs a little.
    fn near(&mut self, code: &str) -> String {
        match self.random.below(16) {
            0 => code.to_uppercase(),
            1 => code.to_lowercase(),
            2 => format!("{code}9"),
            3 if code.chars().count() > 1 => code.chars().skip(1).collect(),
            4 => code.replace('.', ""),
            5 => format!("0{code}"),
            _ => code.to_owned(),
        }
    }

    fn text(&mut self, full: &str) -> String {
        let length = full.chars().count().max(1);
        let start = |n: usize| full.chars().take(n).collect::<String>();
        let short = 1 + self.random.below(length);
        let text = match self.random.below(12) {
            0 => start(short).to_uppercase(),
            1 => start(short).to_lowercase(),
            2 => full.nfd().filter(|c| !is_combining_mark(*c)).collect(),
            3 => full.nfd().collect(),
            4 => full.replacen(['a', 'e', 'o', 'i'], "\u{e9}", 1),
            5 => full.replace(' ', "  "),
            6 => format!("{full}x"),
            7 => full.chars().skip(1).collect(),
            8 => full.to_uppercase(),
            9 => start(1),
            10 => start(short),
            _ => full.to_owned(),
        };
        let text = if text.trim().is_empty() { "x".to_owned() } else { text };
        escape(&text)
    }

    fn reference(&mut self, target: &str) -> String {
        let (ty, id) = target.split_once('/').unwrap_or(("Patient", "none"));
        let base = self.random.pick(&self.oracle.bases).clone();
        match self.random.below(9) {
            0 | 1 => format!("{base}/{ty}/{id}"),
            2 => format!("http://example.org/fhir/{ty}/{id}"),
            3 => format!("Device/{id}"),
            4 => format!("{ty}/{id}x"),
            5 | 6 => format!("{ty}/{id}"),
            _ => id.to_owned(),
        }
    }
}

/// A value with backslashes before what separates values.
#[must_use]
pub fn escape(text: &str) -> String {
    let special = |c: char| matches!(c, ',' | '|' | '$' | '\\');
    text.chars()
        .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]))
        .collect()
}
