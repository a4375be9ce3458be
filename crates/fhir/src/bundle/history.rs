//! Versions: a Bundle of type `history` (<http://hl7.org/fhir/R4/http.html#history>).

use bytes::Bytes;
use chrono::NaiveDateTime;

use crate::build::instant;

use super::{ENTRY_ROOM, Link, head, list, string, write_link};

/// What made a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The first one of the resource.
    Created,
    /// The first one after a deletion.
    Restored,
    /// Another content.
    Updated,
    /// The end of the resource.
    Deleted,
}

impl Change {
    fn method(self) -> &'static str {
        match self {
            Self::Created => "POST",
            Self::Restored | Self::Updated => "PUT",
            Self::Deleted => "DELETE",
        }
    }

    fn status(self) -> &'static str {
        match self {
            Self::Created | Self::Restored => "201 Created",
            Self::Updated => "200 OK",
            Self::Deleted => "204 No Content",
        }
    }
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The type, `Patient`.
    pub ty: &'static str,
    /// The resource's id.
    pub id: String,
    /// What made it.
    pub change: Change,
    /// `meta.versionId`, or what tells this deletion from others.
    pub version: String,
    /// Since when, UTC.
    pub modified: NaiveDateTime,
    /// The resource as JSON; absent for a deletion.
    pub json: Option<Bytes>,
}

/// One page of versions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The address that resources are below, without a slash at its end.
    pub base: String,
    /// Links, in the order written.
    pub links: Vec<Link>,
    /// How many versions there are in all.
    pub total: Option<u64>,
    /// When the page was made, in UTC.
    pub timestamp: Option<NaiveDateTime>,
    /// The versions.
    pub entries: Vec<Entry>,
}

impl History {
    /// The page as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let resources = self.entries.iter().filter_map(|e| e.json.as_ref()).map(Bytes::len);
        let mut out = Vec::with_capacity(resources.sum::<usize>() + (4 * self.entries.len() + 8) * ENTRY_ROOM);
        head(&mut out, "history", self.timestamp, self.total);
        list(&mut out, "link", &self.links, write_link);
        list(&mut out, "entry", &self.entries, |out, entry| {
            entry.write(out, &self.base)
        });
        out.push(b'}');
        out
    }
}

impl Entry {
    fn write(&self, out: &mut Vec<u8>, base: &str) {
        let (own, change) = (format!("{}/{}", self.ty, self.id), self.change);
        out.extend_from_slice(br#"{"fullUrl":"#);
        string(out, &format!("{base}/{own}"));
        if let Some(json) = &self.json {
            out.extend_from_slice(br#","resource":"#);
            out.extend_from_slice(json);
        }
        let url = if change == Change::Created { self.ty } else { &own };
        out.extend_from_slice(format!(r#","request":{{"method":"{}","url":"#, change.method()).as_bytes());
        string(out, url);
        out.extend_from_slice(format!(r#"}},"response":{{"status":"{}","#, change.status()).as_bytes());
        out.extend_from_slice(br#""etag":"#);
        string(out, &format!("W/\"{}\"", self.version));
        // As the resource itself says it.
        if let Ok(modified) = serde_json::to_string(&instant(self.modified)) {
            out.extend_from_slice(format!(r#","lastModified":{modified}"#).as_bytes());
        }
        out.extend_from_slice(b"}}");
    }
}

#[cfg(test)]
mod tests {
    use super::super::Relation;
    use super::*;

    #[test]
    fn a_history_tells_what_made_each_version() {
        let at = |text| NaiveDateTime::parse_from_str(text, "%F %T").unwrap();
        let entry = |change, json: Option<&'static str>| Entry {
            ty: "Patient",
            id: "a.pt.1".to_owned(),
            change,
            version: "00ff".to_owned(),
            modified: at("2024-05-05 10:00:00"),
            json: json.map(|j| Bytes::from_static(j.as_bytes())),
        };
        let some = Some(r#"{"resourceType":"Patient"}"#);
        let page = History {
            base: "http://h/fhir".to_owned(),
            links: vec![Link {
                relation: Relation::SelfLink,
                url: "http://h/fhir/Patient/a.pt.1/_history".to_owned(),
            }],
            total: Some(4),
            timestamp: Some(at("2025-01-01 00:00:00")),
            entries: vec![
                entry(Change::Restored, some),
                entry(Change::Deleted, None),
                entry(Change::Updated, some),
                entry(Change::Created, some),
            ],
        };
        let text = String::from_utf8(page.to_json()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
    }
}
