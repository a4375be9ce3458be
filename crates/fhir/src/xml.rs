//! Resources as XML (<http://hl7.org/fhir/R4/xml.html>), made from their JSON.
//!
//! JSON is what the server writes; XML is the same resource put differently, so it is translated at the end and for whoever asks. Which order
//! elements have and which of them are resources is known to fhirbolt's tables of R4. Values are copied as they are written.

mod read;

use std::borrow::Cow;

use fhirbolt_shared::FhirReleases::R4;
use fhirbolt_shared::path::ElementPath;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;
use quick_xml::{Reader, Writer};
use serde_json::value::RawValue;

use crate::fields::Fields;

pub use read::{Unreadable, to_json};

/// The media type of FHIR XML (<http://hl7.org/fhir/R4/http.html#mime-type>).
pub const MEDIA: &str = "application/fhir+xml";

const NAMESPACE: &str = "http://hl7.org/fhir";
/// XML says each element's name twice and JSON once.
const GROWTH: usize = 2;

/// A resource could not be written as XML. Nothing of its content is repeated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not JSON.
    #[error("a resource to be written as XML is not JSON")]
    Json(#[from] serde_json::Error),
    /// It is JSON, and not of a FHIR resource's shape.
    #[error("a resource to be written as XML has no type")]
    Shape,
    /// A narrative is not XHTML.
    #[error("a narrative is not well-formed")]
    Narrative,
    /// The writer failed, which it cannot do in memory.
    #[error("XML could not be written")]
    Write(#[from] std::io::Error),
}

/// A resource's JSON as XML. `pretty` puts each element on a line of its own.
///
/// # Errors
/// When the JSON is not a FHIR resource.
pub fn from_json(json: &[u8], pretty: bool) -> Result<Vec<u8>, Error> {
    let out = Vec::with_capacity(json.len() * GROWTH);
    let mut converter = Converter {
        writer: if pretty {
            Writer::new_with_indent(out, b' ', 2)
        } else {
            Writer::new(out)
        },
        path: ElementPath::new(R4),
    };
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
    converter.writer.write_event(Event::Decl(declaration))?;
    converter.resource(serde_json::from_slice(json)?, Some(NAMESPACE))?;
    Ok(converter.writer.into_inner())
}

struct Converter {
    writer: Writer<Vec<u8>>,
    /// Where in R4's definitions the element is that is being written.
    path: ElementPath,
}

/// An element of the JSON: its value, and behind the name with an underscore the id and extensions of a primitive value.
#[derive(Clone, Copy)]
struct Both<'j> {
    value: Option<&'j RawValue>,
    extra: Option<&'j RawValue>,
}

impl Converter {
    fn resource(&mut self, Fields(fields): Fields<'_>, namespace: Option<&str>) -> Result<(), Error> {
        let ty = fields.iter().find(|(name, _)| name == "resourceType");
        let ty = ty.map(|(_, name)| *name).filter(|name| name.get().starts_with('"'));
        let ty = text(ty.ok_or(Error::Shape)?)?;
        let mut start = BytesStart::new(ty.as_ref());
        if let Some(namespace) = namespace {
            start.push_attribute(("xmlns", namespace));
        }
        self.path.push(&ty);
        self.element(start, &fields, &["resourceType"])?;
        self.path.pop();
        Ok(())
    }

    /// An element and its children: all fields but those `apart`.
    fn element(
        &mut self,
        start: BytesStart<'_>,
        fields: &[(Cow<'_, str>, &RawValue)],
        apart: &[&str],
    ) -> Result<(), Error> {
        let mut children: Vec<(&str, Both<'_>)> = vec![];
        for (name, raw) in fields.iter().filter(|(name, _)| !apart.contains(&name.as_ref())) {
            let plain = name.strip_prefix('_').unwrap_or(name);
            let at = children.iter().position(|(known, _)| *known == plain);
            let none = Both {
                value: None,
                extra: None,
            };
            let mut both = at.and_then(|at| children.get(at)).map_or(none, |(_, both)| *both);
            let part = if plain.len() == name.len() {
                &mut both.value
            } else {
                &mut both.extra
            };
            *part = Some(raw);
            match at.and_then(|at| children.get_mut(at)) {
                Some(child) => child.1 = both,
                None => children.push((plain, both)),
            }
        }
        if children.is_empty() {
            self.writer.write_event(Event::Empty(start))?;
            return Ok(());
        }
        children.sort_by_key(|(name, _)| self.path.position_of_child(name));
        let end = start.to_end().into_owned();
        self.writer.write_event(Event::Start(start))?;
        for (name, both) in children {
            self.path.push(name);
            self.repeated(name, both)?;
            self.path.pop();
        }
        self.writer.write_event(Event::End(end))?;
        Ok(())
    }

    /// The items of a list one after the other, or one element.
    fn repeated(&mut self, name: &str, both: Both<'_>) -> Result<(), Error> {
        let values = both.value.map(items).transpose()?.flatten();
        let extras = both.extra.map(items).transpose()?.flatten();
        if values.is_none() && extras.is_none() {
            return self.one(name, both);
        }
        let (values, extras) = (values.unwrap_or_default(), extras.unwrap_or_default());
        for at in 0..values.len().max(extras.len()) {
            let item = Both {
                value: values.get(at).copied().filter(|raw| raw.get() != "null"),
                extra: extras.get(at).copied(),
            };
            self.one(name, item)?;
        }
        Ok(())
    }

    fn one(&mut self, name: &str, both: Both<'_>) -> Result<(), Error> {
        match both.value {
            Some(object) if object.get().starts_with('{') => {
                let fields: Fields<'_> = serde_json::from_str(object.get())?;
                if self.path.current_element_is_resource() {
                    self.writer.write_event(Event::Start(BytesStart::new(name)))?;
                    self.resource(fields, None)?;
                    self.writer.write_event(Event::End(BytesEnd::new(name)))?;
                    return Ok(());
                }
                self.complex(name, &fields.0)
            }
            Some(value) if name == "div" => self.narrative(&text(value)?),
            value => self.primitive(name, value, both.extra),
        }
    }

    /// What is an attribute in XML: the id of any element, and the URL of an extension.
    fn complex(&mut self, name: &str, fields: &[(Cow<'_, str>, &RawValue)]) -> Result<(), Error> {
        let attributes: &[&str] = if self.path.current_element_is_extension() {
            &["id", "url"]
        } else {
            &["id"]
        };
        let mut start = BytesStart::new(name);
        for attribute in attributes {
            if let Some((_, value)) = fields.iter().find(|(name, _)| name == attribute) {
                push(&mut start, attribute, &text(value)?);
            }
        }
        self.element(start, fields, attributes)
    }

    fn primitive(&mut self, name: &str, value: Option<&RawValue>, extra: Option<&RawValue>) -> Result<(), Error> {
        let extra: Fields<'_> = match extra {
            Some(extra) if extra.get() != "null" => serde_json::from_str(extra.get())?,
            _ => Fields(vec![]),
        };
        let mut start = BytesStart::new(name);
        if let Some((_, id)) = extra.0.iter().find(|(name, _)| name == "id") {
            push(&mut start, "id", &text(id)?);
        }
        if let Some(value) = value {
            push(&mut start, "value", &text(value)?);
        }
        self.element(start, &extra.0, &["id"])
    }

    /// XHTML stands in XML as it is.
    fn narrative(&mut self, div: &str) -> Result<(), Error> {
        let mut reader = Reader::from_str(div);
        let mut open = 0_usize;
        loop {
            match reader.read_event() {
                Ok(Event::Eof) if open == 0 => break,
                Ok(Event::Start(_)) => open += 1,
                Ok(Event::End(_)) => open = open.saturating_sub(1),
                Ok(Event::Eof | Event::DocType(_) | Event::PI(_) | Event::Decl(_)) | Err(_) => {
                    return Err(Error::Narrative);
                }
                Ok(_) => {}
            }
        }
        self.writer.write_event(Event::Text(BytesText::from_escaped(div)))?;
        Ok(())
    }
}

/// The items of a list; `None` for what is no list.
fn items(raw: &RawValue) -> Result<Option<Vec<&RawValue>>, Error> {
    if raw.get().starts_with('[') {
        return Ok(Some(serde_json::from_str(raw.get())?));
    }
    Ok(None)
}

/// A primitive value's text: a string without quotes and escapes, anything else as it is written.
fn text(raw: &RawValue) -> Result<Cow<'_, str>, Error> {
    if raw.get().starts_with('"') {
        return Ok(Cow::Owned(serde_json::from_str(raw.get())?));
    }
    Ok(Cow::Borrowed(raw.get()))
}

/// An attribute. Blanks other than the space are written as references, because readers make spaces of them otherwise (XML 1.0, 3.3.3).
fn push(start: &mut BytesStart<'_>, name: &str, value: &str) {
    let mut escaped = quick_xml::escape::escape(value).into_owned();
    for (blank, reference) in [('\n', "&#10;"), ('\r', "&#13;"), ('\t', "&#9;")] {
        if escaped.contains(blank) {
            escaped = escaped.replace(blank, reference);
        }
    }
    start.push_attribute(Attribute {
        key: QName(name),
        value: Cow::Owned(escaped),
    });
}

#[cfg(test)]
mod tests;
