//! Search results: a Bundle of type `searchset` put together from resources that are bytes already (<http://hl7.org/fhir/R4/bundle.html>).

mod history;

use bytes::Bytes;
use chrono::NaiveDateTime;
use twox_hash::XxHash3_64;

pub use history::{Change, Entry as HistoryEntry, History};

/// What a link of a page leads to (<http://hl7.org/fhir/R4/http.html#paging>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The request as it was understood.
    SelfLink,
    /// The first page.
    First,
    /// The page before.
    Previous,
    /// The page after; absent on the last page.
    Next,
    /// The last page.
    Last,
}

impl Relation {
    fn name(self) -> &'static str {
        match self {
            Self::SelfLink => "self",
            Self::First => "first",
            Self::Previous => "previous",
            Self::Next => "next",
            Self::Last => "last",
        }
    }
}

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it leads to.
    pub relation: Relation,
    /// Its absolute URL.
    pub url: String,
}

/// Why a resource is in the page (<http://hl7.org/fhir/R4/valueset-search-entry-mode.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It matches the search.
    Match,
    /// Something that matches points at it.
    Include,
    /// It is an OperationOutcome about the search itself.
    Outcome,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Include => "include",
            Self::Outcome => "outcome",
        }
    }
}

/// One resource of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The absolute URL at which the resource can be read; absent for an outcome, which gets one that only tells it apart.
    pub full_url: Option<String>,
    /// Why it is here.
    pub mode: Mode,
    /// The resource as JSON, from [`crate::json::encode`] or [`crate::outcome::outcome`]; copied as it is.
    pub json: Bytes,
}

/// What a page is told apart by, for its ETag: a hash of what the caller says of it, such as the versions of its resources. It costs less than one
/// of the bytes, and is there before them.
#[derive(Debug, Default)]
pub struct Tag(Vec<u8>);

impl Tag {
    /// Adds something that the page depends on.
    pub fn add(&mut self, part: impl AsRef<[u8]>) {
        self.0.extend_from_slice(part.as_ref());
        // In no address, id or version, and nowhere in UTF-8.
        self.0.push(0xff);
    }

    /// The ETag's text, without `W/` and quotes.
    #[must_use]
    pub fn finish(&self) -> String {
        format!("{:016x}", XxHash3_64::oneshot(&self.0))
    }
}

/// One page of search results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Links, in the order written; a search has at least `self`.
    pub links: Vec<Link>,
    /// How many resources match in all, without included ones and outcomes, where it was counted.
    pub total: Option<u64>,
    /// When the page was made, in UTC.
    pub timestamp: Option<NaiveDateTime>,
    /// The resources, in the order written: matches first.
    pub entries: Vec<Entry>,
}

/// The bytes an entry needs beside its resource and url.
const ENTRY_ROOM: usize = 64;

impl Page {
    /// The page as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.room());
        head(&mut out, "searchset", self.timestamp, self.total);
        list(&mut out, "link", &self.links, write_link);
        list(&mut out, "entry", &self.entries, write_entry);
        out.push(b'}');
        out
    }

    fn room(&self) -> usize {
        let entries: usize = self
            .entries
            .iter()
            .map(|entry| entry.json.len() + entry.full_url.as_ref().map_or(0, String::len) + ENTRY_ROOM)
            .sum();
        let links: usize = self.links.iter().map(|link| link.url.len() + ENTRY_ROOM).sum();
        entries + links + 2 * ENTRY_ROOM
    }
}

/// What became of one request of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answered {
    /// `200 OK`
    pub status: String,
    /// The version of what was read, as `ETag` has it.
    pub etag: Option<String>,
    /// Its last change, as FHIR writes instants.
    pub modified: Option<String>,
    /// What was asked for, as JSON.
    pub resource: Option<Bytes>,
    /// Why it is not there: an OperationOutcome as JSON.
    pub outcome: Option<Bytes>,
}

/// The answers to a batch, in the order of its entries: a Bundle of type `batch-response` as JSON.
#[must_use]
pub fn batch_response(answers: &[Answered]) -> Vec<u8> {
    let size = |answer: &Answered| {
        let bodies = answer.resource.iter().chain(&answer.outcome);
        bodies.map(Bytes::len).sum::<usize>() + 2 * ENTRY_ROOM
    };
    let mut out = Vec::with_capacity(answers.iter().map(size).sum::<usize>() + ENTRY_ROOM);
    out.extend_from_slice(br#"{"resourceType":"Bundle","type":"batch-response""#);
    list(&mut out, "entry", answers, write_answer);
    out.push(b'}');
    out
}

fn write_answer(out: &mut Vec<u8>, answer: &Answered) {
    out.push(b'{');
    if let Some(resource) = &answer.resource {
        out.extend_from_slice(br#""resource":"#);
        out.extend_from_slice(resource);
        out.push(b',');
    }
    out.extend_from_slice(br#""response":{"status":"#);
    string(out, &answer.status);
    for (name, text) in [("etag", &answer.etag), ("lastModified", &answer.modified)] {
        if let Some(text) = text {
            out.extend_from_slice(format!(r#","{name}":"#).as_bytes());
            string(out, text);
        }
    }
    if let Some(outcome) = &answer.outcome {
        out.extend_from_slice(br#","outcome":"#);
        out.extend_from_slice(outcome);
    }
    out.extend_from_slice(b"}}");
}

/// Writes what a Bundle begins with.
fn head(out: &mut Vec<u8>, kind: &str, timestamp: Option<NaiveDateTime>, total: Option<u64>) {
    out.extend_from_slice(format!(r#"{{"resourceType":"Bundle","type":"{kind}""#).as_bytes());
    if let Some(at) = timestamp {
        out.extend_from_slice(br#","timestamp":""#);
        out.extend_from_slice(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string().as_bytes());
        out.push(b'"');
    }
    if let Some(total) = total {
        out.extend_from_slice(format!(r#","total":{total}"#).as_bytes());
    }
}

/// Writes `,"name":[…]`, or nothing for an empty list: FHIR has no empty arrays (<http://hl7.org/fhir/R4/json.html>).
fn list<T>(out: &mut Vec<u8>, name: &str, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index == 0 {
            out.extend_from_slice(format!(r#","{name}":["#).as_bytes());
        } else {
            out.push(b',');
        }
        write(out, item);
    }
    if !items.is_empty() {
        out.push(b']');
    }
}

fn write_link(out: &mut Vec<u8>, link: &Link) {
    out.extend_from_slice(format!(r#"{{"relation":"{}","url":"#, link.relation.name()).as_bytes());
    string(out, &link.url);
    out.push(b'}');
}

fn write_entry(out: &mut Vec<u8>, entry: &Entry) {
    out.extend_from_slice(br#"{"fullUrl":"#);
    match &entry.full_url {
        Some(url) => string(out, url),
        None => string(out, &unique_url(&entry.json)),
    }
    out.extend_from_slice(br#","resource":"#);
    out.extend_from_slice(&entry.json);
    out.extend_from_slice(format!(r#","search":{{"mode":"{}"}}}}"#, entry.mode.name()).as_bytes());
}

/// The URL of a resource that has no address: every entry of a search has one (<http://hl7.org/fhir/R4/bundle.html#bundle-unique>). A UUID of
/// version 8 made of the content, so that an unchanged page stays the same page.
fn unique_url(json: &[u8]) -> String {
    let [high, low] = [0, 1].map(|seed| XxHash3_64::oneshot_with_seed(seed, json));
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xfff);
    let (d, e) = (low >> 48 & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
    format!("urn:uuid:{a:08x}-{b:04x}-8{c:03x}-{d:04x}-{e:012x}")
}

/// A JSON string with its quotes, escaped by serde_json.
fn string(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&crate::json::plain(&text));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(mode: Mode, url: Option<&str>) -> Entry {
        Entry {
            full_url: url.map(str::to_owned),
            mode,
            json: Bytes::from_static(br#"{"resourceType":"Patient"}"#),
        }
    }

    #[test]
    fn a_page_is_written_in_order_and_escaped() {
        let page = Page {
            links: vec![
                Link {
                    relation: Relation::SelfLink,
                    url: "http://h/fhir/Patient?name=\"a\\".to_owned(),
                },
                Link {
                    relation: Relation::Next,
                    url: "http://h/é".to_owned(),
                },
            ],
            total: Some(7),
            timestamp: NaiveDateTime::parse_from_str("2024-05-05 10:00:00", "%F %T").ok(),
            entries: vec![
                entry(Mode::Match, Some("http://h/fhir/Patient/1")),
                entry(Mode::Include, Some("http://h/fhir/Patient/2")),
                entry(Mode::Outcome, None),
            ],
        };
        let text = String::from_utf8(page.to_json()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["link"][0]["url"], "http://h/fhir/Patient?name=\"a\\");
        insta::assert_snapshot!(text, @r#"{"resourceType":"Bundle","type":"searchset","timestamp":"2024-05-05T10:00:00.000Z","total":7,"link":[{"relation":"self","url":"http://h/fhir/Patient?name=\"a\\"},{"relation":"next","url":"http://h/é"}],"entry":[{"fullUrl":"http://h/fhir/Patient/1","resource":{"resourceType":"Patient"},"search":{"mode":"match"}},{"fullUrl":"http://h/fhir/Patient/2","resource":{"resourceType":"Patient"},"search":{"mode":"include"}},{"fullUrl":"urn:uuid:7f63e15c-a96d-8aa0-b107-0d64a2816c77","resource":{"resourceType":"Patient"},"search":{"mode":"outcome"}}]}"#);
    }

    #[test]
    fn what_has_no_address_has_a_uuid_of_its_content() {
        let [one, same, other] = [b"a".as_slice(), b"a", b"b"].map(unique_url);
        assert_eq!(one, same);
        assert_ne!(one, other);
        let digits = one.strip_prefix("urn:uuid:").unwrap();
        let lengths: Vec<usize> = digits.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(digits.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()));
    }

    #[test]
    fn a_tag_depends_on_each_part_and_on_where_it_ends() {
        let tag = |parts: &[&str]| {
            let mut tag = Tag::default();
            parts.iter().for_each(|part| tag.add(part));
            tag.finish()
        };
        assert_eq!(tag(&["ab", "c"]), tag(&["ab", "c"]));
        for other in [&["a", "bc"][..], &["ab"], &["ab", "c", ""], &["c", "ab"], &[]] {
            assert_ne!(tag(other), tag(&["ab", "c"]), "{other:?}");
        }
    }

    #[test]
    fn the_answers_to_a_batch_are_written_in_order() {
        let found = Answered {
            status: "200 OK".to_owned(),
            etag: Some("W/\"1\"".to_owned()),
            modified: Some("2024-05-05T10:00:00Z".to_owned()),
            resource: Some(Bytes::from_static(br#"{"resourceType":"Patient"}"#)),
            outcome: None,
        };
        let missed = Answered {
            status: "404 Not Found".to_owned(),
            outcome: Some(Bytes::from_static(br#"{"resourceType":"OperationOutcome"}"#)),
            ..Answered::default()
        };
        let text = String::from_utf8(batch_response(&[found, missed])).unwrap();
        insta::assert_snapshot!(text, @r#"{"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Patient"},"response":{"status":"200 OK","etag":"W/\"1\"","lastModified":"2024-05-05T10:00:00Z"}},{"response":{"status":"404 Not Found","outcome":{"resourceType":"OperationOutcome"}}}]}"#);
        assert_eq!(
            batch_response(&[]),
            br#"{"resourceType":"Bundle","type":"batch-response"}"#
        );
    }

    #[test]
    fn an_empty_page_has_no_empty_arrays_and_no_total() {
        let text = String::from_utf8(Page::default().to_json()).unwrap();
        insta::assert_snapshot!(text, @r#"{"resourceType":"Bundle","type":"searchset"}"#);
    }
}
