//! What a client says about the answer it wants: format, handling of unknown parameters, and what it has already
//! (<http://hl7.org/fhir/R4/http.html#mime-type>, RFC 9110 sections 12.5 and 13.1).

use actix_web::http::header::{self, HeaderMap, HeaderName};
use chrono::{NaiveDateTime, Timelike};
use fhir::search::Handling;

use crate::error::Failure;

/// A format of FHIR resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// `application/fhir+json`
    #[default]
    Json,
    /// `application/fhir+xml`
    Xml,
}

impl Format {
    /// Its short name, in `_format`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }

    /// The media types that clients use for it, in lower case; the answer has the first of them. The last is the name of FHIR before R3, which
    /// some libraries still send along.
    #[must_use]
    pub fn media(self) -> [&'static str; 4] {
        match self {
            Self::Json => [fhir::r4::JSON, "application/json", "text/json", "application/json+fhir"],
            Self::Xml => [fhir::xml::MEDIA, "application/xml", "text/xml", "application/xml+fhir"],
        }
    }
}

/// What the client wants the answer to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// How it is written.
    pub format: Format,
    /// The format was said in the address, so links have to say it again.
    pub said: bool,
    /// Indented.
    pub pretty: bool,
}

impl Wanted {
    /// The parameters that links have to repeat for an answer that looks alike.
    pub fn parameters(self) -> impl Iterator<Item = String> {
        let format = self.said.then(|| format!("_format={}", self.format.name()));
        format.into_iter().chain(self.pretty.then(|| "_pretty=true".to_owned()))
    }

    /// A query of these parts with those parameters: `?…`, or nothing.
    #[must_use]
    pub fn appended(self, parts: &[&str]) -> String {
        let parts = parts.iter().map(|part| (*part).to_owned()).chain(self.parameters());
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!("?{}", parts.join("&"))
        }
    }
}

/// Reads `_format`, `_pretty` and, without `_format`, `Accept`.
///
/// # Errors
/// [`Failure::not_acceptable`] when neither JSON nor XML will do.
pub fn wanted(headers: &HeaderMap, pairs: &[(String, String)]) -> Result<Wanted, Failure> {
    let named = |name: &'static str| {
        pairs
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    };
    let mut said = named("_format").map(format_named).peekable();
    let in_address = said.peek().is_some();
    let format = if in_address {
        // All have to be known; the first counts.
        said.collect::<Option<Vec<Format>>>()
            .and_then(|all| all.first().copied())
    } else {
        accepted(headers)
    };
    Ok(Wanted {
        format: format.ok_or_else(Failure::not_acceptable)?,
        said: in_address,
        pretty: named("_pretty").any(|value| value == "true"),
    })
}

/// Whether a type of content says nothing of its characters, or that they are UTF-8.
#[must_use]
pub fn is_utf8(content_type: &str) -> bool {
    let said = content_type.to_ascii_lowercase();
    let mut charsets = said.split(';').filter_map(|part| part.trim().strip_prefix("charset="));
    charsets.all(|charset| charset.trim_matches('"') == "utf-8")
}

/// The format of the resource in a body; `None` for another type of content, another version of FHIR and another encoding than UTF-8.
#[must_use]
pub fn of_body(headers: &HeaderMap) -> Option<Format> {
    let said = texts(headers, &header::CONTENT_TYPE).next()?.to_ascii_lowercase();
    let range = Range::read(&said).filter(|_| is_utf8(&said))?;
    [Format::Json, Format::Xml]
        .into_iter()
        .find(|format| format.media().contains(&range.media))
}

/// The format of a failure: the one that is wanted, else JSON.
#[must_use]
pub fn of_failure(headers: &HeaderMap, query: &str) -> Format {
    let pairs = fhir::search::parse_query_string(query).unwrap_or_default();
    wanted(headers, &pairs).map(|wanted| wanted.format).unwrap_or_default()
}

/// The format of a value of `_format`. Its `+` is often sent as it is, and is then a blank.
fn format_named(value: &str) -> Option<Format> {
    let value = value.trim().to_ascii_lowercase().replace("fhir ", "fhir+");
    let range = Range::read(&value).filter(|range| range.quality > 0.0);
    [Format::Json, Format::Xml].into_iter().find(|format| {
        value == format.name()
            || range
                .as_ref()
                .is_some_and(|range| format.media().contains(&range.media))
    })
}

/// The format that `Accept` likes better; JSON where it likes both alike. What is said of a format by name goes before what is said of everything.
fn accepted(headers: &HeaderMap) -> Option<Format> {
    let lines: Vec<String> = texts(headers, &header::ACCEPT).map(str::to_ascii_lowercase).collect();
    let said: Vec<&str> = lines
        .iter()
        .flat_map(|l| l.split(','))
        .map(str::trim)
        .filter(|r| !r.is_empty())
        .collect();
    if said.is_empty() {
        return Some(Format::Json);
    }
    let ranges: Vec<Range<'_>> = said.iter().filter_map(|range| Range::read(range)).collect();
    let best = |names: &[&str]| {
        let of_these = ranges.iter().filter(|r| names.contains(&r.media));
        of_these.map(|r| r.quality).reduce(f64::max)
    };
    let quality = |format: Format| {
        let named = best(&format.media());
        named
            .or_else(|| best(&["application/*"]))
            .or_else(|| best(&["*/*"]))
            .unwrap_or(0.0)
    };
    let (json, xml) = (quality(Format::Json), quality(Format::Xml));
    // A browser names XML as a kind of page: its user is better served with JSON.
    let page = best(&["text/html"]).is_some() && best(&[fhir::xml::MEDIA]).is_none();
    if json > 0.0 && (json >= xml || page) {
        Some(Format::Json)
    } else {
        (xml > 0.0).then_some(Format::Xml)
    }
}

/// One range of an `Accept` header, in lower case.
struct Range<'a> {
    media: &'a str,
    /// From 0, which is a refusal, to 1.
    quality: f64,
}

impl<'a> Range<'a> {
    /// `None` for another version of FHIR.
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media = parts.next()?;
        let mut quality = 1.0;
        for (name, value) in parts.filter_map(|p| p.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match name.trim() {
                "q" => quality = value.parse::<f64>().unwrap_or(0.0),
                "fhirversion" if !matches!(value, "4.0" | fhir::r4::VERSION) => return None,
                _ => {}
            }
        }
        Some(Self { media, quality })
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

/// Whether the client has this version: by `If-None-Match`, else by `If-Modified-Since` where the time of the last change is
/// `modified` (RFC 9110 section 13.1.3).
#[must_use]
pub fn has_already(headers: &HeaderMap, version: &str, modified: Option<NaiveDateTime>) -> bool {
    let tag = |text: &str| {
        let text = text.trim();
        let opaque = text.strip_prefix("W/").unwrap_or(text);
        text == "*" || opaque.strip_prefix('"').and_then(|t| t.strip_suffix('"')) == Some(version)
    };
    if headers.contains_key(header::IF_NONE_MATCH) {
        return texts(headers, &header::IF_NONE_MATCH).any(|line| line.split(',').any(tag));
    }
    let date = texts(headers, &header::IF_MODIFIED_SINCE).next().and_then(http_time);
    date.zip(modified)
        .is_some_and(|(since, modified)| whole_second(modified) <= since)
}

/// A time as HTTP writes it; other forms are ignored as the RFC wants it.
fn http_time(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.trim(), "%a, %d %b %Y %H:%M:%S GMT").ok()
}

/// As [`http_date`](crate::respond::http_date) writes it.
fn whole_second(at: NaiveDateTime) -> NaiveDateTime {
    at.with_nanosecond(0).unwrap_or(at)
}

fn texts<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).filter_map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests;
