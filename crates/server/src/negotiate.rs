//! What a client says about the answer it wants: format, handling of unknown parameters, and what it has already
//! (<http://hl7.org/fhir/R4/http.html#mime-type>, RFC 9110 sections 12.5 and 13.1).

use actix_web::http::header::{self, HeaderMap, HeaderName};
use fhir::search::Handling;

use crate::error::Failure;

/// What the client wants the answer to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Indented.
    pub pretty: bool,
    /// The format was said in the address, so links have to say it again.
    pub format: bool,
}

/// Names of JSON that clients use; the answer is `application/fhir+json` for all of them.
const JSON: [&str; 3] = ["application/fhir+json", "application/json", "text/json"];

/// Reads `_format`, `_pretty` and, without `_format`, `Accept`.
///
/// # Errors
/// [`Failure::not_acceptable`] when no JSON will do.
pub fn wanted(headers: &HeaderMap, pairs: &[(String, String)]) -> Result<Wanted, Failure> {
    let named = |name: &'static str| {
        pairs
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    };
    let format = named("_format").count() > 0;
    let acceptable = if format {
        named("_format").all(is_json_format)
    } else {
        accepts_json(headers)
    };
    if !acceptable {
        return Err(Failure::not_acceptable());
    }
    Ok(Wanted {
        pretty: named("_pretty").any(|value| value == "true"),
        format,
    })
}

/// A value of `_format`. Its `+` is often sent as it is, and is then a blank.
fn is_json_format(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase().replace("fhir json", "fhir+json");
    value == "json" || Range::read(&value).is_some_and(|range| range.wished && JSON.contains(&range.media))
}

/// Whether some `Accept` line takes JSON. What is said of JSON by name goes before what is said of everything.
fn accepts_json(headers: &HeaderMap) -> bool {
    let lines: Vec<String> = texts(headers, &header::ACCEPT).map(str::to_ascii_lowercase).collect();
    let said: Vec<&str> = lines
        .iter()
        .flat_map(|l| l.split(','))
        .map(str::trim)
        .filter(|r| !r.is_empty())
        .collect();
    if said.is_empty() {
        return true;
    }
    let ranges: Vec<Range<'_>> = said.iter().filter_map(|range| Range::read(range)).collect();
    let wished = |names: &[&str]| {
        ranges
            .iter()
            .filter(|r| names.contains(&r.media))
            .map(|r| r.wished)
            .max()
    };
    wished(&JSON)
        .or_else(|| wished(&["application/*"]))
        .or_else(|| wished(&["*/*"]))
        .unwrap_or(false)
}

/// One range of an `Accept` header, in lower case.
struct Range<'a> {
    media: &'a str,
    /// Its quality is above zero. How much above does not matter where there is only one format.
    wished: bool,
}

impl<'a> Range<'a> {
    /// `None` for another version of FHIR.
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media = parts.next()?;
        let mut wished = true;
        for (name, value) in parts.filter_map(|p| p.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match name.trim() {
                "q" => wished = value.parse::<f64>().is_ok_and(|quality| quality > 0.0),
                "fhirversion" if !matches!(value, "4.0" | fhir::r4::VERSION) => return None,
                _ => {}
            }
        }
        Some(Self { media, wished })
    }
}

/// `Prefer: handling=strict`; lenient is the default (<http://hl7.org/fhir/R4/search.html#errors>).
#[must_use]
pub fn handling(headers: &HeaderMap) -> Handling {
    let prefer = HeaderName::from_static("prefer");
    let strict = |text: &str| {
        let preferences = text.split([',', ';']).filter_map(|p| p.split_once('='));
        preferences
            .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
            .any(|(name, value)| name.eq_ignore_ascii_case("handling") && value.eq_ignore_ascii_case("strict"))
    };
    if texts(headers, &prefer).any(strict) {
        Handling::Strict
    } else {
        Handling::Lenient
    }
}

/// Whether the client has this version, by `If-None-Match`. `If-Modified-Since` is not looked at: a resource also changes
/// when a row that it is made of arrives late, and the vendor's time of change does not tell that.
#[must_use]
pub fn has_already(headers: &HeaderMap, version: &str) -> bool {
    let tag = |text: &str| {
        let text = text.trim();
        let opaque = text.strip_prefix("W/").unwrap_or(text);
        text == "*" || opaque.strip_prefix('"').and_then(|t| t.strip_suffix('"')) == Some(version)
    };
    texts(headers, &header::IF_NONE_MATCH).any(|line| line.split(',').any(tag))
}

fn texts<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).filter_map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests;
