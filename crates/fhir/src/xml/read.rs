//! XML to JSON, for what clients send: small resources such as Parameters and batches.

use fhirbolt_shared::FhirReleases::R4;
use fhirbolt_shared::path::ElementPath;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use super::NAMESPACE;

/// What was sent is not a resource in XML. Nothing of it is repeated.
#[derive(Debug, thiserror::Error)]
#[error("not a FHIR resource in XML")]
pub struct Unreadable;

/// Elements within elements; no resource that clients send has more.
const DEPTH: usize = 64;

/// A resource's XML as JSON. Values are the texts of the XML whatever their type is: who reads them knows it. Narratives are left out.
///
/// # Errors
/// When the XML is not a FHIR resource.
pub fn to_json(xml: &str) -> Result<Value, Unreadable> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().trim_text(true);
    let mut read = Read {
        reader,
        path: ElementPath::new(R4),
        depth: 0,
    };
    let Part::Open(start, empty) = read.next()? else {
        return Err(Unreadable);
    };
    let resource = read.resource(&start, empty)?;
    match read.next()? {
        Part::End => Ok(resource),
        Part::Open(..) | Part::Close => Err(Unreadable),
    }
}

struct Read<'x> {
    reader: Reader<&'x [u8]>,
    path: ElementPath,
    depth: usize,
}

/// What is read next.
enum Part<'x> {
    /// An element begins; whether there is nothing in it.
    Open(BytesStart<'x>, bool),
    /// It ends.
    Close,
    /// All ends.
    End,
}

impl<'x> Read<'x> {
    fn next(&mut self) -> Result<Part<'x>, Unreadable> {
        loop {
            match self.reader.read_event().map_err(|_malformed| Unreadable)? {
                Event::Start(start) => return Ok(Part::Open(start, false)),
                Event::Empty(start) => return Ok(Part::Open(start, true)),
                Event::End(_) => return Ok(Part::Close),
                Event::Eof => return Ok(Part::End),
                Event::Decl(_) | Event::Comment(_) => {}
                // Text stands in narratives only, and a document type could define entities.
                Event::Text(_) | Event::CData(_) | Event::PI(_) | Event::DocType(_) | Event::GeneralRef(_) => {
                    return Err(Unreadable);
                }
            }
        }
    }

    fn resource(&mut self, start: &BytesStart<'_>, empty: bool) -> Result<Value, Unreadable> {
        let ty = name(start)?;
        let is_other = |namespace: String| namespace != NAMESPACE;
        if attribute(start, "xmlns")?.is_some_and(is_other) {
            return Err(Unreadable);
        }
        let mut fields = Map::new();
        fields.insert("resourceType".to_owned(), Value::String(ty.clone()));
        self.path.push(&ty);
        if !empty {
            self.children(&mut fields)?;
        }
        self.path.pop();
        Ok(Value::Object(fields))
    }

    /// The elements up to the end of the one that is open.
    fn children(&mut self, fields: &mut Map<String, Value>) -> Result<(), Unreadable> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Unreadable);
        }
        loop {
            let (start, empty) = match self.next()? {
                Part::Open(start, empty) => (start, empty),
                Part::Close => break,
                Part::End => return Err(Unreadable),
            };
            let name = name(&start)?;
            if name == "div" {
                if !empty {
                    self.reader.read_to_end(start.name()).map_err(|_malformed| Unreadable)?;
                }
                continue;
            }
            self.path.push(&name);
            let many = self.path.current_element_is_sequence();
            let value = self.value(&start, empty)?;
            self.path.pop();
            if many {
                let list = fields.entry(name).or_insert_with(|| Value::Array(vec![]));
                list.as_array_mut().ok_or(Unreadable)?.push(value);
            } else if fields.insert(name, value).is_some() {
                return Err(Unreadable);
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// A primitive value, an element with children, or one that holds a resource.
    fn value(&mut self, start: &BytesStart<'_>, empty: bool) -> Result<Value, Unreadable> {
        if self.path.current_element_is_resource() {
            return if empty { Err(Unreadable) } else { self.inner() };
        }
        let mut fields = Map::new();
        for key in ["id", "url"] {
            fields.extend(attribute(start, key)?.map(|value| (key.to_owned(), Value::String(value))));
        }
        if !empty {
            self.children(&mut fields)?;
        }
        // Extensions of a primitive value say nothing that anybody here reads.
        Ok(attribute(start, "value")?.map_or(Value::Object(fields), Value::String))
    }

    /// The one resource up to the end of the element that is open.
    fn inner(&mut self) -> Result<Value, Unreadable> {
        let Part::Open(start, empty) = self.next()? else {
            return Err(Unreadable);
        };
        let resource = self.resource(&start, empty)?;
        match self.next()? {
            Part::Close => Ok(resource),
            Part::Open(..) | Part::End => Err(Unreadable),
        }
    }
}

fn name(start: &BytesStart<'_>) -> Result<String, Unreadable> {
    let name = start.local_name();
    let text: &str = name.as_ref();
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| text.to_owned()).ok_or(Unreadable)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Unreadable> {
    let found = start.try_get_attribute(name).map_err(|_malformed| Unreadable)?;
    let Some(found) = found else { return Ok(None) };
    let text = found
        .normalized_value(XmlVersion::Implicit1_0)
        .map_err(|_entity| Unreadable)?;
    Ok(Some(text.into_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_batch_is_read_with_its_lists() {
        let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
            <!-- a batch --><Bundle xmlns="http://hl7.org/fhir"><type value="batch"/>
              <entry><request><method value="GET"/><url value="Patient?name=a&amp;_count=1"/></request></entry>
              <entry><resource><Patient><text><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></text>
                <name><given value="A"/><given value="B"/></name></Patient></resource></entry></Bundle>"#;
        let wanted = json!({"resourceType": "Bundle", "type": "batch", "entry": [
            {"request": {"method": "GET", "url": "Patient?name=a&_count=1"}},
            {"resource": {"resourceType": "Patient", "text": {}, "name": [{"given": ["A", "B"]}]}},
        ]});
        assert_eq!(to_json(xml).unwrap(), wanted);
    }

    #[test]
    fn parameters_are_read_with_their_values() {
        let xml = r#"<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="_count"/><valueInteger value="3"/></parameter></Parameters>"#;
        let wanted = json!({"resourceType": "Parameters", "parameter": [{"name": "_count", "valueInteger": "3"}]});
        assert_eq!(to_json(xml).unwrap(), wanted);
    }

    #[test]
    fn what_is_no_resource_is_refused() {
        let deep = format!("<Parameters>{}", "<parameter><part>".repeat(100_000));
        for bad in [
            "",
            "text",
            "<Bundle",
            "<Bundle><type value=\"batch\"/>",
            "<Bundle></Patient>",
            "<Bundle xmlns=\"http://other\"/>",
            "<Bundle/><Bundle/>",
            "<Bundle>text</Bundle>",
            "<Bundle><type value=\"a\"/><type value=\"b\"/></Bundle>",
            "<!DOCTYPE x [<!ENTITY e \"e\">]><Bundle><type value=\"&e;\"/></Bundle>",
            "<Bundle><type value=\"&e;\"/></Bundle>",
            "<Bundle><entry><resource/></entry></Bundle>",
            deep.as_str(),
        ] {
            assert!(to_json(bad).is_err(), "{}", bad.get(..40).unwrap_or(bad));
        }
    }
}
