//! A query string, taken apart.

use percent_encoding::percent_decode_str;

/// A search request.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// All must hold.
    pub criteria: Vec<Criterion>,
    /// Values of `_include`.
    pub includes: Vec<String>,
    /// Keys of `_sort`, with their sign.
    pub sort: Vec<String>,
    /// `_total`.
    pub total: Option<String>,
}

/// `name:modifier=value,value`: one value must match.
#[derive(Debug, Clone)]
pub struct Criterion {
    pub name: String,
    pub modifier: Option<String>,
    /// Between commas, with their escapes.
    pub values: Vec<String>,
}

impl Query {
    /// Reads a query string without `?`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for pair in text.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').expect("a value");
            let (name, value) = (decode(name), decode(value));
            match name.as_str() {
                "_include" => query.includes.push(value),
                "_sort" => query.sort = value.split(',').map(str::to_owned).collect(),
                "_total" => query.total = Some(value),
                "_count" | "_format" | "_pretty" => {}
                _ => query.criteria.push(Criterion::new(&name, &value)),
            }
        }
        query
    }
}

impl Criterion {
    fn new(name: &str, value: &str) -> Self {
        let (name, modifier) = name
            .split_once(':')
            .map_or((name, None), |(n, m)| (n, Some(m.to_owned())));
        Self {
            name: name.to_owned(),
            modifier,
            values: split(value, ','),
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .expect("UTF-8")
        .into_owned()
}

/// The parts between separators that have no backslash before them.
#[must_use]
pub fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let last = parts.last_mut().expect("one part");
        if c == '\\' {
            last.push(c);
            last.extend(chars.next());
        } else if c == separator {
            parts.push(String::new());
        } else {
            last.push(c);
        }
    }
    parts
}

/// A part without its backslashes.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut chars = text.chars();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}
