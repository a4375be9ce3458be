//! A query string, taken apart.

use percent_encoding::percent_decode_str;

/// A search request.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// All must hold.
    pub criteria: Vec<Criterion>,
    /// What to send along.
    pub includes: Vec<Include>,
    /// Keys of `_sort`, with their sign.
    pub sort: Vec<String>,
    /// `_total`.
    pub total: Option<String>,
}

/// `_include` or `_revinclude`, in parts.
#[derive(Debug, Clone)]
pub struct Include {
    pub reverse: bool,
    pub iterate: bool,
    /// `*` for every type.
    pub source: String,
    /// `*` for every reference.
    pub param: String,
    pub target: Option<String>,
}

/// A reference that a condition follows.
#[derive(Debug, Clone)]
pub enum Step {
    /// `param:Type.`
    To(String, Option<String>),
    /// `_has:Type:param:`
    From(String, String),
}

/// `name:modifier=value,value`: one value must match.
#[derive(Debug, Clone)]
pub struct Criterion {
    /// The references to follow first.
    pub path: Vec<Step>,
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
                "_include" | "_revinclude" | "_include:iterate" | "_revinclude:iterate" => {
                    query.includes.push(Include::new(&name, &value));
                }
                "_sort" => query.sort = value.split(',').map(str::to_owned).collect(),
                "_total" => query.total = Some(value),
                "_count" | "_format" | "_pretty" => {}
                _ => query.criteria.push(Criterion::new(&name, &value)),
            }
        }
        query
    }
}

impl Include {
    fn new(name: &str, value: &str) -> Self {
        let mut parts = value.split(':').map(str::to_owned);
        Self {
            reverse: name.starts_with("_rev"),
            iterate: name.ends_with(":iterate"),
            source: parts.next().expect("a type"),
            param: parts.next().unwrap_or_else(|| "*".to_owned()),
            target: parts.next(),
        }
    }
}

impl Criterion {
    fn new(mut name: &str, value: &str) -> Self {
        let mut path = vec![];
        loop {
            if let Some(rest) = name.strip_prefix("_has:") {
                let parts: Vec<&str> = rest.splitn(3, ':').collect();
                path.push(Step::From(parts[0].to_owned(), parts[1].to_owned()));
                name = parts[2];
            } else if let Some((head, rest)) = name.split_once('.') {
                let (param, ty) = head
                    .split_once(':')
                    .map_or((head, None), |(p, ty)| (p, Some(ty.to_owned())));
                path.push(Step::To(param.to_owned(), ty));
                name = rest;
            } else {
                break;
            }
        }
        let (name, modifier) = name
            .split_once(':')
            .map_or((name, None), |(n, m)| (n, Some(m.to_owned())));
        Self {
            path,
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
